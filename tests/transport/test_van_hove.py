from itertools import product

import numpy as np
import pytest
from scipy import stats
from walkers import random_walk, trajectory

from glasswf.errors import AnalysisError
from glasswf.transport import displacements
from glasswf.transport.ensemble import Ensemble
from glasswf.transport.pair_histogram import pair_histogram, shell_volumes
from glasswf.transport.uncertainty import student_errors
from glasswf.transport.van_hove import curves, default_lags
from glasswf.transport.van_hove_parts import distinct_part, self_part

BOX = np.array([11.0, 12.0, 14.0])


def naive_pairs(points, others, lengths, width, n_bins, same):
    """Every pair in turn, the nearest of all images around."""
    images = np.array(list(product(range(-4, 5), repeat=3))) * lengths
    counts = np.zeros(n_bins)
    for i, point in enumerate(points):
        for j, other in enumerate(others):
            bin_of_pair = int(np.linalg.norm(other - point + images, axis=1).min() / width)
            if bin_of_pair < n_bins and not (same and i == j):
                counts[bin_of_pair] += 1
    return counts


def chi_square_excess(counts, expected):
    """By how many standard deviations χ² misses its mean."""
    enough = expected > 10
    chi2, dof = np.sum((counts - expected)[enough] ** 2 / expected[enough]), enough.sum()
    return (chi2 - dof) / np.sqrt(2 * dof)


def cubic_crystal(n_edge=5, spacing=3.0):
    return spacing * np.array(list(product(range(n_edge), repeat=3)), dtype=float)


@pytest.mark.parametrize("n_bytes", [1, 1 << 28])
def test_self_part_agrees_with_the_definition(monkeypatch, n_bytes):
    monkeypatch.setattr(displacements, "CHUNK_BYTES", n_bytes)
    rng = np.random.default_rng(0)
    positions, centre = random_walk(rng, 50, [0.1, 2.0, 0.5, 1.0]) + 500.0, random_walk(rng, 50, [3.0])[:, 0]
    atoms, lags, widths = np.array([3, 0, 1]), [1, 6, 49], [0.1, 0.3, 0.5]
    found = self_part(positions, lags, widths, atoms=atoms, centre=centre)
    path = positions[:, atoms] - centre[:, None]
    for lag, width, value in zip(lags, widths, found, strict=True):
        gone = np.linalg.norm(path[lag:] - path[:-lag], axis=-1)
        expected, _ = np.histogram(gone, bins=width * np.arange(len(value) + 1), density=True)
        np.testing.assert_allclose(value, expected, rtol=1e-10)
        assert len(value) == int(gone.max() / width) + 1
    thinned = self_part(positions, [6], [0.3], max_origins=11, centre=centre)[0]
    gone = np.linalg.norm((positions - centre[:, None])[6::4] - (positions - centre[:, None])[:-6:4], axis=-1)
    expected, _ = np.histogram(gone, bins=0.3 * np.arange(len(thinned) + 1), density=True)
    np.testing.assert_allclose(thinned, expected, rtol=1e-10)


def test_self_part_of_random_walkers_is_the_maxwell_distribution():
    """Of σ² = 2Dt, by a χ² test that a D wrong by 5 % does not pass."""
    n, diffusivity, lag, width = 20000, 0.5, 3, 0.1
    (value,) = self_part(random_walk(np.random.default_rng(1), lag + 1, [diffusivity] * n), [lag], [width])
    edges = width * np.arange(len(value) + 1)
    for factor, passes in ((1.0, True), (1.05, False)):
        expected = n * np.diff(stats.maxwell.cdf(edges, scale=np.sqrt(2 * factor * diffusivity * lag)))
        assert (abs(chi_square_excess(n * width * value, expected)) < 3) == passes


def test_self_part_of_a_lattice_hop_is_where_the_sites_are():
    rng = np.random.default_rng(2)
    hopped = rng.random(1000) < 0.3
    positions = np.zeros((2, 1000, 3))
    positions[1, hopped, 2] = 2.52
    (value,) = self_part(positions, [1], [0.1])
    assert np.flatnonzero(value).tolist() == [0, 25]
    assert value[25] * 0.1 == pytest.approx(hopped.mean())


@pytest.mark.parametrize("lag", [0, 3])
@pytest.mark.parametrize(("atoms_a", "atoms_b"), [([0, 2, 5, 7, 11], [0, 2, 5, 7, 11]), ([1, 3, 8], [0, 2, 4, 5, 9])])
def test_distinct_part_agrees_with_the_definition(lag, atoms_a, atoms_b):
    rng = np.random.default_rng(3)
    positions = rng.uniform(0, BOX, (12, 3)) + random_walk(rng, 6, [20.0] * 12)  # into other images of the box
    centre, width, n_bins = random_walk(rng, 6, [1.0])[:, 0], 0.55, 10
    same = atoms_a == atoms_b
    path = positions - centre[:, None]
    counts = sum(
        naive_pairs(path[t, atoms_a], path[t + lag, atoms_b], BOX, width, n_bins, same) for t in range(6 - lag)
    )
    density = (len(atoms_b) - same) / BOX.prod()
    expected = counts / ((6 - lag) * len(atoms_a) * density * shell_volumes(width, n_bins))
    options = {"atoms_a": np.array(atoms_a), "atoms_b": np.array(atoms_b), "centre": centre}
    np.testing.assert_allclose(distinct_part(positions, lag, BOX, width, n_bins, **options), expected, rtol=1e-10)
    assert counts.sum() > 10


def test_pairs_of_one_configuration_are_counted_once_or_in_turn():
    points = np.random.default_rng(4).uniform(-50, 50, (40, 3))
    once = pair_histogram(points, points, BOX, 0.5, 11, same=True)
    np.testing.assert_array_equal(once, pair_histogram(points, points.copy(), BOX, 0.5, 11, same=True))
    np.testing.assert_array_equal(once, naive_pairs(points % BOX, points % BOX, BOX, 0.5, 11, True))
    assert pair_histogram(points, points, BOX, 0.5, 11)[0] == once[0] + 40


def test_atoms_on_the_faces_and_corners_of_the_box():
    points = np.array([[0.0, 0.0, 0.0], BOX, [-1e-18, 0.3, 0.0], [11.0, 11.9, 14.0]])
    np.testing.assert_array_equal(pair_histogram(points, points, BOX, 0.25, 3, same=True), [6, 6, 0])


def test_pairs_beyond_half_the_box_are_refused():
    with pytest.raises(AnalysisError, match=r"pairs up to 5.6 Å in a box of 11 Å; the minimum image holds up to half"):
        pair_histogram(np.zeros((2, 3)), np.zeros((2, 3)), BOX, 0.1, 56)


@pytest.mark.parametrize("lag", [0, 1])
def test_distinct_part_of_an_ideal_gas_is_one(lag):
    """Also of four atoms, where N in place of N − 1 would give 3/4. Distances of different pairs are independent."""
    rng = np.random.default_rng(5)
    n_frames, n_bins, width = 4000, 11, 0.5
    positions = rng.uniform(0, BOX, (n_frames, 7, 3))
    four, three = np.arange(4), np.arange(4, 7)
    for one, other, n_pairs in ((four, four, 12), (four, three, 12)):
        value = distinct_part(positions, lag, BOX, width, n_bins, atoms_a=one, atoms_b=other)
        expected = n_frames * n_pairs * shell_volumes(width, n_bins) / BOX.prod()
        assert np.abs((value - 1) * np.sqrt(expected)).max() < 4 * np.sqrt(2)  # at lag 0 each pair counts twice
        assert np.average(value, weights=expected) == pytest.approx(1, abs=4 * np.sqrt(2 / expected.sum()))


def test_a_simple_cubic_crystal_has_its_coordination_numbers():
    """At every lag, and though the crystal drifts: 6, 12, 8, 6, 24, 24 neighbours."""
    drift = np.arange(16.0)[:, None, None] * np.array([1.3, 0.4, 0.0])
    crystal = trajectory(cubic_crystal() + drift, ["Na"] * 125, length=15.0)
    found = curves(Ensemble([crystal]), [0, 1, 9], distinct=True)
    assert [(curve.part, curve.lag_ps) for curve in found] == [("distinct", lag) for lag in (0, 1, 9)]
    for value in (
        distinct_part(crystal.positions - drift, lag, np.full(3, 15.0), 0.07, 107, atoms_a=atoms, atoms_b=atoms)
        for lag, atoms in ((0, np.arange(125)), (5, np.arange(125)))
    ):
        shells = value * shell_volumes(0.07, 107) * 124 / 15**3
        peaks = np.flatnonzero(shells)
        np.testing.assert_array_equal(peaks, (3 * np.sqrt(np.arange(1, 7)) / 0.07).astype(int))
        np.testing.assert_allclose(shells[peaks], [6, 12, 8, 6, 24, 24], rtol=1e-12)
    for curve in found:
        number = np.cumsum(curve.value * shell_volumes(0.1, 75)) * 124 / 15**3
        assert number[[28, 35, 47, 57, 64, 70, 74]] == pytest.approx([0, 6, 18, 26, 32, 56, 80])


@pytest.mark.parametrize("lag", [0, 4])
def test_partners_of_rigid_pairs_are_found_at_their_distance(lag):
    """A partner is the pair distance away at first; later its own walk is added to that (noncentral χ²)."""
    rng = np.random.default_rng(6)
    n, distance, diffusivity, length, width = 400, 2.53, 0.05, 30.0, 0.1
    starts, directions = rng.uniform(0, length, (n, 3)), rng.normal(size=(n, 3))
    directions *= distance / np.linalg.norm(directions, axis=1, keepdims=True)
    walk = starts + random_walk(rng, 5, [diffusivity] * n)
    positions = np.concatenate([walk, walk + directions], axis=1)
    options = {"atoms_a": np.arange(n), "atoms_b": np.arange(n, 2 * n), "max_origins": 1}
    value = distinct_part(positions, lag, np.full(3, length), width, 60, **options)
    shells, edges = shell_volumes(width, 60), width * np.arange(61)
    counts, others = n * value * shells * n / length**3, n * (n - 1) * shells / length**3
    if lag == 0:
        assert counts[25] - others[25] == pytest.approx(n, abs=4 * np.sqrt(others[25]))
        counts[25] -= n
        partners = 0.0
    else:
        variance = 2 * diffusivity * lag
        partners = n * np.diff(stats.ncx2.cdf(edges**2 / variance, 3, distance**2 / variance))
        assert chi_square_excess(counts, others) > 10
    assert abs(chi_square_excess(counts, others + partners)) < 3


def walkers_in_a_box(rng, n_frames=40, **options):
    positions = rng.uniform(0, 20, (9, 3)) + random_walk(rng, n_frames, [0.5] * 9)
    return trajectory(positions, ["Na", "S", "S"] * 3, **options)


def test_curves_of_species_pairs_and_replicas():
    rng = np.random.default_rng(7)
    replicas = [walkers_in_a_box(rng, interval_ps=0.5) for _ in range(3)]
    found = curves(Ensemble(replicas, skip_ps=2.0), [0.5, 2.0], distinct=True)
    names = [(curve.part, curve.species_a, curve.species_b, curve.lag_ps) for curve in found]
    pairs = [("self", "Na", "Na"), ("self", "S", "S")]
    pairs += [("distinct", "Na", "Na"), ("distinct", "Na", "S"), ("distinct", "S", "S")]
    assert names == [(*pair, lag) for pair in pairs for lag in (0.5, 2.0)]
    paths = [(replica.positions - replica.positions.mean(axis=1, keepdims=True))[4:] for replica in replicas]
    one = found[3]  # self part of S at 2 ps, the mean of the distributions of all replicas
    width = one.r_a[1] - one.r_a[0]
    rms = np.sqrt(np.mean([np.sum((path[4:, 1] - path[:-4, 1]) ** 2, axis=-1) for path in paths]))
    assert rms / 100 < width < rms / 10
    sulfur = [1, 2, 4, 5, 7, 8]
    edges = width * np.arange(len(one.r_a) + 1)
    gone = [np.linalg.norm(path[4:, sulfur] - path[:-4, sulfur], axis=-1) for path in paths]
    each = np.array([np.histogram(lengths, edges, density=True)[0] for lengths in gone])
    np.testing.assert_allclose(one.value, each.mean(axis=0), rtol=1e-10)
    np.testing.assert_allclose(one.value_err, student_errors(each), rtol=1e-8, atol=1e-12)
    assert one.r_a == pytest.approx((edges[:-1] + edges[1:]) / 2)
    one = found[7]  # Na-S at 2 ps
    options = {"atoms_a": np.arange(0, 9, 3), "atoms_b": np.array(sulfur)}
    each = np.array([distinct_part(path, 4, np.full(3, 20.0), 0.1, 100, **options) for path in paths])
    np.testing.assert_allclose(one.value, each.mean(axis=0), rtol=1e-10)
    assert one.r_a[-1] == pytest.approx(9.95)


def test_self_parts_alone_have_no_errors_for_one_replica_and_do_not_mind_drift_or_a_changing_box():
    walk = walkers_in_a_box(np.random.default_rng(8))
    drift = np.arange(40.0)[:, None, None] * np.array([3.0, -2.0, 5.0])
    moving = trajectory(walk.positions + drift, walk.elements, length=np.linspace(20, 25, 40)[:, None])
    still, moved = (curves(Ensemble([given]), [1.0, 5.0]) for given in (walk, moving))
    assert {curve.part for curve in still} == {"self"}
    for one, other in zip(still, moved, strict=True):
        np.testing.assert_allclose(other.value, one.value)
        assert set(one.value_err) == {None}
        assert sum(one.value) * (one.r_a[1] - one.r_a[0]) == pytest.approx(1)


def test_distinct_parts_need_a_constant_box_where_it_is_analysed():
    lengths = np.full((40, 1), 20.0)
    lengths[5] *= 1 + 1e-5
    changing = walkers_in_a_box(np.random.default_rng(9), length=lengths)
    with pytest.raises(
        AnalysisError, match=r"^synthetic: the box lengths change by up to 1e-05 of themselves; distinct"
    ):
        curves(Ensemble([changing]), [1.0], distinct=True)
    assert curves(Ensemble([changing], skip_ps=6.0), [1.0], distinct=True)


def test_one_atom_has_no_distinct_part_with_itself():
    positions = random_walk(np.random.default_rng(10), 20, [0.5] * 3)
    found = curves(Ensemble([trajectory(positions, ["Na", "S", "S"])]), [1.0], distinct=True)
    assert [(curve.species_a, curve.species_b) for curve in found if curve.part == "distinct"] == [
        ("Na", "S"),
        ("S", "S"),
    ]


def test_default_lags_reach_a_fifth_of_the_run():
    positions = np.zeros((1001, 1, 3))
    assert default_lags(Ensemble([trajectory(positions, ["Na"], interval_ps=0.1)])) == pytest.approx(
        [0.1, 0.6, 3.4, 20]
    )
    assert default_lags(Ensemble([trajectory(positions[:16], ["Na"])])) == (1.0, 2.0, 3.0)


@pytest.mark.parametrize("lag", [0.0, -1.0, 0.09, 7.95, float("nan"), float("inf")])
def test_lags_outside_the_run_are_refused(lag):
    ensemble = Ensemble([walkers_in_a_box(np.random.default_rng(11), interval_ps=0.2)])
    with pytest.raises(AnalysisError, match=r"lag of .* ps; frames every 0.2 ps over 7.8 ps allow 0.2 to 7.8 ps$"):
        curves(ensemble, [1.0, lag])
