"""Elements, types and charges for formats that hold coordinates only, from a structure file of the same atoms."""

import os
import warnings
from pathlib import Path

import ase
import numpy as np

from glasswf.errors import TrajectoryError
from glasswf.trajectory.snapshot import Atoms


def read(path: str | os.PathLike) -> Atoms:
    """Atoms of a LAMMPS data file (elements from its masses, sorted by id) or of any structure file ASE can read.

    Raises TrajectoryError if there is no such file or nothing can be made of it.
    """
    path = Path(path)
    if not path.is_file():
        raise TrajectoryError(f"{path}: no such file; the topology is a LAMMPS data file or a structure ASE can read")
    found = _read(path, "lammps-data" if _is_data(path) else None)
    arrays = found.arrays
    return Atoms(
        ids=arrays["id"] if "id" in arrays else np.arange(1, len(found) + 1),
        types=arrays.get("type"),
        elements=np.array(found.get_chemical_symbols()),
        charges=arrays.get("initial_charges"),
    )


def completed(name: str, atoms: Atoms, topology: Atoms, source: str | os.PathLike) -> Atoms:
    """`atoms` of the trajectory `name` with what `topology` (from `source`) adds; TrajectoryError if they differ."""
    if len(topology.ids) != len(atoms.ids):
        raise TrajectoryError(
            f"{source}: topology of {len(topology.ids)} atoms, but {name} has {len(atoms.ids)}; "
            "take that of the same cell"
        )
    if not np.array_equal(np.sort(topology.ids), topology.ids):
        raise TrajectoryError(f"{source}: atoms are not in order of id; sort them")
    if atoms.types is not None and topology.types is not None and not np.array_equal(atoms.types, topology.types):
        raise TrajectoryError(f"{source}: other atom types than in {name}; both must be the same cell")
    own = {key: value for key, value in vars(atoms).items() if value is not None}
    return Atoms(**(vars(topology) | own))


def _read(path: Path, kind: str | None) -> ase.Atoms:
    import ase.io  # half a second, for those who need it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ase.io.read(path, format=kind)
    except Exception as error:  # every reader of ASE has its own
        what = " ".join(str(error).split())[:100] or type(error).__name__
        raise TrajectoryError(f"{path}: cannot be read as a topology ({what})") from None


def _is_data(path: Path) -> bool:
    with path.open("rb") as handle:
        head = handle.read(4096)
    return b"xlo xhi" in head and b" atoms" in head
