import numpy as np
import pytest

from glasswf.errors import AnalysisError
from glasswf.transport import arrhenius, vtf
from glasswf.transport.arrhenius_table import arrhenius_rows, extrapolation_rows
from glasswf.units import BOLTZMANN_EV_K

TEMPERATURES = np.linspace(1000, 2500, 7)


def curve(temperatures, b=0.2, t0=500.0, prefactor=1e-3):
    return prefactor * np.exp(-b / (BOLTZMANN_EV_K * (np.asarray(temperatures) - t0)))


def diffusivities(temperatures, values, relative=0.02):
    return [
        {"system": "a", "label": "m2", "species": "Na", "temperature_k": float(t), "diffusivity_cm2_s": float(v),
         "diffusivity_err_cm2_s": relative * float(v), "diffusive": True}
        for t, v in zip(temperatures, values, strict=True)
    ]  # fmt: skip


@pytest.mark.parametrize(("b", "t0"), [(0.2, 500.0), (0.05, 800.0), (0.6, 0.0)])
def test_known_parameters(b, t0):
    values = curve(TEMPERATURES, b, t0)
    found = vtf.fit(TEMPERATURES, values, 0.01 * values)
    assert found.t0_k == pytest.approx(t0, abs=0.1)
    assert found.b_ev == pytest.approx(b, rel=1e-3)
    assert found.chi2 == pytest.approx(0, abs=1e-4)
    value, low, high = found.predict(1234.0)
    assert value == pytest.approx(float(curve(1234.0, b, t0)), rel=1e-3)
    assert low < value < high
    assert found.predict(found.t0_k)[0] == 0.0


def test_arrhenius_is_its_case_without_t0():
    values = curve(TEMPERATURES, 0.5, 0.0)
    rng = np.random.default_rng(2)
    values = values * np.exp(0.05 * rng.normal(size=len(values)))
    straight, bent = (model.fit(TEMPERATURES, values, 0.05 * values) for model in (arrhenius, vtf))
    assert bent.chi2 <= straight.chi2 + 1e-9
    if bent.t0_k == 0:
        assert bent.b_ev == pytest.approx(straight.activation_energy_ev)


def test_intervals_hold_the_truth():
    rng = np.random.default_rng(3)
    values, inside = curve(TEMPERATURES), []
    for noise in np.exp(0.03 * rng.normal(size=(250, len(values)))):
        found = vtf.fit(TEMPERATURES, values * noise, 0.03 * values * noise)
        ends = [(found.t0_low_k, found.t0_high_k), found.b_range_ev, found.predict(800.0)[1:]]
        truth = [500.0, 0.2, float(curve(800.0))]
        inside.append([low <= true <= high for (low, high), true in zip(ends, truth, strict=True)])
    coverage = np.mean(inside, axis=0)
    assert (coverage > 0.62).all(), coverage
    assert (coverage < 0.76).all(), coverage


def test_scatter_beyond_the_errors_widens_the_intervals():
    rng = np.random.default_rng(5)
    values = curve(TEMPERATURES) * np.exp(0.2 * rng.normal(size=len(TEMPERATURES)))
    narrow, wide = (vtf.fit(TEMPERATURES, values, error * values) for error in (0.01, 0.2))
    assert narrow.t0_k == pytest.approx(wide.t0_k, abs=1e-3)
    assert narrow.t0_err_k > 0.5 * wide.t0_err_k


def test_criterion_against_the_formula():
    assert vtf.aicc(3.0, 2, 7) == pytest.approx(3 + 4 + 12 / 4)
    assert vtf.aicc(3.0, 3, 4) is None


def test_curvature_is_found_where_it_is_and_not_where_it_is_not():
    rng = np.random.default_rng(4)
    noise = np.exp(0.02 * rng.normal(size=(100, len(TEMPERATURES))))
    bent = [arrhenius_rows(diffusivities(TEMPERATURES, curve(TEMPERATURES) * n), [])[0] for n in noise]
    straight = [arrhenius_rows(diffusivities(TEMPERATURES, curve(TEMPERATURES, 0.5, 0.0) * n), [])[0] for n in noise]
    assert np.mean([row["preferred"] == "vtf" for row in bent]) > 0.95
    assert np.mean([row["preferred"] == "vtf" for row in straight]) < 0.1


def test_four_temperatures_do_not_choose():
    row = arrhenius_rows(diffusivities(TEMPERATURES[:4], curve(TEMPERATURES[:4])), [])[0]
    assert (row["preferred"], row["aicc_vtf"]) == ("", None)
    assert row["reason"] == "too few temperatures to test curvature"
    assert row["vtf_t0_k"] == pytest.approx(500, abs=1)


def test_extrapolation_says_when_it_leaves_the_data():
    rows = extrapolation_rows(diffusivities(TEMPERATURES, curve(TEMPERATURES, 0.5, 0.0)), [], [300.0, 1500.0])
    far, near = rows
    assert near["beyond_data"] is False
    assert near["reason"] == ""
    assert near["low"] < near["value"] < near["high"]
    assert near["value"] == pytest.approx(float(curve(1500.0, 0.5, 0.0)), rel=1e-6)
    assert far["beyond_data"] is True
    assert far["reason"] == "extrapolated from 1000-2500 K; band over Arrhenius and VTF"
    assert np.log(far["high"] / far["low"]) > 5 * np.log(near["high"] / near["low"])


def test_below_the_data_the_band_reaches_the_other_model():
    far = extrapolation_rows(diffusivities(TEMPERATURES, curve(TEMPERATURES)), [], [450.0])[0]
    assert far["value"] == far["low"] == 0.0  # below T0 the preferred model has no motion
    assert far["high"] > 0
    assert "VTF" in far["reason"]


def test_within_the_data_the_preferred_model_speaks_alone():
    near = extrapolation_rows(diffusivities(TEMPERATURES, curve(TEMPERATURES)), [], [1100.0])[0]
    value, low, high = vtf.fit(TEMPERATURES, curve(TEMPERATURES), 0.02 * curve(TEMPERATURES)).predict(1100.0)
    assert (near["value"], near["low"], near["high"]) == (pytest.approx(value), pytest.approx(low), pytest.approx(high))
    assert near["beyond_data"] is False


def test_two_temperatures_say_that_the_model_is_untested():
    row = extrapolation_rows(diffusivities([1000, 2000], curve([1000, 2000])), [], [1500.0])[0]
    assert row["reason"] == "two temperatures: no test of the model"


def test_one_temperature_gives_a_reason():
    assert "fewer than two" in extrapolation_rows(diffusivities([1000], [1e-5]), [], [300.0])[0]["reason"]


@pytest.mark.parametrize(
    ("temperatures", "values", "match"),
    [([1000, 1500], [1, 2], "three temperatures"), ([1000, 1500, 2000], [1, -2, 3], "positive")],
)
def test_bad_data(temperatures, values, match):
    with pytest.raises(AnalysisError, match=match):
        vtf.fit(temperatures, values, np.abs(values))
