import tracemalloc

import numpy as np
import pytest
from walkers import random_walk

from glasswf.transport import msd


def naive(positions):
    """The definition, one lag and one origin at a time."""
    n_frames = len(positions)
    result = np.zeros(n_frames)
    for lag in range(n_frames):
        squares = [np.sum((positions[t + lag] - positions[t]) ** 2, axis=-1).mean() for t in range(n_frames - lag)]
        result[lag] = np.mean(squares)
    return result


@pytest.mark.parametrize("n_frames", [2, 17, 100])
@pytest.mark.parametrize("chunk", [1, 1 << 25])
def test_agrees_with_the_definition(monkeypatch, n_frames, chunk):
    monkeypatch.setattr(msd, "_CHUNK_BYTES", chunk)
    positions = random_walk(np.random.default_rng(0), n_frames, [0.5] * 7) + 1000.0
    np.testing.assert_allclose(msd.self_msd(positions), naive(positions), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(msd.self_msd(positions, 2), naive(positions)[:2], rtol=1e-10, atol=1e-10)


def test_one_particle_at_constant_speed():
    positions = np.arange(50.0)[:, None, None] * np.array([1.0, 2.0, 2.0])
    np.testing.assert_allclose(msd.self_msd(positions), 9 * np.arange(50.0) ** 2, rtol=1e-10, atol=1e-9)
    np.testing.assert_allclose(msd.collective_msd(positions[:, 0]), msd.self_msd(positions))


def test_centre_of_mass_and_weighted_sum(monkeypatch):
    positions = np.random.default_rng(1).normal(size=(20, 4, 3))
    masses = np.array([1.0, 2.0, 3.0, 4.0])
    for chunk in (1, 1 << 25):
        monkeypatch.setattr(msd, "_CHUNK_BYTES", chunk)
        np.testing.assert_allclose(msd.centre_of_mass(positions, masses), np.average(positions, axis=1, weights=masses))
        np.testing.assert_allclose(msd.weighted_sum(positions, masses), 10 * msd.centre_of_mass(positions, masses))


def test_some_atoms_in_a_moving_frame():
    positions = random_walk(np.random.default_rng(2), 40, [0.5] * 6)
    centre = random_walk(np.random.default_rng(3), 40, [5.0])[:, 0]
    atoms = np.array([4, 1, 2])
    expected = naive(positions[:, atoms] - centre[:, None])
    np.testing.assert_allclose(msd.self_msd(positions, atoms=atoms, centre=centre), expected, rtol=1e-10, atol=1e-10)


def test_memory_is_bounded_by_the_chunk_not_by_the_trajectory(monkeypatch):
    monkeypatch.setattr(msd, "_CHUNK_BYTES", 1 << 18)
    positions = np.ones((300, 3000, 3))  # 21.6 MB
    atoms, masses, centre = np.arange(0, 3000, 2), np.ones(3000), np.zeros((300, 3))
    tracemalloc.start()
    msd.self_msd(positions, atoms=atoms, centre=centre)
    msd.centre_of_mass(positions, masses)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2e6
