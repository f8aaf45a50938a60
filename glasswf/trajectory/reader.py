"""From dump files to a `Trajectory`: arrays from the cache, then elements, charges, masses and times."""

import os
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from ase.data import atomic_masses, atomic_numbers

from glasswf.errors import TrajectoryError
from glasswf.trajectory import cache as caching
from glasswf.trajectory.convert import convert
from glasswf.trajectory.model import Trajectory
from glasswf.trajectory.stream import Progress
from glasswf.units import fs_to_ps

Paths = str | os.PathLike | Sequence[str | os.PathLike]


def open(
    paths: Paths,
    *,
    timestep_fs: float | None = None,
    elements: Sequence[str] | Mapping[int, str] | None = None,
    charges: Mapping[str, float] | None = None,
    masses: Mapping[str, float] | None = None,
    velocities: bool = False,
    cache: str | os.PathLike | None = None,
    progress: Progress | None = None,
) -> Trajectory:
    """Read LAMMPS text dumps (`dump custom`; plain, gzip or zstd) once into a memory-mapped trajectory.

    paths: one dump, or several that continue each other (a repeated frame where they meet is dropped).
    timestep_fs: MD timestep (fs), needed if the dump has no ITEM: TIME in metal units.
    elements: element of each type, as a sequence for types 1, 2, ... or a mapping; default the element column.
    charges, masses: by element (e, g/mol); default the q column, and the standard atomic masses.
    velocities: read vx vy vz as well.
    cache: folder in which the arrays are kept for the next time; default a temporary file.
    progress: called with bytes read and bytes in all.

    Unwrapped coordinates are taken where the dump has them, then wrapped ones with image flags; wrapped ones alone are
    continued by the minimum image if that is safe. Raises TrajectoryError with file and line for anything else.
    """
    sources = _as_paths(paths)
    make = partial(_convert, sources, velocities, progress)
    stored = caching.fetch(sources, velocities, cache, make)
    small, name = stored.small, str(sources[0])
    symbols = _elements(name, small, elements)
    return Trajectory(
        positions=stored.positions,
        velocities=stored.velocities,
        steps=small["steps"],
        times_ps=_times(name, small, timestep_fs),
        box_lengths_a=small["box_lengths"],
        ids=small["ids"],
        types=small.get("types", np.zeros(len(small["ids"]), dtype=int)),
        elements=symbols,
        charges=_charges(name, small, symbols, charges),
        masses=_masses(name, symbols, masses),
        source=tuple(str(source) for source in sources),
    )


def _convert(sources: Sequence[Path], velocities: bool, progress: Progress | None, folder: Path) -> None:
    convert(sources, folder, velocities, progress)


def _as_paths(paths: Paths) -> list[Path]:
    found = [Path(paths)] if isinstance(paths, str | os.PathLike) else [Path(path) for path in paths]
    if not found:
        raise TrajectoryError("no dump given; give at least one path")
    return found


def _times(name: str, small: Mapping[str, np.ndarray], timestep_fs: float | None) -> np.ndarray:
    if timestep_fs is not None and not timestep_fs > 0:
        raise TrajectoryError(f"{name}: timestep {timestep_fs} fs; it must be positive")
    times, known = small["times"], str(small["units"]) == "metal" and not np.isnan(small["times"]).any()
    if timestep_fs is None:
        if known:
            return times
        raise TrajectoryError(f"{name}: no ITEM: TIME in metal units; give the MD timestep (timestep_fs)")
    counted = small["steps"] * fs_to_ps(timestep_fs)
    if known and not np.allclose(np.diff(times), np.diff(counted), rtol=1e-3):
        raise TrajectoryError(
            f"{name}: a timestep of {timestep_fs} fs contradicts the times in the dump ({times[-1] - times[0]:.6g} ps "
            f"for {small['steps'][-1] - small['steps'][0]} steps); leave it out"
        )
    return times if known else counted


def _elements(name: str, small: Mapping[str, np.ndarray], given) -> np.ndarray:
    if given is None:
        return _dumped_elements(name, small)
    if "types" not in small:
        raise TrajectoryError(f"{name}: elements by type were given, but the dump has no type column")
    table = dict(given) if isinstance(given, Mapping) else dict(enumerate(given, start=1))
    if unknown := sorted(set(small["types"].tolist()) - set(table)):
        raise TrajectoryError(f"{name}: no element given for type {unknown[0]}; given: {table}")
    return np.array([table[kind] for kind in small["types"].tolist()])


def _dumped_elements(name: str, small: Mapping[str, np.ndarray]) -> np.ndarray:
    if "elements" not in small:
        raise TrajectoryError(f"{name}: no element column; give the element of each type (elements)")
    symbols = small["elements"]
    if "types" in small and len(np.unique(small["types"])) > 1 and (symbols == "C").all():
        raise TrajectoryError(
            f"{name}: every type is element C, which LAMMPS writes when dump_modify names no elements; give the "
            "element of each type (elements)"
        )
    return symbols


def _charges(name: str, small: Mapping[str, np.ndarray], symbols: np.ndarray, given) -> np.ndarray | None:
    return small.get("charges") if given is None else _by_element(name, "charge", symbols, given)


def _masses(name: str, symbols: np.ndarray, given) -> np.ndarray:
    if given is not None:
        masses = _by_element(name, "mass", symbols, given)
        if not (masses > 0).all():
            raise TrajectoryError(f"{name}: masses must be positive; given: {dict(given)}")
        return masses
    standard = {symbol: atomic_masses[number] for symbol, number in atomic_numbers.items() if number}
    if unknown := sorted(set(symbols.tolist()) - set(standard)):
        raise TrajectoryError(f"{name}: {unknown[0]!r} is no chemical element; give its element or mass (masses)")
    return _by_element(name, "mass", symbols, standard)


def _by_element(name: str, what: str, symbols: np.ndarray, table: Mapping[str, float]) -> np.ndarray:
    kinds, inverse = np.unique(symbols, return_inverse=True)
    if missing := [kind for kind in kinds.tolist() if kind not in table]:
        raise TrajectoryError(f"{name}: no {what} given for {missing[0]}; given: {dict(table)}")
    return np.array([float(table[kind]) for kind in kinds.tolist()])[inverse]
