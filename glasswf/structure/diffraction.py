"""Diffraction peaks: the maxima of a structure factor with heights above a base line, and whether a first sharp one
is among them.
"""

from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from scipy.signal import savgol_filter

from glasswf.structure.averages import Sampled, derived
from glasswf.structure.extrema import STANDS_OUT, extrema, located, smoothed
from glasswf.structure.features import noise

SMOOTHING_1_A = 0.1  # less than the width of any diffraction peak of a glass
_BASE_1_A = 0.15  # on either side of a lowest place: what its value is fitted to
_FEWEST = 10  # points of which some may be told from noise
FSDP_BELOW_1_A = 1.7  # the principal peaks of sulfide glasses begin near 2 1/Å


@dataclass(frozen=True)
class DiffractionPeak:
    """A maximum of S(k), numbered from 1 on along k, or the lack of a first sharp diffraction peak.

    The base line is the straight line through the lowest places between the maximum and the ones before and after it
    (or the ends of the curve). height: of the maximum above it. area: of the curve above it, between these places
    (1/Å). top: S(k) at the maximum. Where there is none, number and k_1_a are None, height and area zero with the error
    that their noise makes, or NaN if S is not known there, and `reason` says so. Errors are half-widths of 68 %
    intervals, NaN where not known.
    """

    number: int | None
    k_1_a: float | None
    k_error_1_a: float | None
    height: float
    height_error: float
    area: float
    area_error: float
    top: float | None = None
    reason: str | None = None


def peaks(k_1_a: np.ndarray, s: Sampled, bin_1_a: float) -> list[DiffractionPeak]:
    """Maxima of S(k) that stand out of the noise (glasswf.structure.extrema), in order of k; the first of the list says
    that none is below 1.7 1/Å if so.

    k_1_a: (n,) rising. s: Sampled of (n_replicas, n_blocks, n). bin_1_a: width of the even bins that the curve is first
    interpolated to. Errors: all, base lines included, is repeated on the means that leave a block or a replica out.
    """
    k, curve = _even(k_1_a, s, bin_1_a)
    if len(k) < _FEWEST or k[0] > FSDP_BELOW_1_A:
        reason = f"S(k) is known from {k[0]:.3g} to {k[-1]:.3g} 1/Å only, in {len(k_1_a)} bins"
        return [DiffractionPeak(None, None, None, np.nan, np.nan, np.nan, np.nan, reason=reason)]
    level = noise(k, curve, SMOOTHING_1_A)
    tops, _ = extrema(k, curve.mean, SMOOTHING_1_A, level)
    found = _above_base_lines(k, curve, tops) if len(tops) else []
    first = found[0].k_1_a if found else np.inf
    return found if first < FSDP_BELOW_1_A else [_none(k, level), *found]


def _even(k_1_a: np.ndarray, s: Sampled, bin_1_a: float) -> tuple[np.ndarray, Sampled]:
    k = np.arange(k_1_a[0], k_1_a[-1] + 1e-9 * bin_1_a, bin_1_a)
    return k, Sampled(np.apply_along_axis(lambda each: np.interp(k, k_1_a, each), -1, s.values))


def _above_base_lines(k: np.ndarray, s: Sampled, tops: np.ndarray) -> list[DiffractionPeak]:
    bases = _lowest(smoothed(k, s.mean, SMOOTHING_1_A), tops)
    values, errors = derived(partial(_described, k, tops, bases), s)
    return [
        DiffractionPeak(number, place, place_error, height, height_error, area, area_error, top)
        for number, ((place, height, area, top), (place_error, height_error, area_error, _)) in enumerate(
            zip(values.tolist(), errors.tolist(), strict=True), start=1
        )
    ]


def _lowest(curve: np.ndarray, tops: np.ndarray) -> np.ndarray:
    """Indices of the lowest places between the ends of the curve and the maxima."""
    ends = pairwise([0, *tops, len(curve) - 1])
    return np.array([first + int(np.argmin(curve[first : last + 1])) for first, last in ends])


def _described(k: np.ndarray, tops: np.ndarray, bases: np.ndarray, s: np.ndarray) -> np.ndarray:
    """Position, height above the base line, area above it and S (n, 4) of the maxima near these places."""
    curve = smoothed(k, s, SMOOTHING_1_A)
    where, top = located(k, curve, np.sort(np.concatenate([tops, bases])), tops, s)[1::2].T
    bases = _lowest(curve, np.searchsorted(k, where))
    above = s - np.interp(k, k[bases], _local(k, s)[bases])
    heights = top - np.interp(where, k, s - above)
    areas = [np.trapezoid(above[first : last + 1], k[first : last + 1]) for first, last in pairwise(bases)]
    return np.column_stack((where, heights, areas, top))


def _local(k: np.ndarray, s: np.ndarray) -> np.ndarray:
    """Parabolas fitted to the surroundings of each point: less noise, and minima stay as deep."""
    points = min(2 * max(2, round(_BASE_1_A / (k[1] - k[0]))) + 1, len(k) - 1 + len(k) % 2)
    return savgol_filter(s, points, 2)


def _none(k: np.ndarray, level: np.ndarray) -> DiffractionPeak:
    """The noise of a peak of the width that smoothing leaves; it must exceed that several times to count."""
    here = level[k < FSDP_BELOW_1_A]
    error = float(np.sqrt(np.mean(here**2))) if len(here) else np.nan
    width = float(np.sqrt(2 * np.pi)) * SMOOTHING_1_A
    reason = f"no maximum below {FSDP_BELOW_1_A:g} 1/Å stands out of the noise by more than {STANDS_OUT * error:.2g}"
    return DiffractionPeak(None, None, None, 0.0, error, 0.0, error * width, reason=reason)
