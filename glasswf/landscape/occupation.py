"""Occupation of the ion sites: Fermi level and mean numbers (Bosi and Maass 2021, eq. (4))."""

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from glasswf.errors import TheoryError
from glasswf.units import BOLTZMANN_EV_K

_MARGIN = 60.0  # k_BT beyond the energies, where the occupation is 0 or 1 to rounding


def beta(temperature_k: float) -> float:
    """1/(k_B T) in 1/eV. TheoryError unless the temperature is positive."""
    if not temperature_k > 0:
        raise TheoryError(f"temperature {temperature_k:g} K; it must be positive")
    return 1 / (BOLTZMANN_EV_K * temperature_k)


def fermi_level(energies: np.ndarray, n_ions: int, temperature_k: float | None = None) -> float:
    """Chemical potential (eV) at which the sites hold `n_ions` on average.

    energies: of the ion sites in eV; infinite ones are left out. temperature_k: None for the limit of zero: half way
    between the highest site filled and the lowest empty one.
    """
    finite = energies[np.isfinite(energies)]
    if not 0 < n_ions < len(finite):
        raise TheoryError(f"{n_ions} ions on {len(finite)} sites: at least one ion and one vacant site are needed")
    if temperature_k is None:
        edge = np.partition(finite, (n_ions - 1, n_ions))
        return float(edge[n_ions - 1] + edge[n_ions]) / 2
    b = beta(temperature_k)
    low, high = finite.min() - _MARGIN / b, finite.max() + _MARGIN / b
    return float(brentq(lambda mu: expit(b * (mu - finite)).sum() - n_ions, low, high, xtol=1e-14, rtol=1e-15))


def occupations(energies: np.ndarray, mu_ev: float, temperature_k: float) -> np.ndarray:
    """Mean occupation of every site, 1/(exp(β(ε − μ)) + 1); zero for blocked sites."""
    return expit(beta(temperature_k) * (mu_ev - energies))
