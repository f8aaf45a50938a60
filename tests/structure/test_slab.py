"""Bonds of a slab: hand-solvable arrangements, and lengths that cutting must conserve."""

import numpy as np
import pytest

from glasswf.errors import AnalysisError, TrajectoryError
from glasswf.results import TABLES
from glasswf.structure.slab import bonding, rows
from glasswf.trajectory import from_arrays

CORNERS = 2.1 / np.sqrt(3) * np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
BOX = np.array([12.0, 12.0, 14.0])


def _one(positions, elements, box=BOX):
    return from_arrays([positions], [0.0], box, elements)


def _tetrahedron(centre, box=BOX):
    """One SiS4 at `centre`, everything brought into the box."""
    centre = np.array(centre, dtype=float)
    return _one(np.mod(np.vstack([centre, centre + CORNERS]), box), ["Si", *"SSSS"], box)


def _of(made, kind):
    return [row for row in made if row["kind"] == kind]


def _ends(row):
    return (
        np.array([row[name] for name in names]) for names in (("x_a", "y_a", "depth_a"), ("x2_a", "y2_a", "depth2_a"))
    )


def test_a_tetrahedron_in_the_middle():
    made = rows(_tetrahedron([6, 6, 7]), "Si", "S", thickness_a=6.0, cutoff_a=2.7)
    assert [(row["element"], row["number"]) for row in _of(made, "atom")] == [
        ("Si", 0),
        *(("S", i) for i in range(1, 5)),
    ]
    assert len(_of(made, "bond")) == 4
    for row in _of(made, "bond"):
        start, stop = _ends(row)
        assert start == pytest.approx([6, 6, 3])
        assert np.linalg.norm(stop - start) == pytest.approx(2.1)
    corners = np.array([[row["x_a"], row["y_a"], row["depth_a"]] for row in _of(made, "tetrahedron")])
    assert corners == pytest.approx(np.array([6, 6, 3]) + CORNERS * [1, 1, -1])
    assert {row["number"] for row in _of(made, "tetrahedron")} == {0}
    assert not _of(made, "homopolar")
    assert {(row["box_a"], row["thickness_a"]) for row in made} == {(12.0, 6.0)}
    assert {key for row in made for key in row} <= set(TABLES["slab"])


def test_bonds_are_cut_at_the_faces_of_the_box_not_drawn_across():
    made = rows(_tetrahedron([0.5, 11.8, 7]), "Si", "S", cutoff_a=2.7)
    bonds = _of(made, "bond")
    assert len(bonds) > 4
    for row in bonds:
        for end in _ends(row):
            assert (end[:2] >= -1e-9).all()
            assert (end[:2] <= 12 + 1e-9).all()
    assert sum(np.linalg.norm(np.subtract(*_ends(row))) for row in bonds) == pytest.approx(4 * 2.1)


def test_bonds_end_at_the_faces_of_the_slab():
    made = rows(_tetrahedron([6, 6, 7 + 3 - 0.4]), "Si", "S", thickness_a=6.0, cutoff_a=2.7)
    assert len(_of(made, "atom")) == 3  # the two upper corners are outside
    assert len(_of(made, "tetrahedron")) == 4
    lengths = sorted(np.linalg.norm(np.subtract(*_ends(row))) for row in _of(made, "bond"))
    assert lengths == pytest.approx([0.4 * np.sqrt(3)] * 2 + [2.1] * 2)
    assert min(min(row["depth_a"], row["depth2_a"]) for row in _of(made, "bond")) == pytest.approx(0, abs=1e-9)


def test_a_bond_into_the_slab_shows_though_its_former_is_outside():
    made = rows(_tetrahedron([6, 6, 7 - 3 - 0.4]), "Si", "S", thickness_a=6.0, cutoff_a=2.7)
    assert [row["element"] for row in _of(made, "atom")] == ["S", "S"]
    assert len(_of(made, "bond")) == 2
    assert not _of(made, "tetrahedron")


def test_homopolar_means_no_common_former():
    far = [[9.0, 9.0, 7.0], [9.0, 11.0, 7.0]]
    centre = np.array([3.0, 3, 7])
    one = _one(np.vstack([centre, centre + CORNERS, far]), ["Si", *"SSSSSS"])
    made = rows(one, "Si", "S", cutoff_a=2.7, homopolar_a=3.5)  # longer than the edge of 3.43
    assert [row["number"] for row in _of(made, "homopolar")] == [5]
    assert len(rows(one, "Si", "S", cutoff_a=2.7, homopolar_a=1.9)) == len(made) - 1
    alone = rows(_one(far, ["S", "S"]), "Si", "S", homopolar_a=3.5)
    assert [row["kind"] for row in alone] == ["atom", "atom", "homopolar"]


@pytest.mark.parametrize("thickness", [6.0, 14.0])
def test_pieces_of_random_bonds_are_those_of_a_fine_walk(thickness):
    rng = np.random.default_rng(5)
    elements = ["Si"] * 30 + ["S"] * 60
    made = rows(_one(rng.uniform(0, 1, (90, 3)) * BOX, elements), "Si", "S", thickness, 3.0, 2.5)
    found = bonding(_one(rng.uniform(0, 1, (1, 3)) * BOX, ["S"]), "Si", "S", 3.0, 2.5, -1)
    assert not len(found.links)
    rng = np.random.default_rng(5)
    found = bonding(_one(rng.uniform(0, 1, (90, 3)) * BOX, elements), "Si", "S", 3.0, 2.5, -1)
    steps = (np.arange(4000) + 0.5) / 4000
    inside = lambda z: np.abs(np.mod(z, BOX[2]) - BOX[2] / 2) <= thickness / 2  # noqa: E731
    for kind, ends, vectors in (
        ("bond", found.links, found.link_vectors),
        ("homopolar", found.pairs, found.pair_vectors),
    ):
        expected = 0.0
        for (i, j), vector in zip(ends, vectors, strict=True):
            if inside(found.positions[[i, j], 2]).any():
                share = inside(found.positions[i, 2] + steps * vector[2]).mean()
                expected += share * np.linalg.norm(vector)
        drawn = sum(np.linalg.norm(np.subtract(*_ends(row))) for row in _of(made, kind))
        assert expected > 20
        assert drawn == pytest.approx(expected, rel=2e-3)
        assert all((end >= -1e-9).all() and (end <= [12 + 1e-9, 12 + 1e-9, thickness + 1e-9]).all()
                   for row in _of(made, kind) for end in _ends(row))  # fmt: skip


def test_threefold_silicon_is_no_tetrahedron():
    three = _one(np.add([np.zeros(3), *CORNERS[:3]], [6, 6, 7]), ["Si", *"SSS"])
    assert not _of(rows(three, "Si", "S"), "tetrahedron")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"thickness_a": 15.0}, r"slab of 15 Å in a box of 14 Å"),
        ({"thickness_a": 0.0}, "must be thinner"),
        ({"frame": 1}, r"no frame 1; there are 1"),
        ({"cutoff_a": 6.5}, "longer than half the box"),
    ],
)
def test_what_cannot_be_is_one_line(options, message):
    with pytest.raises(AnalysisError, match=message) as caught:
        rows(_tetrahedron([6, 6, 7]), "Si", "S", **options)
    assert "\n" not in str(caught.value)


def test_without_anions():
    with pytest.raises(TrajectoryError, match="no S atoms"):
        rows(_one([[1.0, 1, 1]], ["Si"]), "Si", "S")
