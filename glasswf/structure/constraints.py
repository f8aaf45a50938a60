"""Topological constraints counted from a trajectory, beside the mean-field count of PRL 134, 036303 (2025), eq. (1).

A bond is a constraint, half of it at each end, where its length hardly changes; an atom with r bonds has up to 2r − 3
independent angular constraints, as many of them as its angles are stiff.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from glasswf.errors import AnalysisError
from glasswf.statistics import FEWEST_FRAMES
from glasswf.structure.averages import N_BLOCKS, Sampled, block_slices
from glasswf.structure.excursions import Excursions, excursions
from glasswf.trajectory import Trajectory

RADIAL_LIMIT = 0.07  # deviation of a bond over its length; a bond about to break has more (Lindemann)
ANGULAR_LIMITS_DEG = (10.0, 15.0, 20.0)  # 15 in the literature; the others tell how much hangs on it
_NEIGHBOURS = {"former": 6, "anion": 4, "modifier": 8}


@dataclass(frozen=True, eq=False)
class Constraints:
    """Constraints per atom of each species, and the excursions they come from.

    counts: by (species, kind, limit): kind radial or angular, the limit as a part of the bond length or in degrees.
    swings: by (species, kind): mean and deviation (Å or degrees), each (k,), of every rank of neighbour or pair of
    them, averaged over atoms. fractions: atoms of a species over all atoms. x, m: composition of xM₂Y-(1-x)AY_m.
    """

    former: str
    anion: str
    counts: Mapping[tuple[str, str, float], Sampled]
    swings: Mapping[tuple[str, str], tuple[Sampled, Sampled]]
    fractions: Mapping[str, float]
    x: float
    m: float | None

    @property
    def modifiers(self) -> list[str]:
        """Species that are neither former nor anion."""
        return [name for name in self.fractions if name not in (self.former, self.anion)]


def measure(
    trajectories: Sequence[Trajectory],
    former: str,
    anion: str,
    cutoffs_a: Mapping[str, float],
    composition: tuple[float, float | None],
    n_blocks: int = N_BLOCKS,
) -> Constraints:
    """Constraints of all replicas; every species that is neither former nor anion is a modifier.

    cutoffs_a: bond lengths by pair, "Si-S" and "Na-S". composition: x and m of xM₂Y-(1-x)AY_m, for the mean field.
    Blocks hold ten frames at least. Raises AnalysisError if there are not so many: nothing can be said of motion then.
    """
    first = trajectories[0]
    shortest = min(trajectory.n_frames for trajectory in trajectories)
    if shortest < FEWEST_FRAMES:
        raise AnalysisError(
            f"{first.source[0]}: constraints from {shortest} frames; deviations in time need {FEWEST_FRAMES} at least"
        )
    n_blocks = min(n_blocks, shortest // FEWEST_FRAMES)
    counts: dict = defaultdict(list)
    swings: dict = defaultdict(list)
    for trajectory in trajectories:
        for frames in block_slices(trajectory.n_frames, n_blocks):
            for name, swing, cutoff in _swinging(trajectory, frames, former, anion, cutoffs_a):
                for key, value in _counts(swing, cutoff).items():
                    counts[name, *key].append(value)
                for kind, pair in _parts(swing).items():
                    swings[name, kind].append([values.mean(axis=0) for values in pair])
    sampled = {key: _sampled(values, len(trajectories)) for key, values in counts.items()}
    both = {
        key: tuple(_sampled([value[i] for value in values], len(trajectories)) for i in (0, 1))
        for key, values in swings.items()
    }
    fractions = {name: len(first.indices(name)) / first.n_atoms for name in first.species}
    return Constraints(former, anion, sampled, both, fractions, *composition)


def _sampled(values: list, n_replicas: int) -> Sampled:
    stacked = np.array(values)
    return Sampled(stacked.reshape(n_replicas, -1, *stacked.shape[1:]))


def _swinging(
    trajectory: Trajectory, frames: slice, former: str, anion: str, cutoffs_a: Mapping[str, float]
) -> Iterator[tuple[str, Excursions, float]]:
    """Species, excursions of its bonds to anions (of an anion: to formers), and their longest length."""
    for name in trajectory.species:
        other = former if name == anion else anion
        if other not in trajectory.species:
            continue
        role = "former" if name == former else "anion" if name == anion else "modifier"
        cutoff = cutoffs_a[f"{former if name == anion else name}-{anion}"]
        atoms = trajectory.indices(name), trajectory.indices(other)
        yield name, excursions(trajectory, frames, *atoms, _NEIGHBOURS[role], angles=role != "modifier"), cutoff


def _counts(swing: Excursions, cutoff_a: float) -> dict[tuple[str, float], float]:
    bonded = swing.distance_a < cutoff_a
    stiff = bonded & (swing.distance_dev_a < RADIAL_LIMIT * swing.distance_a)
    angular = {("angular", limit): _angular(swing, bonded, limit) for limit in ANGULAR_LIMITS_DEG}
    return {("radial", RADIAL_LIMIT): stiff.sum(axis=1).mean() / 2} | angular


def _angular(swing: Excursions, bonded: np.ndarray, limit_deg: float) -> float:
    """Mean number per atom of independent stiff angles: their share of all angles, times 2r − 3."""
    first, second = swing.pairs
    if not swing.angle_deg.size:
        return 0.0
    inside = bonded[:, first] & bonded[:, second]
    stiff = inside & (swing.angle_dev_deg < limit_deg)
    share = stiff.sum(axis=1) / np.maximum(inside.sum(axis=1), 1)
    return float((share * np.maximum(2 * bonded.sum(axis=1) - 3, 0)).mean())


def _parts(swing: Excursions) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    parts = {"radial": (swing.distance_a, swing.distance_dev_a)}
    return parts | ({"angular": (swing.angle_deg, swing.angle_dev_deg)} if swing.angle_deg.size else {})
