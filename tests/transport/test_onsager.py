"""Onsager coefficients of motions for which they are known."""

import numpy as np
import pytest
from walkers import caged, random_walk, trajectory

from glasswf.errors import AnalysisError
from glasswf.transport import WindowRule, analyse, mobile
from glasswf.transport.curves import Curves
from glasswf.transport.ensemble import Ensemble
from glasswf.transport.onsager import correlation
from glasswf.transport.vectors import barycentric_sums, cross_msd

VOLUME, TEMPERATURE, KINDS = 8000.0, 1000.0, ("K", "Na", "S")


def mixture(
    rng, n_frames=300, counts=(3, 4, 5), d=(0.3, 0.6, 0.2), charges=(1.0, 1.0, -1.4), masses=(39, 23, 32), **kw
):
    """Independent walkers K, Na and S."""
    positions = random_walk(rng, n_frames, np.repeat(d, counts))
    elements = np.repeat(KINDS, counts)
    return trajectory(positions, elements, np.repeat(charges, counts), np.repeat(np.array(masses, float), counts), **kw)


def analysed(runs, wanted=("Na",)):
    runs = runs if isinstance(runs, list) else [runs]
    result = analyse(runs, TEMPERATURE)
    return correlation(Curves(Ensemble(runs), WindowRule()), result, wanted), result


def matrix(found, quantity="coefficient"):
    """The symmetric matrix of values."""
    names = sorted({pair.species_a for pair in found.onsager})
    values = np.zeros((len(names), len(names)))
    for pair in found.onsager:
        i, j = names.index(pair.species_a), names.index(pair.species_b)
        values[i, j] = values[j, i] = getattr(pair, quantity).value
    return values


def in_si(displacement_a2_ps):
    """L (1/(J m s)) of d⟨ΔR·ΔR⟩/dt/6 in Å²/ps."""
    return displacement_a2_ps * 1e-8 / (VOLUME * 1e-30 * 1.380649e-23 * TEMPERATURE)


def exact_mixture(counts=(3, 4, 5), d=(0.3, 0.6, 0.2), masses=(39, 23, 32)):
    """(1/6) d⟨ΔR_k·ΔR_l⟩/dt of independent walkers, taken to their centre of mass: R_k − N_k Σ_l m_l R_l/M."""
    counts, masses = np.array(counts), np.array(masses)
    to_centre = np.eye(3) - np.outer(counts, masses) / (counts @ masses)
    return to_centre @ np.diag(counts * d) @ to_centre.T


def parts(found, route):
    return {part.name: part.conductivity.value for part in found.parts if part.route == route}


def test_coefficients_agree_with_the_definition_in_si_units():
    """One frame pair at a time, over the same lags."""
    run = mixture(np.random.default_rng(0), 60)
    found, result = analysed(run)
    window = result.of("collective").window
    positions = run.positions - np.average(run.positions, axis=1, weights=run.masses)[:, None]
    sums = [positions[:, run.elements == kind].sum(axis=1) for kind in KINDS]
    lags = [lag for lag in range(1, 12) if window.start_ps - 0.1 < lag < window.stop_ps + 0.1]
    for pair in found.onsager:
        a, b = (sums[KINDS.index(kind)] for kind in (pair.species_a, pair.species_b))
        curve = [np.mean([(a[t + n] - a[t]) @ (b[t + n] - b[t]) for t in range(60 - n)]) for n in lags]
        slope = np.polyfit(lags, curve, 1, w=1 / np.array(lags))[0]
        assert pair.coefficient.value == pytest.approx(in_si(slope / 6), rel=1e-5, abs=1e-5 * in_si(1.0))


@pytest.mark.parametrize("n_frames", [2, 17, 100])
def test_cross_displacements_agree_with_the_definition(n_frames):
    vectors = random_walk(np.random.default_rng(14), n_frames, [0.5, 2.0, 0.1]).swapaxes(0, 1) + 1000.0
    naive = np.zeros((3, 3, n_frames))
    for lag in range(n_frames):
        moves = vectors[:, lag:] - vectors[:, : n_frames - lag]
        for t in range(n_frames - lag):
            naive[:, :, lag] += moves[:, t] @ moves[:, t].T / (n_frames - lag)
    np.testing.assert_allclose(cross_msd(vectors, n_frames), naive, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(cross_msd(vectors, 2), naive[..., :2], rtol=1e-10, atol=1e-10)


def test_sums_are_relative_to_the_centre_of_mass(monkeypatch):
    rng = np.random.default_rng(15)
    positions, weights, masses = rng.normal(size=(20, 4, 3)), rng.normal(size=(2, 4)), np.array([1.0, 2.0, 3.0, 4.0])
    centre = np.average(positions, axis=1, weights=masses)
    naive = [sum(w[i] * (positions[:, i] - centre) for i in range(4)) for w in weights]
    for chunk in (1, 1 << 25):
        monkeypatch.setattr("glasswf.transport.displacements._PIECE_BYTES", chunk)
        np.testing.assert_allclose(barycentric_sums(positions, weights, masses), naive, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("n_replicas", [1, 2, 6])
def test_parts_add_up_to_the_conductivities(n_replicas):
    rng = np.random.default_rng(1)
    found, result = analysed([mixture(rng) for _ in range(n_replicas)], ("K", "Na"))
    true, ideal = (result.of(kind).conductivity.value for kind in ("collective", "nernst_einstein"))
    assert sum(pair.conductivity.value for pair in found.onsager) == pytest.approx(true, rel=1e-10)
    assert sum(parts(found, "collective").values()) == pytest.approx(true, rel=1e-10)
    assert sum(parts(found, "self").values()) == pytest.approx(ideal, rel=1e-10)
    assert sum(item.number.value for item in found.transference) == pytest.approx(1, rel=1e-10)
    assert found.ionicity.value == pytest.approx(true / ideal, rel=1e-12)
    assert found.ionicity.value == pytest.approx(1 / result.haven.ratio.value, rel=1e-12)
    assert list(parts(found, "self")) == ["K", "Na", "network"]
    assert list(parts(found, "collective")) == [
        "K-K", "K-Na", "K-network", "Na-Na", "Na-network", "network-network",
    ]  # fmt: skip


def test_parts_are_those_of_their_species():
    found, result = analysed(mixture(np.random.default_rng(2)), ("Na",))
    k, na, s = matrix(found, "conductivity")
    collective = parts(found, "collective")
    assert collective["Na-Na"] == pytest.approx(na[1], rel=1e-10)
    assert collective["Na-network"] == pytest.approx(na[0] + na[2], rel=1e-10)
    assert collective["network-network"] == pytest.approx(k[0] + s[2] + s[0], rel=1e-10)
    # Every off-diagonal part counts both L_kl and L_lk.
    charges = {"K": 1.0, "Na": 1.0, "S": -1.4}
    for pair in found.onsager:
        ways = 1 if pair.species_a == pair.species_b else 2
        z2 = charges[pair.species_a] * charges[pair.species_b] * 1.602176634e-19**2
        assert pair.conductivity.value == pytest.approx(ways * z2 * pair.coefficient.value / 100, rel=1e-5)
    numbers = {item.species: item.number.value for item in found.transference}
    assert numbers["Na"] == pytest.approx((na[1] + (na[0] + na[2]) / 2) / result.of("collective").conductivity.value)


def test_charges_that_differ_within_an_element_are_exact():
    rng = np.random.default_rng(3)
    run = mixture(rng)
    charges = run.charges + np.tile([0.3, -0.3], 6)
    found, result = analysed(trajectory(run.positions, run.elements, charges, run.masses))
    true = result.of("collective").conductivity.value
    assert sum(pair.conductivity.value for pair in found.onsager) == pytest.approx(true, rel=1e-10)
    assert sum(parts(found, "collective").values()) == pytest.approx(true, rel=1e-10)


def test_momentum_in_the_barycentric_frame_is_zero():
    """Σ_l m_l L_kl = 0 for every k, whatever moves, in a charged cell that drifts."""
    run = mixture(np.random.default_rng(4), charges=(1.0, 2.0, -1.4))
    drift = np.arange(300.0)[:, None, None] * np.array([5.0, -3.0, 1.0])
    found, _ = analysed(trajectory(run.positions + drift, run.elements, run.charges, run.masses))
    coefficients, masses = matrix(found), np.array([39, 23, 32])
    assert np.abs(coefficients @ masses).max() < 1e-10 * np.abs(coefficients * masses).max()


def test_independent_ions_have_no_cross_coefficients():
    """On a heavy background, which holds the frame: L_kk = N_k D_k/(V k_B T), and H = 1."""
    rng = np.random.default_rng(5)
    runs = []
    for _ in range(6):
        walk = random_walk(rng, 1500, [0.3] * 6 + [0.6] * 4)
        positions = np.concatenate([walk, np.zeros((1500, 1, 3))], axis=1)
        elements = ["K"] * 6 + ["Na"] * 4 + ["S"]
        runs.append(trajectory(positions, elements, [1] * 6 + [-1.5] * 4 + [0], [1] * 10 + [1e12]))
    found, _ = analysed(runs)
    exact = np.diag([in_si(6 * 0.3), in_si(4 * 0.6), 0])
    for pair in found.onsager:
        truth = exact[KINDS.index(pair.species_a), KINDS.index(pair.species_b)]
        assert pair.coefficient.value == pytest.approx(truth, abs=3 * pair.coefficient.error + 1e-6 * exact.max())
        assert pair.coefficient.error < 0.1 * exact.max()
    assert found.ionicity.value == pytest.approx(1, abs=3 * found.ionicity.error)
    share = 1.8 / (1.8 + 1.5**2 * 2.4)
    potassium, _, still = (item.number for item in found.transference)
    assert potassium.value == pytest.approx(share, abs=3 * potassium.error)
    assert potassium.error < 0.15
    assert still.value == pytest.approx(0, abs=1e-6)


def test_independent_ions_without_background_in_the_barycentric_frame():
    rng = np.random.default_rng(6)
    found, _ = analysed([mixture(rng, 1500) for _ in range(6)])
    exact = in_si(exact_mixture())
    assert abs(exact[0, 1]) > 0.1 * exact.max()  # the frame alone couples the species
    for pair in found.onsager:
        truth = exact[KINDS.index(pair.species_a), KINDS.index(pair.species_b)]
        assert pair.coefficient.value == pytest.approx(truth, abs=3 * pair.coefficient.error)
        assert pair.coefficient.error < 0.1 * exact.max()


def test_rigid_pairs_have_one_coefficient_and_no_conductivity():
    walk = random_walk(np.random.default_rng(7), 400, [0.5] * 8)
    positions = np.concatenate([walk, walk + 2.0, np.zeros((400, 1, 3))], axis=1)
    run = trajectory(positions, ["K"] * 8 + ["Na"] * 8 + ["S"], [1] * 8 + [-1] * 8 + [0], [1] * 16 + [1e12])
    found, result = analysed(run)
    coefficients = matrix(found)
    assert coefficients[0, 0] == pytest.approx(in_si(8 * 0.5), rel=0.5)
    np.testing.assert_allclose(coefficients[:2, :2], coefficients[0, 0], rtol=1e-9)
    assert sum(pair.conductivity.value for pair in found.onsager) == pytest.approx(0, abs=1e-9)
    assert not found.diffusive
    assert result.haven is None or not result.haven.diffusive


@pytest.mark.parametrize("shared", [-0.4, 0.5])
def test_tunable_correlation_of_two_ions(shared):
    """One Na and one K per pair, equal D, steps correlated by c: L_kl = c L_kk; like charges, H = 1/(1 + c)."""
    rng, n = np.random.default_rng(8), 5
    runs = []
    for _ in range(6):
        one, other = (random_walk(rng, 1500, [0.5] * n) for _ in range(2))
        positions = np.concatenate([one, shared * one + np.sqrt(1 - shared**2) * other, np.zeros((1500, 1, 3))], axis=1)
        elements, charges = ["K"] * n + ["Na"] * n + ["S"], [1] * 2 * n + [-2 * n]
        runs.append(trajectory(positions, elements, charges, [1] * 2 * n + [1e12]))
    found, result = analysed(runs, ("K", "Na"))
    cross = next(pair for pair in found.onsager if (pair.species_a, pair.species_b) == ("K", "Na"))
    assert cross.coefficient.value == pytest.approx(in_si(shared * n * 0.5), abs=3 * cross.coefficient.error)
    assert cross.coefficient.error < 0.15 * in_si(n * 0.5)
    assert found.ionicity.value == pytest.approx(1 + shared, abs=3 * found.ionicity.error)
    assert result.haven.ratio.value == pytest.approx(1 / (1 + shared), abs=3 * result.haven.ratio.error)


def test_common_mode_couples_all_ions_of_a_kind():
    """A shared step of variance 2 D c in each of N ions: L = N D (1 + (N − 1) c)."""
    rng, n, shared = np.random.default_rng(9), 6, 0.3
    runs = []
    for _ in range(6):
        walk = random_walk(rng, 1500, [0.5 * shared]) + random_walk(rng, 1500, [0.5 * (1 - shared)] * n)
        positions = np.concatenate([walk, np.zeros((1500, 1, 3))], axis=1)
        runs.append(trajectory(positions, ["Na"] * n + ["S"], [1] * n + [-n], [1] * n + [1e12]))
    found, _ = analysed(runs)
    factor = 1 + (n - 1) * shared
    sodium = found.onsager[0].coefficient
    assert sodium.value == pytest.approx(in_si(n * 0.5 * factor), abs=3 * sodium.error)
    assert found.ionicity.value == pytest.approx(factor, abs=3 * found.ionicity.error)
    assert found.ionicity.error < 0.2 * factor


def test_two_species_share_the_current_by_their_masses():
    """Na and S alone: momentum leaves no freedom, t_Na = m_S/(m_Na + m_S), without error, in the barycentric frame."""
    positions = random_walk(np.random.default_rng(10), 300, [0.5] * 5 + [0.1] * 5)
    found, _ = analysed(trajectory(positions, ["Na"] * 5 + ["S"] * 5, [1] * 5 + [-1] * 5, [23.0] * 5 + [32.0] * 5))
    sodium, sulfur = (item.number for item in found.transference)
    assert (sodium.value, sulfur.value) == (pytest.approx(32 / 55), pytest.approx(23 / 55))
    assert sodium.error == pytest.approx(0, abs=1e-9)


def test_conductivity_that_is_not_resolved_has_no_shares():
    positions = caged(np.random.default_rng(11), 300, 12)
    found, result = analysed(trajectory(positions, ["Na"] * 6 + ["S"] * 6, [1] * 6 + [-1] * 6))
    true = result.of("collective").conductivity
    assert true.value < true.error
    assert (found.transference, found.ionicity, found.diffusive) == ((), None, False)
    assert not any(part.diffusive for part in found.parts)


def test_caged_network_spoils_its_own_part_alone():
    rng, n = np.random.default_rng(12), 10
    positions = np.concatenate([random_walk(rng, 1000, [0.5] * n), caged(rng, 1000, n)], axis=1)
    found, _ = analysed(trajectory(positions, ["Na"] * n + ["S"] * n, [1] * n + [-1] * n, [1.0] * n + [1e6] * n))
    assert {part.name: part.diffusive for part in found.parts if part.route == "self"} == {"Na": True, "network": False}
    assert found.diffusive


def test_mobile_species():
    assert mobile.default(("Ag", "Na", "S", "Si")) == ("Ag", "Na")
    assert mobile.default(("S", "Si")) == ()
    assert mobile.chosen(("Na", "S", "Si"), None) == ("Na",)
    assert mobile.chosen(("Na", "S", "Si"), ("Si", "Na")) == ("Na", "Si")
    with pytest.raises(AnalysisError, match="mobile species Li, K: not in the cell; it has Na, S"):
        mobile.chosen(("Na", "S"), ("Li", "Na", "K"))
    run = mixture(np.random.default_rng(13))
    assert analysed(run, ())[0].parts == ()
    with pytest.raises(AnalysisError, match="mobile species Li"):
        analysed(run, ("Li",))
    every = [part.name for part in analysed(run, KINDS)[0].parts]
    assert "network" not in " ".join(every)


@pytest.mark.parametrize("n_replicas", [1, 3, 6])
def test_coverage(n_replicas):
    """Of a diagonal and a cross coefficient, and of t_Na: 200 synthetic state points each."""
    rng = np.random.default_rng(200 + n_replicas)
    exact, charges = exact_mixture(), np.array([1.0, 1.0, -1.4])
    weighted = exact * np.outer(charges, charges)
    truths = in_si(exact[1, 1]), in_si(exact[0, 2]), weighted[1].sum() / weighted.sum()
    hits = []
    for _ in range(200):
        runs = [mixture(rng, 160, d=(3, 6, 2)) for _ in range(n_replicas)]
        found = analyse(runs, TEMPERATURE).correlation
        pairs = {(pair.species_a, pair.species_b): pair.coefficient for pair in found.onsager}
        sodium = next((item.number for item in found.transference if item.species == "Na"), None)
        known = (pairs["Na", "Na"], 10 * truths[0]), (pairs["K", "S"], 10 * truths[1]), (sodium, truths[2])
        hits.append([item is None or abs(item.value - truth) < item.error for item, truth in known])
    coverage = np.mean(hits, axis=0)
    assert (coverage > 0.60).all(), coverage
    assert (coverage < 0.76).all(), coverage
