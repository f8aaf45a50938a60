"""Kirchhoff's equations on a whole network: its conductance between electrodes (Bosi and Maass 2021, eqs. (10)-(13)).

Conjugate gradients with sampled elimination as preconditioner; the potentials are kept in double-double precision and
improved until the current that goes in comes out. Links far below the bottleneck carry nothing and are left out.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from glasswf.errors import TheoryError
from glasswf.landscape.elimination import Factor, kron, sampled
from glasswf.landscape.network import Network
from glasswf.landscape.percolation import critical

# Links weaker than the bottleneck by this factor are cut: a million of them in parallel would be 1e-14 of it.
_CUT = 1e-20
# Nodes joined by links stronger than it by this factor are one: hundreds of them in series would be 1e-10 of it.
_MERGE = 1e12
_TOLERANCE = 1e-11  # of the current: imbalance summed over all nodes
_INNER = 1e-6  # of one round of conjugate gradients
_RUNAWAY = 1e4  # rounding has taken over where the energy left is this far above the least
_ROUNDS, _STEPS = 40, 500


@dataclass(frozen=True, eq=False)
class Flow:
    """Current through a network at unit voltage.

    log_conductance: ln of the conductance, in the unit of the links'. current_in, current_out: at both electrodes, in
    units of the bottleneck's conductance. imbalance: Σ|net current| of all nodes over the current. nodes: (n,) numbers
    of the sites that carry current, with their potentials (n,).
    """

    log_conductance: float
    current_in: float
    current_out: float
    imbalance: float
    nodes: np.ndarray
    potentials: np.ndarray


@dataclass(frozen=True, eq=False)
class _Reduced:
    """Links that matter, with conductances in units of the bottleneck's, between clusters of sites; electrodes last.

    nodes: sites that carry current. members: cluster of each.
    """

    start: np.ndarray
    end: np.ndarray
    conductances: np.ndarray
    nodes: np.ndarray
    members: np.ndarray
    log_unit: float

    @property
    def n_free(self) -> int:
        return int(max(self.start.max(), self.end.max())) - 1


def flow(network: Network, log_conductances: np.ndarray, seed: int = 0) -> Flow:
    """Potentials and current for links of conductances exp(log_conductances) (n_links,).

    Raises TheoryError if no path leads from one electrode to the other, or if the iteration does not end.
    """
    reduced = _reduced(network, log_conductances, merge=True)
    n = reduced.n_free
    potentials, best, least, factor = _held(n), None, np.inf, None
    for turn in range(_ROUNDS):
        currents = _net_currents(reduced.start, reduced.end, reduced.conductances, *potentials)
        imbalance = np.abs(currents[:n]).sum() / currents[n + 1] if currents[n + 1] > 0 else np.inf
        if imbalance < _TOLERANCE:
            return _found(reduced, potentials[0], currents, imbalance)
        if not imbalance < least / 2:  # other random factors where these do not lead on
            factor = sampled(reduced.start, reduced.end, reduced.conductances, n, n + 2, seed + turn)
        if best is None or imbalance < least:
            best, least = (potentials, currents), imbalance
        (high, low), currents = best
        potentials = _sum(high, low, np.append(_conjugate_gradients(reduced, factor, currents[:n]), [0.0, 0.0]))
    raise TheoryError(f"Kirchhoff's equations were not solved: imbalance {least:.1e} of the current")


def _held(n_free: int) -> tuple[np.ndarray, np.ndarray]:
    """Potentials to start from: one at the first electrode, zero elsewhere."""
    high = np.zeros(n_free + 2)
    high[n_free] = 1.0
    return high, np.zeros(n_free + 2)


def _found(reduced: _Reduced, high: np.ndarray, currents: np.ndarray, imbalance: float) -> Flow:
    into, out = -currents[reduced.n_free], currents[reduced.n_free + 1]
    total = np.log((into + out) / 2) + reduced.log_unit
    return Flow(float(total), float(into), float(out), float(imbalance), reduced.nodes, high[reduced.members])


def exact_log_conductance(network: Network, log_conductances: np.ndarray) -> float:
    """ln of the conductance by exact Kron reduction: slower, right to rounding, for up to some 40³ sites."""
    reduced = _reduced(network, log_conductances, merge=False)
    n = reduced.n_free
    return float(np.log(kron(reduced.start, reduced.end, reduced.conductances, n, n + 2)[0, 1]) + reduced.log_unit)


def _reduced(network: Network, log_conductances: np.ndarray, *, merge: bool) -> _Reduced:
    bottleneck = -critical(network, -log_conductances).barrier
    strong = log_conductances > bottleneck + np.log(_CUT)
    start, end = network.start[strong], network.end[strong]
    labels = _clusters(start, end, network.n_nodes)
    joined = labels[start] == labels[network.source]
    start, end, relative = start[joined], end[joined], np.exp(log_conductances[strong][joined] - bottleneck)
    number = np.full(network.n_nodes, -1)
    nodes = np.setdiff1d(np.concatenate([start, end]), [network.source, network.sink])
    number[nodes] = np.arange(len(nodes))
    number[[network.source, network.sink]] = len(nodes), len(nodes) + 1
    start, end = number[start], number[end]
    if merge:
        start, end, relative, nodes, members = _merged(start, end, relative, nodes)
    else:
        members = np.arange(len(nodes))
    return _Reduced(start, end, relative, nodes, members, bottleneck)


def _merged(start: np.ndarray, end: np.ndarray, relative: np.ndarray, nodes: np.ndarray) -> tuple:
    """The same links between clusters of nodes that very strong links join; electrodes stay last."""
    n = len(nodes)
    tied = relative > _MERGE
    labels = _clusters(start[tied], end[tied], n + 2)
    order = np.full(labels.max() + 1, -1)
    free = np.setdiff1d(labels[:n], labels[n:])
    order[free] = np.arange(len(free))
    order[labels[n:]] = len(free), len(free) + 1
    a, b = order[labels[start]], order[labels[end]]
    kept = a != b
    return a[kept], b[kept], relative[kept], nodes, order[labels[:n]]


def _clusters(start: np.ndarray, end: np.ndarray, n_nodes: int) -> np.ndarray:
    """Number of the connected cluster of every node."""
    graph = coo_array((np.ones(len(start)), (start, end)), shape=(n_nodes, n_nodes))
    return connected_components(graph, directed=False)[1]


def _conjugate_gradients(reduced: _Reduced, factor: Factor, currents: np.ndarray) -> np.ndarray:
    """Change of the potentials (n_free,) that takes away the net currents, to a relative _INNER in energy."""
    x, r = np.zeros_like(currents), currents.copy()
    z = factor.solve(r)
    p, energy = z.copy(), r @ z
    first, least, best = energy, np.inf, x.copy()
    for _ in range(_STEPS):
        spread = _apply(reduced.start, reduced.end, reduced.conductances, p)
        length = energy / (p @ spread)
        x += length * p
        r -= length * spread
        z = factor.solve(r)
        energy, before = r @ z, energy
        if energy < least:
            least, best = energy, x.copy()
        if not _INNER**2 * first < energy < _RUNAWAY * least:
            break
        p = z + energy / before * p
    return best


@njit(cache=True)
def _apply(start: np.ndarray, end: np.ndarray, conductances: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Currents out of the free nodes at potentials p (n_free,), held nodes being at zero."""
    n_free = len(p)
    q = np.zeros(n_free)
    for link in range(len(start)):
        a, b = start[link], end[link]
        current = conductances[link] * ((p[a] if a < n_free else 0.0) - (p[b] if b < n_free else 0.0))
        if a < n_free:
            q[a] += current
        if b < n_free:
            q[b] -= current
    return q


@njit(cache=True)
def _net_currents(
    start: np.ndarray, end: np.ndarray, conductances: np.ndarray, high: np.ndarray, low: np.ndarray
) -> np.ndarray:
    """Net current into every node at potentials high + low: differences of near-equal potentials without loss."""
    net = np.zeros(len(high))
    for link in range(len(start)):
        a, b = start[link], end[link]
        difference = high[a] - high[b]
        back = difference - high[a]
        lost = (high[a] - (difference - back)) - (high[b] + back)
        current = conductances[link] * (difference + (lost + (low[a] - low[b])))
        net[a] -= current
        net[b] += current
    return net


@njit(cache=True)
def _sum(high: np.ndarray, low: np.ndarray, change: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """high + low + change as an unevaluated sum of two doubles (Knuth's two-sum)."""
    total = high + change
    back = total - high
    rest = low + ((high - (total - back)) + (change - back))
    renewed = total + rest
    return renewed, rest - (renewed - total)
