import numpy as np
import pytest
from walkers import random_walk, trajectory

from glasswf.errors import AnalysisError
from glasswf.transport import displacements
from glasswf.transport.ensemble import Ensemble
from glasswf.transport.non_gaussian import alpha2, curves
from glasswf.transport.uncertainty import student_errors


def naive(positions, lags, spacing=1):
    """The definition, one origin at a time."""
    found = []
    for lag in lags:
        origins = range(0, len(positions) - lag, spacing)
        squares = np.array([np.sum((positions[t + lag] - positions[t]) ** 2, axis=-1) for t in origins])
        found.append(3 * np.mean(squares**2) / (5 * np.mean(squares) ** 2) - 1)
    return np.array(found)


def chance(n_samples):
    """Standard deviation of α₂ of Gaussian displacements: 3u²/5 − 2u with u = r²/⟨r²⟩ has the variance 8/15."""
    return np.sqrt(8 / 15 / n_samples)


def mixture(rng, n_frames, slow, fast):
    return random_walk(rng, n_frames, [slow] * 100 + [fast] * 100)


@pytest.mark.parametrize("n_bytes", [1, 1 << 28])
def test_agrees_with_the_definition(monkeypatch, n_bytes):
    monkeypatch.setattr(displacements, "CHUNK_BYTES", n_bytes)
    rng = np.random.default_rng(0)
    positions = random_walk(rng, 60, [0.1, 2.0, 0.5, 1.0]) + 1000.0
    centre, atoms, lags = random_walk(rng, 60, [3.0])[:, 0], np.array([3, 0, 1]), [1, 2, 17, 59]
    found = alpha2(positions, lags, atoms=atoms, centre=centre)
    np.testing.assert_allclose(found, naive(positions[:, atoms] - centre[:, None], lags), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(("most", "spacing"), [(1, 50), (7, 8), (25, 2), (49, 2), (50, 1), (1000, 1)])
def test_origins_are_thinned_evenly(most, spacing):
    positions = random_walk(np.random.default_rng(1), 60, [0.5] * 3)
    np.testing.assert_allclose(alpha2(positions, [10], max_origins=most), naive(positions, [10], spacing), rtol=1e-10)


def test_gaussian_displacements_give_zero():
    positions = random_walk(np.random.default_rng(2), 9, [0.5] * 20000)
    assert alpha2(positions, [1, 8]) == pytest.approx(0, abs=3 * chance(20000))


def test_a_ballistic_gas_has_the_value_of_its_velocities():
    frames = np.arange(20.0)[:, None, None]
    maxwell = np.random.default_rng(3).normal(size=(20000, 3))
    found = alpha2(frames * maxwell, [1, 5, 19])
    assert found == pytest.approx(0, abs=3 * chance(20000))
    np.testing.assert_allclose(found, found[0], rtol=1e-8)
    one_speed = maxwell / np.linalg.norm(maxwell, axis=1, keepdims=True)
    np.testing.assert_allclose(alpha2(frames * one_speed, [1, 5, 19]), 3 / 5 - 1, rtol=1e-10)


def test_a_mixture_of_two_diffusivities():
    """⟨D²⟩/⟨D⟩² − 1 at every lag; with the centre of mass at rest, D (1 − 2/N) + mean D/N takes the place of D."""
    rng = np.random.default_rng(4)
    diffusivities = np.array([0.1, 0.9]) * (1 - 2 / 200) + 0.5 / 200
    exact = np.mean(diffusivities**2) / np.mean(diffusivities) ** 2 - 1
    replicas = [trajectory(mixture(rng, 400, 0.1, 0.9), ["Na"] * 200) for _ in range(6)]
    (curve,) = curves(Ensemble(replicas), [1, 4, 20])
    for value, error in zip(curve.alpha2, curve.alpha2_err, strict=True):
        assert value == pytest.approx(exact, abs=3 * error)
        assert error < 0.05


def test_hops_on_a_cubic_lattice():
    """(3/(5p) − 1)/n after n steps, each a hop with probability p: rare hops are far from Gaussian."""
    rng = np.random.default_rng(5)
    p, n_atoms, n_frames = 0.1, 3000, 101
    hops = np.concatenate([np.eye(3), -np.eye(3)])[rng.integers(6, size=(n_frames, n_atoms))] * 2.5
    positions = np.cumsum(hops * (rng.random((n_frames, n_atoms, 1)) < p), axis=0)
    lags = np.array([1, 2, 10])
    np.testing.assert_allclose(alpha2(positions, lags), (3 / (5 * p) - 1) / lags, rtol=0.03)


def test_drift_changes_nothing():
    positions = mixture(np.random.default_rng(6), 50, 0.1, 0.9)
    drifting = positions + np.arange(50.0)[:, None, None] * np.array([3.0, -2.0, 5.0])
    (still,), (moving,) = (
        curves(Ensemble([trajectory(given, ["Na"] * 200)]), [1, 7]) for given in (positions, drifting)
    )
    np.testing.assert_allclose(moving.alpha2, still.alpha2, rtol=1e-10)
    assert alpha2(drifting, [7])[0] < -0.3  # as the drift would have it


def test_curves_are_means_over_replicas_per_species():
    rng = np.random.default_rng(7)
    runs = [random_walk(rng, 40, [0.5] * 8) for _ in range(3)]
    elements = ["Na", "S", "S", "Na"] * 2
    ensemble = Ensemble([trajectory(run, elements, interval_ps=0.2) for run in runs], skip_ps=2.0)
    found = curves(ensemble, [3, 5])
    assert [curve.species for curve in found] == ["Na", "S"]
    assert found[0].lag_ps == pytest.approx((0.6, 1.0))
    each = np.array([naive((run - run.mean(axis=1, keepdims=True))[10:, [0, 3, 4, 7]], [3, 5]) for run in runs])
    np.testing.assert_allclose(found[0].alpha2, each.mean(axis=0), rtol=1e-10)
    np.testing.assert_allclose(found[0].alpha2_err, student_errors(each), rtol=1e-8)


def test_one_replica_has_no_errors_and_what_rests_no_curve():
    positions = np.concatenate([random_walk(np.random.default_rng(8), 40, [0.5] * 3), np.ones((40, 2, 3))], axis=1)
    found = curves(Ensemble([trajectory(positions, ["Na"] * 3 + ["S"] * 2, masses=[1e-12] * 3 + [1.0] * 2)]), [1, 2])
    assert [(curve.species, curve.alpha2_err) for curve in found] == [("Na", (None, None))]


def test_lags_in_which_nothing_moves_yet_are_left_out():
    positions = np.zeros((40, 2, 3))
    positions[20:, 0] = 1.0
    positions[35:, 1] = 2.0
    (curve,) = curves(Ensemble([trajectory(positions, ["Na"] * 2)]), [1, 5])
    assert curve.lag_ps == (1.0, 5.0)
    assert np.isnan(alpha2(positions[:10], [1])).all()


@pytest.mark.parametrize("lags", [[0], [1, 40], [-1], []])
def test_lags_outside_the_run_are_refused(lags):
    with pytest.raises(AnalysisError, match=r"of 40 frames needs lags from 1 to 39$"):
        alpha2(np.zeros((40, 2, 3)), lags)
