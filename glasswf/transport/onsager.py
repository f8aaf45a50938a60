"""Onsager coefficients, and what they make of the conductivity.

L_kl = 1/(6 V k_B T) d/dt ⟨ΔR_k·ΔR_l⟩, R_k = Σ_{i in k} r_i in the barycentric frame, so that σ = e² Σ_kl z_k z_l L_kl
(Fong, Bergstrom, McCloskey, Mandadapu, AIChE J. 66, e17091 (2020)). The parts of σ are made of Σ_{i in k} z_i r_i: the
same where all atoms of a species carry one charge, and exact where they do not.
"""

from collections.abc import Sequence
from itertools import combinations_with_replacement

import numpy as np
from scipy import constants

from glasswf.transport.conductivity import collective_values, prefactor, resolved, self_values, spoiling, windows
from glasswf.transport.curves import Curves
from glasswf.transport.diffusion import EINSTEIN
from glasswf.transport.ensemble import Cross
from glasswf.transport.mobile import chosen
from glasswf.transport.result import Correlation, OnsagerPair, Part, Transference, TransportResult
from glasswf.transport.uncertainty import Estimate
from glasswf.transport.window import Window
from glasswf.units import BOLTZMANN_EV_K

NETWORK = "network"
# 1 Å²/(ps · Å³ · eV) in 1/(J m s)
_A2_PS_TO_1_JMS = 1e-20 / (1e-12 * 1e-30 * constants.eV)

Groups = dict[str, tuple[str, ...]]  # name -> species


def correlation(curves: Curves, result: TransportResult, mobile: Sequence[str]) -> Correlation:
    """Onsager coefficients, parts of both conductivities, transference numbers and ionicity σ/σ_NE.

    result: with both conductivities. mobile: the mobile species, all others being the network; if empty, there are no
    parts. Where σ is not resolved from zero there are no transference numbers and no ionicity.

    Raises AnalysisError for a mobile species that is not there.
    """
    true = result.of("collective")
    groups = _groups(curves.ensemble.species, chosen(curves.ensemble.species, mobile))
    known = resolved(true.conductivity)
    return Correlation(
        onsager=_onsager(curves, result, true.window),
        parts=_self_parts(curves, result, groups) + _collective_parts(curves, result, true.window, groups),
        transference=_transference(curves, result, true.window) if known else (),
        ionicity=_ionicity(curves, result, true.window) if known else None,
        diffusive=true.window.diffusive,
    )


def _groups(species: Sequence[str], mobile: Sequence[str]) -> Groups:
    network = tuple(name for name in species if name not in mobile)
    groups = {name: (name,) for name in mobile}
    return groups | {NETWORK: network} if groups and network else groups


def _onsager(curves: Curves, result: TransportResult, window: Window) -> tuple[OnsagerPair, ...]:
    scale = _A2_PS_TO_1_JMS * EINSTEIN / (result.volume_a3 * BOLTZMANN_EV_K * result.temperature_k)
    pairs = combinations_with_replacement(curves.ensemble.species, 2)
    return tuple(
        OnsagerPair(
            a, b,
            curves.estimate(lambda blocks, a=a, b=b: scale * _slopes(curves, window, a, b, False, blocks), window),
            _pair_estimate(curves, result, window, (a,), (b,)),
        )
        for a, b in pairs
    )  # fmt: skip


def _self_parts(curves: Curves, result: TransportResult, groups: Groups) -> tuple[Part, ...]:
    parts = []
    for name, members in groups.items():
        items = [item for item in result.diffusion if item.species in members]
        value = curves.estimate(lambda blocks, of=items: self_values(curves, result, of, blocks), *windows(items))
        parts.append(Part("self", name, value, not spoiling(curves, items)))
    return tuple(parts)


def _collective_parts(curves: Curves, result: TransportResult, window: Window, groups: Groups) -> tuple[Part, ...]:
    pairs = combinations_with_replacement(groups.items(), 2)
    return tuple(
        Part("collective", f"{a}-{b}", _pair_estimate(curves, result, window, of_a, of_b), window.diffusive)
        for (a, of_a), (b, of_b) in pairs
    )


def _transference(curves: Curves, result: TransportResult, window: Window) -> tuple[Transference, ...]:
    species = curves.ensemble.species
    return tuple(
        Transference(
            name,
            curves.ratio(
                lambda blocks, name=name: _current_values(curves, result, window, (name,), species, blocks),
                lambda blocks: collective_values(curves, result, window, blocks),
                window,
            ),
        )
        for name in species
    )


def _ionicity(curves: Curves, result: TransportResult, window: Window) -> Estimate:
    return curves.ratio(
        lambda blocks: collective_values(curves, result, window, blocks),
        lambda blocks: self_values(curves, result, result.diffusion, blocks),
        window,
        *windows(result.diffusion),
    )


def _pair_estimate(
    curves: Curves, result: TransportResult, window: Window, a: Sequence[str], b: Sequence[str]
) -> Estimate:
    """Part of σ of two groups, both ways round if they are two."""
    ways = 1 if a == b else 2
    return curves.estimate(lambda blocks: ways * _current_values(curves, result, window, a, b, blocks), window)


def _current_values(
    curves: Curves, result: TransportResult, window: Window, a: Sequence[str], b: Sequence[str], n_blocks: int
) -> np.ndarray:
    """e² Σ_{k in a, l in b} z_k z_l L_kl (n_replicas, n_blocks) in S/cm."""
    slopes = sum(_slopes(curves, window, one, other, True, n_blocks) for one in a for other in b)
    return prefactor(result.volume_a3, result.temperature_k) * EINSTEIN * slopes


def _slopes(curves: Curves, window: Window, a: str, b: str, charged: bool, n_blocks: int) -> np.ndarray:
    return curves.slopes(Cross(min(a, b), max(a, b), charged), window, n_blocks)
