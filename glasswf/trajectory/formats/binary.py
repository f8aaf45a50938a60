"""Binary LAMMPS dumps (`dump custom` or `dump atom` into a file *.bin).

Two layouts are in use (LAMMPS, dump_custom.cpp and tools/binary2txt.cpp): since 2021 every frame starts with a magic
string, a flag for the byte order, a revision, and says its columns, units and time; before, it held numbers only.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from glasswf.errors import TrajectoryError
from glasswf.trajectory.columns import Layout, layout
from glasswf.trajectory.formats.options import Options
from glasswf.trajectory.formats.take import Bytes
from glasswf.trajectory.identity import Identity
from glasswf.trajectory.snapshot import Atoms, Snapshot
from glasswf.trajectory.stream import Progress

_MAGIC = (b"DUMPCUSTOM", b"DUMPATOM")
_MAX_COLUMNS = 1000  # more is no dump but another file
_OLD_HEADER = 8 + 8 + 4 + 6 * 4 + 6 * 8 + 4 + 4


@dataclass(frozen=True)
class _Head:
    where: str
    order: str
    step: int
    n_atoms: int
    triclinic: int
    boundary: tuple[int, ...]
    bounds: np.ndarray
    n_columns: int
    columns: tuple[str, ...]
    units: str
    time: float | None
    n_pieces: int


def recognise(head: bytes) -> bool:
    """Whether a file that starts with `head` is a binary dump, of either layout and byte order."""
    return bool(_magic(head)) or any(_plausible(head, order) for order in "<>")


class BinaryDumps:
    """Reads the binary dumps of one trajectory, one after the other."""

    def __init__(self, options: Options):
        self._options, self._layout, self._units = options, None, ""

    def __call__(self, path: Path, progress: Progress | None = None) -> Iterator[Snapshot]:
        """Yield the frames of one dump; TrajectoryError, with the frame, for everything that is wrong with it."""
        source, number = Bytes(path, progress), 0
        while not source.ended():
            number += 1
            head = _head(source, f"frame {number}", self._options.columns)
            _check(head)
            rows = _rows(source, head)
            if self._layout is None:
                self._start(head, rows)
            yield self._snapshot(path, head, rows)

    def _start(self, head: _Head, rows: np.ndarray) -> None:
        self._layout = layout(head.where, head.columns, self._options.velocities)
        self._identity = Identity(head.where, _column(rows, self._layout, "id").astype(int), self._species(rows))
        self._atoms = Atoms(
            self._identity.ids,
            types=self._sorted(rows, "type" if self._layout.has("type") else "element", int),
            charges=self._sorted(rows, "q", float),
        )

    def _snapshot(self, path: Path, head: _Head, rows: np.ndarray) -> Snapshot:
        found = self._layout
        if head.columns != found.names:
            raise TrajectoryError(
                f"{head.where}: columns '{' '.join(head.columns)}' where '{' '.join(found.names)}' belong"
            )
        self._identity.follow(head.where, _column(rows, found, "id").astype(int), self._species(rows))
        numbers = self._identity.sorted(np.array([_column(rows, found, name) for name in found.numbers]))
        self._units = self._units or head.units
        return Snapshot(
            path=path,
            where=head.where,
            step=head.step,
            time_ps=head.time if self._units == "metal" else None,
            atoms=self._atoms,
            style=found.style,
            bounds=head.bounds,
            coordinates=numbers[:3].T,
            images=numbers[3:6].T if found.images else None,
            velocities=numbers[-3:].T if found.velocities else None,
        )

    def _species(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        return {name: _column(rows, self._layout, name) for name in ("type", "element") if self._layout.has(name)}

    def _sorted(self, rows: np.ndarray, name: str, kind: type) -> np.ndarray | None:
        if not self._layout.has(name):
            return None
        return self._identity.sorted(_column(rows, self._layout, name)).astype(kind)


def _head(source: Bytes, frame: str, columns: tuple[str, ...] | None) -> _Head:
    """The header of a frame; `columns` are used where the file names none."""
    order, revision, first = _preamble(source, frame)
    step = source.unpack(order + "q", frame)[0] if revision else first
    where = f"{source.path}, {frame} (step {step})"
    n_atoms, triclinic, *boundary = source.unpack(order + "q7i", frame)
    bounds = np.array(source.unpack(order + "6d", frame)).reshape(3, 2)
    if triclinic not in (0, 1) or n_atoms < 1:
        raise _corrupt(where)
    if triclinic:
        raise TrajectoryError(f"{where}: the box is triclinic; only orthogonal boxes can be read")
    (n_columns,) = source.unpack(order + "i", frame)
    if not 0 < n_columns <= _MAX_COLUMNS:
        raise _corrupt(where)
    units, time, names = _optional(source, order, frame) if revision > 1 else ("", None, columns)
    if names is None:
        raise TrajectoryError(
            f"{where}: an old binary dump, which does not name its {n_columns} columns; give them (columns), for "
            "instance 'id type xu yu zu'"
        )
    if len(names) != n_columns:
        raise TrajectoryError(f"{where}: {n_columns} columns, not the {len(names)} of '{' '.join(names)}'")
    (n_pieces,) = source.unpack(order + "i", frame)
    return _Head(
        where, order, step, n_atoms, triclinic, tuple(boundary), bounds, n_columns, names, units, time, n_pieces
    )


def _preamble(source: Bytes, frame: str) -> tuple[str, int, int]:
    """Byte order, revision (0: the old layout) and the step of the old layout."""
    head = source.peek(_OLD_HEADER)
    magic = _magic(head)
    if not magic:
        order = next((order for order in "<>" if _plausible(head, order)), None)
        if order is None and len(head) == _OLD_HEADER:
            raise _corrupt(f"{source.path}, {frame}")
        return order or "<", 0, source.unpack((order or "<") + "q", frame)[0]
    source.take(8 + len(magic), frame)
    order = "<" if source.take(4, frame) == b"\1\0\0\0" else ">"
    return order, source.unpack(order + "i", frame)[0], 0


def _optional(source: Bytes, order: str, frame: str) -> tuple[str, float | None, tuple[str, ...]]:
    units = _text(source, order, frame)
    has_time = source.take(1, frame) != b"\0"
    time = source.unpack(order + "d", frame)[0] if has_time else None
    return units, time, tuple(_text(source, order, frame).split())


def _text(source: Bytes, order: str, frame: str) -> str:
    (size,) = source.unpack(order + "i", frame)
    if not 0 <= size < 100 * _MAX_COLUMNS:
        raise _corrupt(f"{source.path}, {frame}")
    return source.take(size, frame).decode("ascii", errors="replace")


def _check(head: _Head) -> None:
    if any(head.boundary):
        raise TrajectoryError(
            f"{head.where}: the box is not periodic along every axis; only periodic boxes can be read"
        )
    if head.units not in ("", "metal"):
        raise TrajectoryError(f"{head.where}: units {head.units}; only LAMMPS metal units (Å, ps) can be read")


def _rows(source: Bytes, head: _Head) -> np.ndarray:
    """All columns (N, n_columns) of a frame, from the pieces its processes wrote."""
    wanted, pieces, frame = head.n_atoms * head.n_columns, [], head.where.removeprefix(f"{source.path}, ")
    for _ in range(head.n_pieces):
        (size,) = source.unpack(head.order + "i", frame)
        wanted -= size
        if size < 0 or wanted < 0:
            raise _corrupt(head.where)
        pieces.append(np.frombuffer(source.take(8 * size, frame), head.order + "f8"))
    if wanted or not pieces:
        raise _corrupt(head.where)
    return np.concatenate(pieces).reshape(head.n_atoms, head.n_columns).astype(float)


def _column(rows: np.ndarray, found: Layout, name: str) -> np.ndarray:
    return rows[:, found.index(name)]


def _magic(head: bytes) -> bytes:
    """The magic string behind its negative length; empty if there is none."""
    return next((magic for magic in _MAGIC if head[8:].startswith(magic) and head[:8] in _lengths(magic)), b"")


def _lengths(magic: bytes) -> tuple[bytes, ...]:
    return tuple(struct.pack(order + "q", -len(magic)) for order in "<>")


def _plausible(head: bytes, order: str) -> bool:
    """Whether the old layout makes sense of these bytes."""
    if len(head) < _OLD_HEADER:
        return False
    step, n_atoms, triclinic, *rest = struct.unpack(order + "qqi6i6dii", head[:_OLD_HEADER])
    boundary, edges, (n_columns, n_pieces) = rest[:6], rest[6:12], rest[12:]
    numbered = 0 <= step < 2**48 and 0 < n_atoms < 2**40
    numbered &= bool(triclinic) or (0 < n_columns <= _MAX_COLUMNS and n_pieces > 0)  # three tilts stand between
    boxed = triclinic in (0, 1) and all(0 <= side <= 3 for side in boundary)
    return numbered and boxed and all(low < high for low, high in zip(edges[::2], edges[1::2], strict=True))


def _corrupt(where: str) -> TrajectoryError:
    return TrajectoryError(f"{where}: the header of the frame makes no sense; the file is corrupt, or another format")
