"""Distributions of the bond angles a-c-b around an atom c."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from glasswf.errors import AnalysisError
from glasswf.structure.averages import N_BLOCKS, Sampled, derived
from glasswf.structure.neighbours import bonds
from glasswf.structure.streaming import Progress, sampled
from glasswf.trajectory import Trajectory

Triplet = tuple[str, str, str]  # an end, the centre, the other end
Cutoffs = Mapping[tuple[str, str], float]  # Å, by pair of species, either way round

# Legrand et al. print Fig. 9b as S-Si-Si but speak of the intratetrahedral angle, which is S-Si-S: both are here.
TRIPLETS: tuple[Triplet, ...] = (
    ("Si", "S", "Si"), ("S", "Si", "S"), ("S", "Si", "Si"), ("Na", "S", "Na"), ("S", "Na", "S"),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class AngleDistributions:
    """Bond angles, averaged over frames and replicas.

    edges_deg: (n_bins + 1,) from 0 to 180. triplets: which angles. numbers: Sampled of (n_replicas, n_blocks,
    n_triplets, n_bins), angles in each bin per frame; a pair of bonds counts once.
    """

    edges_deg: np.ndarray
    triplets: tuple[Triplet, ...]
    numbers: Sampled

    @property
    def angle_deg(self) -> np.ndarray:
        """Centres (n_bins,) of the bins."""
        return (self.edges_deg[1:] + self.edges_deg[:-1]) / 2

    def of(self, index: int) -> Sampled:
        """The angles of one triplet, (n_replicas, n_blocks, n_bins)."""
        return Sampled(self.numbers.values[:, :, index])

    def density(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Distribution (n_bins,) per degree and its errors: of integral one, not divided by sin θ; NaN if no angles."""
        return derived(lambda mean: normalised(mean, self.edges_deg), self.of(index))

    def over_sine(self, index: int) -> np.ndarray:
        """Distribution (n_bins,) per degree over its value for random directions, again of integral one."""
        random = -np.diff(np.cos(np.radians(self.edges_deg)))
        return normalised(self.of(index).mean / random, self.edges_deg)


def normalised(numbers: np.ndarray, edges_deg: np.ndarray) -> np.ndarray:
    """Numbers (n_bins,) as a density of integral one; NaN if there are none."""
    total = numbers.sum()
    return numbers / (total * np.diff(edges_deg)) if total > 0 else np.full(len(numbers), np.nan)


def default_triplets(species: Sequence[str], cutoffs: Cutoffs | None = None) -> tuple[Triplet, ...]:
    """Those of TRIPLETS whose species exist and, if cutoffs are given, whose bonds have one."""
    return tuple(
        (a, c, b)
        for a, c, b in TRIPLETS
        if {a, c, b} <= set(species) and (cutoffs is None or {_pair(c, a), _pair(c, b)} <= set(_sorted(cutoffs)))
    )


def measure_angles(
    trajectories: Sequence[Trajectory],
    triplets: Sequence[Triplet],
    cutoffs: Cutoffs,
    bin_deg: float = 1.0,
    n_blocks: int = N_BLOCKS,
    progress: Progress | None = None,
) -> AngleDistributions:
    """Angles at c between all bonds c-a and c-b, from every frame of the trajectories (replicas).

    cutoffs: lengths (Å) up to which pairs of species are bonded, in any order of their names. bin_deg: must divide 180.
    Raises AnalysisError for a missing cutoff or one beyond half a box, and TrajectoryError for missing species.
    """
    n_bins = round(180 / bin_deg) if bin_deg > 0 else 0
    if not n_bins or abs(n_bins * bin_deg - 180) > 1e-9:
        raise AnalysisError(f"bins of {bin_deg:g} degrees do not divide 180 degrees evenly")
    triplets, cutoffs = tuple(triplets), _sorted(cutoffs)
    for a, c, b in triplets:
        for pair in {_pair(c, a), _pair(c, b)} - set(cutoffs):
            raise AnalysisError(f"no bond length given for {'-'.join(pair)}, which the angle {a}-{c}-{b} needs")

    def of_frame(trajectory: Trajectory, frame: int) -> np.ndarray:
        found = _of_frame(trajectory, frame, triplets, cutoffs)
        return np.array([np.histogram(each, n_bins, (0, 180))[0] for each in found], dtype=float)

    return AngleDistributions(
        np.linspace(0, 180, n_bins + 1), triplets, sampled(trajectories, of_frame, n_blocks, progress)
    )


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)


def _sorted(cutoffs: Cutoffs) -> dict[tuple[str, str], float]:
    return {_pair(*pair): length for pair, length in cutoffs.items()}


def _of_frame(trajectory: Trajectory, frame: int, triplets: Sequence[Triplet], cutoffs: Cutoffs) -> Iterator:
    """Angles (n,) in degrees of each triplet."""
    box = trajectory.box_lengths_a[frame]
    species = {name for triplet in triplets for name in triplet}
    points = {name: trajectory.positions[frame][trajectory.indices(name)] for name in species}
    known: dict[tuple[str, str], tuple[np.ndarray, np.ndarray, np.ndarray]] = {}
    for a, c, b in triplets:
        for end in (a, b):
            if (c, end) not in known:
                known[c, end] = bonds(points[c], points[end], box, cutoffs[_pair(c, end)])
        yield angles(known[c, a], known[c, b], len(points[c]), same=a == b)


def angles(one: tuple, other: tuple, n_centres: int, same: bool) -> np.ndarray:
    """Angles (n,) in degrees between all bonds of two kinds at the same centre, each a result of `bonds`.

    same: both are the same bonds; each pair counts once.
    """
    per_centre = np.bincount(other[0], minlength=n_centres)
    begins = np.cumsum(per_centre) - per_centre
    repeats = per_centre[one[0]]
    first = np.repeat(np.arange(len(one[0])), repeats)
    within = np.arange(len(first)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    second = begins[one[0][first]] + within
    if same:
        kept = first < second
        first, second = first[kept], second[kept]
    u, v = one[2][first], other[2][second]
    sine = np.linalg.norm(np.cross(u, v), axis=1)  # with the cosine, exact where the arc cosine alone is not
    return np.degrees(np.arctan2(sine, np.einsum("ij,ij->i", u, v)))
