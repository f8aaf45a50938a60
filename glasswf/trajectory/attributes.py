"""Elements, charges, masses and times: from the file where it has them, else from the caller."""

from collections.abc import Mapping, Sequence

import numpy as np
from ase.data import atomic_masses, atomic_numbers

from glasswf.errors import TrajectoryError
from glasswf.trajectory.snapshot import Atoms
from glasswf.units import fs_to_ps


def times(
    name: str, steps: np.ndarray, read: np.ndarray, timestep_fs: float | None, unknown: str = "no time"
) -> np.ndarray:
    """Times (n_frames,) in ps: those `read` (NaN where there were none), else from the timestep.

    unknown: why the file has no time. Raises TrajectoryError if neither is there, or both contradict each other.
    """
    if timestep_fs is not None and not timestep_fs > 0:
        raise TrajectoryError(f"{name}: timestep {timestep_fs} fs; it must be positive")
    known = not np.isnan(read).any()
    if timestep_fs is None:
        if known:
            return read
        raise TrajectoryError(f"{name}: {unknown}; give the MD timestep (timestep_fs)")
    counted = steps * fs_to_ps(timestep_fs)
    if known and not np.allclose(np.diff(read), np.diff(counted), rtol=1e-3):
        raise TrajectoryError(
            f"{name}: a timestep of {timestep_fs} fs contradicts the times in the file ({read[-1] - read[0]:.6g} ps "
            f"for {steps[-1] - steps[0]} steps); leave it out"
        )
    return read if known else counted


def elements(name: str, atoms: Atoms, given: Sequence[str] | Mapping[int, str] | None) -> np.ndarray:
    """Element (N,) of every atom: by type if `given`, else as the file or its topology says."""
    if given is None:
        return _own_elements(name, atoms)
    if atoms.types is None:
        raise TrajectoryError(f"{name}: elements by type were given, but there is no type column; give a topology")
    table = dict(given) if isinstance(given, Mapping) else dict(enumerate(given, start=1))
    if unknown := sorted(set(atoms.types.tolist()) - set(table)):
        raise TrajectoryError(f"{name}: no element given for type {unknown[0]}; given: {table}")
    return np.array([table[kind] for kind in atoms.types.tolist()])


def _own_elements(name: str, atoms: Atoms) -> np.ndarray:
    symbols, types = atoms.elements, atoms.types
    if symbols is None and types is None:
        raise TrajectoryError(f"{name}: no elements and no types in the file; give a topology (data or structure file)")
    if symbols is None:
        raise TrajectoryError(f"{name}: no element column; give the element of each type (elements), or a topology")
    if types is not None and len(np.unique(types)) > 1 and (symbols == "C").all():
        raise TrajectoryError(
            f"{name}: every type is element C, which LAMMPS writes when dump_modify names no elements; give the "
            "element of each type (elements)"
        )
    return symbols


def charges(name: str, atoms: Atoms, symbols: np.ndarray, given: Mapping[str, float] | None) -> np.ndarray | None:
    """Charge (N,) of every atom in e: by element if `given`, else as the file or its topology says."""
    return atoms.charges if given is None else by_element(name, "charge", symbols, given)


def masses(
    name: str, symbols: np.ndarray, given: Mapping[str, float] | None, own: np.ndarray | None = None
) -> np.ndarray:
    """Mass (N,) of every atom in g/mol: by element if `given`, else its `own`, else the standard atomic masses."""
    if given is None and own is not None:
        return own
    if given is not None:
        found = by_element(name, "mass", symbols, given)
        if not (found > 0).all():
            raise TrajectoryError(f"{name}: masses must be positive; given: {dict(given)}")
        return found
    standard = {symbol: atomic_masses[number] for symbol, number in atomic_numbers.items() if number}
    if unknown := sorted(set(symbols.tolist()) - set(standard)):
        raise TrajectoryError(f"{name}: {unknown[0]!r} is no chemical element; give its element or mass (masses)")
    return by_element(name, "mass", symbols, standard)


def by_element(name: str, what: str, symbols: np.ndarray, table: Mapping[str, float]) -> np.ndarray:
    """What `table` says of every atom (N,) by its element; TrajectoryError, saying `what`, for one that is missing."""
    kinds, inverse = np.unique(symbols, return_inverse=True)
    if missing := [kind for kind in kinds.tolist() if kind not in table]:
        raise TrajectoryError(f"{name}: no {what} given for {missing[0]}; given: {dict(table)}")
    return np.array([float(table[kind]) for kind in kinds.tolist()])[inverse]
