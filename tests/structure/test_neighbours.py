"""Neighbours against all pairs, one by one."""

import numpy as np
import pytest

from glasswf.errors import AnalysisError
from glasswf.structure.neighbours import bonds


def _all_pairs(centres, others, box, cutoff):
    found = []
    for i, a in enumerate(centres):
        for j, b in enumerate(others):
            vector = b - a
            vector -= box * np.round(vector / box)
            if np.linalg.norm(vector) < cutoff and not (centres is others and i == j):
                found.append((i, j))
    return found


@pytest.mark.parametrize("same", [True, False])
def test_pairs_are_those_of_a_slow_search(same):
    rng = np.random.default_rng(3)
    box = np.array([9.0, 10.0, 12.5])
    centres = rng.uniform(-30, 30, (60, 3))
    others = centres if same else rng.uniform(-30, 30, (45, 3))
    first, second, vectors = bonds(centres, others, box, 3.1)
    assert list(zip(first.tolist(), second.tolist(), strict=True)) == _all_pairs(centres, others, box, 3.1)
    assert np.linalg.norm(vectors, axis=1).max() < 3.1
    shift = (others[second] - centres[first] - vectors) / box
    assert np.allclose(shift, np.round(shift))


def test_a_position_on_the_far_face_is_at_the_near_one():
    box = np.full(3, 10.0)
    _, _, vectors = bonds(np.array([[np.nextafter(10.0, 0), 0, -1e-17]]), np.array([[1.0, 0, 0]]), box, 2.0)
    assert vectors == pytest.approx(np.array([[1.0, 0, 0]]))


def test_a_cutoff_beyond_half_the_box_is_refused():
    with pytest.raises(AnalysisError, match="longer than half the box"):
        bonds(np.zeros((1, 3)), np.ones((1, 3)), np.full(3, 8.0), 4.5)
