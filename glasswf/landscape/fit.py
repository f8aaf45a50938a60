"""V₀ and σ_ε from measured activation energies, and ν from measured conductivities.

Every energy of the model is V₀ times a number, and u₀ a fixed part of V₀: E_a = V₀ e(σ_ε; composition). With the same
random numbers in every evaluation, e is a smooth function of σ_ε alone; V₀ follows by linear least squares.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize_scalar

from glasswf.errors import TheoryError
from glasswf.landscape.model import Glass
from glasswf.landscape.study import activation_energies

_WIDEST = 1.5  # largest σ_ε tried, in units of V₀


@dataclass(frozen=True)
class Fit:
    """V₀ (eV) and σ_ε with standard errors and their covariance; χ² with the errors given, and degrees of freedom.

    modelled: E_a (eV) of the compositions fitted.
    """

    v0_ev: float
    sigma: float
    v0_err_ev: float
    sigma_err: float
    covariance: float
    chi2: float
    dof: int
    modelled: tuple[float, ...]


def fit_energies(
    glasses: Sequence[Glass],
    measured_ev: Sequence[float],
    errors_ev: Sequence[float] | None,
    size: int,
    n_samples: int,
    seed: int,
    *,
    processes: int = 1,
) -> Fit:
    """Least squares over compositions: two (the end members) are matched exactly, more are fitted.

    glasses: with units and u0_ev/v0_ev as wanted; their V₀ and σ_ε are ignored. errors_ev: None for equal ones, then
    taken from the scatter where there are more than two. Raises TheoryError for fewer than two or nonsense.
    """  # fmt: skip
    measured, weights = _checked(glasses, measured_ev, errors_ev)

    def unit_energies(sigma: float) -> np.ndarray:
        scaled = [replace(glass, v0_ev=1.0, sigma=sigma, u0_ev=glass.u0_ev / glass.v0_ev) for glass in glasses]
        found = activation_energies(scaled, size, n_samples, seed, processes=processes)
        return np.array([each.mean for each in found])

    def chi2(sigma: float) -> float:
        e = unit_energies(sigma)
        return float(np.sum(((measured - _v0(e, measured, weights) * e) * weights) ** 2))

    sigma = _lowest(chi2)
    e = unit_energies(sigma)
    v0 = _v0(e, measured, weights)
    covariance, dof = _covariance(unit_energies, sigma, v0, weights), len(measured) - 2
    least = chi2(sigma)
    if errors_ev is None:
        covariance = covariance * (least / dof if dof else np.nan)
    errors = np.sqrt(np.diag(covariance))
    return Fit(
        v0, sigma, float(errors[0]), float(errors[1]), float(covariance[0, 1]), least, dof, tuple((v0 * e).tolist())
    )


def attempt_frequency(modelled_s_cm: Sequence[float], measured_s_cm: Sequence[float], attempt_hz: float) -> float:
    """ν (Hz) that brings modelled conductivities, made with `attempt_hz`, to measured ones: least squares of ln σ."""
    modelled, measured = np.asarray(modelled_s_cm), np.asarray(measured_s_cm)
    if not (len(modelled) and len(modelled) == len(measured) and (modelled > 0).all() and (measured > 0).all()):
        raise TheoryError("attempt frequency: needs as many positive measured conductivities as modelled ones")
    return float(attempt_hz * np.exp(np.mean(np.log(measured / modelled))))


def _checked(glasses: Sequence[Glass], measured, errors) -> tuple[np.ndarray, np.ndarray]:
    measured = np.asarray(measured, dtype=float)
    if len(measured) < 2 or len(measured) != len(glasses):
        raise TheoryError(f"a fit needs E_a of two compositions or more; there are {len(measured)}")
    errors = np.ones_like(measured) if errors is None else np.asarray(errors, dtype=float)
    if not ((measured > 0).all() and (errors > 0).all()):
        raise TheoryError("activation energies and their errors must be positive")
    return measured, 1 / errors


def _v0(e: np.ndarray, measured: np.ndarray, weights: np.ndarray) -> float:
    return float(np.sum(weights**2 * e * measured) / np.sum((weights * e) ** 2))


def _lowest(chi2: Callable[[float], float]) -> float:
    grid = np.linspace(0.0, _WIDEST, 13)
    values = [chi2(sigma) for sigma in grid]
    best = int(np.argmin(values))
    if best == len(grid) - 1:
        raise TheoryError(f"sigma: no minimum below {_WIDEST:g}; the model cannot follow these activation energies")
    bounds = grid[max(0, best - 1)], grid[best + 1]
    return float(minimize_scalar(chi2, bounds=bounds, method="bounded", options={"xatol": 1e-4}).x)


def _covariance(
    unit_energies: Callable[[float], np.ndarray], sigma: float, v0: float, weights: np.ndarray
) -> np.ndarray:
    """Of (V₀, σ_ε), from the derivatives of E_a = V₀ e(σ_ε)."""
    step = 0.02
    slope = (unit_energies(sigma + step) - unit_energies(max(0.0, sigma - step))) / (step + min(step, sigma))
    jacobian = np.column_stack([unit_energies(sigma), v0 * slope]) * weights[:, None]
    return np.linalg.inv(jacobian.T @ jacobian)
