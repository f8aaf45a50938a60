"""Starting structures as ASE `Atoms`: random with a guaranteed minimum distance, or from a structure file."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import ase
import ase.io
import numpy as np
from ase.io.lammpsdata import write_lammps_data
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from glasswf.distance import shortest_distance
from glasswf.errors import CellError
from glasswf.files import replacing

# Random sequential addition of spheres saturates at a packing fraction of 0.384 and slows down without bound before;
# up to 0.30 an insertion succeeds after some tens of trials.
MAX_PACKING_FRACTION = 0.30
_MARGIN = 1 + 1e-9  # trees round in their own way; what they find is looked at again


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
    """Random sequential addition, many trial points at a time; what is kept is what one after the other would give."""
    placed = np.empty((0, 3))
    while len(placed) < n_atoms:
        trials = generator.random((n_atoms, 3)) * box
        trials = trials[~_near_any(trials, placed, box, distance)]
        placed = np.concatenate([placed, trials[_first_come(trials, box, distance)]])
    return placed[:n_atoms]


def _near_any(trials: NDArray, placed: NDArray, box: float, distance: float) -> NDArray:
    """Which trial points (n,) are too close to an atom placed before."""
    reach, nearest = cKDTree(placed, boxsize=box).query(trials, distance_upper_bound=distance * _MARGIN)
    found = np.isfinite(reach)
    found[found] = _closer(trials[found], placed[nearest[found]], box, distance)
    return found


def _first_come(trials: NDArray, box: float, distance: float) -> NDArray:
    """Which trial points (n,) stay, if each goes that is too close to one before it that stays."""
    pairs = cKDTree(trials, boxsize=box).query_pairs(distance * _MARGIN, output_type="ndarray")
    first, second = np.sort(pairs, axis=1)[_closer(trials[pairs[:, 0]], trials[pairs[:, 1]], box, distance)].T
    stays = np.ones(len(trials), dtype=bool)
    order = np.argsort(second, kind="stable")
    for before, after in zip(first[order].tolist(), second[order].tolist(), strict=True):
        stays[after] &= not stays[before]
    return stays


def _closer(points: NDArray, others: NDArray, box: float, distance: float) -> NDArray:
    separation = points - others
    separation -= box * np.rint(separation / box)
    return (separation**2).sum(axis=1) < distance**2


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
        # as a plain file, whatever its name: ASE would take x@1 for frame 1 of x, and postgres... for a database
        return ase.io.read(Path(path).absolute(), do_not_split_by_at_sign=True)
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
