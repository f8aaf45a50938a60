"""What a trajectory is."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from glasswf.errors import TrajectoryError


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Unwrapped positions of the same atoms at successive times, with what belongs to each atom.

    positions: (n_frames, N, 3) in Å, atoms in order of id, memory-mapped and read-only if from files.
    velocities: the same shape in Å/ps, or None. steps: (n_frames,). times_ps: (n_frames,).
    box_lengths_a: (n_frames, 3). ids: (N,). types: (N,), zero where the dump has none. elements: (N,) of str.
    charges: (N,) in e, or None if neither dump nor caller gave any. masses: (N,) in g/mol. source: the files read.
    notes: what was decided in reading that the files do not say themselves.
    """

    positions: np.ndarray
    velocities: np.ndarray | None
    steps: np.ndarray
    times_ps: np.ndarray
    box_lengths_a: np.ndarray
    ids: np.ndarray
    types: np.ndarray
    elements: np.ndarray
    charges: np.ndarray | None
    masses: np.ndarray
    source: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return len(self.steps)

    @property
    def n_atoms(self) -> int:
        """Number of atoms."""
        return len(self.ids)

    @cached_property
    def species(self) -> tuple[str, ...]:
        """Elements present, in alphabetical order."""
        return tuple(np.unique(self.elements).tolist())

    def indices(self, element: str) -> np.ndarray:
        """Indices (n,) of the atoms of one element; TrajectoryError if there is none."""
        found = np.flatnonzero(self.elements == element)
        if not len(found):
            raise TrajectoryError(f"{self.source[0]}: no {element} atoms; the dump has {', '.join(self.species)}")
        return found

    @cached_property
    def volume_a3(self) -> float:
        """Mean volume of the box (Å³)."""
        return float(np.prod(self.box_lengths_a, axis=1).mean())

    @cached_property
    def timestep(self) -> float:
        """Time from frame to frame (ps); TrajectoryError if there is one frame only or the spacing is not uniform."""
        if self.n_frames < 2:
            raise TrajectoryError(f"{self.source[0]}: one frame only; displacements need at least two")
        spacing = np.diff(self.times_ps)
        mean = (self.times_ps[-1] - self.times_ps[0]) / len(spacing)
        uneven = np.flatnonzero(np.abs(spacing - mean) > 1e-4 * mean)
        if len(uneven):
            first = uneven[0]
            raise TrajectoryError(
                f"{self.source[0]}: frames are not evenly spaced: {spacing[first]:.6g} ps from step "
                f"{self.steps[first]} to {self.steps[first + 1]}, {mean:.6g} ps on average; dump at a fixed interval"
            )
        return float(mean)
