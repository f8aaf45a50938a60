"""NetCDF-3 in the AMBER convention, as AMBER and LAMMPS (`dump netcdf`) write it.

LAMMPS writes atoms in any order, with an id; and it gives numbers with a `scale_factor` and `units`, which are obeyed.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np

from glasswf.errors import TrajectoryError
from glasswf.trajectory.formats.options import Options
from glasswf.trajectory.identity import Identity
from glasswf.trajectory.snapshot import Atoms, Snapshot, Style
from glasswf.trajectory.stream import Progress

_PS = {"picosecond": 1.0, "ps": 1.0, "femtosecond": 1e-3, "fs": 1e-3}
_ANGSTROM = {"angstrom": 1.0, "nanometer": 10.0, "nm": 10.0}
_ANGSTROM_PS = {"angstrom/picosecond": 1.0, "angstrom/femtosecond": 1e3}
_COORDINATES = ("coordinates", "unwrapped_coordinates")  # the last is better


def recognise(head: bytes) -> bool:
    """Whether a file that starts with `head` is NetCDF-3 (any of its three variants)."""
    return head[:3] == b"CDF" and head[3:4] in (b"\1", b"\2", b"\5")


def reader(options: Options):
    """The function that reads NetCDF files."""
    return partial(frames, options.velocities)


def frames(velocities: bool, path: Path, progress: Progress | None = None) -> Iterator[Snapshot]:
    """Yield the frames of one file; TrajectoryError for a file that is damaged or lacks what is needed."""
    with path.open("rb") as handle, _opened(path, handle) as source:
        size, total, identity = path.stat().st_size, source.length(), None
        for index in range(total):
            identity = identity or _identity(source, index)
            yield _snapshot(source, identity, index, velocities)
            if progress:
                progress(size * (index + 1) // total, size)


def _opened(path: Path, handle: BinaryIO) -> "_File":
    from scipy.io import netcdf_file

    try:
        return _File(path, netcdf_file(handle, "r", mmap=True, maskandscale=False))
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, AssertionError) as error:
        what = " ".join(str(error).split()) or type(error).__name__
        raise TrajectoryError(f"{path}: not a complete NetCDF-3 file ({what}); was it cut short?") from None


class _File:
    """Variables of one file, copied frame by frame so that the file can be closed."""

    def __init__(self, path: Path, source):
        self.path, self._source = path, source

    def __enter__(self) -> "_File":
        return self

    def __exit__(self, *_: object) -> None:
        self._source.close()

    def has(self, name: str) -> bool:
        return name in self._source.variables

    def length(self) -> int:
        return self._variable("cell_lengths").shape[0]

    def get(self, name: str, index: int, units: dict[str, float] | None = None) -> np.ndarray:
        """Values of one frame, in the unit that has the factor 1 in `units`."""
        values, unit = self._read(name, index)
        if units is not None and unit not in units:
            raise TrajectoryError(f"{self.path}: {name} in {unit or 'no unit'}; one of {', '.join(units)} can be read")
        return values if units is None else values * units[unit]

    def _read(self, name: str, index: int) -> tuple[np.ndarray, str]:
        variable = self._variable(name)
        values = np.array(variable[index]) * getattr(variable, "scale_factor", 1)
        return values.astype(float), getattr(variable, "units", b"").decode().strip().lower()

    def _variable(self, name: str):
        if not self.has(name):
            raise TrajectoryError(f"{self.path}: no variable {name}; there are {', '.join(self._source.variables)}")
        return self._source.variables[name]


def _identity(source: _File, index: int) -> tuple[Identity, Atoms]:
    where = f"{source.path}, frame {index + 1}"
    identity = Identity(where, _ids(source, index), _types(source, index))
    types = [identity.sorted(column) for column in _types(source, index).values()]
    charges = identity.sorted(source.get("q", index)) if source.has("q") else None
    return identity, Atoms(identity.ids, types=types[0] if types else None, charges=charges)


def _ids(source: _File, index: int) -> np.ndarray:
    if source.has("id"):
        return source.get("id", index).astype(int)
    return np.arange(1, len(source.get(_name(source), index)) + 1)


def _types(source: _File, index: int) -> dict[str, np.ndarray]:
    return {"type": source.get("type", index).astype(int)} if source.has("type") else {}


def _name(source: _File) -> str:
    return next((name for name in reversed(_COORDINATES) if source.has(name)), _COORDINATES[0])


def _snapshot(source: _File, known: tuple[Identity, Atoms], index: int, velocities: bool) -> Snapshot:
    identity, atoms = known
    where = f"{source.path}, frame {index + 1}"
    identity.follow(where, _ids(source, index), _types(source, index))
    name = _name(source)
    origin = source.get("cell_origin", index, _ANGSTROM) if source.has("cell_origin") else np.zeros(3)
    by_atom = [source.get(name, index, _ANGSTROM)]
    by_atom += [source.get("velocities", index, _ANGSTROM_PS)] if velocities else []
    sorted_ = [identity.sorted(values.T).T for values in by_atom]
    return Snapshot(
        path=source.path,
        where=where,
        step=None,
        time_ps=_time(source, index),
        atoms=atoms,
        style=Style(wrapped=False if name == "unwrapped_coordinates" else None),
        bounds=np.stack([origin, origin + _lengths(where, source, index)], axis=1),
        coordinates=sorted_[0],
        velocities=sorted_[1] if velocities else None,
    )


def _time(source: _File, index: int) -> float | None:
    return float(source.get("time", index, _PS)) if source.has("time") else None


def _lengths(where: str, source: _File, index: int) -> np.ndarray:
    if source.has("cell_angles") and (np.abs(source.get("cell_angles", index) - 90) > 1e-3).any():
        raise TrajectoryError(f"{where}: the box is triclinic; only orthogonal boxes can be read")
    return source.get("cell_lengths", index, _ANGSTROM)
