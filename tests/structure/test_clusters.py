"""Clusters: sizes against union-find, percolation by winding."""

import numpy as np
import pytest

from glasswf.structure import clusters
from glasswf.structure.frame_bonds import FrameBonds, frame_bonds
from tests.structure.crystals import chains, cristobalite, edge_dimer, tetrahedra, together


def _found(positions, elements, box, cutoff_a=2.7):
    elements = np.array(elements)
    return clusters.find(frame_bonds(positions[elements == "Si"], positions[elements == "S"], box, cutoff_a))


def _of_bonds(n_formers, n_anions, bonds):
    former, anion, images = zip(*bonds, strict=True)
    made = FrameBonds(np.array(former), np.array(anion), np.ones(len(bonds)), np.array(images), n_formers, n_anions)
    return clusters.find(made)


def test_chains_wind_in_one_direction_and_crystals_in_three():
    sizes, ranks = _found(*chains(6))
    assert sizes.tolist() == [18] * 4
    assert ranks.tolist() == [1] * 4
    sizes, ranks = _found(*cristobalite((1, 1, 2)))
    assert (sizes.tolist(), ranks.tolist()) == ([48], [3])


@pytest.mark.parametrize(
    ("shifts", "rank"),
    [
        ([(1, 1, 1)], 1),  # along the diagonal it meets all faces, but is a chain
        ([(1, 0, 0), (2, 0, 0)], 1),
        ([(1, 1, 0), (1, -1, 0)], 2),
        ([(1, 1, 0), (0, 1, 1), (1, 2, 1)], 2),
        ([(1, 1, 0), (0, 1, 1), (1, 0, 1)], 3),
        ([(0, 0, 0), (0, 0, 0)], 0),
    ],
)
def test_directions_are_counted_by_independent_windings(shifts, rank):
    """One former with loops over anions into the cells given."""
    bonds = [(0, k, cell) for k, shift in enumerate(shifts) for cell in ((0, 0, 0), shift)]
    _, ranks = _of_bonds(1, len(shifts), bonds)
    assert ranks.tolist() == [rank]


def test_a_molecule_as_long_as_the_box_does_not_percolate():
    """A chain of 13 formers, 36 Å from end to end in a box of 39 Å, lies on both sides of a face but has two ends."""
    positions, elements, box = chains(14, si_si_a=3.0)
    kept = ~((np.array(elements) == "Si") & (positions[:, 2] < 1.0))
    sizes, ranks = _found(positions[kept], np.array(elements)[kept], box)
    assert sizes.tolist() == [13 + 28] * 4
    assert not ranks.any()


def test_sizes_against_union_find():
    rng = np.random.default_rng(2)
    former, anion = rng.integers(0, 60, 90), rng.integers(0, 80, 90)
    sizes, _ = _of_bonds(60, 80, [(i, j, (0, 0, 0)) for i, j in zip(former, anion, strict=True)])
    parent = list(range(140))

    def top(node):
        while parent[node] != node:
            node = parent[node]
        return node

    for i, j in zip(former, anion + 60, strict=True):
        parent[top(i)] = top(j)
    _, expected = np.unique([top(node) for node in range(140)], return_counts=True)
    assert sorted(sizes.tolist()) == sorted(expected.tolist())


def test_fractions_of_atoms_by_size():
    sizes, ranks = _found(*together(edge_dimer(), tetrahedra([3, 3, 3], [3, 25, 25])))
    assert clusters.size_distribution(sizes, 18)[[5, 8]].tolist() == pytest.approx([10 / 18, 8 / 18])
    assert clusters.size_distribution(sizes, 18).sum() == pytest.approx(1)
    assert clusters.counts(sizes, ranks)["largest_cluster"] == 8
