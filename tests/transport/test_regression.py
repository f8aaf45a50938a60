"""Generalised least squares of the MSD: exact covariance, efficiency, and intervals that hold the truth."""

import numpy as np
import pytest
from walkers import caged, random_walk, trajectory

from glasswf.transport import analyse, regression
from glasswf.transport.curves import Curves
from glasswf.transport.ensemble import Ensemble
from glasswf.transport.window import WindowRule, find_window

LAGS = np.array([2, 5, 12])
TRIALS = 200


def noisy_walk(lags, step=1.0, noise=0.5):
    """g(k) of a random walk seen through white noise."""
    return np.where(lags > 0, step * lags + 2 * noise, 0.0)


def single(positions, **options):
    """Na walkers in a frame that heavy S atoms hold still."""
    n_frames, n_atoms = positions.shape[:2]
    heavy = np.zeros((n_frames, 2, 3))
    together = np.concatenate([positions, heavy], axis=1)
    return trajectory(together, ["Na"] * n_atoms + ["S"] * 2, masses=[1] * n_atoms + [1e12] * 2, **options)


def regressed(run):
    curves = Curves(Ensemble([run]), WindowRule())
    window = find_window(curves.lags_ps, curves.mean("Na"), curves.rule)
    return regression.diffusivity(curves, "Na", window)


def coverage(estimates, truth):
    return np.mean([abs(found.value - truth) < found.error for found in estimates])


def test_covariance_against_many_walkers():
    rng = np.random.default_rng(0)
    n_frames, n_walkers = 60, 20000
    x = np.cumsum(rng.standard_normal((n_frames, n_walkers)), axis=0)
    x += np.sqrt(0.5) * rng.standard_normal(x.shape)
    averages = np.array([np.mean((x[lag:] - x[:-lag]) ** 2, axis=0) for lag in LAGS])
    expected = regression.covariance(LAGS, n_frames, noisy_walk)
    np.testing.assert_allclose(np.cov(averages), expected, rtol=0.06)


def test_covariance_of_steps_that_are_not_gaussian():
    rng = np.random.default_rng(11)
    n_frames, rate = 40, 0.2
    steps = (rng.random((n_frames, 40000)) < rate) * np.where(rng.random((n_frames, 40000)) < 0.5, 1.0, -1.0)
    x = np.cumsum(steps, axis=0)
    averages = np.array([np.mean((x[lag:] - x[:-lag]) ** 2, axis=0) for lag in LAGS])
    excess = 1 - 3 * rate  # of a step of ±1: (rate − 3 rate²)/rate
    expected = regression.covariance(LAGS, n_frames, lambda lags: rate * lags, excess)
    np.testing.assert_allclose(np.cov(averages), expected, rtol=0.06)
    assert expected[0, 0] > 1.2 * regression.covariance(LAGS, n_frames, lambda lags: rate * lags)[0, 0]


def test_covariance_against_the_sum_over_all_pairs_of_origins():
    n_frames = 15

    def mean_square(a, b):
        return noisy_walk(abs(a - b))

    def slow(i, j):
        pairs = [(s, r) for s in range(n_frames - i) for r in range(n_frames - j)]
        crossed = [mean_square(s + i, r) + mean_square(r + j, s) for s, r in pairs]
        ends = [mean_square(s, r) + mean_square(s + i, r + j) for s, r in pairs]
        return 2 * np.mean(np.square(np.subtract(crossed, ends) / 2))

    expected = [[slow(i, j) for j in LAGS] for i in LAGS]
    np.testing.assert_allclose(regression.covariance(LAGS, n_frames, noisy_walk), expected, rtol=1e-12)


def test_fit_of_an_exact_line():
    lags = np.array([1.0, 2.0, 4.0])
    line = regression.fit(lags, 0.3 + 2 * lags, regression.covariance(lags.astype(int), 30, noisy_walk))
    assert (line.intercept, line.slope) == (pytest.approx(0.3), pytest.approx(2.0))
    assert line.chi2 == pytest.approx(0.0, abs=1e-9)


def test_fit_against_the_normal_equations():
    rng = np.random.default_rng(1)
    lags = np.array([1.0, 2.0, 4.0, 7.0])
    errors = regression.covariance(lags.astype(int), 30, noisy_walk)
    msd = rng.multivariate_normal(2 * lags, errors)
    line = regression.fit(lags, msd, errors)
    design, inverse = np.column_stack([np.ones(4), lags]), np.linalg.inv(errors)
    expected = np.linalg.inv(design.T @ inverse @ design)
    np.testing.assert_allclose(line.covariance, expected, rtol=1e-6)
    parameters = expected @ design.T @ inverse @ msd
    np.testing.assert_allclose([line.intercept, line.slope], parameters, rtol=1e-6)
    rest = msd - design @ parameters
    assert line.chi2 == pytest.approx(rest @ inverse @ rest, rel=1e-5)


# Single trajectories and replicas of independent walkers: test_uncertainty.py.


def test_coverage_where_atoms_move_in_pairs():
    rng = np.random.default_rng(5)
    found = [regressed(single(np.repeat(random_walk(rng, 200, [0.5] * 6), 2, axis=1))) for _ in range(TRIALS)]
    assert 0.60 <= coverage(found, 0.5e-4) <= 0.76
    # as many independent atoms would be known better
    free = [regressed(single(random_walk(rng, 200, [0.5] * 12))) for _ in range(TRIALS)]
    ratio = np.mean([each.error for each in found]) / np.mean([each.error for each in free])
    assert ratio == pytest.approx(np.sqrt(2), rel=0.1)


def test_coverage_with_a_cage():
    """A cage that has relaxed before the window: an intercept, and noise at every lag."""
    rng = np.random.default_rng(6)
    found = []
    for _ in range(TRIALS):
        inside = caged(rng, 300, 10, variance_a2=0.2, memory=0.1)
        found.append(regressed(single(random_walk(rng, 300, [0.1] * 10) + inside)))
    assert 0.60 <= coverage(found, 0.1e-4) <= 0.76


def test_coverage_of_walkers_on_a_lattice():
    """Steps that are rare and not Gaussian: few atoms, each of which hops now and then."""
    rng = np.random.default_rng(8)
    rate, length = 0.1, 2.5
    hops = rng.random((TRIALS, 300, 8, 3)) < rate
    signs = np.where(rng.random(hops.shape) < 0.5, -length, length)
    found = [regressed(single(np.cumsum(steps, axis=0))) for steps in np.where(hops, signs, 0.0)]
    assert 0.60 <= coverage(found, rate * length**2 / 2 * 1e-4) <= 0.76


def test_regression_scatters_less_than_the_plain_line():
    rng = np.random.default_rng(7)
    results = [analyse(single(random_walk(rng, 200, [0.3] * 10)), species=["Na"]).of("Na") for _ in range(100)]
    assert np.std([item.regression.value for item in results]) < 0.9 * np.std(
        [item.diffusivity.value for item in results]
    )


def test_a_bend_within_the_window_is_said():
    rng = np.random.default_rng(9)
    slow = caged(rng, 300, 500, variance_a2=0.15, memory=0.8)
    bent = regressed(single(random_walk(rng, 300, [0.2] * 500) + slow))
    straight = regressed(single(random_walk(rng, 300, [0.2] * 500)))
    assert "not straight" in bent.method
    assert straight.method == "GLS, 9 lags"


@pytest.mark.parametrize("frequency", [1.3, 0.2])
def test_vibrations_alone_break_nothing(frequency):
    rng = np.random.default_rng(10)
    phases = rng.uniform(0, 2 * np.pi, (4, 3))
    swinging = 2 * np.sin(frequency * np.arange(1000.0)[:, None, None] + phases)
    found = regressed(single(swinging + random_walk(rng, 1000, [1e-4] * 4)))
    assert np.isfinite([found.value, found.error]).all()


def test_no_regression_for_atoms_at_rest():
    assert analyse(single(np.zeros((50, 3, 3))), species=["Na"]).of("Na").regression is None
