"""Diffraction peaks: bumps of known height and area on known base lines, and their absence."""

import numpy as np
import pytest

from glasswf.structure.averages import Sampled
from glasswf.structure.diffraction import peaks

K = 0.15 + 0.05 * np.arange(238)


def bump(at, height, width):
    return height * np.exp(-(((K - at) / width) ** 2) / 2)


def samples(curve, noise, seed=0, n_replicas=3, n_blocks=5):
    """Blocks of a glass differ little from each other, replicas more."""
    rng = np.random.default_rng(seed)
    glass = rng.normal(0, noise, (n_replicas, 1, len(K)))
    return Sampled(curve + glass + rng.normal(0, noise / 5, (n_replicas, n_blocks, len(K))))


def liquid(prepeak=0.5):
    """Low at small k, a first sharp peak at 1.1, principal peaks at 2.5 and 4."""
    return 1 - 0.7 * np.exp(-((K / 1.6) ** 4)) + bump(1.1, prepeak, 0.15) + bump(2.5, 1.0, 0.2) + bump(4.0, 0.4, 0.3)


def test_height_and_area_above_a_level_base_line():
    """Two bumps far apart on a level of 0.2."""
    found = peaks(K, samples(0.2 + bump(1.2, 0.6, 0.12) + bump(3.4, 0.9, 0.2), 1e-4), 0.05)
    assert [peak.number for peak in found] == [1, 2]
    assert [peak.k_1_a for peak in found] == pytest.approx([1.2, 3.4], abs=0.003)
    assert [peak.height for peak in found] == pytest.approx([0.6, 0.9], abs=0.01)
    area = np.sqrt(2 * np.pi) * np.array([0.6 * 0.12, 0.9 * 0.2])
    assert [peak.area for peak in found] == pytest.approx(area, rel=0.01)
    assert [peak.top for peak in found] == pytest.approx([0.8, 1.1], abs=0.01)
    assert {peak.reason for peak in found} == {None}


def test_a_sloping_base_line_is_taken_off():
    """Through the minima on either side: a slope under a wave adds nothing to its heights."""
    wave = -0.3 * np.cos(2 * np.pi * (K - 0.15) / 1.5)
    level, slope = (peaks(K, samples(1 + wave + tilt * K, 1e-5), 0.05) for tilt in (0.0, 0.05))
    assert [peak.height for peak in level[:6]] == pytest.approx([0.6] * 6, abs=0.01)
    assert [peak.height for peak in slope[1:6]] == pytest.approx([0.6] * 5, abs=0.01)
    assert [peak.area for peak in level[1:6]] == pytest.approx([0.3 * 1.5] * 5, rel=0.02)
    assert slope[4].top - level[4].top == pytest.approx(0.05 * level[4].k_1_a, abs=0.01)


def test_maxima_of_a_glass():
    found = peaks(K, samples(liquid(), 0.02), 0.05)
    assert [peak.k_1_a for peak in found] == pytest.approx([1.14, 2.5, 4.0], abs=0.05)
    for peak, at in zip(found[1:], (2.5, 4.0), strict=True):
        assert abs(peak.k_1_a - at) < 4 * peak.k_error_1_a < 0.15


def test_errors_cover_what_other_glasses_give():
    """How far estimates of many sets of replicas are from the truth is the error that one set states.

    Heights and areas come out too large by half of it, as the lowest place of a noisy curve lies too low.
    """
    exact = peaks(K, samples(liquid(), 1e-6), 0.05)[0]
    found = [peaks(K, samples(liquid(), 0.03, seed, n_replicas=6), 0.05)[0] for seed in range(20)]
    for name, error in (("k_1_a", "k_error_1_a"), ("height", "height_error"), ("area", "area_error")):
        deviations = np.array([getattr(peak, name) for peak in found]) - getattr(exact, name)
        stated = np.sqrt(np.mean([getattr(peak, error) ** 2 for peak in found]))
        assert 0.6 < np.sqrt((deviations**2).mean()) / stated < 1.3, name
        assert abs(deviations.mean()) < stated, name


def test_a_prepeak_on_a_steep_flank():
    """S rises steeply through it, as that of Na-Na does in a melt."""
    flank = -1.5 + 0.8 * K + bump(1.0, 1.0, 0.15) + bump(1.85, 2.0, 0.2)
    found = peaks(K[:50], Sampled(samples(flank, 0.03).values[..., :50]), 0.05)
    assert [peak.number for peak in found] == [1, 2]
    assert found[0].height == pytest.approx(0.95, abs=0.15)
    assert found[0].area == pytest.approx(np.sqrt(2 * np.pi) * 0.15, abs=0.1)


def test_a_first_sharp_peak_fades_to_none():
    """Its height falls steadily to zero, and then there is a reason."""
    heights = []
    for prepeak in (0.8, 0.6, 0.4, 0.2, 0.1, 0.0):
        found = peaks(K, samples(liquid(prepeak), 0.005), 0.05)
        heights.append(found[0].height)
        assert (found[0].number is None) == (heights[-1] == 0.0)
        assert found[-2].k_1_a == pytest.approx(2.5, abs=0.03)
    assert (np.diff(heights[:5]) <= 0).all()
    assert heights[0] > 0.4 and heights[-1] == 0.0


def test_none_says_why_and_how_well_it_is_known():
    found = peaks(K, samples(liquid(0.0), 0.05), 0.05)
    none = found[0]
    assert (none.number, none.k_1_a, none.height, none.area) == (None, None, 0.0, 0.0)
    assert 0.005 < none.height_error < 0.05
    assert 0 < none.area_error < none.height_error
    assert none.reason.startswith("no maximum below 1.7 1/Å stands out of the noise by more than 0.")
    assert [peak.number for peak in found[1:]] == [1, 2]


@pytest.mark.parametrize("seed", range(8))
def test_noise_alone_has_no_peaks(seed):
    found = peaks(K, samples(np.ones(len(K)), 0.1, seed), 0.05)
    assert found[0].reason
    assert len(found) <= 2


def test_uneven_bins_at_small_k():
    """Few wave vectors there: bins are missing, and means lie off the middles."""
    rng = np.random.default_rng(1)
    curve = samples(0.2 + bump(1.2, 0.6, 0.12), 1e-4)
    kept = np.flatnonzero((rng.random(len(K)) > 0.5) | (K > 0.8))
    found = peaks(K[kept], Sampled(curve.values[..., kept]), 0.05)
    assert found[0].k_1_a == pytest.approx(1.2, abs=0.003)
    assert found[0].height == pytest.approx(0.6, abs=0.01)


def test_one_block_alone_has_no_errors():
    found = peaks(K, Sampled(liquid()[None, None]), 0.05)
    assert [peak.k_1_a for peak in found] == pytest.approx([1.14, 2.5, 4.0], abs=0.05)
    assert np.isnan([peak.height_error for peak in found]).all()


@pytest.mark.parametrize("part", [slice(0, 4), slice(40, 200)])
def test_what_is_not_known_is_not_called_zero(part):
    found = peaks(K[part], Sampled(samples(liquid(), 0.01).values[..., part]), 0.05)
    assert [peak.number for peak in found] == [None]
    assert np.isnan(found[0].height)
    assert "1/Å only" in found[0].reason
