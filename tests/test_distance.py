import numpy as np
import pytest

from glasswf.distance import shortest_distance


def brute_shortest(positions, box):
    """One atom after the other against all later ones."""
    found = np.inf
    for index, position in enumerate(positions[:-1]):
        apart = np.abs(positions[index + 1 :] - position) % box
        apart = np.minimum(apart, box - apart)
        found = min(found, np.sqrt((apart**2).sum(axis=1)).min())
    return found


@pytest.mark.parametrize("n_atoms", [2, 80, 255, 256, 257, 700, 2100])
def test_against_brute_force(n_atoms):
    box = np.array([11.0, 12.5, 30.0])
    positions = np.random.default_rng(n_atoms).uniform(-30, 30, (n_atoms, 3))
    assert shortest_distance(positions, box) == pytest.approx(brute_shortest(positions, box), rel=1e-9)


@pytest.mark.parametrize("n_atoms", [300, 2500])
def test_the_pair_may_be_anywhere_and_across_the_boundary(n_atoms):
    generator = np.random.default_rng(5)
    grid = np.stack(np.meshgrid(*[np.arange(14)] * 3), axis=-1).reshape(-1, 3)[:n_atoms] * 2.0
    for _ in range(20):
        positions = grid.copy()
        first, second = generator.choice(n_atoms, 2, replace=False)
        positions[second] = positions[first] + [0.3, 0.0, -28.0]
        assert shortest_distance(positions, 28.0) == pytest.approx(0.3)
