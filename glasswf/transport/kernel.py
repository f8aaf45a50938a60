"""Compiled loops over displacements and pairs; imported where they are called, as numba takes half a second."""

import numpy as np
from numba import njit

_ANY_ORDER = {"reassoc", "contract"}  # sums may be taken in any order, so that they fill the vector registers


@njit(cache=True)
def add_moments(path, lags, strides, sums):
    """Add Σ r² and Σ r⁴ of paths (n, 3, n_frames) at each lag, every `strides`-th origin, to sums (2, n_lags)."""
    for atom in range(len(path)):
        for index in range(len(lags)):
            second, fourth = _moments(path[atom, 0], path[atom, 1], path[atom, 2], lags[index], strides[index])
            sums[0, index] += second
            sums[1, index] += fourth


@njit(cache=True, fastmath=_ANY_ORDER)
def _moments(x, y, z, lag, stride):
    second, fourth = 0.0, 0.0
    for origin in range((len(x) - lag + stride - 1) // stride):
        now = np.uint64(origin * stride)  # unsigned: no test for indices from the end, which would cost ten times
        then = now + np.uint64(lag)
        dx, dy, dz = x[then] - x[now], y[then] - y[now], z[then] - z[now]
        square = dx * dx + dy * dy + dz * dz
        second += square
        fourth += square * square
    return second, fourth


@njit(cache=True)
def add_distances(path, lag, stride, per_width, counts):
    """Count displacements of paths (n, 3, n_frames) over `lag`, every `stride`-th origin, by r · per_width.

    counts: (n_bins,), long enough for the largest.
    """
    for atom in range(len(path)):
        x, y, z = path[atom, 0], path[atom, 1], path[atom, 2]
        for now in range(0, len(x) - lag, stride):
            dx, dy, dz = x[now + lag] - x[now], y[now + lag] - y[now], z[now + lag] - z[now]
            counts[np.uint64(np.sqrt(dx * dx + dy * dy + dz * dz) * per_width)] += 1


@njit(cache=True)
def add_pairs(points, others, lengths, per_width, same, counts):
    """Count pairs of points (3, n) and others (3, m) by r · per_width, by the minimum image.

    Positions are fractions of the box in [0, 1]. same: the same atoms; each is left out against itself. counts: long
    enough for half the diagonal of the box, as a test of every pair would take half of the time.
    """
    x, y, z = others[0], others[1], others[2]
    bins = np.empty(len(x), dtype=np.int64)
    for one in range(points.shape[1]):
        _bins(points[0, one], points[1, one], points[2, one], x, y, z, lengths, per_width, bins)
        for found in bins:
            counts[np.uint64(found)] += 1
        if same:
            counts[bins[one]] -= 1


@njit(cache=True)
def add_pairs_once(points, lengths, per_width, counts):
    """The same for pairs of different points (3, n), each counted once."""
    x, y, z = points[0], points[1], points[2]
    bins = np.empty(len(x), dtype=np.int64)
    for one in range(len(x) - 1):
        rest = bins[one + 1 :]
        _bins(x[one], y[one], z[one], x[one + 1 :], y[one + 1 :], z[one + 1 :], lengths, per_width, rest)
        for found in rest:
            counts[np.uint64(found)] += 1


@njit(cache=True)
def _bins(x0, y0, z0, x, y, z, lengths, per_width, bins):
    """Bin of the distance from one point to each of others (m,); apart from the counting, so that it is vectorised."""
    a, b, c = lengths[0], lengths[1], lengths[2]
    for other in range(len(bins)):
        dx, dy, dz = abs(x[other] - x0), abs(y[other] - y0), abs(z[other] - z0)
        dx, dy, dz = min(dx, 1 - dx) * a, min(dy, 1 - dy) * b, min(dz, 1 - dz) * c
        bins[other] = np.int64(np.sqrt(dx * dx + dy * dy + dz * dz) * per_width)
