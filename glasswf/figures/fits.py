"""Lines of D or σ against 1000/T as the table of fits has them: Arrhenius, or VTF where the criterion prefers it."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from glasswf.figures.numbers import plus_minus
from glasswf.figures.tables import trusted
from glasswf.units import BOLTZMANN_EV_K

_COLUMNS = {
    "D": ("diffusivity_cm2_s", "diffusivity_err_cm2_s"),
    "sigma": ("conductivity_s_cm", "conductivity_err_s_cm"),
}


def drawable(fit: dict) -> bool:
    """Whether the row holds a fit."""
    return fit["activation_energy_ev"] is not None and (fit["prefactor"] or 0) > 0


def draw_fit(
    axes: Axes,
    fit: dict,
    rows: Sequence[dict],
    colour,
    *,
    line: str = "-",
    until_k: float | None = None,
    band: bool = True,
) -> float | None:
    """Draw one fit over the temperatures it was made from, and dotted on to `until_k` (K) if that lies below them.

    rows: the points of that quantity and composition, wanted for a VTF fit, whose prefactor the table leaves out.
    Returns the value where the line ends on the cold side, or None if there is none.
    """
    if not drawable(fit):
        return None
    temperatures = np.linspace(fit["temperature_max_k"], fit["temperature_min_k"], 40)
    values = _draw(axes, fit, rows, temperatures, colour, band, linestyle=line)
    if until_k is not None and until_k < fit["temperature_min_k"]:
        temperatures = np.linspace(fit["temperature_min_k"], until_k, 20)
        values = _draw(axes, fit, rows, temperatures, colour, band, linestyle=":")
    return float(values[-1]) if np.isfinite(values[-1]) else None


def energy(fits: Sequence[dict], quantity: str) -> str:
    """E_A of one quantity as text, "0.44 ± 0.02 eV", or that there is none."""
    found = [fit for fit in fits if fit["quantity"] == quantity and drawable(fit)]
    if not found:
        return "no fit"
    return f"{plus_minus(found[0]['activation_energy_ev'], found[0]['activation_energy_err_ev'])} eV"


def _draw(
    axes: Axes, fit: dict, rows: Sequence[dict], temperatures: np.ndarray, colour, band: bool, **look
) -> np.ndarray:
    inverse = 1000 / temperatures
    if (values := _vtf(fit, rows, temperatures)) is None:
        values, error = _arrhenius(fit, temperatures)
        if band:
            edges = values * np.exp(-error), values * np.exp(error)
            axes.fill_between(inverse, *edges, color=colour, alpha=0.12, linewidth=0, zorder=1)
    axes.plot(inverse, values, color=colour, linewidth=0.8, zorder=2, **look)
    return values


def _arrhenius(fit: dict, temperatures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values and the standard error of their logarithm, from the covariance of ln A and E_A."""
    beta = 1 / (BOLTZMANN_EV_K * temperatures)
    values = fit["prefactor"] * np.exp(-fit["activation_energy_ev"] * beta)
    constant, slope = fit["prefactor_log_err"] or 0.0, fit["activation_energy_err_ev"] or 0.0
    variance = constant**2 + (slope * beta) ** 2 - 2 * beta * (fit["prefactor_energy_covariance_ev"] or 0.0)
    return values, np.sqrt(np.maximum(variance, 0.0))


def _vtf(fit: dict, rows: Sequence[dict], temperatures: np.ndarray) -> np.ndarray | None:
    """Values of the VTF fit if it is preferred.

    For given B and T₀ its ln A is the weighted mean of ln y + B/(k_B(T − T₀)).
    """
    if fit.get("preferred") != "vtf":
        return None
    value, error = _COLUMNS[fit["quantity"].split("_")[0]]
    used = [row for row in rows if trusted(row) and (row[value] or 0) > 0 and (row[error] or 0) > 0]
    if not used:
        return None
    at, values, errors = (np.array([row[name] for row in used]) for name in ("temperature_k", value, error))
    exponent = lambda t: fit["vtf_b_ev"] / (BOLTZMANN_EV_K * (t - fit["vtf_t0_k"]))  # noqa: E731
    constant = np.average(np.log(values) + exponent(at), weights=(values / errors) ** 2)
    above = np.where(temperatures > fit["vtf_t0_k"], temperatures, np.nan)
    return np.exp(constant - exponent(above))
