"""Vogel-Tammann-Fulcher fits, ln y = ln A − B/(k_B (T − T₀)), and whether data curve enough to ask for one.

The Arrhenius law is the case T₀ = 0. For a given T₀ the fit is linear, so χ²(T₀) is one function of one variable, on
0 ≤ T₀ < lowest T: no starting values, and the global minimum is found.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from glasswf.errors import AnalysisError
from glasswf.transport.arrhenius import checked
from glasswf.units import BOLTZMANN_EV_K

PARAMETERS = 3
_CLOSEST = 0.98  # of the lowest temperature: T₀ any closer would make the first point a singularity
_GRID = 200
# The curved model needs a criterion better by this much (Burnham and Anderson, Model Selection (2002), ch. 2.6).
DECISIVE = 2.0


@dataclass(frozen=True)
class VtfFit:
    """ln y = log_prefactor − b_ev/(k_B (T − t0_k)).

    t0_low_k, t0_high_k: where χ² rises by one (scaled where points scatter beyond their errors), or the end of the
    range searched. b_low_ev, b_high_ev: B at these. chi2: of the errors as given.
    """

    log_prefactor: float
    b_ev: float
    t0_k: float
    t0_low_k: float
    t0_high_k: float
    b_low_ev: float
    b_high_ev: float
    chi2: float

    @property
    def t0_err_k(self) -> float:
        """Half-width of the 68 % interval of T₀ (K)."""
        return (self.t0_high_k - self.t0_low_k) / 2

    @property
    def b_err_ev(self) -> float:
        """Half-width of the 68 % interval of B (eV)."""
        return abs(self.b_high_ev - self.b_low_ev) / 2

    def predict(self, temperature_k: float) -> float:
        """Value at a temperature; zero at and below T₀, where the model has no motion."""
        if temperature_k <= self.t0_k:
            return 0.0
        return float(np.exp(self.log_prefactor - self.b_ev / (BOLTZMANN_EV_K * (temperature_k - self.t0_k))))


def fit(temperatures_k: Sequence[float], values: Sequence[float], errors: Sequence[float]) -> VtfFit:
    """Weighted fit of values (n,) with errors (n,) in the same unit at temperatures (n,) in K.

    Raises AnalysisError for fewer than three temperatures, or values or errors that are not positive.
    """
    temperatures, values, errors = checked(temperatures_k, values, errors)
    if len(np.unique(temperatures)) < PARAMETERS:
        raise AnalysisError(f"a VTF fit needs three temperatures; there are {len(np.unique(temperatures))}")
    logs, weights = np.log(values), values / errors

    def line(t0: float) -> tuple[np.ndarray, float]:
        design = np.column_stack([np.ones_like(temperatures), -1 / (BOLTZMANN_EV_K * (temperatures - t0))])
        parameters = np.linalg.lstsq(design * weights[:, None], logs * weights, rcond=None)[0]
        return parameters, float(np.sum(((logs - design @ parameters) * weights) ** 2))

    def chi2(t0: float) -> float:
        return line(t0)[1]

    highest = _CLOSEST * temperatures.min()
    best = _minimum(chi2, highest)
    dof = len(values) - PARAMETERS
    rise = max(1.0, chi2(best) / dof if dof else 0.0)
    low, high = _crossing(chi2, best, 0.0, rise), _crossing(chi2, best, highest, rise)
    (log_prefactor, b), least = line(best)
    return VtfFit(
        float(log_prefactor), float(b), best, low, high, float(line(high)[0][1]), float(line(low)[0][1]), least
    )


def aicc(chi2: float, n_parameters: int, n_points: int) -> float | None:
    """Akaike's criterion for small samples, χ² + 2k + 2k(k+1)/(n−k−1) with known errors; None unless n > k + 1.

    Hurvich and Tsai, Biometrika 76, 297 (1989).
    """
    rest = n_points - n_parameters - 1
    if rest < 1:
        return None
    return chi2 + 2 * n_parameters + 2 * n_parameters * (n_parameters + 1) / rest


def _minimum(chi2: Callable[[float], float], highest: float) -> float:
    grid = np.linspace(0, highest, _GRID)
    lowest = int(np.argmin([chi2(t0) for t0 in grid]))
    bounds = grid[max(0, lowest - 1)], grid[min(_GRID - 1, lowest + 1)]
    found = float(minimize_scalar(chi2, bounds=bounds, method="bounded", options={"xatol": 1e-6}).x)
    return min((found, float(grid[lowest])), key=chi2)


def _crossing(chi2: Callable[[float], float], best: float, end: float, rise: float) -> float:
    """T₀ between `best` and `end` at which χ² has risen by `rise`, or `end`."""
    target = chi2(best) + rise
    if best == end or chi2(end) <= target:
        return end
    return float(brentq(lambda t0: chi2(t0) - target, *sorted((best, end))))
