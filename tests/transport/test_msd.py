import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from walkers import random_walk

from glasswf.transport import displacements, msd


def naive(positions):
    """The definition, one lag at a time."""
    n_frames = len(positions)
    pairs = ((positions[lag:], positions[: n_frames - lag]) for lag in range(n_frames))
    return np.array([np.mean(np.sum((later - now) ** 2, axis=-1)) for later, now in pairs])


def small_pieces(monkeypatch, n_bytes):
    """Chunks, batches and blocks of no more than so many bytes: one atom at a time at least."""
    for name in ("CHUNK_BYTES", "_BATCH_BYTES", "_BLOCK_BYTES", "_PIECE_BYTES"):
        monkeypatch.setattr(displacements, name, min(n_bytes, getattr(displacements, name)))


@pytest.mark.parametrize("n_frames", [2, 17, 100])
@pytest.mark.parametrize("n_bytes", [1, 1 << 28])
def test_agrees_with_the_definition(monkeypatch, n_frames, n_bytes):
    small_pieces(monkeypatch, n_bytes)
    positions = random_walk(np.random.default_rng(0), n_frames, [0.5] * 7) + 1000.0
    np.testing.assert_allclose(msd.self_msd(positions), naive(positions), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(msd.self_msd(positions, 2), naive(positions)[:2], rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("offset", [0.0, 1e6])
@pytest.mark.parametrize("speed", [0.0, 100.0])  # Å per frame, a hundred times the steps
def test_agrees_with_the_definition_far_from_the_origin_and_in_a_fast_drift(offset, speed):
    rng = np.random.default_rng(1)
    drift = speed * np.arange(300.0)[:, None, None] * np.array([1.0, -0.5, 0.2])
    positions = random_walk(rng, 300, [0.5] * 5) + offset * rng.normal(size=(5, 3)) + drift
    expected = naive(positions)
    np.testing.assert_allclose(msd.self_msd(positions), expected, rtol=0, atol=1e-10 * expected.max())


def test_short_lags_of_a_long_caged_path_keep_their_digits():
    """Vibrations of 0.1 Å seen on top of a slow walk over many Å."""
    rng = np.random.default_rng(2)
    positions = random_walk(rng, 2000, [1e-3] * 3) + 0.1 * rng.normal(size=(2000, 3, 3))
    np.testing.assert_allclose(msd.self_msd(positions), naive(positions), rtol=1e-10, atol=1e-14)


def test_one_particle_at_constant_speed():
    positions = np.arange(50.0)[:, None, None] * np.array([1.0, 2.0, 2.0])
    np.testing.assert_allclose(msd.self_msd(positions), 9 * np.arange(50.0) ** 2, rtol=1e-10, atol=1e-9)
    np.testing.assert_allclose(msd.collective_msd(positions[:, 0]), msd.self_msd(positions))


def test_centre_of_mass_and_weighted_sum(monkeypatch):
    positions = np.random.default_rng(1).normal(size=(20, 4, 3))
    masses = np.array([1.0, 2.0, 3.0, 4.0])
    for n_bytes in (1, 1 << 25):
        small_pieces(monkeypatch, n_bytes)
        np.testing.assert_allclose(msd.centre_of_mass(positions, masses), np.average(positions, axis=1, weights=masses))
        np.testing.assert_allclose(msd.weighted_sum(positions, masses), 10 * msd.centre_of_mass(positions, masses))


def test_some_atoms_in_a_moving_frame():
    positions = random_walk(np.random.default_rng(2), 40, [0.5] * 6)
    centre = random_walk(np.random.default_rng(3), 40, [5.0])[:, 0]
    atoms = np.array([4, 1, 2])
    expected = naive(positions[:, atoms] - centre[:, None])
    np.testing.assert_allclose(msd.self_msd(positions, atoms=atoms, centre=centre), expected, rtol=1e-10, atol=1e-10)


def test_memory_is_bounded_by_the_chunk_not_by_the_trajectory(monkeypatch):
    small_pieces(monkeypatch, 1 << 18)
    positions = np.ones((300, 3000, 3))  # 21.6 MB
    atoms, masses, centre = np.arange(0, 3000, 2), np.ones(3000), np.zeros((300, 3))
    tracemalloc.start()
    msd.self_msd(positions, atoms=atoms, centre=centre)
    msd.centre_of_mass(positions, masses)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2e6


@pytest.mark.parametrize("mode", ["r", "c"])
def test_a_memory_mapped_file_gives_the_same_and_leaves_it_alone(tmp_path, monkeypatch, mode):
    small_pieces(monkeypatch, 1 << 12)
    positions = random_walk(np.random.default_rng(4), 100, [0.5] * 20)
    np.save(tmp_path / "positions.npy", positions)
    mapped = np.load(tmp_path / "positions.npy", mmap_mode=mode)
    if mode == "c":
        mapped[50] += 1.0  # in memory only: must not be given back
        positions[50] += 1.0
    np.testing.assert_array_equal(msd.self_msd(mapped[10:]), msd.self_msd(positions[10:]))
    np.testing.assert_array_equal(mapped, positions)


def resident_file_bytes():
    """Memory of this process that files take."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssFile"))


def test_the_pages_of_a_memory_mapped_file_do_not_pile_up(tmp_path, monkeypatch):
    if not Path("/proc/self/status").exists():
        pytest.skip("resident memory is read from /proc")
    np.save(tmp_path / "positions.npy", np.ones((1000, 1000, 3)))  # 24 MB
    mapped = np.load(tmp_path / "positions.npy", mmap_mode="r")
    before = resident_file_bytes()
    msd.self_msd(mapped[1:])
    msd.centre_of_mass(mapped, np.ones(1000))
    kept = resident_file_bytes() - before
    assert kept < 2e6
    assert mapped.sum() == 3e6
    assert resident_file_bytes() - before > 20e6  # what it would be otherwise
