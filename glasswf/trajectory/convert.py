"""One pass through the files: frames in, arrays on disk out, one frame in memory at a time."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from glasswf.errors import TrajectoryError
from glasswf.trajectory.cache import GrowingArray
from glasswf.trajectory.snapshot import Atoms, Snapshot
from glasswf.trajectory.stream import Progress
from glasswf.trajectory.unwrap import Unwrapper, settle

# Positions of a repeated frame (end of one file, start of the next) agree to the digits printed; more is another run.
_SAME_A = 1e-2

Read = Callable[[Path, Progress | None], Iterator[Snapshot]]


def convert(
    sources: Sequence[Path], read: Read, folder: Path, velocities: bool, progress: Progress | None = None
) -> None:
    """Read files that continue each other into `folder`: positions.npy, velocities.npy if asked for, small.npz.

    Raises TrajectoryError for everything that makes the frames anything but one continuous trajectory.
    """
    with ExitStack() as files:
        arrays = None
        for frame, positions in continuous(sources, read, progress):
            arrays = arrays or _Arrays(folder, files, frame, velocities)
            arrays.add(frame, positions)
    arrays.save()


def continuous(
    sources: Sequence[Path], read: Read, progress: Progress | None = None
) -> Iterator[tuple[Snapshot, np.ndarray]]:
    """The frames of files that continue each other, each once, with their continuous positions (N, 3) in Å.

    One frame is in memory at a time. Raises as `convert` does.
    """
    unwrapper, first, last = Unwrapper(), None, None
    for frame in _all_frames(sources, read, progress):
        first = first or frame
        _check(frame, first.atoms)
        if not _repeated(frame, last):
            yield frame, unwrapper.positions(frame)
            last = frame
    if first is None:
        raise TrajectoryError(f"{sources[0]}: no frames; the file was cut short or nothing was written yet")


def _all_frames(sources: Sequence[Path], read: Read, progress: Progress | None) -> Iterator[Snapshot]:
    sizes = [source.stat().st_size for source in sources]
    for index, source in enumerate(sources):
        yield from read(source, _shifted(progress, sum(sizes[:index]), sum(sizes)))


def _shifted(progress: Progress | None, before: int, total: int) -> Progress | None:
    return progress and (lambda done, _: progress(before + done, total))


class _Arrays:
    def __init__(self, folder: Path, files: ExitStack, frame: Snapshot, velocities: bool):
        self._folder, self._first = folder, frame
        shape = frame.coordinates.shape
        self._positions = files.enter_context(GrowingArray(folder / "positions.npy", shape))
        self._velocities = files.enter_context(GrowingArray(folder / "velocities.npy", shape)) if velocities else None
        self._steps, self._times, self._lengths, self._wheres = [], [], [], []

    def add(self, frame: Snapshot, positions: np.ndarray) -> None:
        self._positions.append(positions)
        if self._velocities:
            self._velocities.append(frame.velocities)
        self._steps.append(len(self._steps) if frame.step is None else frame.step)
        self._times.append(np.nan if frame.time_ps is None else frame.time_ps)
        self._lengths.append(frame.lengths)
        self._wheres.append(frame.where)

    def save(self) -> None:
        lengths = np.array(self._lengths)
        atoms = {name: column for name, column in vars(self._first.atoms).items() if column is not None}
        np.savez(
            self._folder / "small.npz",
            steps=np.array(self._steps, dtype=np.int64),
            times=np.array(self._times),
            box_lengths=lengths,
            notes=np.array(self._notes(lengths), dtype=str),
            **atoms,
        )

    def _notes(self, lengths: np.ndarray) -> list[str]:
        name = self._first.path
        if self._first.style.wrapped is not None:
            wrapped = "coordinates are wrapped and without images: continued by the minimum image"
            return [f"{name}: {wrapped}"] if self._first.style.wrapped else []
        positions = np.load(self._folder / "positions.npy", mmap_mode="r+")
        unsaid = f"{name}: the format does not say whether coordinates are wrapped; they "
        if settle(positions, lengths, self._wheres):
            positions.flush()
            return [unsaid + "stay in the box or near it: taken as wrapped and continued by the minimum image"]
        return [unsaid + "leave the box: taken as unwrapped"]


def _repeated(frame: Snapshot, last: Snapshot | None) -> bool:
    """Whether this frame is the last one again, as where one file continues another."""
    if last is None or (now := _clock(frame)) is None or (before := _clock(last)) is None or now > before:
        return False
    clock = "time" if frame.step is None else "step"
    if frame.path == last.path:
        what = f"comes after {clock} {before}; {clock}s must increase from frame to frame"
        raise TrajectoryError(f"{frame.where}: {what}")
    if now < before:
        what = f"{last.path} ends at {clock} {before}, so this file does not continue it"
        raise TrajectoryError(f"{frame.where}: {what}; replicas are opened one by one")
    if (gap := _distance(frame, last)) > _SAME_A:
        what = f"not the same as in {last.path} (up to {gap:.3g} Å apart)"
        raise TrajectoryError(f"{frame.where}: {what}; this file does not continue that one")
    return True


def _clock(frame: Snapshot) -> float | None:
    return frame.time_ps if frame.step is None else frame.step


def _check(frame: Snapshot, atoms: Atoms) -> None:
    if frame.atoms is not atoms and not np.array_equal(frame.atoms.ids, atoms.ids):
        found, wanted = len(frame.atoms.ids), len(atoms.ids)
        what = f"{found} atoms where {wanted} belongs" if found != wanted else "other atom ids than in the first frame"
        raise TrajectoryError(f"{frame.where}: {what}")
    _finite(frame, "coordinates", frame.coordinates)
    if frame.velocities is not None:
        _finite(frame, "velocities", frame.velocities)
    if not (math.isfinite(frame.bounds.sum()) and frame.lengths.min() > 0):
        raise TrajectoryError(f"{frame.where}: box lengths {frame.lengths.tolist()} Å; all must be positive")


def _finite(frame: Snapshot, name: str, values: np.ndarray) -> None:
    if not math.isfinite(values.sum()) and not np.isfinite(values).all():  # the sum is half the work
        atom = np.argwhere(~np.isfinite(values))[0][0]
        raise TrajectoryError(f"{frame.where}: {name} of atom {frame.atoms.ids[atom]} are {values[atom].tolist()}; the "
                              "run went wrong before this frame")  # fmt: skip


def _distance(frame: Snapshot, last: Snapshot) -> float:
    """Largest displacement (Å) between frames as they stand, whole boxes not counted."""
    scale = (1.0, 1.0) if frame.style.scaled else (frame.lengths, last.lengths)
    gap = frame.coordinates / scale[0] - last.coordinates / scale[1]
    return float(np.abs((gap - np.round(gap)) * frame.lengths).max())
