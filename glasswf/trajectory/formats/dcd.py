"""DCD (CHARMM, NAMD, LAMMPS and others): single-precision coordinates in Fortran records.

The timestep in the header has no unit of its own: LAMMPS writes it in the units of the run, the others in AKMA time,
and some write nonsense. It is used only where the title says who wrote it.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from glasswf.errors import TrajectoryError
from glasswf.trajectory.formats.options import Options
from glasswf.trajectory.formats.take import Bytes
from glasswf.trajectory.snapshot import Atoms, Snapshot, Style
from glasswf.trajectory.stream import Progress

_AKMA_PS = 0.0488882129  # sqrt(g/mol Å²/(kcal/mol))
_UNIT_PS = {"LAMMPS": 1.0, "NAMD": _AKMA_PS, "CHARMM": _AKMA_PS, "OPENMM": _AKMA_PS, "MDANALYSIS": _AKMA_PS}
_MAX_METAL_PS = 0.05  # a LAMMPS timestep above this is one of `units real` (fs)


@dataclass(frozen=True)
class _Header:
    order: str
    start: int
    every: int
    timestep_ps: float | None
    has_cell: bool
    four: bool
    n_atoms: int


def recognise(head: bytes) -> bool:
    """Whether a file that starts with `head` is a DCD file of coordinates."""
    return head[4:8] == b"CORD" and head[:4] in (b"T\0\0\0", b"\0\0\0T")


def reader(options: Options):
    """The function that reads DCD files; TrajectoryError if velocities are wanted, which they do not hold."""
    if options.velocities:
        raise TrajectoryError("DCD files hold no velocities; give dumps with vx vy vz, TRR or NetCDF")
    return frames


def frames(path: Path, progress: Progress | None = None) -> Iterator[Snapshot]:
    """Yield the frames of one file; TrajectoryError, with the frame, for a file that is damaged, or has no box."""
    source = Bytes(path, progress)
    header = _header(source)
    atoms, index = Atoms(np.arange(1, header.n_atoms + 1)), 0
    while not source.ended():
        step = header.start + index * header.every
        yield _frame(source, header, atoms, step, f"frame {index + 1} (step {step})")
        index += 1


def _frame(source: Bytes, header: _Header, atoms: Atoms, step: int, frame: str) -> Snapshot:
    lengths = _lengths(source, header, frame)
    axes = [_record(source, header.order, frame, 4 * header.n_atoms) for _ in range(4 if header.four else 3)]
    return Snapshot(
        path=source.path,
        where=f"{source.path}, {frame}",
        step=step,
        time_ps=None if header.timestep_ps is None else step * header.timestep_ps,
        atoms=atoms,
        style=Style(wrapped=None),
        bounds=np.stack([np.zeros(3), lengths], axis=1),
        coordinates=np.stack([np.frombuffer(axis, header.order + "f4") for axis in axes[:3]], axis=1).astype(float),
    )


def _header(source: Bytes) -> _Header:
    order = "<" if source.take(4, "header") == b"T\0\0\0" else ">"
    body = source.take(84, "header")
    if struct.unpack(order + "i", source.take(4, "header"))[0] != 84:
        raise _corrupt(source, "header")
    numbers = struct.unpack(order + "20i", body[4:])
    charmm = numbers[19] != 0
    if numbers[8]:
        raise TrajectoryError(f"{source.path}, header: {numbers[8]} fixed atoms; write all atoms in every frame")
    delta = struct.unpack(order + ("f" if charmm else "d"), body[40 : 44 if charmm else 48])[0]
    title = _record(source, order, "title").decode("ascii", errors="replace").upper()
    (n_atoms,) = struct.unpack(order + "i", _record(source, order, "header", 4))
    if n_atoms < 1:
        raise _corrupt(source, "header")
    flags = numbers[10:12] if charmm else (0, 0)
    return _Header(
        order, numbers[1], max(numbers[2], 1), _timestep_ps(title, delta), bool(flags[0]), bool(flags[1]), n_atoms
    )


def _timestep_ps(title: str, delta: float) -> float | None:
    writer = next((name for name in _UNIT_PS if name in title), None)
    if writer is None or not delta > 0 or (writer == "LAMMPS" and delta > _MAX_METAL_PS):
        return None
    return float(f"{delta * _UNIT_PS[writer]:.6g}")  # single precision in the header


def _lengths(source: Bytes, header: _Header, frame: str) -> np.ndarray:
    """Box lengths (3,); angles stand there as degrees, as cosines, or as the off-diagonal of the box."""
    if not header.has_cell:
        raise TrajectoryError(f"{source.path}, {frame}: no box; write the trajectory with its unit cell")
    cell = np.frombuffer(_record(source, header.order, frame, 48), header.order + "f8")
    if not all(abs(angle) < 1e-6 or abs(angle - 90) < 1e-3 for angle in cell[[1, 3, 4]]):
        raise TrajectoryError(f"{source.path}, {frame}: the box is triclinic; only orthogonal boxes can be read")
    return cell[[0, 2, 5]].astype(float)


def _record(source: Bytes, order: str, frame: str, size: int | None = None) -> bytes:
    """One Fortran record, which says its length before and behind."""
    (before,) = source.unpack(order + "i", frame)
    if before < 0 or size not in (None, before):
        raise _corrupt(source, frame)
    body = source.take(before, frame)
    if source.unpack(order + "i", frame)[0] != before:
        raise _corrupt(source, frame)
    return body


def _corrupt(source: Bytes, frame: str) -> TrajectoryError:
    return TrajectoryError(f"{source.path}, {frame}: record of a wrong length; the file is corrupt or was cut short")
