"""Maxima of bond-angle distributions, as a sum of Gaussians fitted to them."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.optimize import least_squares
from scipy.special import erf

from glasswf.structure.angles import AngleDistributions, normalised
from glasswf.structure.averages import Sampled, derived
from glasswf.structure.extrema import extrema
from glasswf.structure.features import noise

SMOOTHING_DEG = 2.0
_WIDEST_DEG = 60.0
_FARTHEST_DEG = 15.0  # a fitted maximum stays this close to that of the smoothed curve
_HALF_HEIGHT = np.sqrt(2 * np.log(2))


@dataclass(frozen=True)
class AngleMaximum:
    """A Gaussian: angle and width (standard deviation) in degrees, weight (its area, of a total of one)."""

    angle_deg: float
    angle_error_deg: float
    width_deg: float
    width_error_deg: float
    weight: float
    weight_error: float


def maxima(distributions: AngleDistributions, index: int) -> list[AngleMaximum]:
    """As many Gaussians as the distribution of one triplet has maxima, in order of the angle.

    Maxima are those that stand out of the noise (glasswf.structure.extrema) after smoothing by 2 degrees. The
    Gaussians, integrated over each bin, are fitted together by least squares to the distribution not divided by sin θ;
    weights are bound to be positive, but their sum is free, as the wings of a distribution need not be Gaussian.
    Errors: the fit is repeated on the means that leave a block or a replica out.
    """
    numbers, x, edges = distributions.of(index), distributions.angle_deg, distributions.edges_deg
    if not numbers.mean.sum() > 0:
        return []
    scale = numbers.mean.sum() * (edges[1] - edges[0])
    density = Sampled(numbers.values / scale)
    found, _ = extrema(x, density.mean, SMOOTHING_DEG, noise(x, density, SMOOTHING_DEG))
    if not len(found):
        return []
    start = _guess(x, density.mean, found)
    bounds = _bounds(start, edges)
    best = _fitted(edges, start, bounds, numbers.mean)
    values, errors = derived(partial(_fitted, edges, best, bounds), numbers)
    pairs = np.stack((values, errors), axis=-1).reshape(-1, 6).tolist()
    return sorted((AngleMaximum(*six) for six in pairs), key=lambda maximum: maximum.angle_deg)


def _fitted(edges: np.ndarray, start: np.ndarray, bounds: tuple, numbers: np.ndarray) -> np.ndarray:
    """Angle, width and weight (n, 3) of each Gaussian."""
    density = normalised(numbers, edges)

    def misfit(parameters: np.ndarray) -> np.ndarray:
        return _model(edges, parameters.reshape(-1, 3)) - density

    start = np.clip(start.ravel(), *bounds)
    return least_squares(misfit, start, bounds=bounds, x_scale=np.maximum(np.abs(start), 1e-3)).x.reshape(-1, 3)


def _model(edges: np.ndarray, gaussians: np.ndarray) -> np.ndarray:
    """Sum of Gaussians (n, 3) as means over the bins."""
    angle, width, weight = gaussians.T[..., None]
    below = 0.5 * weight * erf((edges - angle) / (np.sqrt(2) * width))
    return np.diff(below.sum(axis=0)) / np.diff(edges)


def _guess(x: np.ndarray, density: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Angles, widths and weights (n, 3): widths from the points above half of each height, equal shares."""
    widths = []
    for top in found:
        below = np.flatnonzero(density < density[top] / 2)
        before, after = below[below < top], below[below > top]
        sides = [top - before[-1]] * bool(len(before)) + [after[0] - top] * bool(len(after))
        widths.append((x[1] - x[0]) * min(sides, default=len(x)) / _HALF_HEIGHT)
    return np.column_stack((x[found], widths, np.full(len(found), 1 / len(found))))


def _bounds(start: np.ndarray, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    narrowest = (edges[1] - edges[0]) / 10
    low, high = np.zeros_like(start), np.full_like(start, 2.0)
    low[:, 0], high[:, 0] = start[:, 0] - _FARTHEST_DEG, start[:, 0] + _FARTHEST_DEG
    low[:, 1], high[:, 1] = narrowest, _WIDEST_DEG
    return low.ravel(), high.ravel()
