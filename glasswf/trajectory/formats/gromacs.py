"""XTC and TRR through chemfiles, which converts nm to Å and nm/ps to Å/ps."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from glasswf.errors import TrajectoryError
from glasswf.trajectory.formats.options import Options
from glasswf.trajectory.snapshot import Atoms, Snapshot, Style
from glasswf.trajectory.stream import Progress


def recognise_xtc(head: bytes) -> bool:
    """Whether a file that starts with `head` is an XTC file."""
    return head[:4] in (b"\0\0\x07\xcb", b"\0\0\x07\xe7")


def recognise_trr(head: bytes) -> bool:
    """Whether a file that starts with `head` is a TRR file."""
    return head[:4] == b"\0\0\x07\xc9"


def xtc(options: Options):
    """The function that reads XTC files; TrajectoryError if velocities are wanted, which they do not hold."""
    if options.velocities:
        raise TrajectoryError("XTC files hold no velocities; give dumps with vx vy vz, TRR or NetCDF")
    return partial(_frames, "XTC", False)


def trr(options: Options):
    """The function that reads TRR files."""
    return partial(_frames, "TRR", options.velocities)


def _frames(kind: str, velocities: bool, path: Path, progress: Progress | None = None) -> Iterator[Snapshot]:
    """Yield the frames of one file; TrajectoryError, with the frame, for a file that is damaged or has no box."""
    import chemfiles

    size, atoms = path.stat().st_size, None
    chemfiles.formats_list()  # loading the library, which this does, resets the callback
    chemfiles.set_warnings_callback(lambda _: None)  # every warning comes as an error as well
    try:
        with chemfiles.Trajectory(str(path), "r", kind) as source:
            for index in range(source.nsteps):
                frame = source.read()
                atoms = (
                    atoms if atoms and len(atoms.ids) == len(frame.atoms) else Atoms(np.arange(1, len(frame.atoms) + 1))
                )
                yield _snapshot(path, frame, index, atoms, velocities)
                if progress:
                    progress(size * (index + 1) // source.nsteps, size)
    except chemfiles.ChemfilesError as error:
        what = " ".join(str(error).split())
        raise TrajectoryError(f"{path}: not a complete {kind} file ({what}); was it cut short?") from None


def _snapshot(path: Path, frame, index: int, atoms: Atoms, velocities: bool) -> Snapshot:
    where = f"{path}, frame {index + 1} (step {frame.step})"
    if velocities and not frame.has_velocities():
        raise TrajectoryError(f"{where}: no velocities; write them as well")
    properties = frame.list_properties()
    return Snapshot(
        path=path,
        where=where,
        step=frame.step,
        time_ps=frame["time"] if "time" in properties else None,
        atoms=atoms,
        style=Style(wrapped=None),
        bounds=np.stack([np.zeros(3), _lengths(where, frame.cell)], axis=1),
        coordinates=np.array(frame.positions),
        velocities=np.array(frame.velocities) if velocities else None,
    )


def _lengths(where: str, cell) -> np.ndarray:
    if not all(cell.lengths):
        raise TrajectoryError(f"{where}: no box; write the trajectory with its box")
    if any(abs(angle - 90) > 1e-3 for angle in cell.angles):
        raise TrajectoryError(f"{where}: the box is triclinic; only orthogonal boxes can be read")
    return np.array(cell.lengths)
