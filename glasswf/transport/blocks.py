"""Estimates from values that exist per replica and per block of an ensemble."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from glasswf.transport.ensemble import Ensemble
from glasswf.transport.uncertainty import Estimate, mean_error, replicas_suffice
from glasswf.transport.window import Window

# Blocks must be this much longer than the longest lag fitted, and there are as many of them as that allows.
_BLOCK_PER_LAG = 1.5
_BLOCK_COUNTS = (10, 5, 3)

Values = Callable[[int], np.ndarray]  # number of blocks -> (n_replicas, n_blocks)


def estimate(ensemble: Ensemble, values: Values, *windows: Window) -> Estimate:
    """Mean over replicas of `values(1)`, with its error from `values(n_blocks)`.

    windows: the lags that the values were made from; the longest decides into how many blocks the run is cut.
    """
    longest = max(windows, key=lambda window: window.stop_ps)
    n_blocks = 1 if replicas_suffice(ensemble.n_replicas) else _n_blocks(ensemble, longest)
    whole = values(1)[:, 0]
    error, dof, method = mean_error(values(n_blocks), whole, _origins_kept(ensemble, longest, n_blocks))
    return Estimate(float(whole.mean()), error, dof, method)


def ratio(ensemble: Ensemble, top: Values, bottom: Values, *windows: Window) -> Estimate:
    """top/bottom, with its error from the scatter of top − ratio · bottom, so that what both share cancels."""
    scale = bottom(1).mean()
    value = float(top(1).mean() / scale)
    scatter = estimate(ensemble, lambda n_blocks: (top(n_blocks) - value * bottom(n_blocks)) / scale, *windows)
    return replace(scatter, value=value)


def _n_blocks(ensemble: Ensemble, window: Window) -> int:
    fits = [count for count in _BLOCK_COUNTS if _block_ps(ensemble, count) >= _BLOCK_PER_LAG * window.stop_ps]
    return fits[0] if fits else _BLOCK_COUNTS[-1]


def _origins_kept(ensemble: Ensemble, window: Window, n_blocks: int) -> float:
    """Time origins in all blocks over those in the whole run, at the (geometric) middle of the window."""
    middle = np.sqrt(window.start_ps * window.stop_ps)
    return n_blocks * (_block_ps(ensemble, n_blocks) - middle) / (ensemble.run_ps - middle)


def _block_ps(ensemble: Ensemble, n_blocks: int) -> float:
    return (ensemble.block_frames(n_blocks) - 1) * ensemble.interval_ps
