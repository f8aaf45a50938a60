"""Partial structure factors of all pairs of species, directly from the wave vectors of the box."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from glasswf.errors import AnalysisError
from glasswf.structure.averages import N_BLOCKS, Sampled
from glasswf.structure.pair_correlation import composition
from glasswf.structure.streaming import Progress, sampled
from glasswf.structure.wave_vectors import WaveVectors, choose
from glasswf.trajectory import Trajectory

Pair = tuple[str, str]


@dataclass(frozen=True, eq=False)
class StructureFactors:
    """Partial structure factors after Ashcroft and Langreth, averaged over frames and replicas.

    k_1_a: (n_bins,) mean |k| of each bin. n_vectors: (n_bins,) wave vectors in each per frame, k and −k counted once;
    zeros if by transform. counts: atoms of each species, in alphabetical order. partial: Sampled of (n_replicas,
    n_blocks, n_pairs, n_bins), S_ab = ⟨ρ_a ρ_b*⟩ / √(N_a N_b). method: "direct" or "transform". bin_1_a: width of the
    bins.
    """

    k_1_a: np.ndarray
    n_vectors: np.ndarray
    counts: dict[str, int]
    partial: Sampled
    method: str
    bin_1_a: float

    @property
    def species(self) -> tuple[str, ...]:
        """Elements, in alphabetical order."""
        return tuple(self.counts)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Pairs of species, in the order of the partials."""
        return pairs_of(self.species)

    @property
    def concentrations(self) -> np.ndarray:
        """Mole fractions (n_species,)."""
        numbers = np.array(list(self.counts.values()), dtype=float)
        return numbers / numbers.sum()


def pairs_of(species: Sequence[str]) -> tuple[Pair, ...]:
    """All pairs of species, as the partials are ordered."""
    return tuple(combinations_with_replacement(species, 2))


def measure(
    trajectories: Sequence[Trajectory],
    k_max_1_a: float = 12.0,
    bin_1_a: float = 0.05,
    vectors_per_bin: int = 150,
    seed: int = 0,
    n_blocks: int = N_BLOCKS,
    progress: Progress | None = None,
) -> StructureFactors:
    """S_ab(k) = ⟨ρ_a(k) ρ_b(k)*⟩ / √(N_a N_b), with ρ_a(k) = Σ exp(i k·r) over the atoms a, from every frame.

    k runs over wave vectors of the box of each frame, whose |k| decides the bin; the same integers (nx, ny, nz) are
    taken in all frames (see glasswf.structure.wave_vectors). Bins that are empty in a block of frames are left out.
    (Ashcroft & Langreth, Phys. Rev. 156, 685 (1967); the review, eq. 8, as Faber and Ziman define it.)

    Raises AnalysisError if replicas differ in composition, for bins of no width, and if no wave vector is below k_max.
    """
    counts = composition(trajectories)
    vectors = _vectors(trajectories, k_max_1_a, bin_1_a, vectors_per_bin, seed)
    n_bins = int(np.ceil(k_max_1_a / bin_1_a - 1e-9))

    def of_frame(trajectory: Trajectory, frame: int) -> np.ndarray:
        box = trajectory.box_lengths_a[frame]
        lengths = vectors.lengths_1_a(box)
        place = np.where(lengths < k_max_1_a, (lengths / bin_1_a).astype(int), n_bins)
        weighted = np.vstack((_products(trajectory, frame, counts, vectors), lengths, np.ones_like(lengths)))
        weighted *= vectors.weights
        columns = np.vstack((weighted, vectors.images))
        return np.array([np.bincount(place, column, n_bins + 1)[:n_bins] for column in columns])

    values = sampled(trajectories, of_frame, n_blocks, progress).values
    filled = (values[:, :, -2] > 0).all(axis=(0, 1))
    if not filled.any():
        raise AnalysisError(f"no wave vectors below {k_max_1_a:g} 1/Å in every frame; k_max must be higher")
    values = values[..., filled]
    mean = values.mean(axis=(0, 1))
    partial = Sampled(values[:, :, :-3] / values[:, :, -2, None])
    return StructureFactors(mean[-3] / mean[-2], mean[-1], counts, partial, "direct", bin_1_a)


def _vectors(
    trajectories: Sequence[Trajectory], k_max_1_a: float, bin_1_a: float, vectors_per_bin: int, seed: int
) -> WaveVectors:
    """Chosen in the mean box, a little beyond k_max if boxes change, so that none is missing below it."""
    if not 0 < bin_1_a <= k_max_1_a:
        raise AnalysisError(f"bins of {bin_1_a:g} 1/Å up to {k_max_1_a:g}: the width must be above 0 and below k_max")
    boxes = [trajectory.box_lengths_a for trajectory in trajectories]
    box = np.mean([each.mean(axis=0) for each in boxes], axis=0)
    largest = np.max([each.max(axis=0) for each in boxes], axis=0)
    reach = k_max_1_a * float((largest / box).max())
    if reach * box.max() < 2 * np.pi * (1 + 1e-9):
        raise AnalysisError(
            f"{trajectories[0].source[0]}: the smallest wave vector of a box of {box.max():g} Å is "
            f"{2 * np.pi / box.max():.3g} 1/Å; k_max is {k_max_1_a:g}"
        )
    return choose(box, reach, bin_1_a, vectors_per_bin, seed)


def _products(trajectory: Trajectory, frame: int, counts: dict[str, int], vectors: WaveVectors) -> np.ndarray:
    """ρ_a ρ_b* / √(N_a N_b) (n_pairs, m) of a frame, averaged over mirror images.

    With ρ written as eight real sums of products of cosines and sines, all products of different sums cancel in that
    average.
    """
    from glasswf.structure import sk_kernel

    fractions = trajectory.positions[frame].astype(float).T / trajectory.box_lengths_a[frame][:, None]
    sums = np.zeros((len(counts), len(vectors.triples), 8))
    for name, out in zip(counts, sums, strict=True):
        sk_kernel.add_products(np.ascontiguousarray(fractions[:, trajectory.indices(name)]), vectors.triples, out)
    numbers = list(counts.values())
    return np.array([
        np.einsum("mi,mi->m", sums[a], sums[b]) / np.sqrt(numbers[a] * numbers[b])
        for a, b in combinations_with_replacement(range(len(counts)), 2)
    ])  # fmt: skip
