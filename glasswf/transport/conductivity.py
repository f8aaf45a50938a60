"""Nernst-Einstein and collective conductivity, and their ratio.

σ_NE = e²/(V k_B T) Σ_k N_k z_k² D_k
σ = e²/(6 V k_B T) d/dt ⟨|Σ_i z_i Δr_i(t)|²⟩, which is eq. (5) of Micoulaut et al., PRL 134, 036303 (2025)
H = σ_NE/σ
"""

from collections.abc import Sequence
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


def prefactor(volume_a3: float, temperature_k: float) -> float:
    """e²/(V k_B T), which turns e² Å²/ps into S/cm."""
    return E2_EV_A_PS_TO_S_CM / (volume_a3 * BOLTZMANN_EV_K * temperature_k)


def nernst_einstein(curves: Curves, result: TransportResult) -> Conductivity:
    """σ_NE (S/cm) of all species; not diffusive if a species that matters is not."""
    items = result.diffusion
    estimate = curves.estimate(lambda blocks: self_values(curves, result, items, blocks), *windows(items))
    leading = max(items, key=lambda item: _share(curves, item))
    caged = spoiling(curves, items)
    reason = "; ".join(f"{item.species} {item.window.reason}" for item in caged)
    window = replace(leading.window, diffusive=not caged, reason=reason)
    return Conductivity("nernst_einstein", estimate, window, _per_replica(self_values(curves, result, items, 1)))


def collective(curves: Curves, result: TransportResult) -> Conductivity:
    """σ (S/cm) from the charge dipole, over lags at which every diffusive species has become so."""
    window = _collective_window(curves, result)
    estimate = curves.estimate(lambda blocks: collective_values(curves, result, window, blocks), window)
    window = _checked(curves, window, estimate)
    return Conductivity("collective", estimate, window, _per_replica(collective_values(curves, result, window, 1)))


def haven_ratio(curves: Curves, result: TransportResult, ideal: Conductivity, true: Conductivity) -> HavenRatio | None:
    """H = σ_NE/σ; None if σ ≤ 0."""
    if not true.conductivity.value > 0:
        return None
    ratio = curves.ratio(
        lambda blocks: self_values(curves, result, result.diffusion, blocks),
        lambda blocks: collective_values(curves, result, true.window, blocks),
        true.window,
        *windows(result.diffusion),
    )
    return HavenRatio(ratio, ideal.window.diffusive and true.window.diffusive)


def windows(items: Sequence[Diffusion]) -> list[Window]:
    """The windows of several species."""
    return [item.window for item in items]


def spoiling(curves: Curves, items: Sequence[Diffusion]) -> list[Diffusion]:
    """Those that are not diffusive and carry too much of the self conductivity of all items for it to be trusted."""
    total = sum(_share(curves, item) for item in items)
    return [item for item in items if not item.window.diffusive and _share(curves, item) > _SMALL_SHARE * total]


def resolved(estimate: Estimate) -> bool:
    """Whether a value is positive and larger than its error."""
    return estimate.value > 0 and estimate.error < estimate.value


def self_values(curves: Curves, result: TransportResult, items: Sequence[Diffusion], n_blocks: int) -> np.ndarray:
    """Part of σ_NE (n_replicas, n_blocks) in S/cm that the species of `items` carry."""
    parts = (
        curves.ensemble.squared_charges(item.species) * curves.slopes(item.species, item.window, n_blocks)
        for item in items
    )
    return prefactor(result.volume_a3, result.temperature_k) * EINSTEIN * sum(parts)


def collective_values(curves: Curves, result: TransportResult, window: Window, n_blocks: int) -> np.ndarray:
    """σ (n_replicas, n_blocks) in S/cm."""
    return prefactor(result.volume_a3, result.temperature_k) * EINSTEIN * curves.slopes(CHARGE, window, n_blocks)


def _share(curves: Curves, item: Diffusion) -> float:
    bound = item.diffusivity.value if item.upper_bound_cm2_s is None else item.upper_bound_cm2_s
    return curves.ensemble.squared_charges(item.species) * bound


def _collective_window(curves: Curves, result: TransportResult) -> Window:
    found = [window for window in windows(result.diffusion) if window.diffusive]
    if not found:
        return last_window(curves.lags_ps, curves.mean(CHARGE), curves.rule, "no species is diffusive")
    return max(found, key=lambda window: window.start_ps)


def _checked(curves: Curves, window: Window, estimate: Estimate) -> Window:
    inside = window.select(curves.lags_ps)
    beta = float(exponent(curves.lags_ps[inside], curves.mean(CHARGE)[inside]))
    error = curves.exponent_error(CHARGE, window)
    reason = window.reason
    if window.diffusive and abs(beta - 1) > curves.rule.tolerance + 2 * error:
        reason = f"exponent {beta:.2f} ± {error:.2f} of the charge displacement"
    elif window.diffusive and not resolved(estimate):
        reason = "not resolved: the error is as large as the value"
    return replace(window, exponent=beta, exponent_err=error, diffusive=not reason, reason=reason)


def _per_replica(values: np.ndarray) -> tuple[float, ...]:
    return tuple(values[:, 0].tolist())
