"""Trajectories kept as H5MD 1.1: compressed, in chunks of frames and atoms, rounded to a stated precision if wanted.

The layout is that of de Buyl, Colberg and Höfling, Comput. Phys. Commun. 185, 1546 (2014), and nongnu.org/h5md. Values
are ordinary numbers in stated units, and the filters those that every HDF5 has, so that any reader of H5MD opens it.
"""

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np

import glasswf
from glasswf.errors import TrajectoryError
from glasswf.files import replacing
from glasswf.trajectory import attributes
from glasswf.trajectory.convert import continuous
from glasswf.trajectory.formats import Options, recognised
from glasswf.trajectory.formats.h5md import UNWRAPPED
from glasswf.trajectory.model import Trajectory
from glasswf.trajectory.reader import Paths, as_paths
from glasswf.trajectory.snapshot import Atoms, Snapshot
from glasswf.trajectory.stream import Progress

GROUP = "trajectory"  # the name that MDAnalysis looks for
_CHUNK = 16, 1024  # frames and atoms: a frame's repetitions of the one before stay within the window of the compression
_FILTERS = {"compression": "gzip", "compression_opts": 4, "shuffle": True, "fletcher32": True}

Clock = Callable[[np.ndarray, np.ndarray], np.ndarray]  # steps and times as read (NaN if unknown) to times in ps


class _Frame(NamedTuple):
    step: int
    time_ps: float
    lengths: np.ndarray
    positions: np.ndarray
    velocities: np.ndarray | None


def write(path: Path | str, trajectory: Trajectory, precision_a: float | None = None) -> None:
    """Write a trajectory to `path` (.h5), atomically, some frames in memory at a time.

    precision_a: positions (Å) and velocities (Å/ps) are rounded, none by more than half of this; default not at all.
    The file says it. Raises TrajectoryError for a precision that is not positive, GlasswfError if the file cannot be
    written.
    """
    atoms = Atoms(trajectory.ids, trajectory.types, trajectory.elements, trajectory.charges, trajectory.masses)
    columns = trajectory.steps.tolist(), trajectory.times_ps.tolist(), trajectory.box_lengths_a, trajectory.positions
    velocities = [None] * trajectory.n_frames if trajectory.velocities is None else trajectory.velocities
    frames = (_Frame(*values) for values in zip(*columns, velocities, strict=True))
    _store(path, atoms, frames, precision_a, lambda _, times: times)


def from_dump(
    sources: Paths,
    target: Path | str,
    precision_a: float | None = None,
    *,
    timestep_fs: float | None = None,
    elements: Sequence[str] | Mapping[int, str] | None = None,
    charges: Mapping[str, float] | None = None,
    masses: Mapping[str, float] | None = None,
    velocities: bool = False,
    progress: Progress | None = None,
) -> int:
    """Write every frame of a dump, or of several that continue each other, to `target` (.h5); the number of frames.

    Arguments and errors are those of `glasswf.trajectory.open` and `write`, but nothing is put aside: some frames are
    in memory. Formats that do not say whether coordinates are wrapped are refused with a TrajectoryError; `open` finds
    out from all frames.
    """
    files = as_paths(sources)
    kind, name = recognised(files), str(files[0])
    found = continuous(files, kind.reader(Options.fitting(files, velocities, None)), progress)
    first, positions = next(found)
    if first.style.wrapped is None:
        raise TrajectoryError(
            f"{name}: {kind.title} does not say whether coordinates are wrapped; open it, which finds out, and write it"
        )
    symbols = attributes.elements(name, first.atoms, elements)
    atoms = Atoms(
        first.atoms.ids, first.atoms.types, symbols, attributes.charges(name, first.atoms, symbols, charges),
        attributes.masses(name, symbols, masses, first.atoms.masses),
    )  # fmt: skip

    def clock(steps: np.ndarray, times: np.ndarray) -> np.ndarray:
        return attributes.times(name, steps, times, timestep_fs, kind.no_time)

    return _store(target, atoms, _numbered(chain([(first, positions)], found)), precision_a, clock)


def _numbered(frames: Iterable[tuple[Snapshot, np.ndarray]]) -> Iterator[_Frame]:
    for index, (frame, positions) in enumerate(frames):
        step = index if frame.step is None else frame.step
        time_ps = np.nan if frame.time_ps is None else frame.time_ps
        yield _Frame(step, time_ps, frame.lengths, positions, frame.velocities)


def _store(path: Path | str, atoms: Atoms, frames: Iterator[_Frame], precision_a: float | None, clock: Clock) -> int:
    import h5py  # a fifth of a second, for those who need it

    if precision_a is not None and not (np.isfinite(precision_a) and precision_a > 0):
        raise TrajectoryError(f"{path}: a precision of {precision_a} Å; it must be positive")
    with replacing(path) as temporary, _plain_errors(), h5py.File(temporary, "w") as file:
        _sign(file)
        group = file.create_group(f"particles/{GROUP}")
        _describe(group, atoms)
        first = next(frames)
        series = [_Series(group, "position", first.positions.shape, "Angstrom", precision_a)]
        if first.velocities is not None:
            series.append(_Series(group, "velocity", first.positions.shape, "Angstrom ps-1", precision_a))
        small = []
        for frame in chain([first], frames):
            small.append(frame[:3])
            for each, values in zip(series, frame[3:], strict=False):
                each.append(values)
        for each in series:
            each.flush()
        steps, times, lengths = (np.array(column) for column in zip(*small, strict=True))
        _time(group, steps, clock(steps, times), lengths)
    return len(steps)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """The errors of HDF5, which have many lines and what the system said somewhere in them, as those of the system."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        number = re.search(r"errno = (\d+)", str(error))
        code = int(number[1]) if number else errno.EIO
        raise OSError(code, os.strerror(code)) from error


def _sign(file) -> None:
    h5md = file.create_group("h5md")
    h5md.attrs["version"] = np.array([1, 1], dtype=np.int32)
    h5md.create_group("author").attrs["name"] = "unknown"
    h5md.create_group("creator").attrs.update({"name": "glasswf", "version": glasswf.__version__})
    h5md.create_group("modules/units").attrs["version"] = np.array([1, 0], dtype=np.int32)


def _describe(group, atoms: Atoms) -> None:
    """What does not change: (N,) each; species by name and number."""
    import h5py

    names, species = np.unique(atoms.elements, return_inverse=True)
    kind = h5py.enum_dtype({name: number for number, name in enumerate(names.tolist(), start=1)}, basetype="i4")
    group.create_dataset("species", data=species + 1, dtype=kind)
    units = {"id": None, "type": None, "charge": "e", "mass": "u"}
    for (name, unit), values in zip(units.items(), (atoms.ids, atoms.types, atoms.charges, atoms.masses), strict=True):
        if values is not None:
            group.create_dataset(name, data=values)
            if unit:
                group[name].attrs["unit"] = unit
    box = group.create_group("box")
    box.attrs["dimension"] = 3
    box.attrs["boundary"] = ["periodic"] * 3


def _time(group, steps: np.ndarray, times_ps: np.ndarray, lengths: np.ndarray) -> None:
    """Steps, times and box edges of all frames, which positions and velocities share."""
    edges = group.create_group("box/edges")
    edges.create_dataset("value", data=lengths).attrs["unit"] = "Angstrom"
    edges.create_dataset("step", data=steps)
    edges.create_dataset("time", data=times_ps).attrs["unit"] = "ps"
    for name in ("position", "velocity"):
        if name in group:
            group[name]["step"], group[name]["time"] = edges["step"], edges["time"]


class _Series:
    """A dataset (n_frames, *shape) that grows by chunks of frames, each written once."""

    def __init__(self, group, name: str, shape: tuple[int, ...], unit: str, precision: float | None):
        # A power of two: its multiples are doubles with zeros at the end, which compress away, and are met exactly.
        self._unit = precision and 2.0 ** np.floor(np.log2(precision))
        self._block, self._held = np.empty((_CHUNK[0], *shape)), 0
        chunk = _CHUNK[0], min(_CHUNK[1], shape[0]), 3
        element = group.create_group(name)
        self._data = element.create_dataset(
            "value", (0, *shape), "f8", maxshape=(None, *shape), chunks=chunk, **_FILTERS
        )
        self._data.attrs["unit"] = unit
        if precision:
            self._data.attrs["precision"] = precision
        if name == "position":
            self._data.attrs[UNWRAPPED] = True

    def append(self, values: np.ndarray) -> None:
        self._block[self._held] = values
        self._held += 1
        if self._held == len(self._block):
            self.flush()

    def flush(self) -> None:
        done, block = len(self._data), self._block[: self._held]
        self._data.resize(done + self._held, axis=0)
        self._data[done:] = np.rint(block / self._unit) * self._unit if self._unit else block
        self._held = 0
