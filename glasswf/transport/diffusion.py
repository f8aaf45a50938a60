"""Self-diffusion coefficients from the Einstein relation D = (1/6) dMSD/dt over the diffusive window."""

from dataclasses import replace

from glasswf.transport.curves import Curves
from glasswf.transport.result import Diffusion
from glasswf.transport.uncertainty import Estimate
from glasswf.transport.window import Window, find_window
from glasswf.units import A2_PS_TO_CM2_S

EINSTEIN = 1 / 6  # three dimensions
_BOUND_ERRORS = 2  # standard errors added to an upper bound


def diffusion(curves: Curves, name: str) -> Diffusion:
    """D of one species with its error, or an upper bound where it is not diffusive.

    A displacement that grows more slowly than t has slope ≤ MSD/t, so D ≤ MSD(t)/6t at the longest lag; one that grows
    faster has no bound.
    """
    window = find_window(curves.lags_ps, curves.mean(name), curves.rule)
    window = _within_errors(replace(window, exponent_err=curves.exponent_error(name, window)), curves, name)
    scale = EINSTEIN * A2_PS_TO_CM2_S

    def values(n_blocks: int):
        return scale * curves.slopes(name, window, n_blocks)

    estimate = curves.estimate(values, window)
    bound = None if window.diffusive else _bound(curves, name, window, estimate)
    return Diffusion(name, curves.ensemble.counts[name], estimate, bound, window, tuple(values(1)[:, 0].tolist()))


def _within_errors(window: Window, curves: Curves, name: str) -> Window:
    """The window, diffusive after all if beyond the cage its exponent misses the tolerance by no more than its error.

    With few atoms the exponent is uncertain by more than the tolerance; the slope is then as uncertain, and says so.
    """
    beyond_cage = curves.mean(name)[window.select(curves.lags_ps)][0] >= curves.rule.cage_a2
    if window.diffusive or not beyond_cage or abs(window.exponent - 1) > curves.rule.tolerance + window.exponent_err:
        return window
    return replace(window, diffusive=True, reason="")


def _bound(curves: Curves, name: str, window: Window, estimate: Estimate) -> float | None:
    if window.exponent > 1 + curves.rule.tolerance:
        return None
    chord = EINSTEIN * A2_PS_TO_CM2_S * curves.mean(name)[-1] / curves.lags_ps[-1]
    return max(chord, estimate.value) + _BOUND_ERRORS * estimate.error
