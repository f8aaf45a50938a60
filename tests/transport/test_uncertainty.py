"""The stated 68 % interval holds the truth in 68 % of cases."""

import numpy as np
import pytest
from walkers import salt

from glasswf.transport import TransportResult, analyse, regression
from glasswf.transport.conductivity import collective, haven_ratio, nernst_einstein, prefactor
from glasswf.transport.curves import Curves
from glasswf.transport.diffusion import EINSTEIN, diffusion
from glasswf.transport.ensemble import Ensemble
from glasswf.transport.uncertainty import half_width, mean_error, scaled, student_error
from glasswf.transport.window import WindowRule
from glasswf.units import BOLTZMANN_EV_K, E2_EV_A_PS_TO_S_CM

N_PAIRS, DIFFUSIVITY, VOLUME, TEMPERATURE = 6, 0.5, 8000.0, 1000.0
IDEAL = E2_EV_A_PS_TO_S_CM * 2 * N_PAIRS * DIFFUSIVITY / (VOLUME * BOLTZMANN_EV_K * TEMPERATURE)
FIXED = 1 - 1 / (2 * N_PAIRS)  # the centre of mass at rest takes this away from every self-diffusion
TRIALS = 200


def inside(estimate, truth):
    return abs(estimate.value - truth) < estimate.error


def measured(runs):
    """D of Na, σ_NE, σ and the Haven ratio by blocks or replicas, then D and σ by regression."""
    curves = Curves(Ensemble(runs), WindowRule())
    found = tuple(diffusion(curves, name) for name in ("Na", "S"))
    result = TransportResult(TEMPERATURE, len(runs), 120, 1.0, VOLUME, "", 0.0, found, (), None, (), ())
    ideal, true = nernst_einstein(curves, result), collective(curves, result)
    haven = haven_ratio(curves, result, ideal, true)
    slope = scaled(regression.collective(curves, true.window), EINSTEIN * prefactor(VOLUME, TEMPERATURE))
    return (
        found[0].diffusivity, ideal.conductivity, true.conductivity, haven and haven.ratio,
        regression.diffusivity(curves, "Na", found[0].window), slope,
    )  # fmt: skip


# Diffusive from the first lag on, so that there are many blocks; then only at the longest lags, with few.
@pytest.mark.parametrize(("n_replicas", "d"), [(1, 0.5), (2, 0.5), (3, 0.5), (6, 0.5), (1, 0.06), (2, 0.06), (3, 0.06)])
def test_coverage_of_diffusivity_conductivity_and_haven_ratio(n_replicas, d):
    rng = np.random.default_rng(100 + n_replicas)
    ideal = IDEAL * d / DIFFUSIVITY
    truth = (d * FIXED * 1e-4, ideal * FIXED, ideal, FIXED, d * FIXED * 1e-4, ideal)
    hits = []
    for _ in range(TRIALS):
        found = measured([salt(rng, 120, N_PAIRS, d, d) for _ in range(n_replicas)])
        hits.append([item is None or inside(item, true) for item, true in zip(found, truth, strict=True)])
    coverage = np.mean(hits, axis=0)
    assert (coverage > 0.60).all(), coverage
    assert (coverage < 0.76).all(), coverage


def test_student_interval_of_normal_numbers():
    values = np.random.default_rng(0).normal(size=(20000, 3))
    errors = np.array([student_error(row)[0] for row in values])
    assert np.mean(np.abs(values.mean(axis=1)) < errors) == pytest.approx(0.683, abs=0.01)


def test_half_width_of_many_and_of_few_degrees_of_freedom():
    assert half_width(2.0, 1e9) == pytest.approx(2.0)
    assert half_width(1.0, 1) == pytest.approx(np.tan(np.pi / 2 * 0.6826895))  # Cauchy


def test_parts_are_those_of_the_whole_analysis():
    runs = [salt(np.random.default_rng(1), 120, N_PAIRS) for _ in range(2)]
    result = analyse(runs, TEMPERATURE)
    whole = (
        result.of("Na").diffusivity, result.of("nernst_einstein").conductivity, result.of("collective").conductivity,
        result.haven.ratio, result.of("Na").regression, result.of("collective").regression,
    )  # fmt: skip
    assert measured(runs) == whole


def test_replicas_that_differ_are_not_pooled_with_their_blocks():
    blocks = np.array([[1.0, 1.1, 0.9, 1.0], [5.0, 5.1, 4.9, 5.0], [9.0, 9.1, 8.9, 9.0]])
    error, dof, method = mean_error(blocks, blocks.mean(axis=1))
    assert (dof, method) == (2, "3 replicas")
    assert error == pytest.approx(student_error(np.array([1.0, 5.0, 9.0]))[0])


def test_replicas_that_agree_are_pooled_with_their_blocks():
    blocks = np.random.default_rng(1).normal(size=(3, 10))
    error, dof, method = mean_error(blocks, blocks.mean(axis=1))
    assert (dof, method) == (29, "3 x 10 blocks")
    assert error == pytest.approx(student_error(blocks.ravel())[0])
    shorter, _, _ = mean_error(blocks, blocks.mean(axis=1), origins_kept=0.81)
    assert shorter == pytest.approx(0.9 * error)
