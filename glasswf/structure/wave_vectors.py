"""Wave vectors of a periodic box: all of them in bins of |k| that hold few, a random part in the denser ones."""

from dataclasses import dataclass

import numpy as np

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
        return np.linalg.norm(2 * np.pi * self.triples / box, axis=1)

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
    found = _all(box, k_max_1_a)
    place = (found.lengths_1_a(box) / bin_1_a).astype(int)
    rng = np.random.default_rng(seed)
    kept, weights = [], []
    for members in np.split(np.argsort(place, kind="stable"), np.cumsum(np.bincount(place))[:-1]):
        chosen, weight = _drawn(rng, members, found.images[members], vectors_per_bin)
        kept.append(chosen), weights.append(weight)
    order, weights = np.concatenate(kept), np.concatenate(weights)
    by_axis = np.lexsort(found.triples[order].T[::-1])  # neighbours share their tables of cosines
    order, weights = order[by_axis], weights[by_axis]
    return WaveVectors(found.triples[order], found.images[order], weights)


def _all(box: np.ndarray, k_max_1_a: float) -> WaveVectors:
    highest = (k_max_1_a * box / (2 * np.pi)).astype(int)
    squares = [(2 * np.pi / edge * np.arange(top + 1)) ** 2 for edge, top in zip(box, highest, strict=True)]
    triples = np.argwhere(squares[0][:, None, None] + squares[1][:, None] + squares[2] < k_max_1_a**2)[1:]
    images = 2 ** ((triples > 0).sum(axis=1) - 1)
    return WaveVectors(triples, images, images.astype(float))


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
