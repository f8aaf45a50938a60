"""What big cells and long runs cost: memory that does not grow with the run, work that grows with the atoms only."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from glasswf import cell, structure, trajectory, transport
from glasswf.structure import pair_correlation, wave_vectors
from glasswf.structure.slab import bonding
from glasswf.trajectory import h5md
from glasswf.transport import van_hove_parts
from glasswf.transport.pair_histogram import shell_volumes

LENGTH_A = 12.0
N_ATOMS = 60


def melt(n_frames: int, seed: int = 0) -> trajectory.Trajectory:
    """A jittered random start of Na2SiS3 whose atoms rattle and drift a little."""
    counts = {"Na": 20, "Si": 10, "S": 30}
    start = cell.random_start(counts, LENGTH_A, seed)
    steps = np.random.default_rng(seed).normal(0, 0.02, (n_frames, N_ATOMS, 3))
    charges = {"Na": 0.6, "Si": 2.4, "S": -1.2}
    times = 0.1 * np.arange(n_frames)
    return trajectory.from_arrays(
        start.positions + np.cumsum(steps, axis=0), times, [LENGTH_A] * 3, start.get_chemical_symbols(), charges
    )


def peak_bytes(work: Callable, *arguments) -> int:
    """Largest memory that Python and numpy hold at once while `work` is done, over what they held before."""
    tracemalloc.start()
    try:
        work(*arguments)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def stored(folder: Path, n_frames: int) -> trajectory.Trajectory:
    """A melt, memory-mapped from an H5MD file."""
    path = folder / f"{n_frames}.h5md"
    h5md.write(path, melt(n_frames))
    return trajectory.open(path)


def test_memory_of_the_structure_does_not_grow_with_the_frames(tmp_path):
    options = structure.Options(k_max_1_a=2.0, cutoffs_a={"Si-S": 2.7, "Na-S": 3.5, "Na-Na": 4.5, "Si-Si": 4.0})
    few, many = (stored(tmp_path, n_frames) for n_frames in (20, 50))
    structure.analyse(few, options)  # loads compiled code
    peaks = [peak_bytes(structure.analyse, found, options) for found in (few, many)]
    assert peaks[1] < 1.2 * peaks[0]


def test_memory_of_the_transport_is_bounded(tmp_path, monkeypatch):
    """Beyond what it may hold of paths at once, curves grow with the frames: numbers per frame, not per atom."""
    monkeypatch.setattr("glasswf.transport.displacements.CHUNK_BYTES", 1 << 16)
    few, many = (stored(tmp_path, n_frames) for n_frames in (250, 1000))
    transport.analyse(few, 1000.0)
    peaks = [peak_bytes(transport.analyse, found, 1000.0) for found in (few, many)]
    assert peaks[1] - peaks[0] < 750 * N_ATOMS * 3 * 8


def test_memory_of_storing_is_that_of_some_frames(tmp_path):
    few, many = melt(50), melt(1000)
    h5md.write(tmp_path / "a.h5md", few)
    peaks = [peak_bytes(h5md.write, tmp_path / "a.h5md", found, 1e-3) for found in (few, many)]
    assert peaks[1] - peaks[0] < 0.3 * 950 * N_ATOMS * 3 * 8


def test_trial_points_of_a_random_start_grow_with_the_atoms(monkeypatch):
    """Each batch is one pass through trees: their number must not depend on the size."""
    drawn = []

    class Counted(np.random.Generator):
        def random(self, size):
            drawn.append(size[0])
            return super().random(size)

    monkeypatch.setattr(np.random, "Generator", Counted)
    per_atom = []
    for n_atoms in (500, 4000):
        drawn.clear()
        cell.random_start({"S": n_atoms}, (n_atoms / 0.04) ** (1 / 3), seed=1)
        per_atom.append(sum(drawn) / n_atoms)
    assert per_atom[1] <= 2 * per_atom[0]


def test_wave_vectors_do_not_depend_on_the_shells_they_come_from(monkeypatch):
    box = np.array([20.0, 23.0, 31.0])
    at_once = wave_vectors.choose(box, 9.3, 0.07, 40, seed=4)
    monkeypatch.setattr(wave_vectors, "_AT_ONCE", 500)
    by_shell = wave_vectors.choose(box, 9.3, 0.07, 40, seed=4)
    for name in ("triples", "images", "weights"):
        np.testing.assert_array_equal(getattr(by_shell, name), getattr(at_once, name))


def test_wave_vectors_of_a_big_box_take_little_memory(monkeypatch):
    monkeypatch.setattr(wave_vectors, "_AT_ONCE", 50_000)
    everything = (8 * 120 / (2 * np.pi)) ** 3 * np.pi / 6 * 3 * 8  # integers of one eighth of the sphere
    assert peak_bytes(wave_vectors.choose, np.full(3, 120.0), 8.0, 0.05, 80, 0) < everything / 2


@pytest.mark.parametrize("lag", [0, 3])
@pytest.mark.parametrize("pair", [("S", "S"), ("Na", "S")])
def test_distinct_functions_of_many_atoms_are_seen_from_some(monkeypatch, lag, pair):
    found, width, n_bins = melt(8), 0.5, 12
    atoms_a, atoms_b = (found.indices(name) for name in pair)
    n_others = len(atoms_b) - (pair[0] == pair[1])
    monkeypatch.setattr(van_hove_parts, "_PAIRS", 7 * n_others)
    box = np.full(3, LENGTH_A)
    given = {"atoms_a": atoms_a, "atoms_b": atoms_b, "max_origins": 2}
    seen = van_hove_parts.distinct_part(found.positions, lag, box, width, n_bins, **given)
    chosen = atoms_a[np.linspace(0, len(atoms_a) - 1, 7).astype(int)].tolist()
    starts = range(0, 8 - lag, -(-(8 - lag) // 2))
    counts = np.zeros(n_bins)
    for start in starts:
        for one in chosen:
            others = atoms_b[atoms_b != one]
            gap = found.positions[start + lag, others] - found.positions[start, one]
            gap -= LENGTH_A * np.round(gap / LENGTH_A)
            counts += np.histogram(np.linalg.norm(gap, axis=1), n_bins, (0, width * n_bins))[0]
    density = n_others / LENGTH_A**3
    expected = counts / (len(starts) * 7 * density * shell_volumes(width, n_bins))
    np.testing.assert_allclose(seen, expected, rtol=1e-12)


def test_tetrahedra_are_those_of_each_former():
    found = bonding(melt(1), "Si", "S", 3.4, 3.2, -1)
    expected = {}
    for former in np.unique(found.links[:, 0]).tolist():
        mine = found.links[:, 0] == former
        if mine.sum() == 4:
            expected[former] = found.positions[former] + found.link_vectors[mine]
    assert expected and found.tetrahedra().keys() == expected.keys()
    for former, corners in found.tetrahedra().items():
        np.testing.assert_array_equal(corners, expected[former])


def test_pair_correlations_of_big_boxes_end_at_a_fixed_distance():
    rng = np.random.default_rng(0)
    ends = []
    for length in (40.0, 60.0, 120.0):
        found = trajectory.from_arrays(rng.uniform(0, length, (1, 40, 3)), [0.0], [length] * 3, ["S"] * 40)
        ends.append(pair_correlation.measure([found], bin_a=0.5).edges_a[-1])
    assert ends == [20.0, 25.0, 25.0]
