import numpy as np
import pytest

from glasswf import anomaly
from glasswf.errors import AnalysisError

M = np.linspace(2.0, 4.5, 7)
HUMP = 1 + np.exp(-(((M - 3.1) / 0.5) ** 2))


def _slow_isotonic(values, errors):
    """The max-min formula of weighted isotonic regression, rising."""
    weights, n = errors**-2.0, len(values)
    mean = lambda a, b: np.average(values[a : b + 1], weights=weights[a : b + 1])  # noqa: E731
    return np.array([max(min(mean(a, b) for b in range(i, n)) for a in range(i + 1)) for i in range(n)])


def test_distance_agrees_with_the_max_min_formula():
    rng = np.random.default_rng(3)
    for _ in range(20):
        values, errors = rng.normal(size=7), rng.uniform(0.2, 2.0, size=7)
        slow = (((values - _slow_isotonic(values, errors)) / errors) ** 2).sum()
        falling = (((values + _slow_isotonic(-values, errors)) / errors) ** 2).sum()
        np.testing.assert_allclose(anomaly._distance(values, errors, True), slow, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(anomaly._distance(values, errors, False), falling, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("truth", [np.ones(7), np.linspace(1, 1.5, 7), np.array([3, 3, 3, 1, 1, 1, 1.0])])
def test_monotone_series_are_rarely_called_a_maximum(truth):
    rng = np.random.default_rng(11)
    errors = np.array([0.1, 0.3, 0.2, 0.2, 0.1, 0.3, 0.2])
    trials = [anomaly.test(M, truth + errors * rng.normal(size=7), errors, draws=99, seed=k) for k in range(150)]
    assert np.mean([each.settled for each in trials]) <= anomaly.LEVEL


def test_a_clear_maximum_is_found_where_it_is():
    rng = np.random.default_rng(12)
    errors = np.full(7, 0.15)
    trials = [anomaly.test(M, HUMP + errors * rng.normal(size=7), errors, draws=99, seed=k) for k in range(60)]
    assert np.mean([each.settled for each in trials]) > 0.9
    assert all(2.4 < each.position < 3.9 for each in trials)
    exact = anomaly.test(M, HUMP, np.full(7, 0.05))
    assert exact.settled
    assert exact.verdict.startswith("settled: a maximum near m = 3.25")
    assert exact.size == pytest.approx(HUMP.max() / HUMP[0] - 1)
    assert exact.position_low <= exact.position <= exact.position_high


def test_large_errors_leave_it_open():
    outcome = anomaly.test(M, HUMP, np.full(7, 0.8))
    assert not outcome.settled
    assert outcome.verdict.startswith("not settled by this scan (p = ")


def test_a_minimum_is_no_maximum():
    outcome = anomaly.test(M, 4 - HUMP, np.full(7, 0.1))
    assert outcome.p_value < anomaly.LEVEL
    assert not outcome.settled


def test_neither_order_nor_unit_matters():
    errors = np.linspace(0.1, 0.3, 7)
    shuffled = np.random.default_rng(4).permutation(7)
    first = anomaly.test(M, HUMP, errors)
    again = anomaly.test(M[shuffled], 1e-5 * HUMP[shuffled], 1e-5 * errors[shuffled])
    assert (again.p_value, again.position) == (first.p_value, first.position)
    assert again.size == pytest.approx(first.size)


@pytest.mark.parametrize(
    ("m", "values", "errors", "message"),
    [
        ([2, 3, 4], [1, 2, 1], [0.1] * 3, "3 points"),
        ([2, 3, 3, 4], [1, 2, 1, 1], [0.1] * 4, "same m"),
        ([2, 3, 3.5, 4], [1, 2, 1, 1], [0.1, 0, 0.1, 0.1], "finite and positive"),
        ([2, 3, 3.5, 4], [1, float("nan"), 1, 1], [0.1] * 4, "finite"),
        ([2, 3, 3.5, 4], [1, 2, 1], [0.1] * 4, "one length"),
    ],
)
def test_bad_input_is_refused(m, values, errors, message):
    with pytest.raises(AnalysisError, match=message):
        anomaly.test(m, values, errors)


def test_survey_corrects_for_the_number_of_series_and_says_what_was_left_out(results):
    found = anomaly.survey(results)
    assert {(each["system"], each["species"], each["temperature_k"]) for each in found} == {
        (system, species, temperature)
        for system in ("NS9", "NS") for species in ("Na", "Si", "S") for temperature in (2000, 1000)
    }  # fmt: skip
    caged = [each for each in found if each["temperature_k"] == 1000 and each["species"] == "Si"]
    assert all(each["n_left_out"] == 5 and "0 points" in each["reason"] for each in caged)
    one = next(each for each in found if "anomaly" in each)
    rows = [row for row in results.rows("diffusivity", system=one["system"], species=one["species"])
            if row["temperature_k"] == one["temperature_k"]]  # fmt: skip
    keys = ("m", "diffusivity_cm2_s", "diffusivity_err_cm2_s")
    assert one["anomaly"].p_value >= anomaly.test(*([row[key] for row in rows] for key in keys)).p_value


def test_holm():
    base = anomaly.test(M, HUMP, np.full(7, 0.3))
    outcomes = [{"anomaly": anomaly.replace(base, p_value=p)} for p in (0.04, 0.01, 0.03)] + [{"reason": "none"}]
    assert [each["anomaly"].p_value for each in anomaly._holm(outcomes)[:3]] == pytest.approx([0.06, 0.03, 0.06])
