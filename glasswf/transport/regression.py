"""Regression of a mean-square displacement with the correlation between its lags: generalised least squares.

The points of a multi-origin MSD share their frames, so their errors are far from independent. For walkers whose steps
are Gaussian and stationary all of it follows from the MSD itself: with g = MSD/3 the mean square of one coordinate,
⟨Δ_i(s) Δ_j(s')⟩ = ½[g(s+i−s') + g(s'+j−s) − g(s−s') − g(s+i−s'−j)] and Cov[Δ_i²(s), Δ_j²(s')] = 2⟨Δ_i(s) Δ_j(s')⟩²,
summed over all pairs of origins. Free diffusion with noise is the case of Bullerjahn, von Bülow and Hummer, J. Chem.
Phys. 153, 024116 (2020). g is the measured MSD up to the window and the fitted line beyond it, where noise matters.

Atoms are not independent, and their steps are not quite Gaussian: the covariance is scaled by how much the mean of all
atoms scatters over the time origins, against how much it should.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from glasswf.transport.curves import Curves
from glasswf.transport.diffusion import EINSTEIN
from glasswf.transport.ensemble import CHARGE
from glasswf.transport.uncertainty import Estimate, half_width
from glasswf.transport.window import Window, slope_weights
from glasswf.units import A2_PS_TO_CM2_S

DIMENSIONS = 3
_ITERATIONS = 4  # of line and covariance; three give 1e-3
_LARGEST = 12  # lags fitted: more share the same frames and add nothing but a nearly singular matrix
_SMALLEST = 1e-9  # of the largest: eigenvalues of the correlation matrix, slopes of the MSD
_NOTHING = 1e-10  # Å² or e² Å²: rounding errors
_CHUNK_BYTES = 1 << 25


@dataclass(frozen=True)
class Line:
    """MSD = intercept + slope · t, with the covariance (2, 2) of (intercept, slope) and χ²."""

    intercept: float
    slope: float
    covariance: np.ndarray
    chi2: float


def covariance(lags: np.ndarray, n_frames: int, structure: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Covariance (n, n) of the time-averaged squared displacements of one coordinate of one walker.

    lags: (n,) in frames. n_frames: length of the run. structure: g(k), mean squared displacement of one coordinate
    after k = 0, 1, ... frames, in the unit of the displacements squared.
    """
    g = structure(np.arange(n_frames))
    result = np.empty((len(lags), len(lags)))
    for a, i in enumerate(lags):
        for b, j in enumerate(lags[: a + 1]):
            result[a, b] = result[b, a] = _covariance(int(i), int(j), n_frames, g)
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
    line, lags = _regression(curves, name, window, curves.ensemble.counts[name])
    scatter, dof = _excess(curves, name, line, int(lags[0]))
    scale = EINSTEIN * A2_PS_TO_CM2_S
    error = scale * np.sqrt(line.covariance[1, 1] * scatter)
    return Estimate(scale * line.slope, half_width(error, dof), dof, f"GLS, {len(lags)} lags")


def collective(curves: Curves, window: Window) -> Estimate | None:
    """Slope of the displacement of the charge dipole (e² Å²/ps): one walker, whose steps are Gaussian as sums are."""
    if _at_rest(curves, CHARGE):
        return None
    line, lags = _regression(curves, CHARGE, window, 1)
    dof = _degrees(curves, int(lags[0]), _structure(curves, CHARGE, line, int(lags[0])))
    return Estimate(line.slope, half_width(float(np.sqrt(line.covariance[1, 1])), dof), dof, f"GLS, {len(lags)} lags")


def _at_rest(curves: Curves, name: str) -> bool:
    return bool(curves.mean(name).min() < _NOTHING)


def _regression(curves: Curves, name: str, window: Window, n_walkers: int) -> tuple[Line, np.ndarray]:
    inside = np.flatnonzero(window.select(curves.lags_ps))
    if len(inside) > _LARGEST:
        inside = inside[np.unique(np.linspace(0, len(inside) - 1, _LARGEST).round().astype(int))]
    lags, lags_ps, msd = curves.lags[inside], curves.lags_ps[inside], curves.mean(name)[inside]
    weights = slope_weights(lags_ps)
    slope = max(float(weights @ msd), _SMALLEST * float(msd[-1] / lags_ps[-1]))
    line = Line(float(np.mean(msd - slope * lags_ps)), slope, np.zeros((2, 2)), 0.0)
    for _ in range(_ITERATIONS):
        structure = _structure(curves, name, line, int(lags[0]))
        one = covariance(lags, curves.ensemble.n_frames, structure)
        line = fit(lags_ps, msd, DIMENSIONS * one / (n_walkers * curves.ensemble.n_replicas))
    return line, lags


def _structure(curves: Curves, name: str, line: Line, start: int) -> Callable[[np.ndarray], np.ndarray]:
    """g per coordinate: measured up to the lag `start`, from there on with the slope of the line."""
    measured = curves.every(name, start)
    slope = max(line.slope * curves.ensemble.interval_ps, _SMALLEST * float(measured[-1]) / start)

    def g(lags: np.ndarray) -> np.ndarray:
        beyond = measured[-1] + slope * (lags - start)
        return np.where(lags <= start, measured[np.minimum(lags, start)], beyond) / DIMENSIONS

    return g


def _covariance(i: int, j: int, n_frames: int, g: np.ndarray) -> float:
    """Cov of the time averages at lags i and j: 2 Σ_τ n(τ) ⟨Δ_i(s) Δ_j(s − τ)⟩² over the numbers of origins squared."""
    origins_i, origins_j = n_frames - i, n_frames - j
    shift = np.arange(1 - origins_j, origins_i)
    pairs = np.minimum(origins_i, origins_j + shift) - np.maximum(0, shift)
    product = 0.5 * (g[np.abs(shift + i)] + g[np.abs(shift - j)] - g[np.abs(shift)] - g[np.abs(shift + i - j)])
    return float(2 * (pairs @ product**2) / (origins_i * origins_j))


def _excess(curves: Curves, name: str, line: Line, lag: int) -> tuple[float, float]:
    """How much the mean square displacement of all atoms varies over the time origins, against independent walkers.

    The ratio of the variances at `lag`, and the degrees of freedom it is known with.
    """
    ensemble = curves.ensemble
    msd = float(curves.every(name, lag)[-1])
    n_atoms = ensemble.counts[name]
    observed = np.mean([_over_origins(curves, name, index, lag).var() for index in range(ensemble.n_replicas)])
    structure = _structure(curves, name, line, lag)
    of_mean = DIMENSIONS * covariance(np.array([lag]), ensemble.n_frames, structure)[0, 0]
    expected = max(2 * msd**2 / DIMENSIONS - of_mean, _SMALLEST * msd**2) / n_atoms
    return float(observed / expected), _degrees(curves, lag, structure)


def _over_origins(curves: Curves, name: str, index: int, lag: int) -> np.ndarray:
    """Squared displacement (n_origins,) over `lag`, averaged over the atoms of a species, in one replica."""
    positions, centre = curves.ensemble.positions(index), curves.ensemble.centre(index)
    atoms = curves.ensemble.replicas[index].indices(name)
    step = max(1, _CHUNK_BYTES // (positions.shape[1] * 24))
    starts = range(0, len(positions) - lag, step)
    pieces = (slice(start, min(start + step, len(positions) - lag)) for start in starts)
    later = (slice(piece.start + lag, piece.stop + lag) for piece in pieces)
    return np.concatenate([
        _mean_square(positions[piece][:, atoms] - positions[piece.start - lag : piece.stop - lag][:, atoms]
                     - (centre[piece] - centre[piece.start - lag : piece.stop - lag])[:, None])
        for piece in later
    ])  # fmt: skip


def _mean_square(moved: np.ndarray) -> np.ndarray:
    return np.einsum("fni,fni->f", moved, moved) / moved.shape[1]


def _degrees(curves: Curves, lag: int, structure: Callable[[np.ndarray], np.ndarray]) -> float:
    """Independent values among the squared displacements over `lag`, all origins and replicas."""
    g = structure(np.arange(curves.ensemble.n_frames))
    shift = np.arange(curves.ensemble.n_frames - lag)
    product = 0.5 * (g[shift + lag] + g[np.abs(shift - lag)] - 2 * g[shift])
    correlation = (product / product[0]) ** 2
    return curves.ensemble.n_replicas * max(1.0, len(shift) / (2 * (correlation @ correlation) - 1))
