"""Former-anion bonds of one frame as a periodic graph, and the links between formers that share anions."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from glasswf.structure.neighbours import bonds, wrapped

_REACH = 2  # a bond crosses a face of the box once at most, two bonds twice
_BASE = 2 * _REACH + 1


@dataclass(frozen=True, eq=False)
class Links:
    """Formers that share anions, every link in both directions, sorted by first.

    first, second: (n,) formers. images: (n, 3) of the cell the second is in when the first is in [0, box).
    shared: (n,) number of anions in common. via: (n,) that anion if it is one alone, else −1. back: (n,) index of the
    same link in the other direction. n_formers: of the frame.
    """

    first: np.ndarray
    second: np.ndarray
    images: np.ndarray
    shared: np.ndarray
    via: np.ndarray
    back: np.ndarray
    n_formers: int


@dataclass(frozen=True, eq=False)
class FrameBonds:
    """Who is bonded to whom in one frame: bonds between formers and anions, numbered among their kind.

    former, anion: (n,). lengths_a: (n,) in Å. images: (n, 3) of the cell the anion is in when the former is in
    [0, box).
    """

    former: np.ndarray
    anion: np.ndarray
    lengths_a: np.ndarray
    images: np.ndarray
    n_formers: int
    n_anions: int

    def within(self, cutoff_a: float) -> "FrameBonds":
        """Only the bonds shorter than `cutoff_a` (Å)."""
        kept = self.lengths_a < cutoff_a
        parts = self.former[kept], self.anion[kept], self.lengths_a[kept], self.images[kept]
        return FrameBonds(*parts, self.n_formers, self.n_anions)

    @cached_property
    def formers_of_anion(self) -> np.ndarray:
        """Number of formers each anion is bonded to (n_anions,)."""
        return np.bincount(self.anion, minlength=self.n_anions)

    @cached_property
    def anions_of_former(self) -> np.ndarray:
        """Number of anions each former is bonded to (n_formers,)."""
        return np.bincount(self.former, minlength=self.n_formers)

    @cached_property
    def links(self) -> Links:
        """Links between formers."""
        first, second, images, via = _joined(self.anion, self.former, -self.images)
        codes = _codes(first, second, images, self.n_formers)
        codes, index, shared = np.unique(codes, return_index=True, return_counts=True)
        first, second, images = first[index], second[index], images[index]
        back = np.searchsorted(codes, _codes(second, first, -images, self.n_formers))
        via = np.where(shared == 1, via[index], -1)
        return Links(first, second, images, shared, via, back, self.n_formers)

    def share_a_former(self, first: np.ndarray, second: np.ndarray, images: np.ndarray) -> np.ndarray:
        """Whether anions first (n,) and second (n,), in the cells `images` (n, 3), have a former in common (n,)."""
        joined = _joined(self.former, self.anion, self.images)[:3]
        return np.isin(_codes(first, second, images, self.n_anions), _codes(*joined, self.n_anions))


def frame_bonds(formers: np.ndarray, anions: np.ndarray, box: np.ndarray, cutoff_a: float) -> FrameBonds:
    """Bonds between formers (n_formers, 3) and anions (n_anions, 3), in Å, wrapped or not, up to `cutoff_a` (Å).

    Raises AnalysisError if the cutoff exceeds half the box.
    """
    if not (len(formers) and len(anions)):
        empty = np.zeros(0, dtype=int)
        return FrameBonds(empty, empty, np.zeros(0), np.zeros((0, 3), dtype=int), len(formers), len(anions))
    first, second, vectors = bonds(formers, anions, box, cutoff_a)
    images = images_of(formers[first], anions[second], vectors, box)
    return FrameBonds(first, second, np.linalg.norm(vectors, axis=1), images, len(formers), len(anions))


def images_of(first: np.ndarray, second: np.ndarray, vectors: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Cells (n, 3) in which the second (n, 3) are when the first (n, 3) are in [0, box), `vectors` (n, 3) away."""
    return np.round((wrapped(first, box) + vectors - wrapped(second, box)) / box).astype(int)


def _joined(centre: np.ndarray, member: np.ndarray, images: np.ndarray) -> tuple[np.ndarray, ...]:
    """Ordered pairs of members of the same centre: first, second, cell of the second as seen by the first, centre."""
    order = np.argsort(centre, kind="stable")
    centre, member, images = centre[order], member[order], images[order]
    largest = np.bincount(centre).max(initial=0)
    steps = [np.flatnonzero(centre[k:] == centre[:-k]) for k in range(1, largest)]
    i = np.concatenate([np.zeros(0, dtype=int), *steps])
    j = np.concatenate([np.zeros(0, dtype=int), *(start + k for k, start in enumerate(steps, start=1))])
    i, j = np.concatenate([i, j]), np.concatenate([j, i])
    return member[i], member[j], images[j] - images[i], centre[i]


def _codes(first: np.ndarray, second: np.ndarray, images: np.ndarray, count: int) -> np.ndarray:
    """One number for each pair and image, rising with first."""
    image = (images + _REACH) @ np.array([_BASE**2, _BASE, 1])
    return (first * count + second) * _BASE**3 + image
