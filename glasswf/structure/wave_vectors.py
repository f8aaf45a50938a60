"""Wave vectors of a periodic box: all of them in bins of |k| that hold few, a random part in the denser ones."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

_AT_ONCE = 500_000  # looked through, which takes a hundred megabytes
MIRRORS = 4  # at most, of the half of reciprocal space that counts: (±nx, ±ny, ±nz) without the opposite ones


@dataclass(frozen=True, eq=False)
class WaveVectors:
    """Wave vectors k = 2π (nx/Lx, ny/Ly, nz/Lz), each with its mirror images in the planes of the axes.

    triples: (m, 3) integers nx, ny, nz >= 0. images: (m,) different vectors among the mirror images, k and −k being one
    (4, or 2 or 1 for vectors in a plane or on an axis). weights: (m,) vectors each stands for in an average.
    """

    triples: np.ndarray
    images: np.ndarray
    weights: np.ndarray

    def lengths_1_a(self, box: np.ndarray) -> np.ndarray:
        """|k| (m,) in a box of edges (3,)."""
        return _lengths(self.triples, box)

    def all_images(self) -> np.ndarray:
        """Integers (n, 3) of one of every two opposite vectors, mirror images one after the other."""
        signs = np.array([[1, 1, 1], [1, 1, -1], [1, -1, 1], [1, -1, -1]])
        first = np.argmax(self.triples > 0, axis=1)
        kept = (self.triples[:, None] > 0) | (signs > 0)  # no sign for a zero, nor for the first that is not
        kept &= (signs > 0) | (np.arange(3) != first[:, None, None])
        return (self.triples[:, None] * signs)[kept.all(axis=2)]


def choose(box: np.ndarray, k_max_1_a: float, bin_1_a: float, vectors_per_bin: int, seed: int) -> WaveVectors:
    """Wave vectors up to k_max_1_a of a box of edges (3,), in bins of width bin_1_a from 0 on.

    Bins with at most `vectors_per_bin` of them (k and −k counted once) have all; of the others that many are drawn, in
    whole sets of mirror images, so that each vector has the same chance.
    """
    rng = np.random.default_rng(seed)
    kept = []
    for first, last in _shells(box, k_max_1_a, bin_1_a):
        triples, place = _within(box, k_max_1_a, bin_1_a, first, last)
        images = 2 ** ((triples > 0).sum(axis=1) - 1)
        order = np.argsort(place, kind="stable")
        for members in np.split(order, np.searchsorted(place[order], np.arange(first + 1, last))):
            chosen, weights = _drawn(rng, members, images[members], vectors_per_bin)
            kept.append((triples[chosen], images[chosen], weights))
    triples, images, weights = (np.concatenate(each) for each in zip(*kept, strict=True))
    by_axis = np.lexsort(triples.T[::-1])  # neighbours share their tables of cosines
    return WaveVectors(triples[by_axis], images[by_axis], weights[by_axis])


def _shells(box: np.ndarray, k_max_1_a: float, bin_1_a: float) -> Iterator[tuple[int, int]]:
    """Bins from the first to before the last, as many as have no more than _AT_ONCE vectors; one at least."""
    n_bins = int(k_max_1_a / bin_1_a) + 2
    below = np.prod(box) * (bin_1_a * np.arange(n_bins + 1)) ** 3 / (48 * np.pi**2)
    first = 0
    while first < n_bins:
        last = max(first + 1, int(np.searchsorted(below, below[first] + _AT_ONCE)) - 1)
        yield first, min(last, n_bins)
        first = last


def _within(box: np.ndarray, k_max_1_a: float, bin_1_a: float, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
    """Integers (m, 3) >= 0 with |k| < k_max_1_a in bins from `first` to before `last`, and the bin (m,) of each."""
    highest = (k_max_1_a * box / (2 * np.pi)).astype(int)
    squares = [(2 * np.pi / edge * np.arange(top + 1)) ** 2 for edge, top in zip(box, highest, strict=True)]
    x, y = np.nonzero(squares[0][:, None] + squares[1] < k_max_1_a**2)
    flat = squares[0][x] + squares[1][y]
    low, high = (np.sqrt(np.maximum((edge * bin_1_a) ** 2 - flat, 0)) * box[2] / (2 * np.pi) for edge in (first, last))
    bottom, top = np.maximum(low.astype(int) - 1, 0), np.minimum(high.astype(int) + 1, highest[2])
    counts = np.maximum(top - bottom + 1, 0)
    z = np.arange(counts.sum()) + np.repeat(bottom - (np.cumsum(counts) - counts), counts)
    triples = np.column_stack((np.repeat(x, counts), np.repeat(y, counts), z))
    place = (_lengths(triples, box) / bin_1_a).astype(int)
    kept = (np.repeat(flat, counts) + squares[2][z] < k_max_1_a**2) & (place >= first) & (place < last)
    kept &= triples.any(axis=1)
    return triples[kept], place[kept]


def _lengths(triples: np.ndarray, box: np.ndarray) -> np.ndarray:
    return np.linalg.norm(2 * np.pi * triples / box, axis=1)


def _drawn(
    rng: np.random.Generator, members: np.ndarray, images: np.ndarray, vectors_per_bin: int
) -> tuple[np.ndarray, np.ndarray]:
    """Indices and weights of a systematic random sample, its chances proportional to the number of images.

    In a plain average of what is drawn each vector of the bin then counts alike, so that the average is unbiased
    (Cochran, Sampling Techniques, 1977, section 9A.10).
    """
    total = images.sum()
    if total <= vectors_per_bin:
        return members, images.astype(float)
    order = rng.permutation(len(members))
    number = max(1, vectors_per_bin // MIRRORS)
    step = total / number
    ends = np.cumsum(images[order])
    chosen = order[np.searchsorted(ends, step * (rng.random() + np.arange(number)), side="right")]
    return members[chosen], np.full(number, step)
