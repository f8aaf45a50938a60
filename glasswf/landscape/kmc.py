"""Kinetic Monte Carlo of the hopping model: ions with site exclusion and the jump rates of eq. (5).

Rejection-free (Bortz, Kalos and Lebowitz, J. Comput. Phys. 17, 10 (1975)): one binary tree holds the sums of the rates
of all sites. It shares only the landscape with the network of conductances, which neglects correlations between
occupations: an independent check of it on small lattices.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from glasswf.errors import TheoryError
from glasswf.landscape.occupation import beta, fermi_level

# The six neighbours: +a, -a, +b, -b, +c, -c.
_STEPS = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]])


@dataclass(frozen=True, eq=False)
class Walk:
    """Paths of all ions.

    times: (n_frames,) in units of 1/(ν e^{−βu₀}), evenly spaced. positions: (n_frames, n_ions, 3) in lattice constants,
    unwrapped. sites: (n_frames, n_ions) numbers of the sites they are on. n_jumps: jumps in all.
    """

    times: np.ndarray
    positions: np.ndarray
    sites: np.ndarray
    n_jumps: int


def simulate(
    energies: np.ndarray,
    size: int,
    n_ions: int,
    temperature_k: float,
    interval: float,
    n_frames: int,
    seed: int,
    burn_in: float = 0.0,
) -> Walk:
    """Follow `n_ions` ions on sites of `energies` (N_L³,) in eV; blocked sites are infinite, the lattice is periodic.

    interval: time between frames, burn_in: before the first, in units of 1/(ν e^{−βu₀}). Ions start on sites drawn from
    the Fermi distribution. Raises TheoryError if there is no room for the ions.
    """  # fmt: skip
    rng = np.random.default_rng(seed)
    sites = np.flatnonzero(np.isfinite(energies))
    neighbours = _neighbours(np.isfinite(energies), size, sites)
    rates = _rates(energies[sites], neighbours, beta(temperature_k))
    start = _start(energies[sites], n_ions, temperature_k, rng)
    positions = np.empty((n_frames, n_ions, 3), dtype=np.int32)
    visited = np.empty((n_frames, n_ions), dtype=np.int32)
    jumps = _walk(neighbours, rates, start, float(interval), float(burn_in), positions, visited, _STEPS, rng)
    if jumps < 0:
        raise TheoryError("no ion can move: every site around them is blocked or taken")
    return Walk(interval * np.arange(n_frames), positions, sites[visited], jumps)


def _neighbours(accessible: np.ndarray, size: int, sites: np.ndarray) -> np.ndarray:
    """Index among the ion sites of each neighbour (n_sites, 6), -1 for blocked ones."""
    number = np.full(size**3, -1)
    number[sites] = np.arange(len(sites))
    grid = np.arange(size**3).reshape(size, size, size)
    shifted = [np.roll(grid, tuple(-step), axis=(0, 1, 2)).ravel()[sites] for step in _STEPS]
    return number[np.array(shifted).T]


def _rates(energies: np.ndarray, neighbours: np.ndarray, b: float) -> np.ndarray:
    """min(1, exp(−β(ε_j − ε_i))) for every neighbour (n_sites, 6), zero for blocked ones."""
    gain = b * (energies[neighbours] - energies[:, None])
    return np.where(neighbours >= 0, np.exp(-np.maximum(0.0, gain)), 0.0)


def _start(energies: np.ndarray, n_ions: int, temperature_k: float, rng: np.random.Generator) -> np.ndarray:
    """Sites (n_ions,) drawn without replacement with the odds of the Fermi distribution (Gumbel's way)."""
    mu = fermi_level(energies, n_ions, temperature_k)
    odds = beta(temperature_k) * (mu - energies) + rng.gumbel(size=len(energies))
    return np.argpartition(-odds, n_ions - 1)[:n_ions]


@njit(cache=True)
def _refresh(site: int, ion_at: np.ndarray, neighbours: np.ndarray, rates: np.ndarray, tree: np.ndarray) -> None:
    """Set the total rate of one site, and the sums above it."""
    total = 0.0
    if ion_at[site] >= 0:
        for way in range(6):
            other = neighbours[site, way]
            if other >= 0 and ion_at[other] < 0:
                total += rates[site, way]
    node = len(tree) // 2 + site
    tree[node] = total
    node //= 2
    while node:
        tree[node] = tree[2 * node] + tree[2 * node + 1]
        node //= 2


@njit(cache=True)
def _jump(ion_at: np.ndarray, neighbours: np.ndarray, rates: np.ndarray, tree: np.ndarray, rng) -> tuple[int, int]:
    """A site and a way out of it, drawn by their rates."""
    target, node, half = rng.random() * tree[1], 1, len(tree) // 2
    while node < half:
        node *= 2
        if target >= tree[node] and tree[node + 1] > 0:
            target -= tree[node]
            node += 1
    site, last = node - half, -1
    for way in range(6):
        other = neighbours[site, way]
        if other >= 0 and ion_at[other] < 0 and rates[site, way] > 0:
            last = way
            if target < rates[site, way]:
                break
            target -= rates[site, way]
    return site, last


@njit(cache=True)
def _occupied(start: np.ndarray, neighbours: np.ndarray, rates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ion at each site (-1 for none), and the tree of rates."""
    leaves = 1
    while leaves < len(neighbours):
        leaves *= 2
    tree, ion_at = np.zeros(2 * leaves), np.full(len(neighbours), -1)
    for ion in range(len(start)):
        ion_at[start[ion]] = ion
    for site in range(len(neighbours)):
        _refresh(site, ion_at, neighbours, rates, tree)
    return ion_at, tree


@njit(cache=True)
def _refresh_around(site: int, ion_at: np.ndarray, neighbours: np.ndarray, rates: np.ndarray, tree: np.ndarray) -> None:
    """Set the rates of a site that was filled or left, and of its neighbours."""
    _refresh(site, ion_at, neighbours, rates, tree)
    for near in neighbours[site]:
        if near >= 0:
            _refresh(near, ion_at, neighbours, rates, tree)


@njit(cache=True)
def _walk(
    neighbours: np.ndarray,
    rates: np.ndarray,
    start: np.ndarray,
    interval: float,
    burn_in: float,
    positions: np.ndarray,
    visited: np.ndarray,
    steps: np.ndarray,
    rng: np.random.Generator,
) -> int:
    ion_at, tree = _occupied(start, neighbours, rates)
    now, frame, jumps = -burn_in, 0, 0
    here, at = np.zeros((len(start), 3), np.int32), start.copy()
    while True:
        if tree[1] <= 0:
            return -1
        now += rng.exponential() / tree[1]
        while frame < len(positions) and now >= frame * interval:
            positions[frame], visited[frame] = here, at
            frame += 1
        if frame == len(positions):
            return jumps
        site, way = _jump(ion_at, neighbours, rates, tree, rng)
        other, ion = neighbours[site, way], ion_at[site]
        ion_at[site], ion_at[other] = -1, ion
        here[ion] += steps[way]
        at[ion] = other
        jumps += 1
        _refresh_around(site, ion_at, neighbours, rates, tree)
        _refresh_around(other, ion_at, neighbours, rates, tree)
