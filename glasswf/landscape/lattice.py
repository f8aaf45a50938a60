"""Site-energy landscapes on two interpenetrating simple cubic lattices (Bosi and Maass 2021, sec. II and Fig. 2).

Units sit on one lattice, ion sites and blocked sites on the other; each site has eight neighbours on the other lattice.
Both are periodic in all directions.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numba import njit

from glasswf.errors import TheoryError
from glasswf.landscape.units import UNITS

SMALLEST = 4  # lattice constants: below, a site is its own neighbour's neighbour twice over


@dataclass(frozen=True, eq=False)
class Landscape:
    """Energies of one disordered sample.

    size: N_L, sites along each edge. accessible: (N_L³,) whether a site is an ion site. charges_e: (N_L³,) counter
    charge Q_i. noise: (N_L³,) η_i. n_ions: number of ions, which the counter charges balance exactly.
    Sites are numbered (a N_L + b) N_L + c along the axes a (the field), b, c.
    """

    size: int
    accessible: np.ndarray
    charges_e: np.ndarray
    noise: np.ndarray
    n_ions: int

    def energies(self, v0_ev: float, sigma: float) -> np.ndarray:
        """Site energies V₀(Q_i + η_i) in eV, eq. (2), infinite for blocked sites; `sigma` is the deviation of η."""
        if not (v0_ev > 0 and sigma >= 0):
            raise TheoryError(f"V0 = {v0_ev:g} eV must be positive and sigma = {sigma:g} must not be negative")
        return np.where(self.accessible, v0_ev * (self.charges_e + sigma * self.noise), np.inf)


def generate(size: int, fractions: Mapping[str, float], vacant: float, seed: int | np.random.SeedSequence) -> Landscape:
    """A random landscape.

    fractions: of the units (glasswf.landscape.units). vacant: f₀, fraction of the ion sites that is empty. The numbers
    of units are the nearest whole ones; the number of ions is that of their charges, so the sample is neutral.
    """
    if size < SMALLEST:
        raise TheoryError(f"lattice of {size} sites along an edge: at least {SMALLEST} are needed")
    if not 0 < vacant < 1:
        raise TheoryError(f"f0 = {vacant:g}: the vacant fraction of ion sites lies between 0 and 1")
    rng = np.random.default_rng(seed)
    kinds = rng.permutation(_unit_list(fractions, size**3))
    charges = np.array([unit.charge for unit in UNITS.values()])
    n_ions = -int(charges[kinds].sum())
    accessible = _accessible(size**3, n_ions, vacant, rng)
    handed = _hand_out(kinds, charges, _sharers(), accessible, size, rng)
    return Landscape(size, accessible, handed, rng.standard_normal(size**3), n_ions)


def _unit_list(fractions: Mapping[str, float], total: int) -> np.ndarray:
    """Unit of every site of the lattice, in order: whole numbers nearest to the fractions (largest remainders)."""
    exact = np.array([fractions[name] for name in UNITS]) * total
    counts = np.floor(exact).astype(int)
    missing = total - counts.sum()
    counts[np.argsort(counts - exact, kind="stable")[:missing]] += 1
    return np.repeat(np.arange(len(UNITS)), counts)


def _accessible(total: int, n_ions: int, vacant: float, rng: np.random.Generator) -> np.ndarray:
    wanted = round(n_ions / (1 - vacant))
    if not n_ions < wanted <= total:
        raise TheoryError(
            f"{n_ions} ions need {wanted} ion sites with f0 = {vacant:g}, and the lattice has {total}: too much "
            "alkali, or a lattice too small for one vacant site"
        )
    accessible = np.zeros(total, dtype=bool)
    accessible[rng.permutation(total)[:wanted]] = True
    return accessible


def _sharers() -> np.ndarray:
    """Ion sites that share the charge of each unit; -1 for all of them."""
    return np.array([-1 if unit.sites is None else unit.sites for unit in UNITS.values()])


@njit(cache=True)
def _hand_out(
    kinds: np.ndarray,
    charges: np.ndarray,
    sharers: np.ndarray,
    accessible: np.ndarray,
    size: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Counter charges (N_L³,): the charge of every unit in equal shares on ion sites around it.

    On as many, drawn at random, as the unit has non-bridging oxygens, on all of them if its charge is spread out, or if
    there are no more. A unit with none of its eight sites accessible gives its charge to the next shell, so that the
    sample stays neutral.
    """
    handed = np.zeros(size**3)
    sites = np.empty(size**3, np.int64)
    for unit in range(size**3):
        charge = charges[kinds[unit]]
        if charge == 0:
            continue
        found, reach = 0, 0
        while found == 0 and 2 * reach + 2 <= size:
            found = _around(unit, size, reach, accessible, sites)
            reach += 1
        share = sharers[kinds[unit]]
        if share < 0 or share > found:
            share = found
        for drawn in range(share):
            other = drawn + rng.integers(0, found - drawn)
            sites[drawn], sites[other] = sites[other], sites[drawn]
            handed[sites[drawn]] += charge / share
    return handed


@njit(cache=True)
def _around(unit: int, size: int, reach: int, accessible: np.ndarray, sites: np.ndarray) -> int:
    """Accessible ion sites on the surface of the cube `reach` beyond the eight neighbours; how many there are."""
    a, b, c = unit // (size * size), (unit // size) % size, unit % size
    found = 0
    for i in range(-reach, reach + 2):
        for j in range(-reach, reach + 2):
            for k in range(-reach, reach + 2):
                if reach and max(abs(2 * i - 1), abs(2 * j - 1), abs(2 * k - 1)) < 2 * reach + 1:
                    continue
                site = (((a + i) % size) * size + (b + j) % size) * size + (c + k) % size
                if accessible[site]:
                    sites[found] = site
                    found += 1
    return found
