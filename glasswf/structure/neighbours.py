"""Who is bonded to whom in one frame: pairs within a distance, under periodic boundaries."""

import numpy as np
from scipy.spatial import cKDTree

from glasswf.errors import AnalysisError


def bonds(
    centres: np.ndarray, others: np.ndarray, box: np.ndarray, cutoff_a: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs closer than `cutoff_a` (Å): indices (n,) into `centres` and `others`, and vectors (n, 3) from the first
    to the second, by the nearest image. Sorted by centre, then by other.

    centres: (n_centres, 3), others: (n_others, 3), in Å, wrapped or not. box: (3,) lengths of the cell (Å).
    If both are the same array an atom is not its own neighbour, and every pair is there in both directions.
    Raises AnalysisError if the cutoff exceeds half the box.
    """
    box = np.asarray(box, dtype=float)
    if cutoff_a > box.min() / 2:
        raise AnalysisError(f"cutoff {cutoff_a:.4g} Å is longer than half the box ({box.min() / 2:.4g} Å)")
    trees = [cKDTree(wrapped(points, box), boxsize=box) for points in (centres, others)]
    near = trees[0].sparse_distance_matrix(trees[1], cutoff_a, output_type="ndarray")
    first, second = near["i"], near["j"]
    if centres is others:
        kept = first != second
        first, second = first[kept], second[kept]
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    vectors = trees[1].data[second] - trees[0].data[first]
    return first, second, vectors - box * np.round(vectors / box)


def wrapped(positions: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Positions (n, 3) brought into [0, box) as double precision, rounding included."""
    inside = np.mod(np.asarray(positions, dtype=float), box)
    return np.where(inside >= box, 0.0, inside)
