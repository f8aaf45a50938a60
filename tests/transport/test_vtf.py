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
    assert found.predict(1234.0) == pytest.approx(float(curve(1234.0, b, t0)), rel=1e-3)
    assert found.predict(found.t0_k) == 0.0


def test_arrhenius_is_its_case_without_t0():
    values = curve(TEMPERATURES, 0.5, 0.0)
    rng = np.random.default_rng(2)
    values = values * np.exp(0.05 * rng.normal(size=len(values)))
    straight, bent = (model.fit(TEMPERATURES, values, 0.05 * values) for model in (arrhenius, vtf))
    assert bent.chi2 <= straight.chi2 + 1e-9
    if bent.t0_k == 0:
        assert bent.b_ev == pytest.approx(straight.activation_energy_ev)


def test_interval_of_t0_holds_the_truth():
    rng = np.random.default_rng(3)
    values = curve(TEMPERATURES)
    fits = [vtf.fit(TEMPERATURES, values * noise, 0.03 * values * noise)
            for noise in np.exp(0.03 * rng.normal(size=(200, len(values))))]  # fmt: skip
    assert 0.60 <= np.mean([found.t0_low_k <= 500.0 <= found.t0_high_k for found in fits]) <= 0.78


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
    assert row["vtf_t0_k"] == pytest.approx(500, abs=1)


def test_extrapolation_says_when_it_leaves_the_data():
    rows = extrapolation_rows(diffusivities(TEMPERATURES, curve(TEMPERATURES, 0.5, 0.0)), [], [300.0, 1500.0])
    far, near = rows
    assert near["beyond_data"] is False and near["reason"] == ""
    assert near["low"] < near["value"] < near["high"]
    assert near["value"] == pytest.approx(float(curve(1500.0, 0.5, 0.0)), rel=1e-6)
    assert far["beyond_data"] is True and "outside the 1000-2500 K" in far["reason"]
    assert np.log(far["high"] / far["low"]) > 5 * np.log(near["high"] / near["low"])


def test_below_the_data_the_band_reaches_the_other_model():
    far = extrapolation_rows(diffusivities(TEMPERATURES, curve(TEMPERATURES)), [], [450.0])[0]
    assert far["value"] == far["low"] == 0.0  # below T0 the preferred model has no motion
    assert far["high"] > 0
    assert "VTF" in far["reason"]


def test_one_temperature_gives_a_reason():
    assert "fewer than two" in extrapolation_rows(diffusivities([1000], [1e-5]), [], [300.0])[0]["reason"]


@pytest.mark.parametrize(
    ("temperatures", "values", "match"),
    [([1000, 1500], [1, 2], "three temperatures"), ([1000, 1500, 2000], [1, -2, 3], "positive")],
)
def test_bad_data(temperatures, values, match):
    with pytest.raises(AnalysisError, match=match):
        vtf.fit(temperatures, values, np.abs(values))
