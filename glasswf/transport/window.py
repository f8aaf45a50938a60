"""The diffusive window: which lags of a mean-square displacement may be fitted, and whether there are any.

The rule, with its reasons, stands in docs/transport.md.
"""

from dataclasses import dataclass

import numpy as np

_NOTHING_A2 = 1e-12  # atoms that do not move at all have an MSD of rounding errors, of either sign


@dataclass(frozen=True)
class WindowRule:
    """When a mean-square displacement counts as diffusive.

    tolerance: largest |β − 1| of the exponent β = d ln MSD / d ln t over the window (twice that in either half), and
    largest mean departure of the MSD at later lags from the line through the window, as a fraction.
    cage_a2: the MSD (Å²) must be beyond this at the start of the window.
    max_lag_fraction: longest lag used, as a fraction of the run, so that every lag has several independent origins.
    min_span, max_span: smallest and largest ratio of the last to the first lag of the window.
    """

    tolerance: float = 0.15
    cage_a2: float = 2.0
    max_lag_fraction: float = 0.2
    min_span: float = 2.0
    max_span: float = 5.0


@dataclass(frozen=True)
class Window:
    """Lags (ps) fitted, the exponent over them, and whether they are diffusive; if not, the reason."""

    start_ps: float
    stop_ps: float
    exponent: float
    exponent_err: float | None
    diffusive: bool
    reason: str

    def select(self, lags_ps: np.ndarray) -> np.ndarray:
        """Mask of the lags inside the window."""
        return _between(lags_ps, self.start_ps, self.stop_ps)


def log_lags(n_max: int, per_decade: int = 20) -> np.ndarray:
    """Distinct whole lags from 1 to `n_max`, evenly spaced on a logarithmic axis where that is possible."""
    count = max(2, int(per_decade * np.log10(max(n_max, 2))) + 1)
    return np.unique(np.round(np.geomspace(1, n_max, count)).astype(int))


def slope_weights(lags_ps: np.ndarray) -> np.ndarray:
    """Weights w with Σ w MSD = slope of a straight line with intercept, for errors that grow in proportion to the lag.

    The intercept takes up the cage and the ballistic start, which shift the MSD but not its slope.
    """
    weights = 1 / lags_ps**2
    centred = lags_ps - np.average(lags_ps, weights=weights)
    return weights * centred / np.sum(weights * centred**2)


def exponent(lags_ps: np.ndarray, msd: np.ndarray) -> np.ndarray:
    """Slope β (...) of ln MSD against ln t over all lags given; msd: (..., n_lags)."""
    x = np.log(lags_ps) - np.log(lags_ps).mean()
    return np.log(np.maximum(msd, _NOTHING_A2)) @ x / (x @ x)


def find_window(lags_ps: np.ndarray, msd: np.ndarray, rule: WindowRule) -> Window:
    """The earliest window that follows `rule`, or the last lags with the reason why there is none.

    lags_ps, msd: log-spaced lags (ps), none longer than the rule allows, and the MSD there (Å²).
    """
    longest = lags_ps[-1]
    for start in lags_ps[(msd >= rule.cage_a2) & (lags_ps * rule.min_span <= longest)]:
        inside = _between(lags_ps, start, start * rule.max_span)
        if inside.sum() < 4 or not _is_straight(lags_ps[inside], msd[inside], rule.tolerance):
            continue
        if _goes_on(lags_ps, msd, inside, rule.tolerance):
            return _window(lags_ps, msd, inside, True, "")
    inside = _tail(lags_ps, rule)
    return _window(lags_ps, msd, inside, False, _reason(lags_ps[inside], msd[inside], rule))


def last_window(lags_ps: np.ndarray, msd: np.ndarray, rule: WindowRule, reason: str) -> Window:
    """The longest lags, marked as not diffusive for the reason given."""
    return _window(lags_ps, msd, _tail(lags_ps, rule), False, reason)


def _tail(lags_ps: np.ndarray, rule: WindowRule) -> np.ndarray:
    inside = lags_ps >= lags_ps[-1] / rule.min_span * (1 - 1e-9)
    inside[-4:] = True
    return inside


def _between(lags_ps: np.ndarray, start: float, stop: float) -> np.ndarray:
    return (lags_ps >= start * (1 - 1e-9)) & (lags_ps <= stop * (1 + 1e-9))


def _window(lags_ps: np.ndarray, msd: np.ndarray, inside: np.ndarray, diffusive: bool, reason: str) -> Window:
    lags = lags_ps[inside]
    return Window(float(lags[0]), float(lags[-1]), float(exponent(lags, msd[inside])), None, diffusive, reason)


def _is_straight(lags_ps: np.ndarray, msd: np.ndarray, tolerance: float) -> bool:
    middle = len(lags_ps) // 2
    halves = [exponent(lags_ps[part], msd[part]) for part in (slice(None, middle + 1), slice(middle, None))]
    return abs(exponent(lags_ps, msd) - 1) <= tolerance and all(abs(half - 1) <= 2 * tolerance for half in halves)


def _goes_on(lags_ps: np.ndarray, msd: np.ndarray, inside: np.ndarray, tolerance: float) -> bool:
    """Whether the MSD beyond the window follows its line: a slow transient is straight too before it bends."""
    later = lags_ps > lags_ps[inside][-1]
    if not later.any():
        return True
    lags, weights = lags_ps[inside], 1 / lags_ps[inside] ** 2
    slope = slope_weights(lags) @ msd[inside]
    line = np.average(msd[inside] - slope * lags, weights=weights) + slope * lags_ps[later]
    return bool(abs(np.mean(msd[later] / line - 1)) <= tolerance)


def _reason(lags_ps: np.ndarray, msd: np.ndarray, rule: WindowRule) -> str:
    beta = exponent(lags_ps, msd)
    where = f"at lags of {lags_ps[0]:.3g}-{lags_ps[-1]:.3g} ps"
    if msd[-1] < rule.cage_a2:
        return f"caged: MSD {msd[-1]:.2g} Å² {where}, below {rule.cage_a2:g} Å²"
    if beta > 1 + rule.tolerance:
        return f"super-diffusive: exponent {beta:.2f} {where}"
    if beta < 1 - rule.tolerance:
        return f"sub-diffusive: exponent {beta:.2f} {where}"
    return f"too short: MSD passes {rule.cage_a2:g} Å² too late for a window of a factor {rule.min_span:g} in lag"
