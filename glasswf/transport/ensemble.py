"""The replicas of one state point: checked against each other, and their displacement curves made once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from glasswf.errors import AnalysisError, TrajectoryError
from glasswf.trajectory import Trajectory
from glasswf.transport.msd import centre_of_mass, collective_msd, self_msd
from glasswf.transport.vectors import barycentric_sums, cross_msd

CHARGE = "charge"  # name of the collective curve
FRAME = "barycentric: the centre of mass of all atoms, weighted by mass, is at rest"

_CUBIC = 1e-3  # largest relative difference of the edges of a cube
_MIN_FRAMES = 16
_NEUTRAL_E = 1e-3  # rounding of charges in a dump, summed over a cell


@dataclass(frozen=True)
class Cross:
    """Names the curve ⟨ΔA·ΔB⟩ of two species, A = Σ r_i (Å²) or, if charged, Σ z_i r_i (e² Å²), frame as above."""

    species_a: str
    species_b: str
    charged: bool


class Ensemble:
    """Replicas of one state point, cut to a common length.

    interval_ps: time between frames. run_ps: length of the part analysed. counts: atoms per species.
    Raises TrajectoryError or AnalysisError if the trajectories are too short or not replicas of each other.
    """

    def __init__(self, trajectories: Sequence[Trajectory], skip_ps: float = 0.0):
        if not trajectories:
            raise AnalysisError("no trajectory to analyse; give at least one")
        self.replicas = tuple(trajectories)
        first = self.replicas[0]
        self.interval_ps = first.timestep
        self.species = first.species
        self.counts = {name: len(first.indices(name)) for name in self.species}
        for other in self.replicas:
            self._check_alike(other)
        self.skipped = self._skipped(skip_ps)
        self.n_frames = min(replica.n_frames for replica in self.replicas) - self.skipped
        if self.n_frames < _MIN_FRAMES:
            raise AnalysisError(
                f"{first.source[0]}: {self.n_frames} frames to analyse (after {skip_ps:g} ps); at least {_MIN_FRAMES} "
                "are needed"
            )
        self.curves = cache(self._curves)
        self.centre = cache(self.centre)
        self._sums = cache(self._sums)
        self._crosses = cache(self._crosses)

    @property
    def n_replicas(self) -> int:
        """Number of replicas."""
        return len(self.replicas)

    @property
    def run_ps(self) -> float:
        """Length of the part analysed (ps)."""
        return (self.n_frames - 1) * self.interval_ps

    @property
    def volume_a3(self) -> float:
        """Mean volume (Å³)."""
        return float(np.mean([replica.volume_a3 for replica in self.replicas]))

    @property
    def cubic(self) -> bool:
        """Whether all edges of the box are equal."""
        edges = np.concatenate([replica.box_lengths_a for replica in self.replicas])
        return bool(np.allclose(edges, edges[:, :1], rtol=_CUBIC))

    @property
    def charged(self) -> bool:
        """Whether charges are known."""
        return all(replica.charges is not None for replica in self.replicas)

    @property
    def has_velocities(self) -> bool:
        """Whether velocities are known."""
        return all(replica.velocities is not None for replica in self.replicas)

    @property
    def net_charge_e(self) -> float | None:
        """Charge of the cell (e), zero if it is no more than rounding; None if charges are unknown."""
        total = float(self.replicas[0].charges.sum()) if self.charged else None
        return 0.0 if total is not None and abs(total) < _NEUTRAL_E * np.sqrt(self.replicas[0].n_atoms) else total

    def squared_charges(self, name: str) -> float:
        """Σ z² (e²) over the atoms of one species, or over all atoms for CHARGE."""
        first = self.replicas[0]
        charges = first.charges if name == CHARGE else first.charges[first.indices(name)]
        return float(charges @ charges)

    def block_frames(self, n_blocks: int) -> int:
        """Frames in each of `n_blocks` blocks."""
        return self.n_frames // n_blocks

    def blocks(self, n_blocks: int) -> list[slice]:
        """The frames of each of `n_blocks` blocks."""
        size = self.block_frames(n_blocks)
        return [slice(start, start + size) for start in range(0, n_blocks * size, size)]

    def positions(self, index: int) -> np.ndarray:
        """Positions (n_frames, N, 3) of a replica in Å, as dumped; subtract `centre` for the barycentric frame."""
        return self._cut(self.replicas[index].positions)

    def centre(self, index: int) -> np.ndarray:
        """Centre of mass (n_frames, 3) of a replica in Å."""
        return centre_of_mass(self.positions(index), self.replicas[index].masses)

    def current(self, index: int) -> np.ndarray:
        """Charge current Σ z_i v_i (n_frames, 3) of a replica in e Å/ps, in the barycentric frame."""
        replica = self.replicas[index]
        return barycentric_sums(self._cut(replica.velocities), replica.charges[None], replica.masses)[0]

    def _curves(self, name: str | Cross, n_blocks: int, n_lags: int) -> np.ndarray:
        """Curves (n_replicas, n_blocks, n_lags) at lags 0, 1, ...

        name: a species (MSD in Å²), CHARGE (that of the charge dipole in e² Å²) or a Cross.
        """
        return np.array([self._replica_curves(index, name, n_blocks, n_lags) for index in range(self.n_replicas)])

    def _replica_curves(self, index: int, name: str | Cross, n_blocks: int, n_lags: int) -> list[np.ndarray]:
        blocks = self.blocks(n_blocks)
        if isinstance(name, Cross):
            one, other = self.species.index(name.species_a), self.species.index(name.species_b)
            return [curves[one, other] for curves in self._crosses(index, name.charged, n_blocks, n_lags)]
        if name == CHARGE:
            dipole = self._sums(index)[1].sum(axis=0)
            return [collective_msd(dipole[block], n_lags) for block in blocks]
        atoms, centre = self.replicas[index].indices(name), self.centre(index)
        positions = self.positions(index)
        return [self_msd(positions[block], n_lags, atoms=atoms, centre=centre[block]) for block in blocks]

    def _cut(self, frames: np.ndarray) -> np.ndarray:
        return frames[self.skipped : self.skipped + self.n_frames]

    def _crosses(self, index: int, charged: bool, n_blocks: int, n_lags: int) -> list[np.ndarray]:
        """Cross displacements (n_species, n_species, n_lags) of each block."""
        return [cross_msd(self._sums(index)[int(charged)][:, block], n_lags) for block in self.blocks(n_blocks)]

    def _sums(self, index: int) -> np.ndarray:
        """Σ r_i and Σ z_i r_i of each species (2, n_species, n_frames, 3) in the barycentric frame."""
        replica = self.replicas[index]
        members = np.array([replica.elements == kind for kind in self.species], dtype=float)
        weights = np.concatenate([members, members * replica.charges])
        sums = barycentric_sums(self.positions(index), weights, replica.masses)
        return sums.reshape(2, len(self.species), -1, 3)

    def _skipped(self, skip_ps: float) -> int:
        if skip_ps < 0:
            raise AnalysisError(f"cannot skip {skip_ps} ps; give zero or more")
        return int(np.ceil(skip_ps / self.interval_ps - 1e-6))

    def _check_alike(self, other: Trajectory) -> None:
        first, name = self.replicas[0], other.source[0]
        if other.species != self.species or other.n_atoms != first.n_atoms:
            raise AnalysisError(f"{name}: not a replica of {first.source[0]}: its atoms are others")
        if any(len(other.indices(kind)) != count for kind, count in self.counts.items()):
            raise AnalysisError(f"{name}: not a replica of {first.source[0]}: another number of atoms of some element")
        if abs(other.timestep / self.interval_ps - 1) > 1e-4:
            raise TrajectoryError(
                f"{name}: frames every {other.timestep:g} ps, but every {self.interval_ps:g} ps in {first.source[0]}"
            )
        if _charge_table(other) != _charge_table(first):
            raise AnalysisError(f"{name}: its charges differ from those of {first.source[0]}")


def _charge_table(trajectory: Trajectory) -> dict[str, float] | None:
    if trajectory.charges is None:
        return None
    return {name: round(float(trajectory.charges[trajectory.indices(name)].sum()), 3) for name in trajectory.species}
