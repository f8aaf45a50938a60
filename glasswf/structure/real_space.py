"""Pair correlations as diffraction shows them: transforms of structure factors that end at some Q_max."""

import numpy as np
from scipy.special import sici

from glasswf.errors import AnalysisError
from glasswf.structure.transform import LORCH, STEP, even_edges, window


def pair_correlation(
    k_1_a: np.ndarray,
    s: np.ndarray,
    density_1_a3: float,
    r_a: np.ndarray,
    q_max_1_a: float | None = None,
    window_name: str = LORCH,
) -> np.ndarray:
    """g(r) = 1 + ∫ k [S(k) − 1] sin(kr) w(k) dk / (2π²ρr) up to Q_max (..., n_r): total g of a total S.

    k_1_a: (n_k,), rising. s: (..., n_k). q_max_1_a: end of the integral and of the window, default the last k. Between
    the points, and from k = 0 to the first, k [S − 1] w is straight, and the sine is integrated exactly. Bins of width
    dk damp g(r) by sin(r dk/2) / (r dk/2).

    Raises AnalysisError if Q_max is beyond the last k.
    """
    end = float(k_1_a[-1]) if q_max_1_a is None else q_max_1_a
    if not 0 < end <= k_1_a[-1] * (1 + 1e-9):
        raise AnalysisError(f"g(r) from S(k) up to {end:g} 1/Å, but S is known up to {k_1_a[-1]:.4g} 1/Å")
    below = k_1_a < end * (1 - 1e-9)
    k = np.concatenate([[0.0], k_1_a[below], [end]])
    last = _at(end, k_1_a, s)[..., None]
    s = np.concatenate([s[..., :1], s[..., below], last], axis=-1)
    integrand = k * (s - 1) * window(window_name, k, end)
    slopes = np.diff(integrand) / np.diff(k)
    phase = np.outer(k, r_a)
    integral = slopes @ np.diff(np.sin(phase), axis=0) / r_a**2 - integrand[..., -1:] * np.cos(phase[-1]) / r_a
    return 1 + integral / (2 * np.pi**2 * density_1_a3 * r_a)


def broadened(r_a: np.ndarray, g: np.ndarray, q_max_1_a: float, window_name: str = STEP) -> np.ndarray:
    """g(r) (..., n) as an experiment with S(k) up to Q_max gives it: r [g − 1], odd in r, convolved with a kernel.

    The kernel is the transform of the window in k: sin(Q_max r) / (πr) for "step" (Wright, J. Non-Cryst. Solids 159,
    264 (1993)), a peak without such ripples for "lorch". r_a: (n,) evenly spaced middles of bins from 0 on; beyond the
    last g counts as 1, so that the last few π / Q_max are not to be trusted.

    Raises AnalysisError if bins are too wide to show what Q_max resolves.
    """
    width = float(even_edges(r_a)[1])
    if not 0 < q_max_1_a * width <= np.pi / 2:
        raise AnalysisError(
            f"g(r) in bins of {width:g} Å cannot be broadened for Q_max = {q_max_1_a:g} 1/Å; Q_max must be above 0 and "
            f"below {np.pi / 2 / width:.3g} 1/Å"
        )
    odd = _kernel(r_a[:, None] - r_a, q_max_1_a, window_name) - _kernel(r_a[:, None] + r_a, q_max_1_a, window_name)
    return 1 + (r_a * (g - 1)) @ odd.T * width / r_a


def _kernel(r: np.ndarray, q_max: float, name: str) -> np.ndarray:
    """(1/π) ∫ w(k) cos(kr) dk from 0 to Q_max."""
    window(name, r, q_max)
    if name == STEP:
        return q_max / np.pi * np.sinc(q_max * r / np.pi)
    return q_max / (2 * np.pi**2) * (sici(np.pi + q_max * r)[0] + sici(np.pi - q_max * r)[0])


def _at(x: float, points: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Values (..., n) interpolated at one x."""
    after = int(np.clip(np.searchsorted(points, x), 1, len(points) - 1))
    share = (x - points[after - 1]) / (points[after] - points[after - 1])
    return values[..., after - 1] * (1 - share) + values[..., after] * share
