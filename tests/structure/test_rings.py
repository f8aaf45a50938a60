"""Rings against crystals that are known, every closed path looked at one by one, and matscipy."""

import numpy as np
import pytest

from glasswf.errors import AnalysisError
from glasswf.structure import rings
from glasswf.structure.frame_bonds import FrameBonds
from glasswf.structure.rings import CRITERIA, count
from tests.structure.crystals import SI_S_A, chains, corner_dimer, cristobalite, edge_dimer
from tests.structure.graphs import HOME, Unfolded, edges_within, links_between, links_of, random_edges

HEXAGON = [(i, (i + 1) % 6, HOME) for i in range(6)]
CUBE = [(i, i ^ bit, HOME) for i in range(8) for bit in (1, 2, 4) if i < i ^ bit]


def _sizes(rings):
    return {size: number for size, number in enumerate(rings.tolist()) if number}


@pytest.mark.parametrize("criterion", CRITERIA)
def test_cristobalite_has_two_six_rings_per_former_and_no_others(criterion):
    structure = cristobalite((2, 2, 2))
    assert _sizes(count(links_between(*structure), 10, criterion)) == {6: 2 * 64}


@pytest.mark.parametrize("criterion", CRITERIA)
def test_a_single_cell_has_the_rings_of_the_infinite_crystal(criterion):
    """Shortest walks around a cell of 9.8 Å take four links: they are no rings, nor shortcuts that break six-rings."""
    assert _sizes(count(links_between(*cristobalite((1, 1, 1))), 12, criterion)) == {6: 2 * 8}


@pytest.mark.parametrize("criterion", CRITERIA)
def test_two_tetrahedra_sharing_an_edge_are_a_ring_of_two(criterion):
    assert _sizes(count(links_between(*edge_dimer()), 8, criterion)) == {2: 1}
    assert _sizes(count(links_between(*corner_dimer()), 8, criterion)) == {}
    assert _sizes(count(links_between(*chains(6)), 12, criterion)) == {2: 4 * 6}


@pytest.mark.parametrize("criterion", CRITERIA)
def test_a_path_around_the_box_is_no_ring(criterion):
    around = [(0, 1, HOME), (1, 2, HOME), (2, 0, (0, 1, 0))]
    assert _sizes(count(links_of(3, around), 9, criterion)) == {}
    assert _sizes(count(links_of(3, [*around[:2], (2, 0, HOME)]), 9, criterion)) == {3: 1}


def test_an_atom_linked_to_its_own_images_has_the_rings_of_a_square_lattice():
    lattice = links_of(1, [(0, 0, (1, 0, 0)), (0, 0, (0, 1, 0))])
    for criterion in CRITERIA:
        assert _sizes(count(lattice, 4, criterion)) == {4: 1}


def test_the_criteria_differ_around_a_corner_of_a_cube():
    """Three squares share a node: the hexagon around it has no shortcut, though each of its links is in a square.

    King's, from a node that two of the squares share, goes around it or through the corner.
    """
    corner = [edge for edge in CUBE if 7 not in edge[:2]]
    found = {criterion: _sizes(count(links_of(7, corner), 7, criterion)) for criterion in CRITERIA}
    assert found == {"shortest-path": {4: 3, 6: 1}, "king": {4: 3, 6: 4}, "guttman": {4: 3}}


def test_hexagons_of_a_cube_are_shortest_paths_and_nothing_else():
    """Franzblau's example of a ring that King's criterion does not see."""
    assert _sizes(count(links_of(8, CUBE), 8, "shortest-path")) == {4: 6, 6: 4}
    assert _sizes(count(links_of(8, CUBE), 8, "king")) == {4: 6}


@pytest.mark.parametrize("criterion", CRITERIA)
def test_rings_larger_than_the_limit_are_not_counted(criterion):
    assert _sizes(count(links_of(6, HEXAGON), 6, criterion)) == {6: 1}
    assert _sizes(count(links_of(6, HEXAGON), 5, criterion)) == {}


@pytest.mark.parametrize("criterion", CRITERIA)
def test_three_formers_around_one_sulfur_are_no_ring(criterion):
    """Si0, Si1 and Si2 on S0; Si3 closes a real ring of three with Si0 and Si1, over S0, S1 and S2."""
    former, anion = np.array([0, 1, 2, 0, 3, 1, 3]), np.array([0, 0, 0, 1, 1, 2, 2])
    bonded = FrameBonds(former, anion, np.ones(7), np.zeros((7, 3), dtype=int), 4, 3)
    assert _sizes(count(bonded.links, 6, criterion)) == {3: 1}
    alone = FrameBonds(former[:3], anion[:3], np.ones(3), np.zeros((3, 3), dtype=int), 3, 1)
    assert _sizes(count(alone.links, 6, criterion)) == {}


@pytest.mark.parametrize("criterion", CRITERIA)
@pytest.mark.parametrize(("n_nodes", "n_edges", "periodic"), [(9, 12, False), (11, 17, False), (6, 12, True)])
def test_random_graphs_against_every_closed_path(criterion, n_nodes, n_edges, periodic):
    total = np.zeros(8)
    for seed in range(6):
        edges = random_edges(n_nodes, n_edges, seed, periodic)
        expected = Unfolded(n_nodes, edges).rings(7, criterion)
        assert count(links_of(n_nodes, edges), 7, criterion).tolist() == pytest.approx(expected.tolist())
        total += expected
    assert np.count_nonzero(total) > 2


def test_random_networks_and_diamond_against_matscipy():
    """Its ring_statistics fails where there are rings of the largest size, and leaves that out if it is even."""
    ase, matscipy = pytest.importorskip("ase"), pytest.importorskip("matscipy.ffi")
    from matscipy.neighbours import neighbour_list

    rng = np.random.default_rng(1)
    diamond = cristobalite((3, 3, 3))
    formers = np.array(diamond[1]) == "Si"
    for positions, box, cutoff in (
        (diamond[0][formers], diamond[2], 2.2 * SI_S_A),
        (rng.uniform(0, 26, (500, 3)), np.full(3, 26.0), 3.2),
    ):
        atoms = ase.Atoms(f"Si{len(positions)}", positions=positions, cell=box, pbc=True)
        first, second, vectors = neighbour_list("ijD", atoms, cutoff)
        expected = matscipy.find_sp_rings(first, second, vectors, matscipy.distances_on_graph(first, second), 9)
        found = count(links_of(len(positions), edges_within(positions, box, cutoff)), 9)
        assert found.any() and np.trim_zeros(found, "b").tolist() == pytest.approx(
            np.trim_zeros(expected, "b").tolist()
        )


@pytest.mark.parametrize("criterion", CRITERIA)
def test_tables_grow_until_all_formers_in_reach_have_room(criterion, monkeypatch):
    monkeypatch.setattr(rings, "_TABLE_SIZES", [4, 16, 64, 1024])
    links = links_between(*cristobalite((2, 2, 2)))
    assert _sizes(count(links, 8, criterion)) == {6: 2 * 64}
    monkeypatch.setattr(rings, "_TABLE_SIZES", [4, 16])
    with pytest.raises(AnalysisError, match="rings up to 8: too many formers within reach of one"):
        count(links, 8, criterion)


def test_an_unknown_criterion_is_refused():
    with pytest.raises(AnalysisError, match=r"'strong'; 2 to 100, by shortest-path, king, guttman"):
        count(links_of(6, HEXAGON), 6, "strong")
