"""The shortest distance in a cell."""

import numpy as np
from numpy.typing import NDArray

# Up to here comparing all pairs is sooner done than loading the library that need not.
_ALL_PAIRS = 2000
_ROWS = 256


def shortest_distance(positions: NDArray, box_lengths: float | NDArray) -> float:
    """Shortest distance (Å) between two of `positions` (n, 3) in a periodic orthogonal box."""
    box = np.broadcast_to(np.asarray(box_lengths, dtype=float), 3)
    return _by_tree(positions, box) if len(positions) > _ALL_PAIRS else _by_pairs(positions, box)


def _by_pairs(positions: NDArray, box: NDArray) -> float:
    squares = []
    for start in range(0, len(positions) - 1, _ROWS):
        rows = positions[start : start + _ROWS]
        between = rows[:, None] - positions[None, start:]
        between -= box * np.rint(between / box)
        squared = (between**2).sum(axis=2)
        squares.append(squared[np.triu_indices(len(rows), 1, squared.shape[1])].min(initial=np.inf))
    return float(np.sqrt(min(squares)))


def _by_tree(positions: NDArray, box: NDArray) -> float:
    from scipy.spatial import cKDTree

    wrapped = np.mod(positions, box)
    wrapped = np.where(wrapped >= box, 0.0, wrapped)  # np.mod may round up to the box length itself
    distances, _ = cKDTree(wrapped, boxsize=box).query(wrapped, k=2)
    return float(distances[:, 1].min())
