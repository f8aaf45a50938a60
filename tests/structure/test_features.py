"""Maxima and minima of known curves, with and without noise."""

import numpy as np
import pytest

from glasswf.structure.averages import Sampled
from glasswf.structure.extrema import extrema
from glasswf.structure.features import features, first_minimum

X = np.arange(500) * 0.02 + 0.01


def bell(middle, deviation, height):
    return height * np.exp(-((X - middle) ** 2) / (2 * deviation**2))


def step(middle, width):
    return 1 / (1 + np.exp(-(X - middle) / width))


def noisy(curve, deviation, seed=0, shape=(3, 5)):
    rng = np.random.default_rng(seed)
    return Sampled(curve + deviation * rng.normal(size=(*shape, len(X))))


def test_position_height_and_area_of_a_clean_maximum():
    (found,) = features(X, Sampled(bell(2.13, 0.1, 12.0)[None, None]), 0.05)
    assert (found.kind, found.number) == ("peak", 1)
    assert found.x == pytest.approx(2.13, abs=1e-4)
    assert found.height == pytest.approx(12, rel=0.01)
    assert found.area is None  # no minimum after it
    assert np.isnan(found.x_error)


def test_the_two_silicon_distances_are_told_apart():
    curve = bell(3.03, 0.12, 1.5) + bell(3.53, 0.16, 2.0) + step(5.0, 0.3)
    found = features(X, noisy(curve, 0.3), 0.05)
    assert [each.kind for each in found[:4]] == ["peak", "minimum", "peak", "minimum"]
    assert [each.number for each in found[:4]] == [1, 1, 2, 2]
    for each, middle in ((found[0], 3.03), (found[2], 3.53)):
        assert 0 < each.x_error < 0.06
        assert abs(each.x - middle) < 0.01 + 3 * each.x_error
    areas = [1.5 * 0.12, 2.0 * 0.16] * np.sqrt(2 * np.pi * np.ones(2))
    assert [found[0].area, found[2].area] == pytest.approx(areas, rel=0.1)


def test_a_prepeak_beside_a_main_peak_is_seen_and_a_shoulder_is_not():
    prepeak = bell(3.1, 0.09, 1.5) + bell(3.5, 0.15, 3.0)
    shoulder = bell(3.25, 0.1, 0.8) + bell(3.5, 0.15, 3.0)
    assert [round(each.x, 1) for each in features(X, noisy(prepeak, 0.1), 0.05) if each.kind == "peak"] == [3.1, 3.5]
    assert [each.kind for each in features(X, noisy(shoulder, 0.1), 0.05)].count("peak") == 1


@pytest.mark.parametrize("shape", [(1, 5), (2, 5), (3, 5)])
def test_noise_has_no_maxima(shape):
    """Less than one curve in twenty; every curve has some dozens that do not count."""
    spread = 3 / X  # as of counts in shells
    false = [len(features(X, noisy(np.ones(len(X)), spread, seed, shape), 0.05)) for seed in range(100)]
    assert np.count_nonzero(false) <= 5


def test_errors_of_positions_and_areas_cover_the_truth():
    curve = bell(2.5, 0.15, 2.0) + bell(3.6, 0.2, 1.5)
    truth = features(X, Sampled(curve[None, None]), 0.05)[0]
    wide, found = 0, [features(X, noisy(curve, 0.3, seed), 0.05)[0] for seed in range(100)]
    for value, error in (("x", "x_error"), ("height", "height_error")):
        within = [abs(getattr(each, value) - getattr(truth, value)) < getattr(each, error) for each in found]
        wide += sum(within)
        assert 60 <= sum(within) <= 97  # the larger of two errors covers more than 68 %
    assert np.mean([each.x for each in found]) == pytest.approx(truth.x, abs=0.005)


def test_first_minimum_of_an_empty_stretch_is_its_middle():
    curve = bell(2.13, 0.08, 20) + bell(4.5, 0.1, 3.0)
    assert first_minimum(X, curve, 0.05) == pytest.approx((2.13 + 4.5) / 2, abs=0.15)


@pytest.mark.parametrize("seed", range(5))
def test_first_minimum_withstands_noise(seed):
    curve = bell(2.9, 0.2, 4.0) + step(4.5, 0.25)
    clean = first_minimum(X, curve, 0.05)
    rng = np.random.default_rng(seed)
    assert first_minimum(X, curve + 0.08 * rng.normal(size=len(X)), 0.05) == pytest.approx(clean, abs=0.1)


def test_curves_without_a_minimum():
    rng = np.random.default_rng(0)
    assert first_minimum(X, step(3, 0.2), 0.05) is None
    assert first_minimum(X, bell(3, 0.2, 1.0), 0.05) is None
    assert first_minimum(X, np.zeros(len(X)), 0.05) is None
    assert first_minimum(X, 1 + 0.1 * rng.normal(size=len(X)), 0.05) is None


def test_a_structure_factor_has_its_minimum_before_the_first_maximum_too():
    curve = 0.5 + bell(0.0, 0.3, 1.0) + bell(2.0, 0.2, 1.0)
    maxima, minima = extrema(X, curve, 0.05, 0.01)
    assert X[maxima] == pytest.approx([2.0], abs=0.02)
    assert len(minima) == 1 and 0.8 < X[minima[0]] < 1.5


def test_areas_are_those_of_another_density():
    curve = bell(2.0, 0.1, 5.0) + bell(4.0, 0.1, 5.0)
    atoms = np.where(X < 3, bell(2.0, 0.1, 4.0), bell(4.0, 0.1, 1.0))
    found = features(X, Sampled(curve[None, None]), 0.05, Sampled(atoms[None, None]))
    assert found[0].area == pytest.approx(atoms[X < 3].sum(), rel=1e-6)
