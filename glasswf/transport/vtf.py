"""Vogel-Tammann-Fulcher fits, ln y = ln A − B/(k_B (T − T₀)), and whether data curve enough to ask for one.

The Arrhenius law is the case T₀ = 0. For a given T₀ the fit is linear, so χ²(T₀) is one function of one variable, on
0 ≤ T₀ < lowest T: no starting values, and the global minimum is found.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from glasswf.errors import AnalysisError
from glasswf.transport.arrhenius import checked, widening
from glasswf.units import BOLTZMANN_EV_K

PARAMETERS = 3
_CLOSEST = 0.98  # of the lowest temperature: T₀ any closer would make the first point a singularity
_GRID = 100
_BRANCHES = 41
# The curved model needs a criterion better by this much (Burnham and Anderson, Model Selection (2002), ch. 2.6).
DECISIVE = 2.0


@dataclass(frozen=True)
class Branch:
    """The line that fits best for one T₀: covariance (2, 2) of (ln A, B), and by how much χ² may still rise."""

    t0_k: float
    log_prefactor: float
    b_ev: float
    covariance: np.ndarray
    slack: float

    def interval(self, design: np.ndarray) -> tuple[float, float]:
        """Ends of design · (ln A, B), as far as the slack allows."""
        middle = float(design @ [self.log_prefactor, self.b_ev])
        reach = float(np.sqrt(self.slack * (design @ self.covariance @ design)))
        return middle - reach, middle + reach


@dataclass(frozen=True)
class VtfFit:
    """ln y = log_prefactor − b_ev/(k_B (T − t0_k)).

    Intervals (68.3 %) by the profile likelihood: where χ² rises by no more than one, times `arrhenius.widening` where
    points scatter beyond their errors. t0_low_k, t0_high_k: that of T₀, or the end of the range searched. branches: the
    best line for T₀ within it. chi2: of the errors as given.
    """

    log_prefactor: float
    b_ev: float
    t0_k: float
    t0_low_k: float
    t0_high_k: float
    chi2: float
    branches: tuple[Branch, ...]

    @property
    def t0_err_k(self) -> float:
        """Half-width of the interval of T₀ (K)."""
        return (self.t0_high_k - self.t0_low_k) / 2

    @property
    def b_range_ev(self) -> tuple[float, float]:
        """Interval of B (eV)."""
        ends = np.array([branch.interval(np.array([0.0, 1.0])) for branch in self.branches])
        return float(ends[:, 0].min()), float(ends[:, 1].max())

    @property
    def b_err_ev(self) -> float:
        """Half-width of the interval of B (eV)."""
        low, high = self.b_range_ev
        return (high - low) / 2

    def predict(self, temperature_k: float) -> tuple[float, float, float]:
        """Value at a temperature, with its interval; zero at and below T₀, where the model has no motion."""
        value = _value(temperature_k, self.t0_k, self.log_prefactor, self.b_ev)
        ends = [_ends(branch, temperature_k) for branch in self.branches]
        return value, min(low for low, _ in ends), max(high for _, high in ends)


def fit(temperatures_k: Sequence[float], values: Sequence[float], errors: Sequence[float]) -> VtfFit:
    """Weighted fit of values (n,) with errors (n,) in the same unit at temperatures (n,) in K.

    Raises AnalysisError for fewer than three temperatures, or values or errors that are not positive.
    """
    temperatures, values, errors = checked(temperatures_k, values, errors)
    if len(np.unique(temperatures)) < PARAMETERS:
        raise AnalysisError(f"a VTF fit needs three temperatures; there are {len(np.unique(temperatures))}")
    logs, weights = np.log(values), values / errors

    def line(t0: float) -> tuple[np.ndarray, np.ndarray, float]:
        design = _design(temperatures, t0) * weights[:, None]
        covariance = np.linalg.inv(design.T @ design)
        parameters = covariance @ design.T @ (logs * weights)
        return parameters, covariance, float(np.sum((logs * weights - design @ parameters) ** 2))

    def chi2(t0: float) -> float:
        return line(t0)[2]

    highest = _CLOSEST * temperatures.min()
    best = _minimum(chi2, highest)
    least = chi2(best)
    rise = widening(least, len(values) - PARAMETERS)
    low, high = _crossing(chi2, best, 0.0, rise), _crossing(chi2, best, highest, rise)

    def branch(t0: float) -> Branch:
        (log_prefactor, b), covariance, here = line(t0)
        return Branch(float(t0), float(log_prefactor), float(b), covariance, max(0.0, least + rise - here))

    found = branch(best)
    branches = tuple(branch(t0) for t0 in (*np.linspace(low, high, _BRANCHES), best))
    return VtfFit(found.log_prefactor, found.b_ev, best, low, high, least, branches)


def aicc(chi2: float, n_parameters: int, n_points: int) -> float | None:
    """Akaike's criterion for small samples, χ² + 2k + 2k(k+1)/(n−k−1) with known errors; None unless n > k + 1.

    Hurvich and Tsai, Biometrika 76, 297 (1989).
    """
    rest = n_points - n_parameters - 1
    if rest < 1:
        return None
    return chi2 + 2 * n_parameters + 2 * n_parameters * (n_parameters + 1) / rest


def _design(temperatures: np.ndarray, t0: float) -> np.ndarray:
    return np.column_stack([np.ones_like(temperatures), -1 / (BOLTZMANN_EV_K * (temperatures - t0))])


def _value(temperature: float, t0: float, log_prefactor: float, b: float) -> float:
    return float(np.exp(log_prefactor - b / (BOLTZMANN_EV_K * (temperature - t0)))) if temperature > t0 else 0.0


def _ends(branch: Branch, temperature: float) -> tuple[float, float]:
    if temperature <= branch.t0_k:
        return 0.0, 0.0
    low, high = branch.interval(_design(np.array([temperature]), branch.t0_k)[0])
    return float(np.exp(low)), float(np.exp(high))


def _minimum(chi2: Callable[[float], float], highest: float) -> float:
    from scipy.optimize import minimize_scalar  # slow to import, and most that import this module fit nothing

    grid = np.linspace(0, highest, _GRID)
    lowest = int(np.argmin([chi2(t0) for t0 in grid]))
    bounds = grid[max(0, lowest - 1)], grid[min(_GRID - 1, lowest + 1)]
    found = float(minimize_scalar(chi2, bounds=bounds, method="bounded", options={"xatol": 1e-6}).x)
    return min((found, float(grid[lowest])), key=chi2)


def _crossing(chi2: Callable[[float], float], best: float, end: float, rise: float) -> float:
    """T₀ between `best` and `end` at which χ² has risen by `rise`, or `end`."""
    from scipy.optimize import brentq

    target = chi2(best) + rise
    if best == end or chi2(end) <= target:
        return end
    return float(brentq(lambda t0: chi2(t0) - target, *sorted((best, end))))
