"""Network of crystals and molecules that are known, and of random atoms against loops over all of them."""

import numpy as np
import pytest

from glasswf.errors import AnalysisError
from glasswf.results import TABLES
from glasswf.structure.network import measure
from glasswf.structure.network_rows import cluster_rows, network_rows, ring_rows
from glasswf.trajectory import from_arrays
from tests.structure.crystals import (
    antifluorite,
    chains,
    corner_dimer,
    cristobalite,
    edge_dimer,
    tetrahedra,
    together,
    trajectory_of,
)

CUTOFFS = {"Si-S": 2.7, "Na-S": 3.2, "Na-Na": 3.5}


def _measured(*trajectories, cutoffs=CUTOFFS, **options):
    return measure(trajectories, "Si", "S", "Na", cutoffs, **options)


def _values(*structures, column="value", **options):
    found = _measured(trajectory_of(*structures), **options)
    return {row["quantity"]: row[column] for row in network_rows(found)}


def _expect(values, **expected):
    assert {name: values[name] for name in expected} == pytest.approx(expected)


def test_cristobalite_is_all_q4_and_shares_corners():
    values = _values(cristobalite((2, 2, 2)))
    _expect(values, q4=1, mean_n=4, bridging=1, former_4fold=1, corner_sharing_links=1, edge_0=1, percolating_3d=1)
    _expect(values, q0=0, q3=0, q5plus=0, non_bridging=0, free_anion=0, triply_bonded=0, homopolar=0, former_former=0)
    assert not any(name.startswith("mobile") for name in values)


def test_tetrahedra_of_chains_share_edges():
    values = _values(chains(8), homopolar_a=3.2)
    _expect(values, q4=1, edge_sharing_links=1, corner_sharing_links=0, edge_sharing_tetrahedra=1, edge_2=1, edge_1=0)
    _expect(values, percolating_1d=1, percolating_3d=0, largest_cluster=0.25)
    _expect(values, close_anions=0.5, homopolar=0)  # the shared edge is 3.02 Å long


def test_sulfide_of_antifluorite_is_free():
    values = _values(antifluorite((2, 2, 2)), cutoffs={"S-Na": 3.2, "Na-Na": 3.5})
    _expect(values, free_anion=1, bridging=0, non_bridging=0, largest_cluster=1 / 32, percolating_1d=0)
    _expect(values, mobile_coordination=4, mobile_4fold=1, mobile_by_free=4, mobile_by_bridging=0, mobile_mobile=6)
    assert not {"q0", "mean_n", "former_4fold", "edge_0", "corner_sharing_links"} & set(values)
    found = _measured(trajectory_of(antifluorite()), cutoffs={"Na-S": 3.2})
    assert ring_rows(found) == []
    assert cluster_rows(found) == [{"size": 1, "fraction": 1.0, "fraction_err": pytest.approx(np.nan, nan_ok=True)}]


def test_molecules_of_one_and_two_tetrahedra():
    q0 = _values(tetrahedra([5, 5, 5], [20, 5, 5]))
    _expect(q0, q0=1, mean_n=0, non_bridging=1, former_4fold=1, edge_0=1, largest_cluster=0.5)
    assert "corner_sharing_links" not in q0  # there are none to divide by
    q1 = _values(corner_dimer())
    _expect(q1, q1=1, mean_n=1, bridging=1 / 7, non_bridging=6 / 7, corner_sharing_links=1, edge_0=1)
    e1 = _values(edge_dimer())
    _expect(e1, q2=1, bridging=1 / 3, edge_sharing_links=1, edge_sharing_tetrahedra=1, edge_1=1, edge_2=0)


def test_a_mixture_counts_by_atoms():
    values = _values(together(corner_dimer((7, 7, 7)), edge_dimer((22, 7, 7)), tetrahedra([7, 22, 7])))
    _expect(values, q0=1 / 5, q1=2 / 5, q2=2 / 5, mean_n=6 / 5, edge_sharing_tetrahedra=2 / 5, edge_sharing_links=0.5)
    _expect(values, bridging=3 / 17, non_bridging=14 / 17, largest_cluster=9 / 22)


def test_faces_three_formers_around_one_sulfur_and_other_coordinations():
    """Two Si with three S in common, one of which a third Si has as well."""
    positions = (
        np.array([[0, 0, 0], [2.6, 0, 0], [1.3, 3.8, 0], [1.3, 1.7, 0], [1.3, -0.9, 1.5], [1.3, -0.9, -1.5]]) + 10
    )
    values = _values((positions, ["Si"] * 3 + ["S"] * 3, np.full(3, 25.0)), former_former_a=2.65, homopolar_a=3.05)
    _expect(values, triply_bonded=1 / 3, bridging=2 / 3, q3=2 / 3, q1=1 / 3, former_3fold=2 / 3, former_other=1 / 3)
    _expect(values, face_sharing_links=1 / 3, corner_sharing_links=2 / 3, edge_sharing_links=0, edge_0=1)
    _expect(values, former_former=2 / 3, close_anions=1, homopolar=0)


def test_homopolar_bonds_have_no_former_in_common():
    """Edges of two tetrahedra lie crosswise, 1.7 Å apart, through a face of the box: four pairs of 2.99 Å."""
    gap = 1.7 + 2 * 2.13 / np.sqrt(3)
    near = tetrahedra([0.5, 15, 15], [30.5 - gap, 15, 15])
    _expect(_values(near, homopolar_a=2.9), homopolar=0, close_anions=0, bridging=0)
    _expect(_values(near, homopolar_a=3.1), homopolar=4 / 8, close_anions=4 / 8)
    _expect(_values(near, homopolar_a=3.6), homopolar=4 / 8, close_anions=(4 + 2 * 6) / 8)


def test_sodium_counts_what_it_lies_beside():
    """Na 2.5 Å from a bridging, a terminal and a free sulfur."""
    dimer = corner_dimer()
    bridge, terminal = dimer[0][2], dimer[0][3]
    outward = (terminal - dimer[0][0]) / np.linalg.norm(terminal - dimer[0][0])
    side = np.cross(dimer[0][1] - dimer[0][0], [0, 0, 1])
    sodium = [bridge + 2.5 * side / np.linalg.norm(side), terminal + 2.5 * outward]
    free = sodium[1] + 2.5 * outward
    cell = together(dimer, (np.array([*sodium, free]), ["Na", "Na", "S"], dimer[2]))
    values = _values(cell, cutoffs={"Si-S": 2.6, "Na-S": 2.6})
    _expect(values, mobile_by_bridging=0.5, mobile_by_non_bridging=0.5, mobile_by_free=0.5, free_anion=1 / 8)
    _expect(values, mobile_coordination=1.5, mobile_other=1)
    assert "mobile_mobile" not in values  # no cut-off was given


def test_values_at_shorter_and_longer_cutoffs():
    """The bonds are 2.13 Å long: 5 % less than 2.2 Å is too short; 5 % more than 2.05 Å is enough."""
    shorter, given, longer = (
        _values(cristobalite(), column=column, cutoffs={"Si-S": 2.2})["q4"]
        for column in ("value_shorter", "value", "value_longer")
    )
    assert (shorter, given, longer) == (0, 1, 1)
    assert _values(cristobalite(), column="value_longer", cutoffs={"Si-S": 2.05})["percolating_3d"] == 1
    assert _values(cristobalite(), column="value", cutoffs={"Si-S": 2.05})["percolating_3d"] == 0
    used = _values(antifluorite(), column="cutoff_a")
    _expect(used, mobile_coordination=3.2, mobile_mobile=3.5, free_anion=2.7, homopolar=3.2)


def test_frames_blocks_and_replicas_are_averaged_with_their_own_boxes():
    """Half the frames, of another volume, are too stretched to have bonds."""
    whole, stretched = cristobalite(), cristobalite(lengths_a=[13.0] * 3)
    first = trajectory_of(*[whole, stretched] * 5)
    found = _measured(first, first, n_blocks=5)
    rows = {row["quantity"]: row for row in network_rows(found)}
    assert found.counts.values.shape[:2] == (2, 5)
    assert (rows["q4"]["value"], rows["q4"]["value_err"]) == pytest.approx((0.5, 0.0))
    assert {row["size"]: row["rings_per_former"] for row in ring_rows(found)}[6] == pytest.approx(1.0)
    assert {row["size"]: row["fraction"] for row in cluster_rows(found)} == pytest.approx({192: 0.5, 1: 0.5})
    uneven = _measured(trajectory_of(whole), trajectory_of(stretched))
    row = next(row for row in network_rows(uneven) if row["quantity"] == "q4")
    assert row["value"] == pytest.approx(0.5)
    assert row["value_err"] > 0.5  # one glass against another


def test_random_atoms_against_loops_over_all():
    rng = np.random.default_rng(5)
    box = np.array([11.0, 12.0, 13.0])
    elements = np.array(["Si"] * 25 + ["S"] * 60 + ["Na"] * 20)
    first = rng.uniform(-15, 15, (len(elements), 3))
    positions = np.array([first, first + rng.uniform(-2, 2, first.shape)])
    trajectory = from_arrays(positions, [0, 1], box, elements)
    rows = network_rows(_measured(trajectory, cutoffs={"Si-S": 2.9, "Na-S": 3.2, "Na-Na": 4.0}, homopolar_a=2.5))
    expected = [_by_loops(frame, elements, box) for frame in positions]
    means = {name: np.mean([one[name] for one in expected]) for name in expected[0]}
    _expect({row["quantity"]: row["value"] for row in rows}, **means)


def _by_loops(positions, elements, box):
    def near(one, other, cutoff):
        vectors = positions[elements == other] - positions[elements == one][:, None]
        distance = np.linalg.norm(vectors - box * np.round(vectors / box), axis=2)
        return (distance < cutoff) & (distance > 0)

    bonded, around, close = near("Si", "S", 2.9), near("Na", "S", 3.2), near("S", "S", 2.5)
    formers = bonded.sum(axis=0)
    n = np.array([sum(formers[j] > 1 for j in np.flatnonzero(row)) for row in bonded])
    shared = np.array([[np.sum(a & b) for b in bonded] for a in bonded]) * (1 - np.eye(len(bonded)))
    common = (bonded.T.astype(int) @ bonded.astype(int)) > 0
    edges = (shared == 2).sum(axis=1)
    return {
        **{f"q{k}": np.mean(n == k) for k in range(5)}, "mean_n": n.mean(), "q5plus": np.mean(n > 4),
        "bridging": np.mean(formers == 2), "triply_bonded": np.mean(formers > 2), "free_anion": np.mean(formers == 0),
        **{f"former_{k}fold": np.mean(bonded.sum(axis=1) == k) for k in (3, 4, 5)},
        "close_anions": close.sum() / 2 / len(close), "homopolar": (close & ~common).sum() / 2 / len(close),
        "edge_0": np.mean(edges == 0), "edge_1": np.mean(edges == 1), "edge_2": np.mean(edges > 1),
        "mobile_coordination": around.sum(axis=1).mean(), "mobile_by_free": around[:, formers == 0].sum(axis=1).mean(),
        "mobile_by_bridging": around[:, formers > 1].sum(axis=1).mean(),
        "mobile_mobile": near("Na", "Na", 4.0).sum(axis=1).mean(),
        **{f"mobile_{k}fold": np.mean(around.sum(axis=1) == k) for k in range(3, 9)},
    }  # fmt: skip


def test_rows_fill_their_tables():
    found = _measured(trajectory_of(*[together(edge_dimer(), tetrahedra([3, 3, 3]))] * 4), ring_criterion="king")
    for name, rows in (("network", network_rows), ("rings", ring_rows), ("clusters", cluster_rows)):
        made = rows(found)
        assert made and all(set(row) <= set(TABLES[name]) for row in made)
    assert [row["size"] for row in ring_rows(found)] == list(range(2, 13))
    assert ring_rows(found)[0] == {
        "criterion": "king", "size": 2, "rings_per_former": pytest.approx(1 / 3),
        "rings_per_former_err": pytest.approx(0),
    }  # fmt: skip
    assert {row["unit"] for row in network_rows(found)} == {"1"}


def test_mistakes_are_named():
    crystal = trajectory_of(cristobalite())
    with pytest.raises(AnalysisError, match=r"no cut-off for Si-S \(given: Na-S\)"):
        _measured(crystal, cutoffs={"Na-S": 3.2})
    with pytest.raises(AnalysisError, match="neither Ge nor Se for a network; it has S, Si"):
        measure([crystal], "Ge", "Se", None, CUTOFFS)
    with pytest.raises(AnalysisError, match="longer than half the box"):
        _measured(crystal, cutoffs={"Si-S": 9.5})
    with pytest.raises(AnalysisError, match="no trajectories"):
        _measured()
