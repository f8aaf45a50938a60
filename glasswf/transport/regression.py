"""Regression of a mean-square displacement with the correlation between its lags: generalised least squares.

The points of a multi-origin MSD share their frames, so their errors are far from independent. For walkers whose steps
are Gaussian and stationary all of it follows from the MSD itself: with g = MSD/3 the mean square of one coordinate,
⟨Δ_i(s) Δ_j(s')⟩ = ½[g(s+i−s') + g(s'+j−s) − g(s−s') − g(s+i−s'−j)] and Cov[Δ_i²(s), Δ_j²(s')] = 2⟨Δ_i(s) Δ_j(s')⟩²,
summed over all pairs of origins. Free diffusion with noise is the case of Bullerjahn, von Bülow and Hummer, J. Chem.
Phys. 153, 024116 (2020). g is the measured MSD up to the window and the fitted line beyond it, where noise matters.

Steps are not quite Gaussian: independent ones of fourth cumulant κ per unit of g add κ⟨Δ_i Δ_j⟩ (it is known from α₂ at
the first lag). Nor are atoms independent: the covariance is scaled by how much the mean of all atoms scatters over the
time origins, against how much it should.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from glasswf.transport.curves import Curves
from glasswf.transport.diffusion import EINSTEIN
from glasswf.transport.ensemble import CHARGE
from glasswf.transport.moments import DIMENSIONS, Moments, moments_at
from glasswf.transport.uncertainty import Estimate, half_width, scaled
from glasswf.transport.window import Window, slope_weights
from glasswf.units import A2_PS_TO_CM2_S

_ITERATIONS = 4  # of line and covariance; three give 1e-3
_LARGEST = 12  # lags fitted: more share the same frames and add nothing but a nearly singular matrix
_SMALLEST = 1e-9  # of the largest: eigenvalues of the correlation matrix, slopes of the MSD
_BENT_LEVEL = 0.01  # chance that χ² of a straight line exceeds what is seen
_NOTHING = 1e-10  # Å² or e² Å²: rounding errors


@dataclass(frozen=True)
class Line:
    """MSD = intercept + slope · t, with the covariance (2, 2) of (intercept, slope) and χ²."""

    intercept: float
    slope: float
    covariance: np.ndarray
    chi2: float


def covariance(
    lags: np.ndarray, n_frames: int, structure: Callable[[np.ndarray], np.ndarray], excess: float = 0.0
) -> np.ndarray:
    """Covariance (n, n) of the time-averaged squared displacements of one coordinate of one walker.

    lags: (n,) in frames. n_frames: length of the run. structure: g(k), mean squared displacement of one coordinate
    after k = 0, 1, ... frames. excess: fourth cumulant of a displacement over g, zero for Gaussian steps; both in the
    unit of the displacements squared.
    """
    g = structure(np.arange(n_frames))
    result = np.empty((len(lags), len(lags)))
    for a, i in enumerate(lags):
        for b, j in enumerate(lags[: a + 1]):
            result[a, b] = result[b, a] = _covariance(int(i), int(j), n_frames, g, excess)
    return result


def fit(lags_ps: np.ndarray, msd: np.ndarray, covariances: np.ndarray) -> Line:
    """Line through msd (n,) at lags (n,) in ps, whose errors have the covariance (n, n): generalised least squares."""
    scale = np.sqrt(np.diag(covariances))
    # A curve that no stationary walk has (vibrations seen too rarely) gives eigenvalues below zero.
    values, vectors = np.linalg.eigh(covariances / np.outer(scale, scale))
    whiten = vectors.T / np.sqrt(np.maximum(values, _SMALLEST * values[-1]))[:, None] / scale
    design = whiten @ np.column_stack([np.ones_like(lags_ps), lags_ps])
    found = np.linalg.inv(design.T @ design)
    intercept, slope = found @ design.T @ (whiten @ msd)
    rest = whiten @ msd - design @ [intercept, slope]
    return Line(float(intercept), float(slope), found, float(rest @ rest))


def diffusivity(curves: Curves, name: str, window: Window) -> Estimate | None:
    """D of one species (cm²/s) from the lags of a window, all replicas together; None for atoms that do not move."""
    if _at_rest(curves, name):
        return None
    lags = _lags(curves, window)
    moments = moments_at(curves, name, int(lags[0]))
    line = _regression(curves, name, lags, curves.ensemble.counts[name], moments.excess)
    scatter, dof = _together(curves, name, line, moments)
    return scaled(_estimate(line, lags, scatter, dof), EINSTEIN * A2_PS_TO_CM2_S)


def collective(curves: Curves, window: Window) -> Estimate | None:
    """Slope of the displacement of the charge dipole (e² Å²/ps): one walker, whose steps are Gaussian as sums are."""
    if _at_rest(curves, CHARGE):
        return None
    lags = _lags(curves, window)
    line = _regression(curves, CHARGE, lags, 1, 0.0)
    return _estimate(line, lags, 1.0, _degrees(curves, int(lags[0]), _structure(curves, CHARGE, line, int(lags[0]))))


def _estimate(line: Line, lags: np.ndarray, scatter: float, dof: float) -> Estimate:
    """The slope; its method says so where the lags do not lie on a line."""
    error = half_width(float(np.sqrt(line.covariance[1, 1] * scatter)), dof)
    chi2, rest = line.chi2 / scatter, len(lags) - 2
    bent = rest > 0 and special.fdtrc(rest, dof, chi2 / rest) < _BENT_LEVEL
    doubt = f", not straight (χ² {chi2:.0f}/{rest})" if bent else ""
    return Estimate(line.slope, error, float(dof), f"GLS, {len(lags)} lags{doubt}")


def _at_rest(curves: Curves, name: str) -> bool:
    return bool(curves.mean(name).min() < _NOTHING)


def _lags(curves: Curves, window: Window) -> np.ndarray:
    """The lags fitted, in frames."""
    inside = curves.lags[window.select(curves.lags_ps)]
    return inside[np.unique(np.linspace(0, len(inside) - 1, min(len(inside), _LARGEST)).round().astype(int))]


def _regression(curves: Curves, name: str, lags: np.ndarray, n_walkers: int, excess: float) -> Line:
    lags_ps = lags * curves.ensemble.interval_ps
    msd = curves.every(name, int(lags[-1]))[lags]
    weights = slope_weights(lags_ps)
    slope = max(float(weights @ msd), _SMALLEST * float(msd[-1] / lags_ps[-1]))
    line = Line(float(np.mean(msd - slope * lags_ps)), slope, np.zeros((2, 2)), 0.0)
    for _ in range(_ITERATIONS):
        structure = _structure(curves, name, line, int(lags[0]))
        one = covariance(lags, curves.ensemble.n_frames, structure, excess)
        line = fit(lags_ps, msd, DIMENSIONS * one / (n_walkers * curves.ensemble.n_replicas))
    return line


def _structure(curves: Curves, name: str, line: Line, start: int) -> Callable[[np.ndarray], np.ndarray]:
    """g per coordinate: measured up to the lag `start`, from there on with the slope of the line."""
    measured = curves.every(name, start)
    slope = max(line.slope * curves.ensemble.interval_ps, _SMALLEST * float(measured[-1]) / start)

    def g(lags: np.ndarray) -> np.ndarray:
        beyond = measured[-1] + slope * (lags - start)
        return np.where(lags <= start, measured[np.minimum(lags, start)], beyond) / DIMENSIONS

    return g


def _covariance(i: int, j: int, n_frames: int, g: np.ndarray, excess: float) -> float:
    """Covariance of the time averages at lags i and j, from all pairs of origins that are τ apart."""
    origins_i, origins_j = n_frames - i, n_frames - j
    shift = np.arange(1 - origins_j, origins_i)
    pairs = np.minimum(origins_i, origins_j + shift) - np.maximum(0, shift)
    product = 0.5 * (g[np.abs(shift + i)] + g[np.abs(shift - j)] - g[np.abs(shift)] - g[np.abs(shift + i - j)])
    return float(pairs @ (2 * product**2 + excess * np.abs(product)) / (origins_i * origins_j))


def _together(curves: Curves, name: str, line: Line, moments: Moments) -> tuple[float, float]:
    """How much the mean square displacement of all atoms varies over the origins, against as many independent atoms.

    The ratio of the variances, and the degrees of freedom it is known with.
    """
    ensemble = curves.ensemble
    structure = _structure(curves, name, line, moments.lag)
    one = covariance(np.array([moments.lag]), ensemble.n_frames, structure, moments.excess)
    expected = max(moments.single - DIMENSIONS * one[0, 0], _SMALLEST * moments.single) / ensemble.counts[name]
    return moments.together / expected, _degrees(curves, moments.lag, structure)


def _degrees(curves: Curves, lag: int, structure: Callable[[np.ndarray], np.ndarray]) -> float:
    """Independent values among the squared displacements over `lag`, all origins and replicas."""
    g = structure(np.arange(curves.ensemble.n_frames))
    shift = np.arange(curves.ensemble.n_frames - lag)
    product = 0.5 * (g[shift + lag] + g[np.abs(shift - lag)] - 2 * g[shift])
    correlation = (product / product[0]) ** 2
    return curves.ensemble.n_replicas * max(1.0, len(shift) / (2 * (correlation @ correlation) - 1))
