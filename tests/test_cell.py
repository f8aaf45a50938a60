import hashlib

import ase
import ase.io
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasswf import cell
from glasswf.errors import CellError

COUNTS = {"Na": 20, "Si": 10, "S": 30}


def brute_shortest(positions, box):
    difference = positions[:, None] - positions[None]
    difference -= box * np.rint(difference / box)
    distances = np.sqrt((difference**2).sum(-1))
    return distances[~np.eye(len(positions), dtype=bool)].min()


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 60), st.floats(0.01, 0.29), st.integers(0, 2**31))
def test_random_start_keeps_its_minimum_distance(n_atoms, packing, seed):
    distance = 1.8
    box = (n_atoms * np.pi / 6 * distance**3 / packing) ** (1 / 3)
    atoms = cell.random_start({"S": n_atoms}, box, seed, distance)
    assert len(atoms) == n_atoms
    assert brute_shortest(atoms.positions, box) >= distance * (1 - 1e-12)


def test_same_seed_same_structure_on_every_machine():
    positions = cell.random_start(COUNTS, 12.0, seed=42).positions
    assert np.array_equal(positions, cell.random_start(COUNTS, 12.0, seed=42).positions)
    assert not np.allclose(positions, cell.random_start(COUNTS, 12.0, seed=43).positions)
    digest = hashlib.sha256(np.round(positions, 9).tobytes()).hexdigest()
    assert digest[:16] == "fe0f483ae655ab6f"


def test_too_dense_is_refused_at_once():
    with pytest.raises(CellError, match="do not fit at random"):
        cell.random_start({"S": 1000}, 12.0, seed=1)


@pytest.fixture
def structure(tmp_path):
    counts = {"Li": 20, "Si": 10, "S": 30}
    atoms = cell.random_start(counts, 11.0, seed=1)
    path = tmp_path / "Li₂SiS₃ glass.xyz"
    ase.io.write(path, atoms, format="extxyz")
    return path


def test_structure_file_is_substituted_and_rescaled(structure):
    before = ase.io.read(structure)
    atoms = cell.from_structure(structure, COUNTS, 12.1, seed=1, substitute={"Li": "Na"})
    assert atoms.symbols.formula.count() == COUNTS
    assert np.allclose(atoms.get_scaled_positions(), before.get_scaled_positions())
    assert atoms.cell.lengths() == pytest.approx([12.1] * 3)
    replaced = [s.replace("Li", "Na") for s in before.get_chemical_symbols()]
    assert atoms.get_chemical_symbols() == replaced


def test_surplus_atoms_of_a_structure_are_retyped(structure):
    wanted = {"Na": 28, "Si": 6, "S": 26}
    atoms = cell.from_structure(structure, wanted, 11.0, seed=5, substitute={"Li": "Na"})
    assert atoms.symbols.formula.count() == wanted
    kept = cell.from_structure(structure, COUNTS, 11.0, seed=5, substitute={"Li": "Na"})
    changed = np.array(atoms.get_chemical_symbols()) != np.array(kept.get_chemical_symbols())
    assert changed.sum() == 8


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda a: a.set_cell([11, 11, 13]), "not cubic"),
        (lambda a: a.pop(), "holds 59 atoms"),
        (lambda a: a.positions.__setitem__(0, a.positions[1] + 0.1), "apart after rescaling"),
    ],
)
def test_unfit_structures(structure, change, message):
    atoms = ase.io.read(structure)
    change(atoms)
    ase.io.write(structure, atoms, format="extxyz")
    with pytest.raises(CellError, match=message):
        cell.from_structure(structure, COUNTS, 11.0, seed=1, substitute={"Li": "Na"})


def test_unreadable_structures(tmp_path):
    broken = tmp_path / "broken.cif"
    broken.write_text("this is no structure")
    with pytest.raises(CellError, match="not a structure file that ASE can read"):
        cell.from_structure(broken, COUNTS, 11.0, seed=1)
    with pytest.raises(CellError, match="no such structure file"):
        cell.from_structure(tmp_path / "nowhere.xyz", COUNTS, 11.0, seed=1)


def test_data_file_round_trip(tmp_path):
    atoms = cell.random_start(COUNTS, 12.0, seed=2)
    charges = {"Na": 0.6, "Si": 2.4, "S": -1.2}
    cell.write_data(tmp_path / "cell.data", atoms, list(COUNTS), charges)
    back = ase.io.read(tmp_path / "cell.data", format="lammps-data", units="metal", atom_style="charge")
    assert back.get_chemical_symbols() == atoms.get_chemical_symbols()
    assert np.allclose(back.positions, atoms.positions, atol=1e-10)
    assert back.get_initial_charges().sum() == pytest.approx(sum(COUNTS[e] * charges[e] for e in COUNTS))
