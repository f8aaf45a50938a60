"""Partial pair correlation functions g_ab(r) and running coordination numbers of all pairs of species."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from glasswf.errors import AnalysisError
from glasswf.structure.averages import N_BLOCKS, Sampled
from glasswf.structure.pair_counts import pair_counts
from glasswf.structure.streaming import Progress, sampled
from glasswf.trajectory import Trajectory
from glasswf.transport.pair_histogram import shell_volumes

LONGEST_A = 25.0  # half of a box of 5000 atoms; beyond, nothing is left of the order in these glasses


@dataclass(frozen=True, eq=False)
class PairCorrelations:
    """Partial pair correlation functions, averaged over frames and replicas.

    edges_a: (n_bins + 1,) of the bins from 0 on (Å). species: in alphabetical order. pairs: those of which there are
    two atoms, each in alphabetical order. counts: atoms of each species. density_1_a3: mean of N/V. g: Sampled of
    (n_replicas, n_blocks, n_pairs, n_bins). neighbours: the same shape, atoms b in each shell around an atom a.
    """

    edges_a: np.ndarray
    species: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    counts: dict[str, int]
    density_1_a3: float
    g: Sampled
    neighbours: Sampled

    @property
    def r_a(self) -> np.ndarray:
        """Centres (n_bins,) of the bins (Å)."""
        return (self.edges_a[1:] + self.edges_a[:-1]) / 2

    def index(self, one: str, other: str) -> int:
        """Place of a pair, named either way round; AnalysisError if there is none."""
        pair = tuple(sorted((one, other)))
        if pair not in self.pairs:
            known = ", ".join("-".join(names) for names in self.pairs)
            raise AnalysisError(f"no pair correlation of {one}-{other}; there are {known}")
        return self.pairs.index(pair)

    def coordination(self, centre: str, neighbour: str) -> np.ndarray:
        """Running coordination number (n_bins,): mean number of atoms `neighbour` closer than r_a to a `centre`."""
        shells = self.neighbours.mean[self.index(centre, neighbour)]
        if centre > neighbour:
            shells = shells * (self.counts[neighbour] / self.counts[centre])
        return np.cumsum(shells) - shells / 2


def measure(
    trajectories: Sequence[Trajectory],
    r_max_a: float | None = None,
    bin_a: float = 0.02,
    n_blocks: int = N_BLOCKS,
    progress: Progress | None = None,
) -> PairCorrelations:
    """g_ab(r) of all pairs of species in one pass over every frame of the trajectories (replicas).

    g_ab = V n_ab(r) / (N_a (N_b − δ_ab) 4πr²dr) with the volume of each frame and the exact volume of each shell, where
    n_ab is the number of ordered pairs: 1 at all r in an ideal gas of any size (Allen & Tildesley 2017, eq. 8.21, with
    N_a − 1 for N_a). r_max_a: end of the last bin at most, default half the shortest edge of any box, or LONGEST_A if
    that is less: all pairs of a big box would take a time that grows with the square of its atoms.

    Raises AnalysisError if replicas differ in composition, if r_max_a exceeds half a box, and for bins wider than that.
    """
    counts = composition(trajectories)
    pairs = tuple(pair for pair in combinations_with_replacement(counts, 2) if _n_pairs(counts, pair))
    n_bins = _n_bins(trajectories, r_max_a, bin_a)

    def of_frame(trajectory: Trajectory, frame: int) -> np.ndarray:
        return _of_frame(trajectory, frame, counts, pairs, bin_a, n_bins)

    values = sampled(trajectories, of_frame, n_blocks, progress).values
    density = float(np.mean([_mean_density(trajectory) for trajectory in trajectories]))
    g, neighbours = Sampled(values[:, :, 0]), Sampled(values[:, :, 1])
    return PairCorrelations(bin_a * np.arange(n_bins + 1), tuple(counts), pairs, counts, density, g, neighbours)


def _of_frame(
    trajectory: Trajectory, frame: int, counts: dict[str, int], pairs: tuple, bin_a: float, n_bins: int
) -> np.ndarray:
    """g and neighbours (2, n_pairs, n_bins) of one frame."""
    species = list(counts)
    box = trajectory.box_lengths_a[frame]
    kinds = np.searchsorted(species, trajectory.elements)
    found = pair_counts(trajectory.positions[frame], kinds, len(species), box, bin_a, n_bins)
    shells = np.array([found[species.index(a), species.index(b)] for a, b in pairs]).reshape(-1, n_bins)
    per_volume = np.prod(box) / shell_volumes(bin_a, n_bins)
    n_pairs = np.array([_n_pairs(counts, pair) for pair in pairs]).reshape(-1, 1)
    centres = np.array([counts[a] for a, _ in pairs]).reshape(-1, 1)
    return np.array([shells / n_pairs * per_volume, shells / centres])


def composition(trajectories: Sequence[Trajectory]) -> dict[str, int]:
    """Atoms of each species in alphabetical order; AnalysisError if there are no replicas or they differ."""
    if not trajectories:
        raise AnalysisError("no trajectories to analyse; at least one is needed")
    found = [dict(zip(*np.unique(each.elements, return_counts=True), strict=True)) for each in trajectories]
    found = [{str(name): int(number) for name, number in counts.items()} for counts in found]
    for trajectory, counts in zip(trajectories, found, strict=True):
        if counts != found[0]:
            raise AnalysisError(
                f"{trajectory.source[0]}: {_in_words(counts)}, but {trajectories[0].source[0]}: {_in_words(found[0])}; "
                "replicas must be of the same composition"
            )
    return found[0]


def _in_words(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items())


def _n_pairs(counts: dict[str, int], pair: tuple[str, str]) -> int:
    """Ordered pairs of different atoms."""
    return counts[pair[0]] * (counts[pair[1]] - (pair[0] == pair[1]))


def _n_bins(trajectories: Sequence[Trajectory], r_max_a: float | None, bin_a: float) -> int:
    narrowest = min(trajectories, key=lambda trajectory: trajectory.box_lengths_a.min())
    half = float(narrowest.box_lengths_a.min()) / 2
    longest = min(half, LONGEST_A) if r_max_a is None else r_max_a
    if longest > half * (1 + 1e-9):
        raise AnalysisError(
            f"{narrowest.source[0]}: pair correlations up to {longest:g} Å in a box of {2 * half:g} Å; the nearest "
            f"images allow up to {half:g} Å"
        )
    if not 0 < bin_a <= longest:
        raise AnalysisError(f"bins of {bin_a:g} Å up to {longest:g} Å: the width must be above 0 and below r_max")
    return int(longest / bin_a * (1 + 1e-9))


def _mean_density(trajectory: Trajectory) -> float:
    return trajectory.n_atoms * float(np.mean(1 / np.prod(trajectory.box_lengths_a, axis=1)))
