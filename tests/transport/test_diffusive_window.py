import numpy as np
import pytest

from glasswf.transport.window import WindowRule, find_window, log_lags, slope_weights

RULE = WindowRule()
LAGS = log_lags(400) * 0.1


def test_log_lags_are_distinct_whole_and_reach_both_ends():
    for n_max in (1, 2, 5, 37, 4000):
        lags = log_lags(n_max)
        assert lags[0] == 1
        assert lags[-1] == n_max
        assert (np.diff(lags) > 0).all()
    assert len(log_lags(10**6)) < 130


def test_slope_of_a_straight_line_with_intercept_is_exact():
    assert slope_weights(LAGS) @ (0.7 + 3.0 * LAGS) == pytest.approx(3.0)


def test_window_starts_beyond_the_cage_and_gives_the_slope():
    cage, slope = 0.8, 1.5
    msd = cage * (1 - np.exp(-LAGS / 0.3)) + slope * LAGS
    window = find_window(LAGS, msd, RULE)
    inside = window.select(LAGS)
    assert window.diffusive
    assert msd[inside][0] >= RULE.cage_a2
    assert window.stop_ps / window.start_ps == pytest.approx(5, rel=0.15)
    assert slope_weights(LAGS[inside]) @ msd[inside] == pytest.approx(slope, rel=1e-3)


@pytest.mark.parametrize(
    ("msd", "reason"),
    [
        (0.5 * (1 - np.exp(-LAGS)), "caged: MSD 0.5 Å²"),
        (5.0 * (1 - np.exp(-LAGS)), "sub-diffusive: exponent 0.00"),
        (3.0 * LAGS**0.5, "sub-diffusive: exponent 0.50"),
        (0.1 * LAGS**2, "super-diffusive: exponent 2.00"),
        (0.07 * LAGS, "too short: MSD passes 2 Å² too late"),
        (np.zeros_like(LAGS), "caged: MSD 0 Å²"),
    ],
)
def test_what_is_not_diffusive_says_why(msd, reason):
    window = find_window(LAGS, msd, RULE)
    assert not window.diffusive
    assert window.reason.startswith(reason)
    assert window.stop_ps == LAGS[-1]


def test_a_bend_whose_mean_exponent_is_one_is_not_diffusive():
    msd = np.where(LAGS < 4.5, 0.5 * LAGS**1.8, 0.5 * 4.5**1.8 * (LAGS / 4.5) ** 0.2)
    assert not find_window(LAGS, msd, RULE).diffusive
