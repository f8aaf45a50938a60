"""The whole structure of a state point, through one call."""

import numpy as np
import pytest

from glasswf import structure
from glasswf.config.structure import StructureBlock
from glasswf.errors import AnalysisError
from glasswf.results import STRUCTURE_TABLES
from glasswf.structure import Experiment, Options
from glasswf.structure.analysis import rows
from glasswf.trajectory import from_arrays

QUICK = {"k_max_1_a": 8.0, "vectors_per_bin": 20}


def shaken(seed=0, frames=20, sodium=12):
    """β-cristobalite-like SiS₂ in motion, with sodium in its cavities."""
    rng = np.random.default_rng(seed)
    face = np.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
    bond = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / 8
    shifts = np.stack(np.meshgrid(*[np.arange(2)] * 3, indexing="ij"), axis=-1).reshape(-1, 1, 3)
    parts = [np.vstack([face, face + 0.25]), (face[:, None] + bond).reshape(-1, 3), face[:sodium] + 0.5]
    places = [((part + shifts).reshape(-1, 3) * 9.8) for part in parts]
    elements = np.repeat(["Si", "S", "Na"], [len(place) for place in places])
    moved = np.vstack(places) + rng.normal(0, 0.06, (frames, len(elements), 3))
    return from_arrays(moved, 0.1 * np.arange(frames), np.full(3, 19.6), elements)


@pytest.fixture(scope="module")
def found():
    return structure.analyse([shaken(1), shaken(2)], Options(**QUICK))


def test_every_table_is_filled_with_its_own_columns(found):
    assert set(found.tables) == set(STRUCTURE_TABLES)
    for name, table in found.tables.items():
        assert table or name == "wright"
        assert all(set(row) <= set(STRUCTURE_TABLES[name]) for row in table)


def test_the_crystal_is_recognised(found):
    network = {row["quantity"]: row["value"] for row in found.tables["network"]}
    assert (network["q4"], network["former_4fold"], network["edge_sharing_tetrahedra"]) == (1, 1, 0)
    assert 2.2 < found.cutoffs_a["Si-S"] < 5.0
    total = next(row for row in found.tables["constraints"] if row["species"] == "all" and row["limit"] == 15.0)
    assert total["constraints"] == pytest.approx((64 * 7 + 128 * 2 + 32) / 224, abs=0.02)


def test_rows_survive_storage_as_columns(found):
    point = {"system": "a", "temperature_k": 300}
    for name, table in found.tables.items():
        back = list(rows({"point": point, "structure": found.to_dict()}, name))
        columns = [column for column in STRUCTURE_TABLES[name] if any(column in row for row in table)]
        assert back == [point | {column: row.get(column) for column in columns} for row in table]


def test_every_nth_frame_is_that(found):
    thinned = structure.analyse([shaken(1)], Options(every=5, **QUICK))
    one = shaken(1)
    two = from_arrays(one.positions[::5], one.times_ps[::5], one.box_lengths_a[::5], one.elements)
    same = structure.analyse([two], Options(**QUICK))
    for name in ("pair_correlation", "network"):
        np.testing.assert_array_equal(*(
            [list(row.values())[-2] for row in made.tables[name]] for made in (thinned, same)
        ))  # fmt: skip


def test_a_single_frame_has_a_structure_but_no_constraints():
    one = structure.analyse(shaken(frames=1), Options(**QUICK))
    assert one.tables["network"] and "constraints" not in one.tables
    assert "no constraints" in one.notes[-1]


def test_measurements_of_other_compositions_are_left_out(tmp_path):
    (tmp_path / "s.dat").write_text("1.0 0.9\n2.0 1.1\n3.0 1.0\n")
    given = [Experiment(str(tmp_path / "s.dat"), "S_X", system=system, x=x)
             for system, x in ((None, None), ("NS", None), ("other", None), (None, 0.9))]  # fmt: skip
    made = structure.analyse([shaken()], Options(**QUICK, experiments=tuple(given)), system="NS")
    assert len(made.tables["wright"]) == 2 * 2  # two of the four, by two definitions
    with pytest.raises(AnalysisError, match=r"s\.dat"):
        structure.analyse([shaken()], Options(**QUICK, experiments=(Experiment(str(tmp_path / "s.dat"), "S_X",
                                                                               (5.0, 6.0)),)))  # fmt: skip


def test_a_bond_length_of_strangers_is_refused():
    with pytest.raises(AnalysisError, match="there is no Ge here"):
        structure.analyse([shaken()], Options(**QUICK, cutoffs_a={"Ge-S": 2.7}))


def test_defaults_are_those_of_the_configuration():
    assert Options.from_mapping(StructureBlock().model_dump(mode="json")) == Options()


def test_files_for_viewers(tmp_path, found):
    structure.write_files(tmp_path / "glass", shaken(), found.cutoffs_a, 3.2)
    assert {path.name for path in tmp_path.iterdir()} == {"glass.extxyz", "glass.tcl", "glass.xyz"}
    import ase.io

    atoms = ase.io.read(tmp_path / "glass.extxyz")
    assert set(atoms.arrays["role"]) == {"former", "bridging", "modifier"}
    assert set(atoms.arrays["q_n"]) == {4, -1}
