"""Structure factors from wave vectors: gases, crystals, a slow sum over atoms, another package."""

from dataclasses import replace
from itertools import combinations_with_replacement, product

import dynasor
import numpy as np
import pytest
from ase import Atoms
from ase.io import write
from dynasor.core import reciprocal
from dynasor.trajectory import Trajectory as DynasorTrajectory

from glasswf.errors import AnalysisError
from glasswf.results import TABLES
from glasswf.structure.conventions import PARTIAL_CONVENTIONS, high_k_limit
from glasswf.structure.factor_curves import partials, total
from glasswf.structure.factor_rows import diffraction_rows, factor_rows
from glasswf.structure.structure_factor import measure
from glasswf.structure.wave_vectors import choose
from glasswf.trajectory import from_arrays

ALL = 10**9
FCC = [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]


def trajectory_of(frames, boxes, elements):
    """Frames that have nothing to do with each other, which no reader would take for a trajectory."""
    frames = np.asarray(frames, dtype=np.float32)
    still = np.tile(frames[:1], (len(frames), 1, 1))
    return replace(from_arrays(still, np.arange(len(frames)), boxes, elements), positions=frames)


def gas(rng, n_frames, box, elements):
    return trajectory_of(rng.uniform(0, 1, (n_frames, len(elements), 3)) * box, box, elements)


def lattice(box, k_max):
    """All integer vectors (n, 3) but the origin, both halves."""
    reach = [range(-top, top + 1) for top in (k_max * np.asarray(box) / (2 * np.pi)).astype(int)]
    found = np.array([n for n in product(*reach) if any(n)])
    return found[np.linalg.norm(2 * np.pi * found / box, axis=1) < k_max]


def slow_products(positions, elements, box, integers):
    """ρ_a ρ_b* / √(N_a N_b) (n_pairs, n), atom by atom."""
    species = sorted(set(elements))
    phases = 2 * np.pi * (np.asarray(positions, dtype=float) / box) @ integers.T
    rho = [np.exp(1j * phases[np.array(elements) == name]).sum(axis=0) for name in species]
    number = [list(elements).count(name) for name in species]
    return np.array([
        (rho[a] * rho[b].conj()).real / np.sqrt(number[a] * number[b])
        for a, b in combinations_with_replacement(range(len(species)), 2)
    ])  # fmt: skip


def in_bins(integers, values, box, bin_1_a, n_bins):
    """Mean values and |k| in each bin, and the number of vectors."""
    lengths = np.linalg.norm(2 * np.pi * integers / box, axis=1)
    place = (lengths / bin_1_a).astype(int)
    number = np.bincount(place, minlength=n_bins)
    with np.errstate(invalid="ignore"):
        means = [np.bincount(place, value, n_bins) / number for value in (*values, lengths)]
    return np.array(means[:-1]), means[-1], number


@pytest.mark.parametrize("box", [(9.0, 9.0, 9.0), (7.0, 11.0, 14.0)])
def test_partials_are_those_of_a_slow_sum(box):
    rng = np.random.default_rng(1)
    elements, box = ["Na"] * 7 + ["S"] * 400 + ["Si"] * 5, np.array(box)
    frames = rng.uniform(-40, 40, (4, 412, 3))
    found = measure([trajectory_of(frames, box, elements)], 5.0, 0.25, ALL, n_blocks=2)
    integers = lattice(box, 5.0)
    products = [slow_products(frame, elements, box, integers) for frame in np.float32(frames)]
    for block, pair in enumerate((products[:2], products[2:])):
        expected, k, number = in_bins(integers, np.mean(pair, axis=0), box, 0.25, 20)
        filled = number > 0
        assert found.partial.values[0, block] == pytest.approx(expected[:, filled], abs=1e-10)
    assert found.k_1_a == pytest.approx(k[filled], rel=1e-12)
    assert found.n_vectors == pytest.approx(number[filled] / 2)
    assert found.pairs == (("Na", "Na"), ("Na", "S"), ("Na", "Si"), ("S", "S"), ("S", "Si"), ("Si", "Si"))


def test_each_frame_has_its_own_box():
    """The same integers in boxes that change: a vector may go from one bin to another."""
    rng = np.random.default_rng(2)
    boxes = rng.uniform(9, 12, (3, 3))
    elements = ["S"] * 20 + ["Si"] * 11
    frames = np.float32(rng.uniform(0, 1, (3, 31, 3)) * boxes[:, None])
    found = measure([trajectory_of(frames, boxes, elements)], 4.0, 0.4, ALL, n_blocks=1)
    sums, lengths, number = np.zeros((3, 10)), np.zeros(10), np.zeros(10)
    for frame, box in zip(frames, boxes, strict=True):
        integers = lattice(box, 4.0)
        means, k, here = in_bins(integers, slow_products(frame, elements, box, integers), box, 0.4, 10)
        sums, lengths, number = sums + np.nan_to_num(means * here), lengths + np.nan_to_num(k * here), number + here
    filled = number > 0
    assert found.partial.mean == pytest.approx((sums / np.maximum(number, 1))[:, filled], abs=1e-10)
    assert found.k_1_a == pytest.approx((lengths / np.maximum(number, 1))[filled], rel=1e-12)
    assert found.n_vectors == pytest.approx(number[filled] / 2 / 3)


@pytest.mark.parametrize(
    ("basis", "allowed"),
    [([[0, 0, 0]], lambda n: True), (FCC, lambda n: len({i % 2 for i in n}) == 1)],
)
def test_bragg_peaks_of_crystals(basis, allowed):
    """S = N at vectors of the reciprocal lattice, 0 at all others."""
    cells = (3, 4, 5)
    corners = np.array(list(product(*map(range, cells))), dtype=float)
    positions = 4.0 * (corners[:, None] + basis).reshape(-1, 3) + 0.3
    box = 4.0 * np.array(cells)
    integers = lattice(box, 6.0)
    bragg = [all(n % c == 0 for n, c in zip(v, cells, strict=True)) and allowed(v // cells) for v in integers]
    found = measure([trajectory_of([positions], box, ["Si"] * len(positions))], 6.0, 0.05, ALL)
    expected, k, number = in_bins(integers, [len(positions) * np.array(bragg)], box, 0.05, 120)
    assert 10 < np.sum(bragg) < len(integers) / 20
    assert found.partial.mean == pytest.approx(expected[:, number > 0], abs=1e-3)  # positions in single precision
    assert found.k_1_a == pytest.approx(k[number > 0])


def test_a_gas_has_unit_structure_factors_in_all_conventions():
    rng = np.random.default_rng(3)
    elements, box = ["Na"] * 10 + ["S"] * 25 + ["Si"] * 15, np.array([14.0, 15.0, 16.0])
    found = measure([gas(rng, 60, box, elements) for _ in range(3)], 8.0, 0.1, 100)
    for convention in PARTIAL_CONVENTIONS:
        curves = partials(found, convention)
        limit = high_k_limit(convention, found.concentrations)[:, None]
        deviations = np.abs(curves.mean - limit) / curves.error
        assert 0.6 < (deviations < 1).mean() < 0.95, convention
        assert deviations.max() < 7
        of_all = np.sqrt((curves.error**2).mean(axis=1) / len(found.k_1_a))
        assert (np.abs((curves.mean - limit).mean(axis=1)) < 4 * of_all).all(), convention
    for radiation in ("xray", "neutron"):
        curve = total(found, radiation)
        assert curve.mean.mean() == pytest.approx(1, abs=5 * curve.error.mean() / np.sqrt(len(found.k_1_a)))


def mean_over_images(vectors, values):
    """Of values (n,) for all images, in order."""
    return np.bincount(np.repeat(np.arange(len(vectors.images)), vectors.images), values) / vectors.images


def test_dynasor_agrees(tmp_path, monkeypatch):
    """Its loop over wave vectors uncompiled, as compiling it takes longer than all else here."""
    monkeypatch.setattr(reciprocal, "_rho_q_exp", reciprocal._rho_q_exp.py_func)
    monkeypatch.setattr(reciprocal, "_use_poly", lambda x, q: False)
    rng = np.random.default_rng(4)
    elements, box = np.repeat(["Na", "S", "Si"], [40, 60, 20]), np.array([12.0, 13.0, 15.0])
    frames = np.float32(rng.uniform(0, 1, (3, 120, 3)) * box)
    write(tmp_path / "frames.xyz", [Atoms(elements, frame, cell=box, pbc=True) for frame in frames], format="extxyz")
    vectors = choose(box, 4.0, 0.2, 30, seed=0)
    place = (vectors.lengths_1_a(box) / 0.2).astype(int)
    atoms = {name: np.flatnonzero(elements == name) for name in ("Na", "S", "Si")}
    trajectory = DynasorTrajectory(str(tmp_path / "frames.xyz"), "extxyz", atomic_indices=atoms)
    theirs = dynasor.compute_static_structure_factors(trajectory, 2 * np.pi * vectors.all_images() / box)
    found = measure([trajectory_of(frames, box, elements)], 4.0, 0.2, 30, seed=0)
    for index, (a, b) in enumerate(found.pairs):
        values = theirs[f"Sq_{a}_{b}"][:, 0] * len(elements) / np.sqrt(len(atoms[a]) * len(atoms[b]))
        weighted = vectors.weights * mean_over_images(vectors, values / (1 if a == b else 2))
        filled = np.bincount(place) > 0
        expected = np.bincount(place, weighted)[filled] / np.bincount(place, vectors.weights)[filled]
        assert found.partial.mean[index] == pytest.approx(expected, abs=1e-5)  # eight digits in its file


def test_dense_bins_are_thinned_without_bias():
    """Averages over many draws are those of all vectors, in a structure that is far from isotropic."""
    rng = np.random.default_rng(5)
    box = np.array([13.0, 9.0, 11.0])
    positions = rng.uniform(0, 1, (30, 3)) * box * [0.2, 1.0, 0.5]
    every = choose(box, 6.0, 0.5, ALL, seed=0)
    k, n_bins = every.lengths_1_a(box), 12
    values = slow_products(positions, ["S"] * 30, box, every.all_images())[0]
    mean = mean_over_images(every, values)
    place = (k / 0.5).astype(int)
    expected = np.bincount(place, every.images * mean, n_bins) / np.bincount(place, every.images, n_bins)
    index = {tuple(n): i for i, n in enumerate(every.triples)}
    draws = []
    for seed in range(400):
        some = choose(box, 6.0, 0.5, 20, seed)
        where = np.array([index[tuple(n)] for n in some.triples])
        assert len(set(where)) == len(where)
        here = place[where]
        numbers = np.bincount(here, some.images, n_bins)
        assert (numbers[numbers > 0] <= 20).all()
        draws.append(np.bincount(here, some.weights * mean[where], n_bins) / np.bincount(here, some.weights, n_bins))
    error = np.std(draws, axis=0) / np.sqrt(len(draws))
    full = np.bincount(place, every.images, n_bins) <= 20
    assert full.sum() > 1
    assert np.array(draws)[:, full] == pytest.approx(np.tile(expected[full], (400, 1)))
    assert np.abs((np.mean(draws, axis=0) - expected)[~full] / error[~full]).max() < 3.5


def test_the_same_seed_draws_the_same_vectors():
    box = np.array([20.0, 20.0, 20.0])
    one, same, other = (choose(box, 5.0, 0.1, 40, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.triples, same.triples)
    assert not np.array_equal(one.triples, other.triples)
    images = one.all_images()
    assert len({tuple(n) for n in images} | {tuple(-n) for n in images}) == 2 * one.images.sum() == 2 * len(images)


def test_rows_fill_their_tables():
    rng = np.random.default_rng(6)
    found = measure([gas(rng, 4, np.array([9.0] * 3), ["Na"] * 6 + ["S"] * 9)], 6.0, 0.3)
    rows = factor_rows(found)
    assert {key for row in rows for key in row} <= set(TABLES["structure_factor"])
    assert len(rows) == len(found.k_1_a) * (3 + 3 + 6 + 2)
    assert {(row["species_a"], row["species_b"]) for row in rows if row["convention"] == "bhatia-thornton"} == {
        ("N", "N"), ("N", "Na"), ("N", "S"), ("Na", "Na"), ("Na", "S"), ("S", "S")}  # fmt: skip
    made = diffraction_rows(found)
    assert {key for row in made for key in row} <= set(TABLES["diffraction_peaks"])
    assert {row["convention"] for row in made} == {"xray", "neutron", "faber-ziman"}


def test_progress_counts_every_frame():
    seen = []
    one = gas(np.random.default_rng(7), 3, np.array([9.0] * 3), ["S"] * 5)
    measure([one, one], 3.0, 0.2, progress=lambda done, all_of_them: seen.append((done, all_of_them)))
    assert seen == [(number, 6) for number in range(1, 7)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"k_max_1_a": 0.5}, r"smallest wave vector of a box of 9 Å is 0.698 1/Å; k_max is 0.5"),
        ({"bin_1_a": 0.0}, "width must be above 0"),
        ({"bin_1_a": 20.0}, "width must be above 0 and below k_max"),
    ],
)
def test_what_cannot_be_is_one_line(options, message):
    with pytest.raises(AnalysisError, match=message) as caught:
        measure([gas(np.random.default_rng(0), 2, np.array([9.0] * 3), ["S"] * 4)], **options)
    assert "\n" not in str(caught.value)


def test_replicas_of_different_composition_are_refused():
    rng, box = np.random.default_rng(0), np.array([9.0] * 3)
    with pytest.raises(AnalysisError, match="same composition"):
        measure([gas(rng, 2, box, ["S", "S"]), gas(rng, 2, box, ["S", "Na"])])
