"""From trajectory files to a `Trajectory`: arrays from the cache, then elements, charges, masses and times."""

import os
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from glasswf.errors import TrajectoryError
from glasswf.trajectory import attributes
from glasswf.trajectory import cache as caching
from glasswf.trajectory import topology as topologies
from glasswf.trajectory.convert import convert
from glasswf.trajectory.formats import Format, Options, recognised
from glasswf.trajectory.model import Trajectory
from glasswf.trajectory.snapshot import Atoms
from glasswf.trajectory.stream import Progress

Paths = str | os.PathLike | Sequence[str | os.PathLike]


def open(
    paths: Paths,
    *,
    timestep_fs: float | None = None,
    elements: Sequence[str] | Mapping[int, str] | None = None,
    charges: Mapping[str, float] | None = None,
    masses: Mapping[str, float] | None = None,
    topology: str | os.PathLike | None = None,
    velocities: bool = False,
    format: str | None = None,
    columns: Sequence[str] | None = None,
    cache: str | os.PathLike | None = None,
    progress: Progress | None = None,
) -> Trajectory:
    """Read trajectory files once into a memory-mapped trajectory.

    LAMMPS dumps as text (plain, gzip, zstd) or binary, H5MD, DCD, XTC, TRR, NetCDF (AMBER, LAMMPS) and extended XYZ,
    recognised by their content.

    paths: one file, or several that continue each other (a repeated frame where they meet is dropped).
    timestep_fs: MD timestep (fs), needed if the file has no time in a known unit; where it has no steps either, the
    time from frame to frame.
    elements: element of each type, as a sequence for types 1, 2, ... or a mapping; default as in the file.
    charges, masses: by element (e, g/mol); default as in the file, for masses else the
    standard atomic ones.
    topology: LAMMPS data file or structure of the same atoms, for elements, types and charges that the file lacks.
    velocities: read velocities as well.
    format: a key of `glasswf.trajectory.formats.FORMATS`, if the content is not to decide.
    columns: names of the columns of a binary dump of before 2021, which does not say them.
    cache: folder in which the arrays are kept for the next time; default a temporary file.
    progress: called with bytes read and bytes in all.

    Unwrapped coordinates are taken where there are any, then wrapped ones with image flags; wrapped ones alone are
    continued by the minimum image if that is safe. Where the file does not say which they are, the field `notes` says
    what was decided. Raises TrajectoryError with file and place for anything else.
    """
    sources = as_paths(paths)
    kind = recognised(sources, format)
    how = [kind.title, velocities, list(columns or ())]
    make = partial(_convert, sources, kind, velocities, columns, progress)
    stored = caching.fetch(sources, how, cache, make)
    small, name = stored.small, str(sources[0])
    atoms = Atoms(small["ids"], small.get("types"), small.get("elements"), small.get("charges"),
                  small.get("masses"))  # fmt: skip
    if topology is not None:
        atoms = topologies.completed(name, atoms, topologies.read(topology), topology)
    symbols = attributes.elements(name, atoms, elements)
    return Trajectory(
        positions=stored.positions,
        velocities=stored.velocities,
        steps=small["steps"],
        times_ps=attributes.times(name, small["steps"], small["times"], timestep_fs, kind.no_time),
        box_lengths_a=small["box_lengths"],
        ids=atoms.ids,
        types=_types(atoms),
        elements=symbols,
        charges=attributes.charges(name, atoms, symbols, charges),
        masses=attributes.masses(name, symbols, masses, atoms.masses),
        source=tuple(str(source) for source in sources),
        notes=tuple(small["notes"].tolist()),
    )


def _types(atoms: Atoms):
    return atoms.ids * 0 if atoms.types is None else atoms.types


def _convert(
    sources: Sequence[Path],
    kind: Format,
    velocities: bool,
    columns: Sequence[str] | None,
    progress: Progress | None,
    folder: Path,
) -> None:
    options = Options.fitting(sources, velocities, columns)
    convert(sources, kind.reader(options), folder, velocities, progress)


def as_paths(paths: Paths) -> list[Path]:
    """The paths given as a list; TrajectoryError if there is none."""
    found = [Path(paths)] if isinstance(paths, str | os.PathLike) else [Path(path) for path in paths]
    if not found:
        raise TrajectoryError("no trajectory given; give at least one path")
    return found
