"""Motions whose diffusion, conductivity and Haven ratio are known."""

import numpy as np
import pytest
from walkers import caged, random_walk, salt, trajectory

from glasswf.transport import WindowRule, analyse


def conductivity_si(squared_charge_diffusion_a2_ps, volume_a3, temperature_k):
    """e² Σ z² D / (V k_B T) in S/cm, from SI constants."""
    charge, boltzmann = 1.602176634e-19, 1.380649e-23
    return charge**2 * squared_charge_diffusion_a2_ps * 1e-8 / (volume_a3 * 1e-30 * boltzmann * temperature_k) / 100


def test_random_walkers_give_their_diffusivities_and_conductivities():
    rng = np.random.default_rng(2)
    n = 60
    result = analyse([salt(rng, 1000, n, 0.5, 0.1) for _ in range(2)], 1500.0)
    mobile, slow = result.of("Na"), result.of("S")
    assert mobile.window.diffusive
    assert slow.window.diffusive
    # With the centre of mass at rest, (1 - 2/N) D_i + sum of D_j/N² of all.
    mean = (0.5 + 0.1) / 2
    for item, bare in ((mobile, 0.5), (slow, 0.1)):
        exact = (bare * (1 - 2 / (2 * n)) + mean / (2 * n)) * 1e-4
        assert item.diffusivity.value == pytest.approx(exact, abs=3 * item.diffusivity.error)
        assert item.diffusivity.error < 0.03 * exact
    ideal, true = result.of("nernst_einstein").conductivity, result.of("collective").conductivity
    exact = conductivity_si(n * 0.6, 8000, 1500)
    assert ideal.value == pytest.approx(exact, rel=0.02)
    assert true.value == pytest.approx(exact, abs=3 * true.error)
    assert true.error < 0.2 * exact
    assert result.haven.ratio.value == pytest.approx(ideal.value / true.value)
    assert result.haven.diffusive
    assert result.notes == ()


def test_nernst_einstein_is_the_sum_over_species_by_hand():
    rng = np.random.default_rng(3)
    result = analyse(salt(rng, 400, 10), 1000.0)
    squared = sum(10 * result.of(name).diffusivity.value * 1e4 for name in ("Na", "S"))
    assert result.of("nernst_einstein").conductivity.value == pytest.approx(
        conductivity_si(squared, 8000, 1000), rel=1e-5
    )


def test_like_charges_in_a_rigid_pair_have_haven_ratio_one_half():
    walk = random_walk(np.random.default_rng(4), 400, [0.5])
    pair_and_heavy = np.concatenate([walk, walk + 1.0, np.zeros_like(walk)], axis=1)
    result = analyse(trajectory(pair_and_heavy, ["Na", "Na", "S"], [1, 1, -2], [1, 1, 1e12]), 1000.0)
    assert result.haven.ratio.value == pytest.approx(0.5, rel=1e-6)
    assert result.haven.ratio.error == pytest.approx(0.0, abs=1e-6)


def test_unlike_charges_in_rigid_pairs_carry_no_current():
    walk = random_walk(np.random.default_rng(5), 400, [0.5] * 20)
    positions = np.concatenate([walk, walk + 2.0], axis=1)
    result = analyse(trajectory(positions, ["Na"] * 20 + ["S"] * 20, [1] * 20 + [-1] * 20), 1000.0)
    true = result.of("collective")
    assert result.of("nernst_einstein").window.diffusive
    assert true.conductivity.value == pytest.approx(0.0, abs=1e-9)
    assert not true.window.diffusive
    assert result.haven is None or not result.haven.diffusive


@pytest.mark.parametrize("shared", [0.3, 0.8])
def test_partly_shared_motion_gives_the_haven_ratio_of_its_correlation(shared):
    """Pairs of cation and anion share a fraction c of their variance: collective / ideal = 1 - c."""
    rng = np.random.default_rng(6)
    n = 40
    replicas = []
    for _ in range(6):
        common = random_walk(rng, 1000, [0.5 * shared] * n)
        own = random_walk(rng, 1000, [0.5 * (1 - shared)] * 2 * n)
        positions = own + np.concatenate([common, common], axis=1)
        replicas.append(trajectory(positions, ["Na"] * n + ["S"] * n, [1] * n + [-1] * n))
    ratio = analyse(replicas, 1000.0).haven.ratio
    assert ratio.value == pytest.approx(1 / (1 - shared), abs=3 * ratio.error)
    assert ratio.error < 0.15 * ratio.value


def test_drift_changes_nothing():
    still = salt(np.random.default_rng(7), 300, 10)
    drift = np.arange(300.0)[:, None, None] * np.array([0.3, -0.2, 0.5])
    moving = trajectory(still.positions + drift, still.elements, still.charges)
    for name in ("Na", "S"):
        one, other = analyse(still).of(name), analyse(moving).of(name)
        assert other.diffusivity.value == pytest.approx(one.diffusivity.value, rel=1e-8)


def test_centre_of_mass_is_weighted_by_mass():
    """One light atom moves, one heavy atom rests: the light one keeps all of its displacement."""
    walk = random_walk(np.random.default_rng(8), 300, [50.0])  # so fast that every window starts at the first lag
    positions = np.concatenate([walk, np.zeros_like(walk)], axis=1)
    heavy = analyse(trajectory(positions, ["Na", "S"], masses=[1.0, 1e9])).of("Na").diffusivity.value
    equal = analyse(trajectory(positions, ["Na", "S"], masses=[1.0, 1.0])).of("Na").diffusivity.value
    assert equal == pytest.approx(heavy / 4, rel=1e-6)


def test_ballistic_gas_is_not_diffusive_and_has_no_bound():
    velocities = np.random.default_rng(9).normal(size=(30, 3))
    positions = np.arange(300.0)[:, None, None] * 0.3 * velocities
    item = analyse(trajectory(positions, ["Na"] * 30)).of("Na")
    assert item.window.exponent == pytest.approx(2.0)
    assert not item.window.diffusive
    assert item.window.reason.startswith("super-diffusive")
    assert item.upper_bound_cm2_s is None


@pytest.mark.parametrize("variance", [0.1, 3.0])  # a plateau below and one far above the length of a cage
def test_caged_particles_are_not_diffusive_and_bounded(variance):
    positions = caged(np.random.default_rng(10), 1000, 50, variance)
    item = analyse(trajectory(positions, ["Na"] * 50)).of("Na")
    assert not item.window.diffusive
    assert item.window.reason
    longest = item.window.stop_ps
    assert 0 < item.upper_bound_cm2_s < 1.2 * 6 * variance / (6 * longest) * 1e-4


def test_bound_holds_for_slow_walkers_inside_the_cage_length():
    """D so small that the MSD never leaves the cage: the true D lies below the bound."""
    rng = np.random.default_rng(11)
    true = 5e-4
    for _ in range(20):
        item = analyse(trajectory(caged(rng, 400, 40) + random_walk(rng, 400, [true] * 40), ["Na"] * 40)).of("Na")
        assert not item.window.diffusive
        assert item.upper_bound_cm2_s > true * 1e-4


def test_caged_network_spoils_nernst_einstein_only_if_it_matters():
    rng = np.random.default_rng(12)
    n = 20
    positions = np.concatenate([random_walk(rng, 1000, [0.5] * n), caged(rng, 1000, n)], axis=1)
    masses = [1.0] * n + [1e6] * n
    light = analyse(trajectory(positions, ["Na"] * n + ["S"] * n, [1] * n + [-1] * n, masses), 1000.0)
    assert light.of("nernst_einstein").window.diffusive
    assert light.of("collective").window.diffusive
    heavy = analyse(trajectory(positions, ["Na"] * n + ["S"] * n, [0.1] * n + [-9.0] * n, masses), 1000.0)
    assert not heavy.of("nernst_einstein").window.diffusive
    assert heavy.of("nernst_einstein").window.reason.startswith("S caged")
    assert any("carries -178 e" in note for note in heavy.notes)


def test_rule_can_be_changed():
    item = analyse(salt(np.random.default_rng(13), 300, 20), rule=WindowRule(cage_a2=30.0)).of("Na")
    assert item.window.start_ps * 6 * 0.5 >= 25
