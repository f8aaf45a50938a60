"""H5MD 1.x (HDF5 for molecular data), as glasswf keeps trajectories and other programs write them."""

from collections.abc import Iterator
from functools import cached_property, partial
from pathlib import Path

import numpy as np

from glasswf.errors import TrajectoryError
from glasswf.trajectory.formats.options import Options
from glasswf.trajectory.identity import Identity
from glasswf.trajectory.snapshot import Atoms, Snapshot, Style
from glasswf.trajectory.stream import Progress

UNWRAPPED = "unwrapped"  # attribute of the positions, ours: the layout has no word for it
_PS = {"ps": 1.0, "fs": 1e-3, "ns": 1e3}
_ANGSTROM = {"Angstrom": 1.0, "Å": 1.0, "nm": 10.0, "pm": 0.01}
_ANGSTROM_PS = {"Angstrom ps-1": 1.0, "Angstrom fs-1": 1e3, "nm ps-1": 10.0}
_BLOCK = 16  # frames read at once where they do not stand in chunks


def recognise(head: bytes) -> bool:
    """Whether a file that starts with `head` is HDF5, which H5MD and NetCDF-4 are."""
    return head.startswith(b"\x89HDF")


def reader(options: Options):
    """The function that reads H5MD files."""
    return partial(frames, options.velocities)


def frames(velocities: bool, path: Path, progress: Progress | None = None) -> Iterator[Snapshot]:
    """Yield the frames of one file; TrajectoryError for a file that is damaged, or lacks what is needed."""
    import h5py  # a fifth of a second, for those who need it

    size = path.stat().st_size
    try:
        with h5py.File(path, "r") as file:
            found = _Particles(path, file)
            for index, snapshot in enumerate(found.snapshots(velocities)):
                yield snapshot
                if progress:
                    progress(size * (index + 1) // found.n_frames, size)
    except (OSError, KeyError, RuntimeError, ValueError, TypeError, AttributeError) as error:
        what = " ".join(str(error).split()) or type(error).__name__
        raise TrajectoryError(f"{path}: not a complete H5MD file ({what}); was it cut short?") from None


class _Particles:
    """The group of particles of one file."""

    def __init__(self, path: Path, file):
        self._path = path
        if "h5md" not in file:
            raise TrajectoryError(f"{path}: HDF5, but not H5MD (no group h5md); NetCDF-4 is converted with `nccopy -3`")
        groups = list(file.get("particles", ()))
        if len(groups) != 1:
            raise TrajectoryError(f"{path}: {len(groups)} groups in particles ({', '.join(groups)}); one can be read")
        self._group = file["particles"][groups[0]]
        self.n_frames, self._n_atoms, _ = self._element("position").shape

    def snapshots(self, velocities: bool) -> Iterator[Snapshot]:
        """All frames, those of a chunk read at once."""
        position = self._element("position")
        step = (position.chunks or (_BLOCK,))[0]
        for start in range(0, self.n_frames, step):
            frames = slice(start, min(start + step, self.n_frames))
            columns = [self._values("position", frames, _ANGSTROM)]
            columns.append(self._group["image/value"][frames] if "image" in self._group else None)
            columns.append(self._values("velocity", frames, _ANGSTROM_PS) if velocities else None)
            for index in range(frames.stop - start):
                yield self._snapshot(start + index, *(column if column is None else self._sorted(column[index])
                                                      for column in columns))  # fmt: skip

    def _snapshot(self, index: int, coordinates, images, velocities) -> Snapshot:
        known = images is not None or bool(self._element("position").attrs.get(UNWRAPPED, False))
        return Snapshot(
            path=self._path,
            where=f"{self._path}, frame {index + 1}",
            step=None if self._steps is None else int(self._steps[index]),
            time_ps=None if self._times is None else float(self._times[index]),
            atoms=self._atoms,
            style=Style(wrapped=False if known else None),
            bounds=np.stack([np.zeros(3), self._edges[index]], axis=1),
            coordinates=coordinates,
            images=images,
            velocities=velocities,
        )

    @cached_property
    def _identity(self) -> Identity:
        ids = self._fixed("id")
        return Identity(str(self._path), np.arange(1, self._n_atoms + 1) if ids is None else ids, {})

    def _sorted(self, values: np.ndarray) -> np.ndarray:
        """Values (N, ...) in the order of ids."""
        return self._identity.sorted(values.T).T

    @cached_property
    def _atoms(self) -> Atoms:
        import h5py

        columns = {name: self._fixed(name) for name in ("type", "charge", "mass", "species")}
        found = {name: None if values is None else self._sorted(values) for name, values in columns.items()}
        types, elements = found["type"], None
        if found["species"] is not None and (names := h5py.check_enum_dtype(self._group["species"].dtype)):
            by_number = {number: name for name, number in names.items()}
            elements = np.array([by_number[number] for number in found["species"].tolist()])
        elif types is None:
            types = found["species"]
        return Atoms(self._identity.ids, types, elements, found["charge"], found["mass"])

    @cached_property
    def _steps(self) -> np.ndarray | None:
        return self._counted("step")

    @cached_property
    def _times(self) -> np.ndarray | None:
        """In ps; None if there are none or they have no unit."""
        times = self._counted("time")
        unit = None if times is None else self._group["position/time"].attrs.get("unit")
        return None if unit is None else times * self._factor("time", unit, _PS)

    def _counted(self, name: str) -> np.ndarray | None:
        """Steps or times (n_frames,): all of them, or what is added from frame to frame."""
        if name not in self._group["position"]:
            return None
        stored = self._group["position"][name]
        if stored.shape:
            return stored[:]
        return stored.attrs.get("offset", 0) + stored[()] * np.arange(self.n_frames)

    @cached_property
    def _edges(self) -> np.ndarray:
        """Box lengths (n_frames, 3) in Å."""
        box = self._group["box"]
        if any(_text(kind) != "periodic" for kind in box.attrs["boundary"]):
            what = "the box is not periodic along every axis; only periodic boxes can be read"
            raise TrajectoryError(f"{self._path}: {what}")
        data = box["edges/value"] if _moves(box["edges"]) else box["edges"]
        edges = data[:] * self._factor("box/edges", data.attrs.get("unit"), _ANGSTROM)
        if edges.shape[-2:] == (3, 3):
            if (edges * (1 - np.eye(3))).any():
                raise TrajectoryError(f"{self._path}: the box is triclinic; only orthogonal boxes can be read")
            edges = edges.diagonal(axis1=-2, axis2=-1)
        return np.broadcast_to(edges, (self.n_frames, 3))

    def _fixed(self, name: str) -> np.ndarray | None:
        """What belongs to the atoms (N,) in all frames."""
        if name not in self._group:
            return None
        if _moves(self._group[name]):
            raise TrajectoryError(f"{self._path}: {name} changes in time; write it once, atoms in the same order")
        return self._group[name][:]

    def _element(self, name: str):
        if name not in self._group:
            raise TrajectoryError(f"{self._path}: no {name} in {self._group.name}; there are {', '.join(self._group)}")
        return self._group[name]["value"]

    def _values(self, name: str, frames: slice, units: dict[str, float]) -> np.ndarray:
        data = self._element(name)
        return data[frames].astype(float, copy=False) * self._factor(name, data.attrs.get("unit"), units)

    def _factor(self, name: str, unit, units: dict[str, float]) -> float:
        unit = _text(unit)
        if unit not in units:
            raise TrajectoryError(f"{self._path}: {name} in {unit or 'no unit'}; one of {', '.join(units)} can be read")
        return units[unit]


def _moves(element) -> bool:
    """Whether an element is a group of values, steps and times, and not one data set."""
    return hasattr(element, "keys")


def _text(value) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value or "")
