"""Fourier transforms: functions with known pairs, and a dense disordered packing against its wave vectors."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from glasswf.errors import AnalysisError
from glasswf.structure import pair_correlation as pairs_in_r
from glasswf.structure.averages import Sampled
from glasswf.structure.conventions import FABER_ZIMAN
from glasswf.structure.factor_curves import partials, total, total_pair_correlation
from glasswf.structure.real_space import broadened, pair_correlation
from glasswf.structure.structure_factor import measure
from glasswf.structure.transform import by_transform, structure_factor, window
from tests.structure.test_structure_factor import trajectory_of

DENSITY = 0.04
R = 0.02 * (np.arange(1000) + 0.5)
K = np.arange(0.1, 25, 0.05)
AMPLITUDE, WIDTH = 0.8, 0.3


def gaussian_g(r):
    """Shell at the origin: its transform has a simple form, without oscillations."""
    return 1 + AMPLITUDE * np.exp(-((r / WIDTH) ** 2) / 2)


def gaussian_s(k):
    return 1 + DENSITY * AMPLITUDE * (2 * np.pi * WIDTH**2) ** 1.5 * np.exp(-((k * WIDTH) ** 2) / 2)


def shell_g(r):
    """r [g − 1] is a Gaussian around 3 Å, as the peak of a shell of neighbours."""
    return 1 + np.exp(-(((r - 3) / WIDTH) ** 2) / 2) / r


def shell_s(k):
    return 1 + 4 * np.pi * DENSITY / k * np.sqrt(2 * np.pi) * WIDTH * np.sin(3 * k) * np.exp(-((k * WIDTH) ** 2) / 2)


@pytest.mark.parametrize(("g", "s"), [(gaussian_g, gaussian_s), (shell_g, shell_s)])
def test_known_pairs(g, s):
    assert structure_factor(R, g(R), DENSITY, K, "step") == pytest.approx(s(K), abs=2e-4)
    fine = np.arange(0.005, 25, 0.005)
    assert pair_correlation(fine, s(fine), DENSITY, R, window_name="step") == pytest.approx(g(R), abs=2e-3)


def test_a_hole_is_exact():
    """g = 0 up to 2 Å, else 1."""
    phase = 2.0 * K
    expected = 1 - 4 * np.pi * DENSITY * (np.sin(phase) - phase * np.cos(phase)) / K**3
    assert structure_factor(R, np.where(R < 2, 0.0, 1.0), DENSITY, K, "step") == pytest.approx(expected, abs=1e-12)


def test_there_and_back():
    g = shell_g(R) * np.where(R < 1.9, 0.5, 1)
    k = np.arange(0.02, 60, 0.02)
    again = pair_correlation(k, structure_factor(R, g, DENSITY, k, "step"), DENSITY, R, window_name="lorch")
    far = np.abs(R - 1.9) > 0.4  # the jump is smeared
    assert again[far & (R > 0.5)] == pytest.approx(g[far & (R > 0.5)], abs=0.01)


def test_lorch_multiplies_by_its_window():
    g = shell_g(R)
    weighted = 1 + (g - 1) * np.sinc(R / 20.0)
    assert structure_factor(R, g, DENSITY, K, "lorch") == pytest.approx(
        structure_factor(R, weighted, DENSITY, K, "step")
    )
    assert window("lorch", np.array([0.0, 5, 10, 12]), 10.0) == pytest.approx([1, 2 / np.pi, 0, 0], abs=1e-15)
    assert window("step", np.array([0.0, 5, 10, 12]), 10.0) == pytest.approx([1, 1, 1, 0])


@pytest.mark.parametrize("name", ["step", "lorch"])
def test_broadening_is_a_transform_that_ends_at_q_max(name):
    fine, q_max = np.arange(0.005, 9, 0.005), 6.0
    through_k = pair_correlation(fine, shell_s(fine), DENSITY, R, q_max, name)
    inner = (R > 0.3) & (R < 15)
    assert broadened(R, shell_g(R), q_max, name)[inner] == pytest.approx(through_k[inner], abs=2e-3)
    assert np.abs(through_k - shell_g(R))[inner].max() > 0.02


def test_broadening_keeps_the_area_of_a_peak():
    """∫ r² [g − 1] dr / r over a lone peak is that of the window at k = 0, which is 1."""
    found = broadened(R, shell_g(R), 20.0, "lorch")
    inner = R < 12
    assert np.sum((R * (found - 1))[inner]) == pytest.approx(np.sum((R * (shell_g(R) - 1))[inner]), rel=5e-3)


def test_q_max_between_points_ends_there():
    fine = np.arange(0.005, 12, 0.005)
    coarse = np.sort(np.append(np.arange(0.01, 12, 0.01), 7.013))
    exact = pair_correlation(coarse[coarse <= 7.013], shell_s(coarse[coarse <= 7.013]), DENSITY, R, window_name="step")
    assert pair_correlation(fine, shell_s(fine), DENSITY, R, 7.013, "step") == pytest.approx(exact, abs=2e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: window("hann", K, 3.0), "no window 'hann'; there are lorch, step"),
        (lambda: broadened(R, shell_g(R), 5.0, "hann"), "no window 'hann'"),
        (lambda: pair_correlation(K, shell_s(K), DENSITY, R, 30.0), "up to 30 1/Å, but S is known up to 24.95"),
        (lambda: broadened(R, shell_g(R), 200.0), "Q_max = 200.*below 78.5"),
        (lambda: structure_factor(R + 1, shell_g(R), DENSITY, K), "begin at 0"),
    ],
)
def test_what_cannot_be_is_one_line(call, message):
    with pytest.raises(AnalysisError, match=message):
        call()


def packing(rng, n_atoms, edge_a, elements):
    """Atoms pushed apart until few are closer than their distance, which differs by pair: a mock liquid."""
    positions = rng.uniform(0, edge_a, (n_atoms, 3))
    size = np.where(np.array(elements) == "Na", 1.65, 1.35)
    for _ in range(30):
        i, j = cKDTree(positions, boxsize=edge_a).query_pairs(3.3, output_type="ndarray").T
        vectors = positions[i] - positions[j]
        vectors -= edge_a * np.round(vectors / edge_a)
        distances = np.linalg.norm(vectors, axis=1)
        push = 0.3 * np.maximum(0, (size[i] + size[j]) / distances - 1)[:, None] * vectors
        np.add.at(positions, i, push)
        np.add.at(positions, j, -push)
        positions %= edge_a
        positions[positions >= edge_a] = 0.0
    return positions


@pytest.fixture(scope="module")
def liquid():
    """Six independent frames, two replicas of three."""
    rng, elements = np.random.default_rng(0), ["Na"] * 200 + ["S"] * 400
    frames = np.array([packing(rng, 600, 25.0, elements) for _ in range(6)])
    return [trajectory_of(part, [25.0] * 3, elements) for part in (frames[:3], frames[3:])]


def test_transform_of_g_is_the_direct_sum(liquid):
    """Partials and totals, of the same frames: within the resolution of the window and the noise of both."""
    direct = measure(liquid, 10.0, 0.1, 10**6)
    in_r = pairs_in_r.measure(liquid, None, 0.02)
    found = {
        name: by_transform(in_r.r_a, in_r.g, in_r.pairs, in_r.counts, in_r.density_1_a3, direct.k_1_a, name)
        for name in ("lorch", "step")
    }
    one, other = partials(direct, FABER_ZIMAN), partials(found["step"], FABER_ZIMAN)
    above = direct.k_1_a > 3
    assert np.ptp(one.mean[:, direct.k_1_a > 1]) > 1
    for index in range(3):
        gap = (one.mean - other.mean)[index, above]
        assert np.sqrt((gap**2).mean()) < 1.5 * np.sqrt((one.error[index, above] ** 2).mean())
        assert abs(gap.mean()) < 0.01
    for name in found:
        gap = total(direct, "xray").mean - total(found[name], "xray").mean
        assert np.abs(gap[above]).max() < 0.12
        assert np.sqrt((gap[above] ** 2).mean()) < 0.03
    assert found["lorch"].method == "transform" and not found["lorch"].n_vectors.any()


def test_total_g_of_the_direct_sum_is_that_of_g(liquid):
    """Neutrons, whose weights do not depend on k: total g is the weighted sum of partial g, broadened."""
    direct = measure(liquid, 12.0, 0.05, 400)
    in_r = pairs_in_r.measure(liquid, None, 0.02)
    from glasswf.structure.scattering import weights

    share = weights("neutron", direct.species, direct.concentrations, np.ones(1))
    r, q_max = in_r.r_a, 11.9
    expected = broadened(r, (share * in_r.g.mean).sum(axis=0), q_max, "lorch")
    found = total_pair_correlation(direct, "neutron", in_r.density_1_a3, r, q_max, "lorch")
    assert isinstance(found, Sampled) and found.values.shape == (2, 3, len(r))
    inner = (r > 1.5) & (r < 8)
    assert found.mean[inner] == pytest.approx(expected[inner], abs=0.08)
    assert expected[inner].max() > 2


def test_pairs_of_single_atoms():
    """One atom: S = 1 by itself, and the g it lacks must not be asked for."""
    rng = np.random.default_rng(1)
    one = trajectory_of(rng.uniform(0, 12, (5, 11, 3)), [12.0] * 3, ["Na"] + ["S"] * 10)
    in_r = pairs_in_r.measure([one], None, 0.1)
    found = by_transform(in_r.r_a, in_r.g, in_r.pairs, in_r.counts, in_r.density_1_a3, np.array([1.0, 2.0]))
    assert found.partial.mean[0] == pytest.approx([1, 1])
    assert partials(found, FABER_ZIMAN).mean[0] == pytest.approx([1, 1])
