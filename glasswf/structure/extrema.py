"""Maxima and minima of a curve that stand out of its noise, on plain arrays.

The curve is smoothed by a Gaussian (of standard deviation `smoothing`, in units of x) to find them. A maximum counts if
its prominence, the least one must descend from it to reach higher ground, is more than six times the noise there; a
minimum is the lowest place between two maxima, or beyond the last (before the first) one if the curve rises again by
as much. The noise is that of the smoothed curve, averaged over its surroundings, as single errors are themselves
uncertain.
"""

from itertools import pairwise

import numpy as np
from scipy.ndimage import gaussian_filter1d, uniform_filter1d
from scipy.signal import find_peaks

STANDS_OUT = 6.0  # times the noise: about one curve in a hundred of noise alone then has a maximum
_SURROUNDINGS = 5  # smoothing lengths on either side over which the noise is averaged
_TOP = 0.3  # of the prominence: the part of a maximum a parabola is fitted to
_BOTTOM = 0.05  # of the depth: the stretch whose middle is the minimum


def smoothed(x: np.ndarray, y: np.ndarray, smoothing: float) -> np.ndarray:
    """The curve y (..., n) on evenly spaced x (n,), convolved with a Gaussian of this standard deviation."""
    return gaussian_filter1d(np.asarray(y, dtype=float), smoothing / (x[1] - x[0]), mode="nearest")


def scatter(x: np.ndarray, y: np.ndarray, smoothing: float) -> np.ndarray:
    """Noise (n,) of the smoothed curve as the scatter of y from point to point tells it (fourth differences)."""
    width = smoothing / (x[1] - x[0])
    variance = np.convolve(y, (1, -4, 6, -4, 1), mode="valid") ** 2 / 70
    pooled = pooled_error(x, np.sqrt(np.pad(variance, 2, mode="edge")), smoothing)
    return pooled / np.sqrt(max(1.0, 2 * np.sqrt(np.pi) * width))


def pooled_error(x: np.ndarray, error: np.ndarray, smoothing: float) -> np.ndarray:
    """Root mean square (n,) of the errors around each point."""
    window = 2 * int(np.ceil(_SURROUNDINGS * smoothing / (x[1] - x[0]))) + 1
    return np.sqrt(np.maximum(uniform_filter1d(error**2, window, mode="nearest"), 0))


def extrema(
    x: np.ndarray, y: np.ndarray, smoothing: float, noise: np.ndarray | float | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Indices of the maxima and of the minima that stand out of the noise, as the head of this module says.

    x, y: (n,), evenly spaced. noise: of the smoothed curve, a number or (n,); default `scatter`.
    """
    curve = smoothed(x, y, smoothing)
    noise = np.broadcast_to(scatter(x, y, smoothing) if noise is None else noise, curve.shape)
    threshold = STANDS_OUT * noise + 1e-9 * np.ptp(curve)
    maxima, found = find_peaks(curve, prominence=0)
    maxima = maxima[found["prominences"] > threshold[maxima]]
    if not len(maxima):
        return maxima, maxima
    minima = [first + int(np.argmin(curve[first:last])) for first, last in pairwise(maxima)]
    before, after = int(np.argmin(curve[: maxima[0]])), maxima[-1] + int(np.argmin(curve[maxima[-1] :]))
    if curve[: before + 1].max() > curve[before] + threshold[before]:
        minima.insert(0, before)
    if curve[after:].max() > curve[after] + threshold[after]:
        minima.append(after)
    return maxima, np.array(minima, dtype=int)


def located(
    x: np.ndarray, curve: np.ndarray, places: np.ndarray, maxima: np.ndarray, y: np.ndarray | None = None
) -> np.ndarray:
    """Positions and heights (n, 2) of the extrema of a smoothed curve nearest to these places; heights those of y."""
    y = curve if y is None else y
    signs = np.where(np.isin(places, maxima), 1, -1)
    windows = pairwise([0, *((places[1:] + places[:-1]) // 2), len(x) - 1])
    tops = [
        first + int(np.argmax(sign * curve[first : last + 1]))
        for sign, (first, last) in zip(signs, windows, strict=True)
    ]
    borders = [0, *tops, len(x) - 1]
    found = np.empty((len(tops), 2))
    for index, (top, sign) in enumerate(zip(tops, signs, strict=True)):
        part = slice(borders[index], borders[index + 2] + 1)
        locate = _summit if sign > 0 else _bottom
        found[index] = locate(x[part], sign * curve[part], y[part], top - borders[index])
    return found


def _summit(x: np.ndarray, curve: np.ndarray, y: np.ndarray, top: int) -> tuple[float, float]:
    """Vertex of the least-squares parabola of y around the highest point of the smoothed curve."""
    first, last = _stretch(curve, top, _level(curve, top, _TOP))
    first, last = max(0, min(first, top - 2)), min(max(last, top + 2), len(x) - 1)
    middle, part = x[top], slice(first, last + 1)
    if last - first < 2:
        return middle, y[top]
    bend, slope, level = np.polyfit(x[part] - middle, y[part], 2)
    if bend >= 0:
        return middle, y[top]
    shift = np.clip(-slope / (2 * bend), x[first] - middle, x[last] - middle)
    return middle + shift, level + slope * shift + bend * shift**2


def _bottom(x: np.ndarray, curve: np.ndarray, y: np.ndarray, top: int) -> tuple[float, float]:
    """Middle of the lowest stretch (`curve` is upside down, `top` its highest point), and the mean of y over it."""
    level = _level(curve, top, _BOTTOM)
    first, last = _stretch(curve, top, level)
    ends = [x[first], x[last]]
    for end, (inner, outer) in enumerate([(first, first - 1), (last, last + 1)]):
        if 0 <= outer < len(x):
            ends[end] += (x[outer] - x[inner]) * (curve[inner] - level) / (curve[inner] - curve[outer])
    return sum(ends) / 2, y[first : last + 1].mean()


def _level(curve: np.ndarray, top: int, fraction: float) -> float:
    """Level after this fraction of the way down from the highest point to the higher of its two sides."""
    return curve[top] - fraction * (curve[top] - max(curve[: top + 1].min(), curve[top:].min()))


def _stretch(curve: np.ndarray, top: int, level: float) -> tuple[int, int]:
    """First and last point of the stretch around the highest that does not fall below the level."""
    below = np.flatnonzero(curve < level)
    before, after = below[below < top], below[below > top]
    return int(before[-1]) + 1 if len(before) else 0, int(after[0]) - 1 if len(after) else len(curve) - 1
