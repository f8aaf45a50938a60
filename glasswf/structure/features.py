"""Peaks and minima of a curve such as g(r) or S(k), with errors from replicas and blocks; the first minimum.

Which maxima and minima count, and where they are, is told in glasswf.structure.extrema.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from glasswf.structure.averages import Sampled, derived
from glasswf.structure.extrema import extrema, located, pooled_error, scatter, smoothed


@dataclass(frozen=True)
class Feature:
    """A maximum ("peak") or minimum, numbered from 1 on along x.

    area: of a peak, the integral from the minimum (or end) before to the minimum after it, None if there is none.
    Errors are half-widths of 68 % intervals; NaN where not known.
    """

    kind: str
    number: int
    x: float
    x_error: float
    height: float
    height_error: float
    area: float | None = None
    area_error: float | None = None


def noise(x: np.ndarray, sample: Sampled, smoothing: float) -> np.ndarray:
    """Noise (n,) of the smoothed mean: from replicas and blocks, or from point to point where that is larger."""
    between = Sampled(smoothed(x, sample.values, smoothing)).error
    return np.maximum(pooled_error(x, np.nan_to_num(between), smoothing), scatter(x, sample.mean, smoothing))


def first_minimum(
    x: np.ndarray, y: np.ndarray, smoothing: float, noise: np.ndarray | float | None = None
) -> float | None:
    """Position of the first minimum after the first maximum; None if there is none that stands out of the noise."""
    maxima, minima = extrema(x, y, smoothing, noise)
    after = minima[minima > maxima[0]] if len(maxima) else minima
    if not len(after):
        return None
    places = np.sort(np.concatenate([maxima, minima]))
    return float(located(x, smoothed(x, y, smoothing), places, maxima)[np.searchsorted(places, after[0]), 0])


def features(x: np.ndarray, y: Sampled, smoothing: float, density: Sampled | None = None) -> list[Feature]:
    """All maxima and minima of the mean of y (n,), with errors from replicas and blocks; in order of x.

    They are looked for again, near the same places, in the means that leave one part out. density: what the area under
    a peak is the integral of, per bin (for g(r): the atoms in each shell, so that the area is a coordination number);
    default y itself.
    """
    maxima, minima = extrema(x, y.mean, smoothing, noise(x, y, smoothing))
    places = np.sort(np.concatenate([maxima, minima]))
    if not len(places):
        return []
    density = density or Sampled(y.values * (x[1] - x[0]))
    values, errors = derived(partial(_described, x, smoothing, places, maxima), y, density)
    found, numbers = [], {"peak": 0, "minimum": 0}
    for place, value, error in zip(places, values.tolist(), errors.tolist(), strict=True):
        kind = "peak" if place in maxima else "minimum"
        numbers[kind] += 1
        area = (value[2], error[2]) if np.isfinite(value[2]) else (None, None)
        found.append(Feature(kind, numbers[kind], value[0], error[0], value[1], error[1], *area))
    return found


def _described(x, smoothing, places, maxima, y, density) -> np.ndarray:
    """Position, height and area (n, 3) of the extrema near these places."""
    where = located(x, smoothed(x, y, smoothing), places, maxima, y)
    running = np.concatenate([[0.0], np.cumsum(density)])
    edges = x[0] + (x[1] - x[0]) * (np.arange(len(x) + 1) - 0.5)
    bounds = np.concatenate([[edges[0]], where[:, 0], [np.nan]])
    filled = np.interp(bounds, edges, running)
    area = np.where(np.isin(places, maxima), filled[2:] - filled[:-2], np.nan)
    return np.column_stack((where, area))
