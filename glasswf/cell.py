"""Starting structures as ASE `Atoms`: random with a guaranteed minimum distance, or from a structure file."""

from collections import Counter
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import ase
import ase.io
import numpy as np
from ase.io.lammpsdata import write_lammps_data
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from glasswf.errors import CellError
from glasswf.files import replacing

# Random sequential addition of spheres saturates at a packing fraction of 0.384 and slows down without bound before;
# up to 0.30 an insertion succeeds after some tens of trials.
MAX_PACKING_FRACTION = 0.30
_OFFSETS = np.array(list(product((-1, 0, 1), repeat=3)))


def random_start(counts: Mapping[str, int], box_length_a: float, seed: int, min_distance_a: float = 1.8) -> ase.Atoms:
    """Atoms of `counts` placed at random in a cubic periodic box, no two closer than `min_distance_a` (Å).

    The same seed gives the same structure on every machine: only integer-exact PCG64 draws and basic arithmetic are
    used. Raises CellError if the box is too full for that distance (packing fraction above 0.30), so it cannot hang.
    """
    n_atoms = sum(counts.values())
    packing = n_atoms * np.pi / 6 * min_distance_a**3 / box_length_a**3
    if packing > MAX_PACKING_FRACTION:
        largest = (MAX_PACKING_FRACTION * 6 / np.pi / n_atoms) ** (1 / 3) * box_length_a
        raise CellError(
            f"{n_atoms} atoms at least {min_distance_a:g} Å apart do not fit at random into a box of "
            f"{box_length_a:.4g} Å; take a minimum distance of at most {largest:.3g} Å or a larger box"
        )
    generator = np.random.Generator(np.random.PCG64(seed))
    positions = _sequential_addition(n_atoms, box_length_a, min_distance_a, generator)
    symbols = [element for element, count in counts.items() for _ in range(count)]
    return ase.Atoms(symbols, positions=positions, cell=[box_length_a] * 3, pbc=True)


def _sequential_addition(n_atoms: int, box: float, distance: float, generator: np.random.Generator) -> NDArray:
    """Random sequential addition; a grid of cells no smaller than `distance` finds the neighbours of a trial point."""
    n_cells = max(1, int(box / distance))
    occupants: dict[tuple[int, int, int], list[int]] = {}
    positions = np.empty((n_atoms, 3))
    placed = 0
    while placed < n_atoms:
        trial = generator.random(3) * box
        cell = np.minimum((trial / box * n_cells).astype(int), n_cells - 1)
        around = {tuple((cell + offset) % n_cells) for offset in _OFFSETS}
        near = [index for key in around for index in occupants.get(key, ())]
        separation = positions[near] - trial
        separation -= box * np.rint(separation / box)
        if near and (separation**2).sum(axis=1).min() < distance**2:
            continue
        positions[placed] = trial
        occupants.setdefault(tuple(cell), []).append(placed)
        placed += 1
    return positions


def from_structure(
    path: Path | str,
    counts: Mapping[str, int],
    box_length_a: float,
    seed: int,
    substitute: Mapping[str, str] | None = None,
    min_distance_a: float = 1.2,
) -> ase.Atoms:
    """A structure file (any format ASE reads) with elements substituted and its cubic box rescaled.

    substitute: {element in the file: element wanted}, as {"Li": "Na"}. Where the counts differ from those wanted,
    surplus atoms of one element, drawn at random from `seed`, become the missing ones: a scan can start from one file.
    Raises CellError if the file cannot be read, has another number of atoms or another shape, or atoms come closer
    than `min_distance_a` (Å).
    """
    atoms = _read_structure(path)
    lengths = atoms.cell.lengths()
    if not np.allclose(atoms.cell.angles(), 90) or np.ptp(lengths) > 1e-3 * lengths.max() or not lengths.all():
        raise CellError(f"{path}: the box is not cubic (lengths {np.round(lengths, 3).tolist()}, angles "
                        f"{np.round(atoms.cell.angles(), 2).tolist()}); only cubic boxes are supported")  # fmt: skip
    if len(atoms) != sum(counts.values()):
        raise CellError(f"{path}: holds {len(atoms)} atoms where the configuration asks for {sum(counts.values())}")
    symbols = [(substitute or {}).get(symbol, symbol) for symbol in atoms.get_chemical_symbols()]
    atoms.set_chemical_symbols(_retyped(symbols, counts, seed))
    atoms.set_cell([box_length_a] * 3, scale_atoms=True)
    atoms.pbc = True
    closest = shortest_distance(atoms.get_positions(), box_length_a)
    if closest < min_distance_a:
        raise CellError(f"{path}: two atoms are {closest:.3g} Å apart after rescaling to {box_length_a:.4g} Å; "
                        f"at least {min_distance_a:g} Å are needed")  # fmt: skip
    return atoms


def _read_structure(path: Path | str) -> ase.Atoms:
    if not Path(path).is_file():
        raise CellError(f"{path}: no such structure file")
    try:
        return ase.io.read(path)
    except Exception as error:  # each of ASE's many readers raises its own kinds
        raise CellError(f"{path}: not a structure file that ASE can read ({error})") from None


def _retyped(symbols: list[str], counts: Mapping[str, int], seed: int) -> list[str]:
    present = Counter(symbols)
    missing = [e for e, count in counts.items() for _ in range(count - present.get(e, 0))]
    if not missing:
        return symbols
    generator = np.random.Generator(np.random.PCG64(seed))
    surplus: list[int] = []
    for element in sorted(present):
        of_element = [index for index, symbol in enumerate(symbols) if symbol == element]
        order = generator.permutation(len(of_element))
        surplus += [of_element[i] for i in order[counts.get(element, 0) :]]
    symbols = list(symbols)
    for index, element in zip(surplus, missing, strict=True):
        symbols[index] = element
    return symbols


def shortest_distance(positions: NDArray, box_lengths: float | NDArray) -> float:
    """Shortest distance (Å) between two of `positions` (n, 3) in a periodic orthogonal box."""
    box = np.broadcast_to(np.asarray(box_lengths, dtype=float), 3)
    wrapped = np.mod(positions, box)
    wrapped = np.where(wrapped >= box, 0.0, wrapped)  # np.mod may round up to the box length itself
    distances, _ = cKDTree(wrapped, boxsize=box).query(wrapped, k=2)
    return float(distances[:, 1].min())


def write_data(path: Path | str, atoms: ase.Atoms, elements: list[str], charges: Mapping[str, float]) -> None:
    """Write a LAMMPS data file (units metal, atom_style charge); type i is `elements[i-1]`."""
    atoms = atoms.copy()
    atoms.set_initial_charges([charges[symbol] for symbol in atoms.get_chemical_symbols()])
    with replacing(path) as temporary:
        write_lammps_data(temporary, atoms, specorder=elements, units="metal", atom_style="charge", masses=True)


def build(spec: Mapping, base: Path) -> ase.Atoms:
    """The starting structure of a resolved run mapping; paths in it are relative to `base`."""
    start = spec["start"]
    common = spec["counts"], spec["box_length_a"], spec["seed"]
    if "file" in start:
        return from_structure(base / start["file"], *common, substitute=start["substitute"])
    return random_start(*common, min_distance_a=start["min_distance_a"])
