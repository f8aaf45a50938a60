"""The stated 68 % interval holds the truth in 68 % of cases."""

import numpy as np
import pytest
from walkers import salt

from glasswf.transport import analyse
from glasswf.transport.uncertainty import mean_error, student_error
from glasswf.units import BOLTZMANN_EV_K, E2_EV_A_PS_TO_S_CM

N_PAIRS, DIFFUSIVITY, VOLUME, TEMPERATURE = 6, 0.5, 8000.0, 1000.0
IDEAL = E2_EV_A_PS_TO_S_CM * 2 * N_PAIRS * DIFFUSIVITY / (VOLUME * BOLTZMANN_EV_K * TEMPERATURE)
FIXED = 1 - 1 / (2 * N_PAIRS)  # the centre of mass at rest takes this away from every self-diffusion
TRIALS = 200


def inside(estimate, truth):
    return abs(estimate.value - truth) < estimate.error


# Diffusive from the first lag on, so that there are many blocks; then only at the longest lags, with few.
@pytest.mark.parametrize(("n_replicas", "d"), [(1, 0.5), (2, 0.5), (3, 0.5), (6, 0.5), (1, 0.06), (2, 0.06), (3, 0.06)])
def test_coverage_of_diffusivity_conductivity_and_haven_ratio(n_replicas, d):
    rng = np.random.default_rng(100 + n_replicas)
    hits = []
    for _ in range(TRIALS):
        result = analyse([salt(rng, 120, N_PAIRS, d, d) for _ in range(n_replicas)], TEMPERATURE)
        ideal = IDEAL * d / DIFFUSIVITY
        hits.append(
            (
                inside(result.of("Na").diffusivity, d * FIXED * 1e-4),
                inside(result.of("nernst_einstein").conductivity, ideal * FIXED),
                inside(result.of("collective").conductivity, ideal),
                result.haven is None or inside(result.haven.ratio, FIXED),
            )
        )
    coverage = np.mean(hits, axis=0)
    assert (coverage > 0.60).all(), coverage
    assert (coverage < 0.76).all(), coverage


def test_student_interval_of_normal_numbers():
    values = np.random.default_rng(0).normal(size=(20000, 3))
    errors = np.array([student_error(row)[0] for row in values])
    assert np.mean(np.abs(values.mean(axis=1)) < errors) == pytest.approx(0.683, abs=0.01)


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
