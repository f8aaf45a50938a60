"""Maxima of bond-angle distributions: where they are, how wide, and what part of the angles belongs to each."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from glasswf.structure.angles import AngleDistributions, normalised
from glasswf.structure.averages import derived
from glasswf.structure.extrema import extrema, located, smoothed
from glasswf.structure.features import noise

SMOOTHING_DEG = 2.0


@dataclass(frozen=True)
class AngleMaximum:
    """A maximum, with the angles between the minima before and after it (or the ends, 0 and 180 degrees).

    angle_deg: of the maximum. width_deg: standard deviation of those angles. weight: their part of all angles, so that
    the weights of a distribution sum to one. Errors are half-widths of 68 % intervals, NaN where not known.
    """

    angle_deg: float
    angle_error_deg: float
    width_deg: float
    width_error_deg: float
    weight: float
    weight_error: float


def maxima(distributions: AngleDistributions, index: int) -> list[AngleMaximum]:
    """Maxima of the distribution of one triplet, not divided by sin θ, in order of the angle.

    They are those that stand out of the noise after smoothing by 2 degrees; a parabola is fitted to the top of each
    (glasswf.structure.extrema). A sum of Gaussians would be prettier, but most distributions are too skew to be one.
    Errors: all is repeated on the means that leave a block or a replica out.
    """
    numbers, x = distributions.of(index), distributions.angle_deg
    if not numbers.mean.sum() > 0:
        return []
    tops, minima = extrema(x, numbers.mean, SMOOTHING_DEG, noise(x, numbers, SMOOTHING_DEG))
    if not len(tops):
        return []
    between = minima[(minima > tops[0]) & (minima < tops[-1])]
    values, errors = derived(partial(_described, distributions.edges_deg, tops, between), numbers)
    return [AngleMaximum(*pairs) for pairs in np.stack((values, errors), axis=-1).reshape(-1, 6).tolist()]


def _described(edges: np.ndarray, tops: np.ndarray, minima: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Angle, width and weight (n, 3) of the maxima near these places."""
    x, density = (edges[1:] + edges[:-1]) / 2, normalised(numbers, edges)
    places = np.sort(np.concatenate([tops, minima]))
    where = located(x, smoothed(x, density, SMOOTHING_DEG), places, tops, density)[:, 0]
    bounds = [edges[0], *where[1::2], edges[-1]]
    shares = density * np.diff(edges)
    moments = [np.diff(np.interp(bounds, edges, np.append(0, np.cumsum(shares * x**power)))) for power in range(3)]
    with np.errstate(invalid="ignore", divide="ignore"):
        width = np.sqrt(np.maximum(moments[2] / moments[0] - (moments[1] / moments[0]) ** 2, 0))
    return np.column_stack((where[::2], width, moments[0]))
