"""Arrhenius fits: ln y = ln A − E_A/(k_B T), weighted, with the covariance of the parameters.

For the conductivity σ itself is fitted, not σT, as the papers do; E_A(σT) is larger by about k_B T.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from glasswf.errors import AnalysisError
from glasswf.units import BOLTZMANN_EV_K


@dataclass(frozen=True)
class ArrheniusFit:
    """ln y = log_prefactor − activation_energy_ev/(k_B T).

    covariance: (2, 2) of (log_prefactor, activation_energy_ev); errors beyond the scatter allowed for are widened by
    √χ² per degree of freedom. reduced_chi2: None for two points, whose line is exact (dof = 0).
    """

    activation_energy_ev: float
    log_prefactor: float
    covariance: tuple[tuple[float, float], tuple[float, float]]
    reduced_chi2: float | None
    dof: int

    @property
    def activation_energy_err_ev(self) -> float:
        """Standard error of E_A (eV)."""
        return float(np.sqrt(self.covariance[1][1]))

    @property
    def prefactor(self) -> float:
        """A, in the unit of the values."""
        return float(np.exp(self.log_prefactor))

    @property
    def log_prefactor_err(self) -> float:
        """Standard error of ln A."""
        return float(np.sqrt(self.covariance[0][0]))


def fit(temperatures_k: Sequence[float], values: Sequence[float], errors: Sequence[float]) -> ArrheniusFit:
    """Fit values (n,) with errors (n,) in the same unit at temperatures (n,) in K.

    Raises AnalysisError for fewer than two temperatures, or values or errors that are not positive.
    """
    temperatures, values, errors = (np.asarray(data, dtype=float) for data in (temperatures_k, values, errors))
    if len(np.unique(temperatures)) < 2:
        raise AnalysisError(f"an Arrhenius fit needs two temperatures; there are {len(np.unique(temperatures))}")
    if not (np.all(values > 0) and np.all(errors > 0) and np.all(temperatures > 0)):
        raise AnalysisError("an Arrhenius fit needs positive temperatures, values and errors")
    weights = values / errors  # 1/σ of ln y
    design = np.column_stack([np.ones_like(temperatures), -1 / (BOLTZMANN_EV_K * temperatures)])
    covariance = np.linalg.inv((design * weights[:, None] ** 2).T @ design)
    parameters = covariance @ (design * weights[:, None] ** 2).T @ np.log(values)
    residuals = (np.log(values) - design @ parameters) * weights
    dof = len(values) - 2
    chi2 = float(residuals @ residuals) / dof if dof else None
    covariance = covariance * max(1.0, chi2 or 0.0)
    return ArrheniusFit(float(parameters[1]), float(parameters[0]), tuple(map(tuple, covariance.tolist())), chi2, dof)
