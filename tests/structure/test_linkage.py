"""Links between tetrahedra, and the images they lead into."""

import numpy as np
import pytest

from glasswf.structure import linkage
from tests.structure.crystals import chains, cristobalite, edge_dimer
from tests.structure.graphs import links_between


def test_every_link_is_there_once_in_each_direction():
    links = links_between(*cristobalite((1, 1, 1)))
    assert len(links.first) == 8 * 4
    assert links.back[links.back].tolist() == list(range(len(links.first)))
    assert (links.first[links.back] == links.second).all()
    assert (links.images[links.back] == -links.images).all()


def test_images_of_links_lead_to_the_former_in_reach():
    positions, elements, box = cristobalite((1, 1, 1))
    moved = positions + np.array([4.0, 31.0, -7.0])
    links = links_between(moved, elements, box)
    formers = np.mod(moved[np.array(elements) == "Si"], box)
    vectors = formers[links.second] + links.images * box - formers[links.first]
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(2 * 2.13)


def test_a_short_chain_around_the_box_has_links_to_both_sides_of_one_neighbour():
    """Two formers per cell: each is linked by edges to two images of the other, not by one link of four sulfurs."""
    positions, elements, box = chains(2, si_si_a=3.1)
    counts = linkage.counts(links_between(positions, elements, box, cutoff_a=2.5))
    assert (counts["links"], counts["edge_sharing_links"], counts["edge_2"]) == (8, 8, 8)


def test_an_edge_across_a_face_of_the_box():
    positions, elements, box = edge_dimer((0, 30, 15))
    counts = linkage.counts(links_between(positions, elements, box))
    assert counts == {
        "links": 1, "corner_sharing_links": 0, "edge_sharing_links": 1, "face_sharing_links": 0,
        "edge_sharing_tetrahedra": 2, "edge_0": 0, "edge_1": 2, "edge_2": 0,
    }  # fmt: skip
