"""LAMMPS text dumps (`dump custom`; plain, gzip, zstd)."""

from collections.abc import Iterator
from pathlib import Path

from glasswf.errors import TrajectoryError
from glasswf.trajectory.atoms import SortedAtoms
from glasswf.trajectory.columns import layout
from glasswf.trajectory.dump import Frame, frames
from glasswf.trajectory.formats.options import Options
from glasswf.trajectory.snapshot import Snapshot
from glasswf.trajectory.stream import Progress


def recognise(head: bytes) -> bool:
    """Whether a file that starts with `head` is a text dump."""
    return head.lstrip().startswith(b"ITEM:")


class TextDumps:
    """Reads the text dumps of one trajectory, one after the other."""

    def __init__(self, options: Options):
        self._options, self._columns, self._units = options, None, None

    def __call__(self, path: Path, progress: Progress | None = None) -> Iterator[Snapshot]:
        """Yield the frames of one dump; TrajectoryError, with the line, for everything that is wrong with it."""
        for frame in frames(path, progress):
            _check_units(frame)
            self._units = self._units or frame.units
            self._columns = self._columns or self._first(frame)
            time_ps = frame.time if self._units == "metal" else None
            yield self._columns.snapshot(frame, time_ps)

    def _first(self, frame: Frame) -> SortedAtoms:
        where = f"{frame.path}, line {frame.line - 1}"
        return SortedAtoms(frame, layout(where, frame.columns, self._options.velocities), self._options.compiled)


def _check_units(frame: Frame) -> None:
    if frame.units not in (None, "metal"):
        raise TrajectoryError(
            f"{frame.path}, step {frame.step}: units {frame.units}; only LAMMPS metal units (Å, ps) can be read"
        )
