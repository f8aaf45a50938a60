"""Histogram of the distances of all pairs in a periodic box."""

import numpy as np

from glasswf.errors import AnalysisError


def pair_histogram(
    points: np.ndarray, others: np.ndarray, lengths_a: np.ndarray, width_a: float, n_bins: int, *, same: bool = False
) -> np.ndarray:
    """Ordered pairs (n_bins,) whose distance, by the minimum image, lies in bins of `width_a` from 0 on.

    points: (n, 3), others: (m, 3) in Å, inside the box or any image of it. lengths_a: (3,) edges of the orthogonal box
    in Å. same: both are the same atoms in the same order, possibly at different times, and no atom counts with itself;
    the same array given twice takes half the time. Every pair is looked at: the time grows as n · m.

    Raises AnalysisError for bins beyond half the smallest edge, where a sphere does not fit into the box.
    """
    longest = width_a * n_bins
    if longest > lengths_a.min() / 2 * (1 + 1e-9):
        raise AnalysisError(
            f"pairs up to {longest:g} Å in a box of {lengths_a.min():g} Å; the minimum image holds up to half of that"
        )
    from glasswf.transport import kernel

    counts = np.zeros(max(n_bins, int(np.linalg.norm(lengths_a) / 2 / width_a) + 2), dtype=np.int64)
    if same and points is others:
        kernel.add_pairs_once(_fractions(points, lengths_a), lengths_a, 1 / width_a, counts)
        return 2 * counts[:n_bins]
    kernel.add_pairs(_fractions(points, lengths_a), _fractions(others, lengths_a), lengths_a, 1 / width_a, same, counts)
    return counts[:n_bins]


def shell_volumes(width_a: float, n_bins: int) -> np.ndarray:
    """Volumes (n_bins,) in Å³ of the spherical shells of `width_a` from 0 on."""
    return 4 / 3 * np.pi * np.diff((width_a * np.arange(n_bins + 1)) ** 3)


def _fractions(points: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Positions (3, n) in units of the box, in [0, 1]."""
    scaled = (points / lengths).T
    return np.ascontiguousarray(scaled - np.floor(scaled))
