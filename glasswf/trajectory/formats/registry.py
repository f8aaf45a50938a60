"""Which formats there are, and which of them a file is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from glasswf.errors import TrajectoryError
from glasswf.trajectory.convert import Read
from glasswf.trajectory.formats import binary, dcd, gromacs, h5md, netcdf, text, xyz
from glasswf.trajectory.formats.options import Options
from glasswf.trajectory.stream import chunks

_HEAD = 4096


@dataclass(frozen=True)
class Format:
    """A format: its name in full, what its first bytes look like, how it is read.

    reader: makes the function that yields the frames of one file after the other; one such function reads all files of
    a trajectory. no_time: why there may be no time in it.
    """

    title: str
    recognise: Callable[[bytes], bool]
    reader: Callable[[Options], Read]
    no_time: str


FORMATS: dict[str, Format] = {
    "dump": Format("LAMMPS text dump", text.recognise, text.TextDumps, "no ITEM: TIME in metal units"),
    "binary": Format("binary LAMMPS dump", binary.recognise, binary.BinaryDumps, "no time in metal units"),
    "h5md": Format("H5MD", h5md.recognise, h5md.reader, "no time in ps, fs or ns"),
    "dcd": Format("DCD", dcd.recognise, dcd.reader, "the header does not say in what unit its timestep is"),
    "xtc": Format("XTC", gromacs.recognise_xtc, gromacs.xtc, "no time"),
    "trr": Format("TRR", gromacs.recognise_trr, gromacs.trr, "no time"),
    "netcdf": Format("AMBER or LAMMPS NetCDF", netcdf.recognise, netcdf.reader, "no time in ps or fs"),
    "extxyz": Format("extended XYZ", xyz.recognise, xyz.ExtendedXyz, "the format has no unit of time"),
}


def recognised(sources: Sequence[Path], name: str | None = None) -> Format:
    """The format of `sources`, which must be one and the same, or the one of this name.

    Raises TrajectoryError for a file that is missing, empty, or of no known format, naming the known ones.
    """
    if name is not None:
        if name not in FORMATS:
            raise TrajectoryError(f"unknown format {name!r}; known: {', '.join(FORMATS)}")
        return FORMATS[name]
    found = [_recognised(source) for source in sources]
    for source, other in zip(sources, found, strict=True):
        if other is not found[0]:
            raise TrajectoryError(
                f"{source}: a {other.title}, but {sources[0]} is a {found[0].title}; files that continue each other "
                "must have one format"
            )
    return found[0]


def _recognised(path: Path) -> Format:
    head = _head(path)
    if not head.strip():
        raise TrajectoryError(f"{path}: the file is empty")
    for entry in FORMATS.values():
        if entry.recognise(head):
            return entry
    hint = next((remedy for known, remedy in _REFUSED if known(head)), None)
    if hint:
        raise TrajectoryError(f"{path}: {hint}")
    start = repr(head.lstrip()[:40].split(b"\n")[0].decode("ascii", errors="backslashreplace").strip())
    titles = ", ".join(entry.title for entry in FORMATS.values())
    raise TrajectoryError(f"{path}, line 1: not a trajectory of a known format (starts with {start}); known: {titles}")


def _head(path: Path) -> bytes:
    head = b""
    for piece in chunks(path):
        head += piece
        if len(head) >= _HEAD:
            break
    return head[:_HEAD]


_REFUSED: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (xyz.is_plain, "plain XYZ has no box; write extended XYZ with Lattice=... and Properties=... in the second line"),
    (lambda head: head[4:8] == b"VELD", "a DCD file of velocities; give the one with coordinates"),
)
