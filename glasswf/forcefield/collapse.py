"""The Buckingham collapse: how high a barrier keeps two atoms from falling into each other."""

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from glasswf.forcefield.model import Buckingham, ForceField
from glasswf.units import COULOMB_EV_A

LOW_BARRIER_EV = 20.0


@dataclass(frozen=True)
class Barrier:
    """Top of the barrier before the collapse; height is counted from the bottom outside it (or from separated atoms).

    A pair that attracts all the way down has position 0 and height 0.
    """

    position_a: float
    height_ev: float


def pair_energy_ev(r_a: np.ndarray | float, pair: Buckingham | None, charge_product: float) -> np.ndarray | float:
    """Energy of a lone pair at distance `r_a` (Å), Coulomb part included (Legrand et al., eq. 1)."""
    coulomb = COULOMB_EV_A * charge_product / r_a
    if pair is None:
        return coulomb
    return pair.a_ev * np.exp(-r_a / pair.rho_a) + coulomb - pair.c_ev_a6 / r_a**6


def barrier(pair: Buckingham | None, charge_product: float, cutoff_a: float) -> Barrier | None:
    """Barrier of one pair whose charges multiply to `charge_product` (e²); None if it repels down to contact."""
    falls = (pair is not None and pair.c_ev_a6 > 0) or charge_product < 0
    if not falls:
        return None
    r = np.geomspace(1e-4, cutoff_a, 20000)
    energy = pair_energy_ev(r, pair, charge_product)
    tops = np.flatnonzero((energy[1:-1] > energy[:-2]) & (energy[1:-1] >= energy[2:])) + 1
    if tops.size == 0:
        return Barrier(0.0, 0.0)
    top = tops[np.argmax(energy[tops])]
    around = slice(top - 1, top + 2)  # neighbours are less than a thousandth of r apart: a parabola is enough
    a, b, c = np.polyfit(r[around] - r[top], energy[around], 2)
    return Barrier(float(r[top] - b / (2 * a)), float(c - b**2 / (4 * a)) - min(0.0, float(energy[top:].min())))


def barriers(force_field: ForceField) -> dict[tuple[str, str], Barrier | None]:
    """Barrier of every pair of the force field, with its charges."""
    return {
        (i, j): barrier(force_field.pair(i, j), force_field.charges[i] * force_field.charges[j], force_field.cutoff_a)
        for i, j in combinations_with_replacement(force_field.elements, 2)
    }


def collapse_warnings(force_field: ForceField) -> tuple[str, ...]:
    """One line for every pair whose barrier is below LOW_BARRIER_EV (20 eV, some 100 k_B T of a 2000 K melt)."""
    low = {pair: found for pair, found in barriers(force_field).items() if found and found.height_ev < LOW_BARRIER_EV}
    return tuple(_describe(*pair, found) for pair, found in low.items())


def _describe(first: str, second: str, found: Barrier) -> str:
    if found.height_ev == 0:
        return f"{first}-{second} attract each other all the way down"
    return f"{first}-{second} collapse over a barrier of only {found.height_ev:.3g} eV at {found.position_a:.2f} Å"
