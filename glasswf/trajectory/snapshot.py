"""One frame as every format delivers it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True, eq=False)
class Atoms:
    """What belongs to the atoms of a file in all its frames, sorted by id; None where the format has no such thing.

    ids: (N,). types: (N,). elements: (N,) of str. charges: (N,) in e. masses: (N,) in g/mol.
    """

    ids: np.ndarray
    types: np.ndarray | None = None
    elements: np.ndarray | None = None
    charges: np.ndarray | None = None
    masses: np.ndarray | None = None


@dataclass(frozen=True)
class Style:
    """How coordinates are written: as fractions of the box or in Å; wrapped or not, None if the file does not say."""

    scaled: bool = False
    wrapped: bool | None = False


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One frame, atoms sorted by id.

    where: file, place and step for messages. step: MD step, None where the format counts none. time_ps: None if
    unknown. bounds: (3, 2) lower and upper box edges (Å). coordinates: (N, 3) as `style` says. images: (N, 3) periodic
    image flags to add, or None. velocities: (N, 3) in Å/ps, or None.
    """

    path: Path
    where: str
    step: int | None
    time_ps: float | None
    atoms: Atoms
    style: Style
    bounds: np.ndarray
    coordinates: np.ndarray
    images: np.ndarray | None = None
    velocities: np.ndarray | None = None

    @property
    def lengths(self) -> np.ndarray:
        """Box lengths (3,) in Å."""
        return self.bounds[:, 1] - self.bounds[:, 0]
