"""Files for viewers: read back by ASE, and by a small reading of Tcl."""

import re

import ase.io
import numpy as np
import pytest

from glasswf.errors import AnalysisError
from glasswf.structure.export import write_extxyz, write_vmd
from glasswf.structure.slab import bonding
from glasswf.trajectory import from_arrays

BOX = np.array([9.0, 10.0, 11.5])
N = 40


@pytest.fixture
def glass():
    """Two frames of made-up positions on both sides of the faces of the box."""
    rng = np.random.default_rng(2)
    first = rng.uniform(-0.5, 1.5, (N, 3)) * BOX
    return from_arrays([first, first + 0.1], [0.0, 0.5], BOX, ["Na"] * 8 + ["Si"] * 10 + ["S"] * 22)


def test_ase_reads_back_what_was_written(glass, tmp_path):
    rng = np.random.default_rng(7)
    columns = {"q_n": rng.integers(-1, 5, N), "role": ["bridging", "-"] * (N // 2), "in_ring": rng.random(N) > 0.5,
               "distance": rng.normal(size=N), "direction": rng.normal(size=(N, 3))}  # fmt: skip
    path = tmp_path / "glass.extxyz"
    write_extxyz(path, glass, 1, columns)
    atoms = ase.io.read(path)
    assert atoms.get_chemical_symbols() == glass.elements.tolist()
    np.testing.assert_allclose(atoms.cell.array, np.diag(BOX))
    assert atoms.pbc.all()
    np.testing.assert_allclose(atoms.positions, np.mod(glass.positions[1], BOX), atol=2e-6)
    assert atoms.info["time_ps"] == 0.5
    for name in ("q_n", "in_ring", "role"):
        assert atoms.arrays[name].tolist() == np.asarray(columns[name]).tolist()
    for name in ("distance", "direction"):
        np.testing.assert_allclose(atoms.arrays[name], columns[name], rtol=1e-6)
    assert [each.name for each in tmp_path.iterdir()] == ["glass.extxyz"]


def test_without_columns(glass, tmp_path):
    write_extxyz(tmp_path / "plain.xyz", glass)
    np.testing.assert_allclose(
        ase.io.read(tmp_path / "plain.xyz", format="extxyz").positions, np.mod(glass.positions[1], BOX), atol=2e-6
    )


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("q_n", [1, 2], r"column q_n: shape \(2,\)"),
        ("q_n", [None] * N, "column q_n: .* of object"),
        ("q n", [1] * N, "column 'q n'"),
        ("role", ["a b"] * N, "hold spaces"),
        ("role", [""] * N, "must not be empty"),
    ],
)
def test_bad_columns_are_one_line(glass, tmp_path, name, values, message):
    with pytest.raises(AnalysisError, match=message) as caught:
        write_extxyz(tmp_path / "a.extxyz", glass, properties={name: values})
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_a_frame_that_is_not_there(glass, tmp_path):
    with pytest.raises(AnalysisError, match="no frame 2; there are 2"):
        write_extxyz(tmp_path / "a.extxyz", glass, 2)
    with pytest.raises(AnalysisError, match="no frame -3; there are 2"):
        write_vmd(tmp_path / "a.tcl", glass, "Si", "S", frame=-3)


def _points(lines):
    return np.array([[float(number) for number in group.split()] for line in lines
                     for group in re.findall(r"\{([^{}]*)\}", line)]).reshape(len(lines), -1, 3)  # fmt: skip


def test_the_script_draws_what_is_bonded(glass, tmp_path):
    script, coordinates = write_vmd(tmp_path / "glass.tcl", glass, "Si", "S", 3.2, 2.5, frame=0)
    text = script.read_text(encoding="ascii")
    depth = np.cumsum([(character == "{") - (character == "}") for character in text])
    assert depth[-1] == 0
    assert depth.min() == 0
    assert all(line.count("{") == line.count("}") for line in text.splitlines())
    assert re.findall(r"[\w.-]+\.(?:xyz|pdb|tcl|psf|dcd)", text) == ["glass.xyz"]
    assert "/" not in text
    assert {script, coordinates} == set(tmp_path.iterdir())
    np.testing.assert_allclose(
        ase.io.read(coordinates, format="xyz").positions, np.mod(glass.positions[0], BOX), atol=2e-6
    )

    found = bonding(glass, "Si", "S", 3.2, 2.5, 0)
    listed = re.findall(r"\{([\d ]*)\}", re.search(r"setbonds \{(.*)\}$", text, re.MULTILINE)[1])
    assert len(listed) == N
    drawn = {(i, int(j)) for i, partners in enumerate(listed) for j in partners.split()}
    assert drawn == {(j, i) for i, j in drawn}
    straight = np.linalg.norm(found.positions[found.links[:, 0]] - found.positions[found.links[:, 1]], axis=1) < 3.2
    assert 0 < straight.sum() < len(straight)
    assert {pair for pair in drawn if pair[0] < pair[1]} == {tuple(pair) for pair in found.links[straight].tolist()}
    lines = text.splitlines()
    triangles = _points([line for line in lines if "triangle" in line])
    assert len(triangles) == 4 * len(found.tetrahedra()) > 0
    bars = _points([line for line in lines if "cylinder" in line])
    assert len(bars) == len(found.pairs) > 0
    assert np.linalg.norm(bars[:, 1] - bars[:, 0], axis=1).max() <= 2.5 + 1e-3


def test_a_name_that_tcl_would_take_apart(glass, tmp_path):
    with pytest.raises(AnalysisError, match="means something to Tcl"):
        write_vmd(tmp_path / "my $glass.tcl", glass, "Si", "S")
    assert not list(tmp_path.iterdir())
