"""A slow, independent evaluation of a force field in a small orthogonal periodic cell: no neighbour list, no mesh.

Pair sums run over explicit images; Coulomb energies are Ewald sums converged to rounding, with a uniform background if
the cell is charged. The virial is 3PV = -dE/dlnL, the derivative along a uniform scaling of the cell.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.special import erfc

from glasswf.units import COULOMB_EV_A, EV_A3_BAR

ALPHA = 0.5  # 1/Å; makes both Ewald sums below converge to better than 1e-12
EWALD_CUTOFF_A = 11.0
K_MAX = 2 * ALPHA * np.sqrt(30)


@dataclass
class Sums:
    """Energy (eV), forces (n, 3) in eV/Å and virial 3PV in eV."""

    energy: float
    forces: np.ndarray
    virial: float

    def __add__(self, other):
        return Sums(self.energy + other.energy, self.forces + other.forces, self.virial + other.virial)

    def pressure_bar(self, edges):
        return self.virial / (3 * np.prod(edges)) * EV_A3_BAR


def evaluate(force_field, symbols, positions, edges, charges, cutoff_a):
    """Total of all terms, the background of a charged cell included; `charges` maps element to e."""
    q = np.array([charges[symbol] for symbol in symbols])
    total = buckingham(force_field, symbols, positions, edges, cutoff_a) + ewald(q, positions, edges)
    for term in force_field.three_body:
        total += three_body(term, symbols, positions, edges)
    return total + background(q, edges)


def image_vectors(edges, cutoff_a):
    """Lattice vectors whose cells can hold a neighbour within the cutoff."""
    spans = [range(-n, n + 1) for n in np.ceil(cutoff_a / np.asarray(edges)).astype(int)]
    return np.array(list(product(*spans))) * edges


def neighbours(positions, edges, cutoff_a):
    """All (i, j, vector from i to j's image) within the cutoff; i and j may be images of one atom."""
    wrapped = positions - np.floor(positions / edges) * edges
    found = []
    for shift in image_vectors(edges, cutoff_a):
        delta = wrapped[None] + shift - wrapped[:, None]
        r2 = (delta**2).sum(axis=2)
        i, j = np.nonzero((r2 < cutoff_a**2) & (r2 > 1e-12))
        found.append((i, j, delta[i, j]))
    return tuple(np.concatenate(parts) for parts in zip(*found, strict=True))


def pair_sum(i, j, vectors, energy, derivative, n):
    """Sums over a list that holds each pair twice; `derivative` is dV/dr."""
    r = np.linalg.norm(vectors, axis=1)
    forces = np.zeros((n, 3))
    np.add.at(forces, i, (derivative / r)[:, None] * vectors)
    return Sums(0.5 * energy.sum(), forces, -0.5 * (derivative * r).sum())


def buckingham(force_field, symbols, positions, edges, cutoff_a):
    """Short-range pair energy, shifted to zero at the cutoff."""
    i, j, vectors = neighbours(positions, edges, cutoff_a)
    symbols = np.array(symbols)
    r = np.linalg.norm(vectors, axis=1)
    energy, derivative = np.zeros_like(r), np.zeros_like(r)
    for first, second in product(set(symbols), repeat=2):
        term = force_field.pair(first, second)
        if term is None:
            continue
        pick = (symbols[i] == first) & (symbols[j] == second)
        x, a, rho, c = r[pick], term.a_ev, term.rho_a, term.c_ev_a6
        at_cutoff = a * np.exp(-cutoff_a / rho) - c / cutoff_a**6
        energy[pick] = a * np.exp(-x / rho) - c / x**6 - at_cutoff
        derivative[pick] = -a / rho * np.exp(-x / rho) + 6 * c / x**7
    return pair_sum(i, j, vectors, energy, derivative, len(symbols))


def ewald(q, positions, edges):
    """Coulomb energy without the background term."""
    i, j, vectors = neighbours(positions, edges, EWALD_CUTOFF_A)
    r = np.linalg.norm(vectors, axis=1)
    qq = COULOMB_EV_A * q[i] * q[j]
    screened = erfc(ALPHA * r) / r
    derivative = -screened / r - 2 * ALPHA / np.sqrt(np.pi) * np.exp(-((ALPHA * r) ** 2)) / r
    self_energy = -COULOMB_EV_A * ALPHA / np.sqrt(np.pi) * (q**2).sum()
    real = pair_sum(i, j, vectors, qq * screened, qq * derivative, len(q))
    return real + reciprocal(q, positions, edges) + Sums(self_energy, np.zeros((len(q), 3)), 0.0)


def reciprocal(q, positions, edges):
    """Fourier part: (2π/V) Σ exp(-k²/4α²)/k² |S(k)|²."""
    spans = [range(-n, n + 1) for n in np.ceil(K_MAX * np.asarray(edges) / (2 * np.pi)).astype(int)]
    k = 2 * np.pi * np.array([n for n in product(*spans) if any(n)]) / edges
    k2 = (k**2).sum(axis=1)
    weight = COULOMB_EV_A * 2 * np.pi / np.prod(edges) * np.exp(-k2 / (4 * ALPHA**2)) / k2
    waves = np.exp(1j * k @ positions.T)
    structure = waves @ q
    energies = weight * np.abs(structure) ** 2
    strength = 2 * weight[:, None] * np.imag(np.conj(structure)[:, None] * waves) * q
    return Sums(energies.sum(), strength.T @ k, (energies * (1 - k2 / (2 * ALPHA**2))).sum())


def background(q, edges, alpha=ALPHA):
    """The term by which an Ewald sum accounts for the uniform neutralising background of a charged cell."""
    energy = -COULOMB_EV_A * np.pi * q.sum() ** 2 / (2 * alpha**2 * np.prod(edges))
    return Sums(energy, np.zeros((len(q), 3)), 3 * energy)


def three_body(term, symbols, positions, edges):
    """Sum over every centre and pair of its end atoms, by the formulas in the docstrings of the terms."""
    symbols = np.array(symbols)
    i, j, vectors = neighbours(positions, edges, term.cutoff_a)
    bonds = (symbols[i] == term.centre) & (symbols[j] == term.ends)
    i, j, vectors = i[bonds], j[bonds], vectors[bonds]
    total = Sums(0.0, np.zeros((len(symbols), 3)), 0.0)
    for centre in np.unique(i):
        own = np.flatnonzero(i == centre)
        for n, first in enumerate(own):
            for second in own[n + 1 :]:
                energy, on_first, on_second = angle(term, vectors[first], vectors[second])
                total.energy += energy
                total.forces[j[first]] += on_first
                total.forces[j[second]] += on_second
                total.forces[centre] -= on_first + on_second
                total.virial += on_first @ vectors[first] + on_second @ vectors[second]
    return total


def angle(term, a, b):
    """Energy of one angle and the forces on its two end atoms, at a and b from the centre."""
    ra, rb = np.linalg.norm(a), np.linalg.norm(b)
    cosine = a @ b / (ra * rb)
    theta = np.arccos(cosine)
    theta_0 = np.radians(term.theta_0_deg)
    shape, slope = (theta - theta_0) ** 2, 2 * (theta - theta_0)
    ha = hb = 1.0
    log_slope_a = log_slope_b = 0.0  # d ln h/dr
    k = term.k_ev_rad2
    if term.kind == "angle-conservative":
        shape -= (np.radians(term.theta_ref_deg) - theta_0) ** 2
        ha, log_slope_a = radial(term, ra)
        hb, log_slope_b = radial(term, rb)
        k /= radial(term, term.r_bond_a)[0] ** 2
    d_cosine = -k * ha * hb * slope / np.sqrt(1 - cosine**2)
    energy = k * ha * hb * shape
    on_a = -d_cosine * (b / rb - cosine * a / ra) / ra - energy * log_slope_a * a / ra
    on_b = -d_cosine * (a / ra - cosine * b / rb) / rb - energy * log_slope_b * b / rb
    return energy, on_a, on_b


def radial(term, r):
    """The factor h(r) and d ln h/dr."""
    gap = r - term.cutoff_a
    return np.exp(term.gamma_a / gap), -term.gamma_a / gap**2
