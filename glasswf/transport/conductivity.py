"""Nernst-Einstein and collective conductivity, and their ratio.

σ_NE = e²/(V k_B T) Σ_k N_k z_k² D_k
σ = e²/(6 V k_B T) d/dt ⟨|Σ_i z_i Δr_i(t)|²⟩, which is eq. (5) of Micoulaut et al., PRL 134, 036303 (2025)
H = σ_NE/σ
"""

from dataclasses import replace

import numpy as np

from glasswf.transport.curves import Curves
from glasswf.transport.diffusion import EINSTEIN
from glasswf.transport.ensemble import CHARGE
from glasswf.transport.result import Conductivity, Diffusion, HavenRatio, TransportResult
from glasswf.transport.uncertainty import Estimate
from glasswf.transport.window import Window, exponent, last_window
from glasswf.units import BOLTZMANN_EV_K, E2_EV_A_PS_TO_S_CM

# A species that is not diffusive spoils σ_NE only if it carries more than this part of it.
_SMALL_SHARE = 0.05


def nernst_einstein(curves: Curves, result: TransportResult) -> Conductivity:
    """σ_NE (S/cm) of all species; not diffusive if a species that matters is not."""
    estimate = curves.estimate(lambda blocks: _ideal(curves, result, blocks), *_windows(result))
    shares = {item.species: _share(curves, item) for item in result.diffusion}
    leading = max(result.diffusion, key=lambda item: shares[item.species])
    total = sum(shares.values())
    caged = [item for item in result.diffusion if not item.window.diffusive]
    heavy = [item.species for item in caged if shares[item.species] > _SMALL_SHARE * total]
    reason = "; ".join(f"{item.species} {item.window.reason}" for item in caged if item.species in heavy)
    window = replace(leading.window, diffusive=not heavy, reason=reason)
    return Conductivity("nernst_einstein", estimate, window, _per_replica(_ideal(curves, result, 1)))


def collective(curves: Curves, result: TransportResult) -> Conductivity:
    """σ (S/cm) from the charge dipole, over lags at which every diffusive species has become so."""
    window = _collective_window(curves, result)
    estimate = curves.estimate(lambda blocks: _true(curves, result, window, blocks), window)
    window = _checked(curves, window, estimate)
    return Conductivity("collective", estimate, window, _per_replica(_true(curves, result, window, 1)))


def haven_ratio(curves: Curves, result: TransportResult, ideal: Conductivity, true: Conductivity) -> HavenRatio | None:
    """H = σ_NE/σ; its error from the scatter of σ_NE − H σ, so that what both share cancels. None if σ ≤ 0."""
    if not true.conductivity.value > 0:
        return None
    ratio = ideal.conductivity.value / true.conductivity.value

    def residual(blocks: int) -> np.ndarray:
        difference = _ideal(curves, result, blocks) - ratio * _true(curves, result, true.window, blocks)
        return difference / true.conductivity.value

    scatter = curves.estimate(residual, true.window, *_windows(result))
    estimate = Estimate(ratio, scatter.error, scatter.dof, scatter.method)
    return HavenRatio(estimate, ideal.window.diffusive and true.window.diffusive)


def _windows(result: TransportResult) -> list[Window]:
    return [item.window for item in result.diffusion]


def _prefactor(result: TransportResult) -> float:
    return E2_EV_A_PS_TO_S_CM / (result.volume_a3 * BOLTZMANN_EV_K * result.temperature_k)


def _ideal(curves: Curves, result: TransportResult, n_blocks: int) -> np.ndarray:
    """σ_NE (n_replicas, n_blocks)."""
    parts = (
        curves.ensemble.squared_charges(item.species) * curves.slopes(item.species, item.window, n_blocks)
        for item in result.diffusion
    )
    return _prefactor(result) * EINSTEIN * sum(parts)


def _true(curves: Curves, result: TransportResult, window: Window, n_blocks: int) -> np.ndarray:
    """σ (n_replicas, n_blocks)."""
    return _prefactor(result) * EINSTEIN * curves.slopes(CHARGE, window, n_blocks)


def _share(curves: Curves, item: Diffusion) -> float:
    bound = item.diffusivity.value if item.upper_bound_cm2_s is None else item.upper_bound_cm2_s
    return curves.ensemble.squared_charges(item.species) * bound


def _collective_window(curves: Curves, result: TransportResult) -> Window:
    windows = [item.window for item in result.diffusion if item.window.diffusive]
    if not windows:
        return last_window(curves.lags_ps, curves.mean(CHARGE), curves.rule, "no species is diffusive")
    return max(windows, key=lambda window: window.start_ps)


def _checked(curves: Curves, window: Window, estimate: Estimate) -> Window:
    inside = window.select(curves.lags_ps)
    beta = float(exponent(curves.lags_ps[inside], curves.mean(CHARGE)[inside]))
    error = curves.exponent_error(CHARGE, window)
    reason = window.reason
    if window.diffusive and abs(beta - 1) > curves.rule.tolerance + 2 * error:
        reason = f"exponent {beta:.2f} ± {error:.2f} of the charge displacement"
    elif window.diffusive and estimate.error >= estimate.value:
        reason = "not resolved: the error is as large as the value"
    return replace(window, exponent=beta, exponent_err=error, diffusive=not reason, reason=reason)


def _per_replica(values: np.ndarray) -> tuple[float, ...]:
    return tuple(values[:, 0].tolist())
