"""Loops over displacements with numpy, and the choice of the compiled ones where these pay.

Importing and loading compiled code takes a second, as long as numpy needs for a hundred million displacements.
"""

import sys
from types import ModuleType

import numpy as np

_WORTH_COMPILING = 100_000_000  # displacements


def chosen(n_displacements: int) -> ModuleType:
    """The module with `add_moments` and `add_distances` that is faster for so many displacements in all."""
    if n_displacements < _WORTH_COMPILING:
        return sys.modules[__name__]
    from glasswf.transport import kernel

    return kernel


def add_moments(path: np.ndarray, lags: np.ndarray, strides: np.ndarray, sums: np.ndarray) -> None:
    """As glasswf.transport.kernel.add_moments."""
    for index, (lag, stride) in enumerate(zip(lags.tolist(), strides.tolist(), strict=True)):
        square = _squares(path, lag, stride)
        sums[:, index] += square.sum(), np.vdot(square, square)


def add_distances(path: np.ndarray, lag: int, stride: int, per_width: float, counts: np.ndarray) -> None:
    """As glasswf.transport.kernel.add_distances."""
    bins = (np.sqrt(_squares(path, lag, stride)) * per_width).astype(np.int64)
    counts += np.bincount(bins.ravel(), minlength=len(counts))


def _squares(path: np.ndarray, lag: int, stride: int) -> np.ndarray:
    """Squared displacements (n, n_origins) of paths (n, 3, n_frames)."""
    moved = path[..., lag::stride] - path[..., : path.shape[-1] - lag : stride]
    return np.einsum("nkf,nkf->nf", moved, moved)
