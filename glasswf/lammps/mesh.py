"""Ewald splitting and mesh for a cell, from the error estimates that LAMMPS itself uses.

LAMMPS would find both by itself, but with `diff ad` it spends about a second on that at every `run` command, which is
more than the dynamics between two checkpoints of a small cell take. Given in the input they are also the same on every
machine and after every restart.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from glasswf.lammps.numerics import Numerics
from glasswf.units import COULOMB_EV_A

# Deserno and Holm, J. Chem. Phys. 109, 7678 (1998), table I: expansion coefficients of the mesh error by order
_EXPANSION = {
    2: (1 / 50, 5 / 294),
    3: (1 / 588, 7 / 1440, 21 / 3872),
    4: (1 / 4320, 3 / 1936, 7601 / 2271360, 143 / 28800),
    5: (1 / 23232, 7601 / 13628160, 143 / 69120, 517231 / 106536960, 106640677 / 11737571328),
    6: (691 / 68140800, 13 / 57600, 47021 / 35512320, 9694607 / 2095994880, 733191589 / 59609088000,
        326190917 / 11700633600),
    7: (1 / 345600, 3617 / 35512320, 745739 / 838397952, 56399353 / 12773376000, 25091609 / 1560084480,
        1755948832039 / 36229939200000, 4887769399 / 37838389248),
}  # fmt: skip
_LARGEST = 1024


@dataclass(frozen=True)
class Mesh:
    """Splitting parameter g (1/Å) of erfc(g r)/r, and mesh points per direction."""

    gewald_per_a: float
    points: int


def choose(
    counts: Mapping[str, int], charges: Mapping[str, float], box_length_a: float, cutoff_a: float, numerics: Numerics
) -> Mesh:
    """Splitting and coarsest mesh whose estimated real- and reciprocal-space errors both meet the accuracy asked.

    The accuracy is relative to the force between two unit charges 1 Å apart, as in LAMMPS's `kspace_style pppm`.
    """
    n_atoms = sum(counts.values())
    strength = COULOMB_EV_A * sum(counts[element] * charges[element] ** 2 for element in counts)
    accuracy = numerics.kspace_accuracy * COULOMB_EV_A
    gewald = _splitting(accuracy, strength, n_atoms, box_length_a, cutoff_a, numerics.kspace_accuracy)
    sizes = (n for n in range(2, _LARGEST) if _factors_small(n))
    fine_enough = (n for n in sizes if mesh_error(n, gewald, strength, n_atoms, box_length_a, numerics) <= accuracy)
    return Mesh(gewald, next(fine_enough, _LARGEST))


def _splitting(accuracy: float, strength: float, n_atoms: int, box: float, cutoff: float, relative: float) -> float:
    """Where the error of the real-space cutoff (Kolafa and Perram, 1992) equals the accuracy."""
    ratio = accuracy * math.sqrt(n_atoms * cutoff * box**3) / (2 * strength)
    if ratio >= 1:  # so few or weak charges that any splitting would do; LAMMPS's own fallback
        return (1.35 - 0.15 * math.log(relative)) / cutoff
    return math.sqrt(-math.log(ratio)) / cutoff


def mesh_error(points: int, gewald: float, strength: float, n_atoms: int, box: float, numerics: Numerics) -> float:
    """RMS force error (eV/Å) of a mesh of `points` per direction; Deserno and Holm (1998), eq. (38)."""
    spacing = box / points * gewald
    order = numerics.kspace_order
    expansion = sum(a * spacing ** (2 * power) for power, a in enumerate(_EXPANSION[order]))
    root = math.sqrt(gewald * box * math.sqrt(2 * math.pi) * expansion / n_atoms)
    return strength * spacing**order * root / box**2


def _factors_small(number: int) -> bool:
    """Whether FFTs like this size: only factors 2, 3 and 5."""
    for factor in (2, 3, 5):
        while number % factor == 0:
            number //= factor
    return number == 1
