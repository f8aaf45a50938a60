"""How many pairs of atoms of each two species lie at each distance, in one frame."""

import numpy as np

from glasswf.structure.neighbours import wrapped
from glasswf.transport.pair_histogram import pair_histogram

_WORTH_COLUMNS = 0.6  # of all pairs: where columns leave fewer than this to look at, they are faster (measured)
# Atoms of a column within reach of one, about: narrower columns hold fewer in vain, but begin more loops (measured).
_RUN, _MOST_PER_REACH = 128, 4


def pair_counts(
    positions: np.ndarray, kinds: np.ndarray, n_kinds: int, box: np.ndarray, bin_a: float, n_bins: int
) -> np.ndarray:
    """Ordered pairs (n_kinds, n_kinds, n_bins) of different atoms, by kind and distance in bins of `bin_a` (Å) from 0.

    positions: (N, 3) in Å, wrapped or not. kinds: (N,) from 0 to n_kinds − 1. box: (3,) in Å; bins must not reach
    beyond half its shortest edge (by the minimum image). Atoms are sorted into columns, of which only the close ones
    are looked at, unless the columns within reach fill much of the box: then all pairs are.
    """
    longest = bin_a * n_bins
    density = len(positions) / np.prod(box)
    per_reach = np.clip(int(longest * np.sqrt(2 * density * longest / _RUN)), 1, _MOST_PER_REACH)
    grid = np.maximum(1, (box[:2] / longest * per_reach).astype(int))
    offsets, heights = _reach(box[:2] / grid, longest)
    looked_at = 2 * heights.sum() * np.prod(box[:2] / grid) / (np.prod(box) / 2)
    if looked_at > _WORTH_COLUMNS:
        return _direct(positions, kinds, n_kinds, box, bin_a, n_bins)
    return _by_columns(wrapped(positions, box), kinds, n_kinds, box, (bin_a, n_bins), (grid, offsets, heights))


def _direct(
    positions: np.ndarray, kinds: np.ndarray, n_kinds: int, box: np.ndarray, bin_a: float, n_bins: int
) -> np.ndarray:
    counts = np.zeros((n_kinds, n_kinds, n_bins), dtype=np.int64)
    points = [np.asarray(positions[kinds == kind], dtype=float) for kind in range(n_kinds)]
    for a in range(n_kinds):
        for b in range(a, n_kinds):
            found = pair_histogram(points[a], points[b], box, bin_a, n_bins, same=a == b)
            counts[a, b] = counts[b, a] = found
    return counts


def _reach(widths: np.ndarray, longest: float) -> tuple[np.ndarray, np.ndarray]:
    """Offsets (m, 2) of the columns within reach, of opposite ones one, itself first; how high they reach (m,)."""
    farthest = np.ceil(longest / widths).astype(int)
    x, y = np.mgrid[0 : farthest[0] + 1, -farthest[1] : farthest[1] + 1].reshape(2, -1)
    gaps = np.maximum(0, np.abs((x, y)) - 1) * widths[:, None]
    squares = longest**2 - (gaps**2).sum(axis=0)
    kept = (squares > 0) & ((x > 0) | (y >= 0))
    order = np.lexsort((y[kept], x[kept]))
    heights = np.sqrt(squares[kept]) * (1 + 1e-9)  # rounding must not lose a pair
    return np.stack((x, y), axis=1)[kept][order], heights[order]


def _by_columns(
    points: np.ndarray, kinds: np.ndarray, n_kinds: int, box: np.ndarray, bins: tuple[float, int], columns: tuple
) -> np.ndarray:
    from glasswf.structure import pair_kernel

    (bin_a, n_bins), (grid, offsets, heights) = bins, columns
    atoms, z, starts, inner = _sorted(points, box, grid, heights[0])
    first_bin = (kinds[atoms] * (n_bins + 1)).astype(np.int32)
    counts = np.zeros((n_kinds, n_kinds * (n_bins + 1)), dtype=np.int64)
    x, y = points[atoms, 0], points[atoms, 1]
    pair_kernel.add_column_pairs(x, y, z, first_bin, starts, inner, grid, offsets, heights, box, 1 / bin_a, counts)
    once = counts.reshape(n_kinds, n_kinds, n_bins + 1)[..., :n_bins]
    return once + once.transpose(1, 0, 2)


def _sorted(
    points: np.ndarray, box: np.ndarray, grid: np.ndarray, height: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Atoms and their images up to `height` below and above the box, by column, then by z.

    Index (n,) of the atom, z (n,), where each column starts (n_columns + 1,), and from where to where its atoms are
    inside the box (n_columns, 2).
    """
    xy = np.minimum((points[:, :2] * (grid / box[:2])).astype(int), grid - 1)
    column = xy[:, 0] * grid[1] + xy[:, 1]
    below, above = np.flatnonzero(points[:, 2] >= box[2] - height), np.flatnonzero(points[:, 2] <= height)
    atoms = np.concatenate([below, np.arange(len(points)), above])
    image = np.repeat((-1, 0, 1), (len(below), len(points), len(above)))
    z = points[atoms, 2] + image * box[2]
    order = np.lexsort((z, image, column[atoms]))
    atoms, z = atoms[order], z[order]
    layer = 3 * column[atoms] + image[order] + 1
    bounds = np.searchsorted(layer, np.arange(3 * np.prod(grid) + 1))
    return atoms, z, bounds[::3], np.stack((bounds[1::3], bounds[2::3]), axis=1)
