"""Conductivity from velocities: exact decays, what has no plateau, and what is sampled too coarsely."""

from dataclasses import replace

import numpy as np
import pytest
from walkers import langevin_salt, salt, trajectory

from glasswf.transport import analyse
from glasswf.transport.current import autocorrelation
from glasswf.transport.ensemble import Ensemble
from glasswf.transport.green_kubo import green_kubo
from glasswf.units import BOLTZMANN_EV_K, E2_EV_A_PS_TO_S_CM

VOLUME, TEMPERATURE = 8000.0, 1000.0


def nernst_einstein(n_pairs, friction):
    """σ (S/cm) of n pairs of charges ±1 with D = k_B T/(m γ) = 1/γ Å²/ps."""
    return E2_EV_A_PS_TO_S_CM * 2 * n_pairs / friction / (VOLUME * BOLTZMANN_EV_K * TEMPERATURE)


def replicas(seed, n_replicas=1, n_frames=2000, n_pairs=3, friction=0.3, **options):
    rng = np.random.default_rng(seed)
    return [langevin_salt(rng, n_frames, n_pairs, friction, **options) for _ in range(n_replicas)]


def found(runs, **options):
    return green_kubo(Ensemble(runs, **options), TEMPERATURE)


def test_autocorrelation_agrees_with_the_definition():
    vectors = np.random.default_rng(0).normal(size=(150, 3)) + 3.0
    naive = [np.mean([vectors[t] @ vectors[t + lag] for t in range(150 - lag)]) for lag in range(150)]
    np.testing.assert_allclose(autocorrelation(vectors, 150), naive, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(autocorrelation(vectors, 7), naive[:7], rtol=1e-10, atol=1e-10)


def test_langevin_ions_conduct_as_nernst_and_einstein_say():
    friction = 0.2
    conductivity, curve = found(replicas(1, 6, 4000, friction=friction))
    exact = nernst_einstein(3, friction)
    assert conductivity.kind == "green_kubo"
    assert conductivity.window.diffusive, conductivity.window.reason
    assert conductivity.conductivity.value == pytest.approx(exact, abs=3 * conductivity.conductivity.error)
    assert conductivity.conductivity.error < 0.08 * exact
    assert np.mean(conductivity.per_replica) == pytest.approx(conductivity.conductivity.value)
    np.testing.assert_allclose(curve.autocorrelation, np.exp(-friction * np.array(curve.lag_ps)), atol=0.05)
    assert curve.integral_s_cm[0] == 0
    assert curve.lag_ps[-1] == pytest.approx(2 * conductivity.window.stop_ps, rel=0.1)
    assert all(error > 0 for error in curve.integral_err_s_cm[1:])


def test_einstein_and_green_kubo_agree_on_one_trajectory():
    runs = replicas(2, 6, 3000, friction=0.3)
    einstein, kubo = analyse(runs, TEMPERATURE).of("collective"), found(runs)[0]
    both = np.hypot(einstein.conductivity.error, kubo.conductivity.error)
    assert einstein.window.diffusive
    assert kubo.conductivity.value == pytest.approx(einstein.conductivity.value, abs=2 * both)
    assert both < 0.15 * kubo.conductivity.value


def test_the_integral_is_the_trapezoidal_rule_in_si_units():
    run = replicas(3, n_frames=400, friction=0.5, interval_ps=0.4)[0]
    conductivity, curve = found([run])
    current = np.einsum("fni,n->fi", run.velocities, run.charges) * 1.602176634e-19 * 100  # C m/s
    naive = np.array([np.mean(np.sum(current[: 400 - lag] * current[lag:], axis=1)) for lag in range(80)])
    integral = np.concatenate([[0], np.cumsum((naive[1:] + naive[:-1]) / 2)]) * 0.4e-12
    sigma = integral / (3 * 8000e-30 * 1.380649e-23 * TEMPERATURE) / 100
    np.testing.assert_allclose(curve.integral_s_cm, sigma[: len(curve.lag_ps)], rtol=1e-5)
    np.testing.assert_allclose(curve.autocorrelation, naive[: len(curve.lag_ps)] / naive[0], rtol=1e-9, atol=1e-12)
    lags = np.array(curve.lag_ps)
    inside = (lags > conductivity.window.start_ps - 0.1) & (lags < conductivity.window.stop_ps + 0.1)
    assert conductivity.conductivity.value == pytest.approx(np.array(curve.integral_s_cm)[inside].mean(), rel=1e-12)
    assert curve.integral_err_s_cm == (None,) * len(lags)


def test_oscillating_current_integrates_to_what_it_carries():
    """A current exp(-γt) cos(ωt): ∫ = γ/(γ² + ω²), far below the first swing, sampled eight times a period."""
    rng = np.random.default_rng(4)
    friction, frequency, n_frames = 0.05, 2 * np.pi / 8, 4000
    runs = []
    for _ in range(6):
        decay = np.exp((-friction + 1j * frequency) * 1.0)
        kicks = rng.standard_normal((2, n_frames, 3)) * np.sqrt(1 - abs(decay) ** 2)
        state = np.empty((n_frames, 3), complex)
        state[0] = kicks[0, 0] + 1j * kicks[1, 0]
        for now in range(1, n_frames):
            state[now] = decay * state[now - 1] + kicks[0, now] + 1j * kicks[1, now]
        velocities = np.stack([state.real, -state.real], axis=1) / 2
        runs.append(trajectory(np.cumsum(velocities, axis=0), ["Na", "S"], [1, -1], velocities=velocities))
    conductivity, _ = found(runs)
    exact = nernst_einstein(0.5, 1) * friction / (friction**2 + frequency**2)
    assert conductivity.conductivity.value == pytest.approx(exact, abs=3 * conductivity.conductivity.error)
    assert conductivity.conductivity.error < 0.5 * exact


def test_ballistic_gas_has_no_plateau():
    velocities = np.broadcast_to(np.random.default_rng(5).normal(size=(20, 3)), (400, 20, 3))
    positions = np.arange(400.0)[:, None, None] * velocities
    runs = [trajectory(positions, ["Na", "S"] * 10, [1, -1] * 10, velocities=velocities)]
    conductivity, _ = found(runs)
    assert not conductivity.window.diffusive
    assert conductivity.window.reason == "no plateau: the autocorrelation is still 1 of its initial value at 39-78 ps"


def test_decay_longer_than_the_run_allows_has_no_plateau():
    conductivity, _ = found(replicas(6, n_frames=400, friction=0.005))
    assert not conductivity.window.diffusive
    assert conductivity.window.reason.startswith("no plateau")


def test_frames_too_far_apart_are_said_to_be():
    """exp(-2) between frames: the trapezoidal rule gives (γΔt/2) coth(γΔt/2) = 1.31 of the integral."""
    conductivity, _ = found(replicas(7, 6, 2000, friction=2.0))
    assert not conductivity.window.diffusive
    assert conductivity.window.reason.startswith("frames too far apart: the autocorrelation falls to 0.1")
    assert "in 1 ps" in conductivity.window.reason
    assert conductivity.conductivity.value == pytest.approx(1.31 * nernst_einstein(3, 2.0), rel=0.1)
    assert found(replicas(7, 6, 2000, friction=0.4))[0].window.diffusive


def test_rigid_pairs_carry_no_current():
    run = replicas(8)[0]
    rigid = np.concatenate([run.velocities[:, :3], run.velocities[:, :3]], axis=1)
    conductivity, curve = found([replace(run, velocities=rigid)])
    assert conductivity.conductivity.value == pytest.approx(0, abs=1e-9)
    assert not conductivity.window.diffusive
    assert np.isfinite(curve.autocorrelation).all()


def test_barycentric_velocity_is_removed_from_a_charged_cell():
    """All charge on one light ion of a heavy one: a common drift is no current."""
    run = replicas(9, n_pairs=1)[0]
    charged = replace(run, charges=np.array([1.0, 0.0]), masses=np.array([1.0, 3.0]))
    drifting = replace(charged, velocities=run.velocities + np.array([50.0, -20.0, 7.0]))
    still, moving = found([charged])[0], found([drifting])[0]
    assert moving.conductivity.value == pytest.approx(still.conductivity.value, rel=1e-9)
    # The current is 3/4 of the difference of the two velocities, of variance 2.
    assert moving.conductivity.value == pytest.approx(
        nernst_einstein(1, 0.3) * 9 / 16, abs=3 * moving.conductivity.error
    )


def test_skipped_start_is_not_analysed():
    run = replicas(10, n_frames=600)[0]
    spoiled = run.velocities.copy()
    spoiled[:100] += 1e3 * np.array([1, -1] * 3)[:, None]
    whole = found([replace(run, positions=run.positions[100:], velocities=run.velocities[100:], steps=run.steps[100:],
                           times_ps=run.times_ps[100:], box_lengths_a=run.box_lengths_a[100:])])  # fmt: skip
    assert found([replace(run, velocities=spoiled)], skip_ps=100.0)[0] == whole[0]


@pytest.mark.parametrize("n_frames", [16, 17, 40])
def test_few_frames_are_no_accident(n_frames):
    conductivity, curve = found(replicas(11, n_frames=n_frames, friction=1.0))
    assert np.isfinite([conductivity.conductivity.value, conductivity.conductivity.error]).all()
    assert len(curve.lag_ps) > 2


def test_none_without_velocities_or_charges():
    run = replicas(12)[0]
    assert found([salt(np.random.default_rng(0), 100, 3)]) is None
    assert found([replace(run, charges=None)]) is None
    assert found([run, replace(run, velocities=None)]) is None


@pytest.mark.parametrize("n_replicas", [1, 3, 6])
def test_coverage(n_replicas):
    rng = np.random.default_rng(100 + n_replicas)
    exact, hits = nernst_einstein(2, 0.3), []
    for _ in range(200):
        runs = [langevin_salt(rng, 2000, 2, 0.3) for _ in range(n_replicas)]
        value = found(runs)[0].conductivity
        hits.append(abs(value.value - exact) < value.error)
    assert 0.60 < np.mean(hits) < 0.76, np.mean(hits)
