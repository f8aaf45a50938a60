"""Conductivity from the current autocorrelation.

σ = e²/(3 V k_B T) ∫_0^∞ ⟨J(0)·J(t)⟩ dt with J = Σ_i z_i v_i in the barycentric frame, by the trapezoidal rule.
The rule for the upper limit, and for what is trusted, stands in docs/transport.md.
"""

from dataclasses import replace

import numpy as np

from glasswf.transport import blocks
from glasswf.transport.conductivity import resolved
from glasswf.transport.current import CurrentIntegral
from glasswf.transport.ensemble import Ensemble
from glasswf.transport.result import Conductivity, CurrentCurve
from glasswf.transport.uncertainty import Estimate
from glasswf.transport.window import Window, WindowRule

# Times its noise: the autocorrelation (rms) where its decay ends, safely above so that chance does not set the cutoff,
# and from the plateau on, which begins so many times later.
_DECAYED, _NOISE, _LATER = 5, 2, 2
_STEP = 1.25  # from one start of a plateau tried to the next
_SPAN = 2  # ratio of the ends of the plateau
_MIN_START = 2  # intervals before the plateau
_COARSE = 0.05  # discretisation error accepted, as a part of the value
_DRAWN = 2  # the curves are shown up to so many times the end of the plateau


def green_kubo(
    ensemble: Ensemble, temperature_k: float, rule: WindowRule | None = None
) -> tuple[Conductivity, CurrentCurve] | None:
    """σ (S/cm), averaged over a plateau of the running integral, and the curves; None without velocities or charges.

    The window holds the upper limits averaged over and, as exponent, 1 + d ln(integral)/d ln t: one on a plateau. It is
    not diffusive, with the reason, if the frames are too far apart, or there is no plateau, or σ is not resolved.
    rule: its longest lag and its tolerance of the exponent are those of the integral.
    """
    if not (ensemble.charged and ensemble.has_velocities):
        return None
    rule = rule or WindowRule()
    n_lags = max(_SPAN * _MIN_START, int(rule.max_lag_fraction * (ensemble.n_frames - 1))) + 1
    integral = CurrentIntegral(ensemble, temperature_k, n_lags)
    decayed = _decayed(integral)
    window = _flat(integral, decayed, rule.tolerance)
    value = blocks.estimate(ensemble, integral.averaged(window), window)
    reason = _reason(integral, window, value, rule.tolerance) if decayed else _decay_left(integral, window)
    per_replica = tuple(integral.averaged(window)(1)[:, 0].tolist())
    window = replace(window, diffusive=not reason, reason=reason)
    return Conductivity("green_kubo", value, window, per_replica), integral.drawn(_DRAWN * window.stop_ps)


def _decayed(integral: CurrentIntegral) -> int | None:
    """The first lag, well beyond the decay, from which on, for as long again, the autocorrelation is only noise."""
    correlation = integral.correlation()
    starts = np.arange(_MIN_START, (len(correlation) - 1) // _SPAN + 1)
    sums = np.concatenate([[0], np.cumsum(correlation**2)])
    rms = np.sqrt((sums[_SPAN * starts + 1] - sums[starts]) / ((_SPAN - 1) * starts + 1))
    noise = _noise(integral)[starts]
    decayed = starts[rms <= _DECAYED * noise]
    if not len(decayed):
        return None
    found = starts[(starts >= _LATER * decayed[0]) & (rms <= _NOISE * noise)]
    return int(found[0]) if len(found) else None


def _noise(integral: CurrentIntegral) -> np.ndarray:
    """Standard error (n_lags,) of the autocorrelation at long lags, if it has decayed within the lag given.

    For a Gaussian current of three components seen for a time T, var C = 2/(3T) ∫C² dt (Zwanzig and Ailawadi, Phys.
    Rev. 182, 280 (1969)).
    """
    from scipy import integrate  # a third of a second, for those who dumped velocities

    ensemble = integral.ensemble
    squares = integrate.cumulative_trapezoid(integral.correlation() ** 2, dx=ensemble.interval_ps, initial=0)
    return np.sqrt(2 * squares / (3 * ensemble.n_replicas * ensemble.run_ps))


def _flat(integral: CurrentIntegral, decayed: int | None, tolerance: float) -> Window:
    """The first plateau after the decay over which the integral does not change, else the last one.

    What is noise at every single lag may still add up to something: only the integral shows a slow tail.
    """
    longest = (len(integral.lags_ps) - 1) // _SPAN
    start = longest if decayed is None else decayed
    window = _window(integral, start)
    while start < longest and abs(window.exponent - 1) > tolerance + window.exponent_err:
        start = min(longest, int(np.ceil(start * _STEP)))
        window = _window(integral, start)
    return window


def _window(integral: CurrentIntegral, start: int) -> Window:
    """The range that begins at a lag, with 1 + d ln(integral)/d ln t, linearised: the integral may have any sign."""
    window = Window(float(integral.lags_ps[start]), float(integral.lags_ps[_SPAN * start]), 1.0, None, False, "")
    value, change = (
        blocks.estimate(integral.ensemble, values(window), window) for values in (integral.averaged, integral.changed)
    )
    scale = abs(value.value) or 1.0
    return replace(window, exponent=1 + change.value / scale, exponent_err=change.error / scale)


def _decay_left(integral: CurrentIntegral, window: Window) -> str:
    correlation = integral.correlation()
    left = abs(correlation[window.select(integral.lags_ps)]).max() / correlation[0]
    where = f"{window.start_ps:.3g}-{window.stop_ps:.3g} ps"
    return f"no plateau: the autocorrelation is still {left:.2g} of its initial value at {where}"


def _reason(integral: CurrentIntegral, window: Window, value: Estimate, tolerance: float) -> str:
    """Why a σ with a plateau is not to be trusted, or nothing."""
    if not resolved(value):
        return "not resolved: the error is as large as the value"
    coarse = integral.discretisation_error(window) / value.value
    if coarse > _COARSE:
        start, first = integral.correlation()[:2]
        interval = f"{integral.ensemble.interval_ps:.3g} ps"
        return (
            f"frames too far apart: the autocorrelation falls to {first / start:.2f} in {interval}, "
            f"a discretisation error of {coarse:.0%}"
        )
    if abs(window.exponent - 1) > tolerance + 2 * window.exponent_err:
        return f"no plateau: the integral still changes, exponent {window.exponent:.2f} ± {window.exponent_err:.2f}"
    return ""
