"""One pass through the dumps: text in, arrays on disk out, one frame in memory at a time."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from glasswf.errors import TrajectoryError
from glasswf.trajectory.atoms import AtomTable
from glasswf.trajectory.cache import GrowingArray
from glasswf.trajectory.columns import layout
from glasswf.trajectory.dump import Frame, frames
from glasswf.trajectory.stream import Progress
from glasswf.trajectory.unwrap import Unwrapper

# Positions of a repeated frame (end of one dump, start of the next) agree to the digits printed; more is another run.
_SAME_A = 1e-2


def convert(sources: Sequence[Path], folder: Path, velocities: bool, progress: Progress | None = None) -> None:
    """Read dumps that continue each other into `folder`: positions.npy, velocities.npy if asked for, small.npz.

    Raises TrajectoryError for everything that makes the frames anything but one continuous trajectory.
    """
    with ExitStack() as files:
        converter = None
        for frame in _all_frames(sources, progress):
            converter = converter or _Converter(folder, files, frame, velocities)
            converter.add(frame)
        converter.save()


def _all_frames(sources: Sequence[Path], progress: Progress | None) -> Iterator[Frame]:
    sizes = [source.stat().st_size for source in sources]
    for index, source in enumerate(sources):
        yield from frames(source, _shifted(progress, sum(sizes[:index]), sum(sizes)))


def _shifted(progress: Progress | None, before: int, total: int) -> Progress | None:
    return progress and (lambda done, _: progress(before + done, total))


class _Converter:
    def __init__(self, folder: Path, files: ExitStack, frame: Frame, velocities: bool):
        self._folder = folder
        self._layout = layout(frame, velocities)
        self._atoms = AtomTable(frame, self._layout)
        self._unwrapper = Unwrapper(self._layout)
        shape = (frame.n_atoms, 3)
        self._positions = files.enter_context(GrowingArray(folder / "positions.npy", shape))
        self._velocities = files.enter_context(GrowingArray(folder / "velocities.npy", shape)) if velocities else None
        self._columns = self._first_frame_columns(frame)
        self._last, self._last_positions = None, None
        self._units, self._steps, self._times, self._lengths = None, [], [], []

    def add(self, frame: Frame) -> None:
        self._check_units(frame)
        numbers = self._atoms.numbers(frame)
        positions = self._unwrapper.positions(frame, numbers)
        if self._repeated(frame, positions):
            return
        self._positions.append(positions)
        if self._velocities:
            self._velocities.append(numbers[-3:].T)
        self._steps.append(frame.step)
        self._times.append(np.nan if frame.time is None else frame.time)
        self._lengths.append(np.diff(frame.bounds)[:, 0])
        self._last, self._last_positions = frame, positions

    def save(self) -> None:
        np.savez(
            self._folder / "small.npz",
            steps=np.array(self._steps, dtype=np.int64),
            times=np.array(self._times),
            box_lengths=np.array(self._lengths),
            ids=self._atoms.ids,
            units=np.array(self._units or ""),
            **self._columns,
        )

    def _first_frame_columns(self, frame: Frame) -> dict[str, np.ndarray]:
        columns = {}
        if self._layout.has("type"):
            columns["types"] = self._atoms.floats(frame, "type").astype(int)
        if self._layout.has("element"):
            columns["elements"] = np.array([word.decode() for word in self._atoms.words(frame, "element")])
        if self._layout.has("q"):
            columns["charges"] = self._atoms.floats(frame, "q")
        return columns

    def _check_units(self, frame: Frame) -> None:
        if frame.units not in (None, "metal"):
            raise TrajectoryError(
                f"{frame.path}, step {frame.step}: units {frame.units}; only LAMMPS metal units (Å, ps) can be read"
            )
        self._units = self._units or frame.units

    def _repeated(self, frame: Frame, positions: np.ndarray) -> bool:
        """Whether this frame is the last one again, as where one dump continues another."""
        last = self._last
        if last is None or frame.step > last.step:
            return False
        where = f"{frame.path}, line {frame.line} (step {frame.step})"
        if frame.path == last.path:
            raise TrajectoryError(f"{where}: comes after step {last.step}; steps must increase from frame to frame")
        if frame.step < last.step:
            what = f"{last.path} ends at step {last.step}, so this file does not continue it"
            raise TrajectoryError(f"{where}: {what}; replicas are opened one by one")
        if (gap := np.abs(positions - self._last_positions).max()) > _SAME_A:
            what = f"not the same as in {last.path} (up to {gap:.3g} Å apart)"
            raise TrajectoryError(f"{where}: {what}; this file does not continue that one")
        return True
