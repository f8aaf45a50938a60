"""Arrhenius fits: ln y = ln A − E_A/(k_B T), weighted, with the covariance of the parameters.

For the conductivity σ itself is fitted, not σT, as the papers do; E_A(σT) is larger by about k_B T.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from glasswf.errors import AnalysisError
from glasswf.transport.uncertainty import half_width
from glasswf.units import BOLTZMANN_EV_K

# Errors are rescaled by the scatter of the points only where it is more than chance allows at this level; with
# Student-t the intervals then hold the truth in 67-74 % whether the errors given are right or too small.
_SCATTER_LEVEL = 0.2
_MARGIN = 0.01  # of a temperature: an isotherm that close to the range of the data counts as inside


@dataclass(frozen=True)
class ArrheniusFit:
    """ln y = log_prefactor − activation_energy_ev/(k_B T).

    covariance: (2, 2) of (log_prefactor, activation_energy_ev), times `widening` where points scatter beyond their
    errors; the roots of its diagonal are half-widths of 68.3 % intervals. reduced_chi2: None for two points, whose line
    is exact (dof = 0). chi2: of the errors as given. temperature_min_k, temperature_max_k: of the points fitted.
    """

    activation_energy_ev: float
    log_prefactor: float
    covariance: tuple[tuple[float, float], tuple[float, float]]
    reduced_chi2: float | None
    dof: int
    chi2: float
    temperature_min_k: float
    temperature_max_k: float

    @property
    def activation_energy_err_ev(self) -> float:
        """Half-width of the 68.3 % interval of E_A (eV)."""
        return float(np.sqrt(self.covariance[1][1]))

    @property
    def prefactor(self) -> float:
        """A, in the unit of the values."""
        return float(np.exp(self.log_prefactor))

    def predict(self, temperature_k: float) -> tuple[float, float, float]:
        """Value at a temperature, with the lower and upper end of its 68 % band, from the covariance."""
        design = np.array([1.0, -1 / (BOLTZMANN_EV_K * temperature_k)])
        logarithm = float(design @ [self.log_prefactor, self.activation_energy_ev])
        error = float(np.sqrt(design @ np.array(self.covariance) @ design))
        return tuple(float(np.exp(logarithm + step)) for step in (0.0, -error, error))

    def beyond_data(self, temperature_k: float) -> bool:
        """Whether a temperature lies outside the range fitted (by more than 1 %), so that its value is extrapolated."""
        margin = _MARGIN * temperature_k
        return not self.temperature_min_k - margin <= temperature_k <= self.temperature_max_k + margin

    @property
    def log_prefactor_err(self) -> float:
        """Half-width of the 68.3 % interval of ln A."""
        return float(np.sqrt(self.covariance[0][0]))


def fit(temperatures_k: Sequence[float], values: Sequence[float], errors: Sequence[float]) -> ArrheniusFit:
    """Fit values (n,) with errors (n,) in the same unit at temperatures (n,) in K.

    Raises AnalysisError for fewer than two temperatures, or values or errors that are not positive.
    """
    temperatures, values, errors = checked(temperatures_k, values, errors)
    if len(np.unique(temperatures)) < 2:
        raise AnalysisError(f"an Arrhenius fit needs two temperatures; there are {len(np.unique(temperatures))}")
    weights = values / errors  # 1/σ of ln y
    design = np.column_stack([np.ones_like(temperatures), -1 / (BOLTZMANN_EV_K * temperatures)])
    covariance = np.linalg.inv((design * weights[:, None] ** 2).T @ design)
    parameters = covariance @ (design * weights[:, None] ** 2).T @ np.log(values)
    residuals = (np.log(values) - design @ parameters) * weights
    dof = len(values) - 2
    chi2 = float(residuals @ residuals)
    reduced = chi2 / dof if dof else None
    covariance = covariance * widening(chi2, dof)
    return ArrheniusFit(
        float(parameters[1]), float(parameters[0]), tuple(map(tuple, covariance.tolist())), reduced, dof, chi2,
        float(temperatures.min()), float(temperatures.max()),
    )  # fmt: skip


def widening(chi2: float, dof: int) -> float:
    """Factor on variances where points scatter about a model more than their errors allow, else one.

    It is χ²/dof, known with `dof` degrees of freedom only: times the square of Student's t over the normal deviate.
    """
    if dof < 1 or special.chdtrc(dof, chi2) > _SCATTER_LEVEL:
        return 1.0
    return half_width(1.0, dof) ** 2 * chi2 / dof


def checked(*data: Sequence[float]) -> tuple[np.ndarray, ...]:
    """Temperatures, values and errors as arrays; AnalysisError unless all are positive."""
    arrays = tuple(np.asarray(column, dtype=float) for column in data)
    if not all(np.all(column > 0) for column in arrays):
        raise AnalysisError("a fit against temperature needs positive temperatures, values and errors")
    return arrays
