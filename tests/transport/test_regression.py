"""Generalised least squares of the MSD: exact covariance, efficiency, and intervals that hold the truth."""

import numpy as np
import pytest
from walkers import caged, random_walk, salt, trajectory

from glasswf.transport import analyse, regression
from glasswf.transport.curves import Curves
from glasswf.transport.diffusion import EINSTEIN
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


def test_covariance_against_the_sum_over_all_pairs_of_origins():
    n_frames = 15
    g = noisy_walk(np.arange(-n_frames, n_frames + 1).clip(0) + np.arange(n_frames, -n_frames - 1, -1).clip(0))

    def mean_square(a, b):
        return g[n_frames + a - b]

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


@pytest.mark.parametrize("d", [0.5, 0.06])
def test_coverage_for_single_trajectories(d):
    rng = np.random.default_rng(int(1000 * d))
    n_pairs, n_frames = 6, 120
    fixed = 1 - 1 / (2 * n_pairs)  # the centre of mass at rest
    diffusivities, slopes = [], []
    for _ in range(TRIALS):
        curves = Curves(Ensemble([salt(rng, n_frames, n_pairs, d, d)]), WindowRule())
        window = find_window(curves.lags_ps, curves.mean("Na"), curves.rule)
        diffusivities.append(regression.diffusivity(curves, "Na", window))
        slopes.append(regression.collective(curves, window))
    assert 0.60 <= coverage(diffusivities, d * fixed * 1e-4) <= 0.76
    assert 0.60 <= coverage(slopes, d * 2 * n_pairs / EINSTEIN) <= 0.76


def test_coverage_where_atoms_move_in_pairs():
    rng = np.random.default_rng(5)
    found = [regressed(single(np.repeat(random_walk(rng, 200, [0.5] * 6), 2, axis=1))) for _ in range(TRIALS)]
    assert 0.60 <= coverage(found, 0.5e-4) <= 0.78
    # as many independent atoms would be known better
    free = [regressed(single(random_walk(rng, 200, [0.5] * 12))) for _ in range(TRIALS)]
    ratio = np.mean([each.error for each in found]) / np.mean([each.error for each in free])
    assert ratio == pytest.approx(np.sqrt(2), rel=0.1)


def test_coverage_with_a_fast_cage():
    rng = np.random.default_rng(6)
    found = []
    for _ in range(TRIALS):
        inside = caged(rng, 300, 10, variance_a2=0.1, memory=0.2)
        found.append(regressed(single(random_walk(rng, 300, [0.2] * 10) + inside)))
    assert 0.58 <= coverage(found, 0.2e-4) <= 0.76


def test_errors_are_no_larger_than_those_of_blocks():
    rng = np.random.default_rng(7)
    results = [analyse(single(random_walk(rng, 200, [0.3] * 10)), species=["Na"]).of("Na") for _ in range(60)]
    by_regression = np.std([item.regression.value for item in results])
    assert by_regression <= 1.05 * np.std([item.diffusivity.value for item in results])


def test_no_regression_for_atoms_at_rest():
    assert analyse(single(np.zeros((50, 3, 3))), species=["Na"]).of("Na").regression is None
