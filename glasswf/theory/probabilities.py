"""Probabilities of the clusters, in the readings that the paper leaves open.

literal: p_jk ∝ W_jk p_j p_k exp(−E_jk/k_BT), normalised, as printed. It does not conserve the composition: blocks
counted in the clusters are not those of the glass.
conserving: the most random pairs that do conserve it, p_jj + ½ Σ_{k≠j} p_jk = p_j, weighted by exp(−E_jk/k_BT)
(quasi-chemical). With E = 0 this is the random network.
self-organised: its limit of isostatic clusters infinitely favoured: stress and floppiness only where the composition
leaves no choice.
"""

from collections.abc import Callable, Mapping
from itertools import combinations

import numpy as np

from glasswf.errors import TheoryError
from glasswf.theory.blocks import Cluster, Rigidity, clusters, fractions
from glasswf.theory.constraints import Network

Energies = Mapping[Rigidity, float]  # in k_BT
NO_ENERGIES: Energies = dict.fromkeys(Rigidity, 0.0)

_STEP = 4.0  # k_BT, of the energies from one Newton solution to the next
_TOLERANCE, _ITERATIONS = 1e-13, 200
_ROUNDING = 1e-12
_PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))  # order of glasswf.theory.blocks.clusters


def literal(network: Network, x: float, m: float, energies: Energies = NO_ENERGIES) -> dict[str, float]:
    """p_jk by cluster name, the printed formula normalised to one."""
    p, found = fractions(network, x, m), clusters(network)
    weights = np.array(
        [c.weight * p[j] * p[k] * np.exp(-energies[c.rigidity]) for c, (j, k) in zip(found, _PAIRS, strict=True)]
    )
    return _named(found, weights / weights.sum())


def conserving(network: Network, x: float, m: float, energies: Energies = NO_ENERGIES) -> dict[str, float]:
    """p_jk by cluster name, conserving the fractions of the blocks. TheoryError if no solution is found."""
    found = clusters(network)
    p = np.array(fractions(network, x, m))
    logarithms = np.zeros((3, 3))
    for cluster, (j, k) in zip(found, _PAIRS, strict=True):
        logarithms[j, k] = logarithms[k, j] = -energies[cluster.rigidity]
    shares = _pairing(p, logarithms)
    return _named(found, np.array([shares[j, k] * (1 if j == k else 2) for j, k in _PAIRS]))


def self_organised(network: Network, x: float, m: float, energies: Energies = NO_ENERGIES) -> dict[str, float]:
    """p_jk by cluster name with as many isostatic clusters as the composition allows, else random; E plays no part."""
    found = clusters(network)
    p = np.array(fractions(network, x, m))
    isostatic = np.array([cluster.rigidity is Rigidity.ISOSTATIC for cluster in found])
    logarithms = np.full((3, 3), -np.inf)
    for (j, k), possible in zip(_PAIRS, _support(p, isostatic), strict=True):
        if possible:
            logarithms[j, k] = logarithms[k, j] = 0.0
    shares = _pairing(p, logarithms)
    return _named(found, np.array([shares[j, k] * (1 if j == k else 2) for j, k in _PAIRS]))


READINGS: dict[str, Callable[..., dict[str, float]]] = {
    "literal": literal,
    "conserving": conserving,
    "self-organised": self_organised,
}


def _named(found: tuple[Cluster, ...], values: np.ndarray) -> dict[str, float]:
    return {cluster.name: float(value) for cluster, value in zip(found, values, strict=True)}


def _support(p: np.ndarray, favoured: np.ndarray) -> np.ndarray:
    """Which clusters occur at all when the `favoured` ones are as many as possible.

    The linear programme has three equations for six probabilities: its vertices are enumerated, and those that are
    best share their supports (complementary slackness: all that these clusters can do is then best as well).
    """
    equations = np.zeros((3, len(_PAIRS)))
    for column, (j, k) in enumerate(_PAIRS):
        equations[j, column] += 0.5
        equations[k, column] += 0.5
    vertices = [_vertex(equations, list(basis), p) for basis in combinations(range(len(_PAIRS)), 3)]
    vertices = [vertex for vertex in vertices if vertex is not None]
    best = max(float(vertex[favoured].sum()) for vertex in vertices)
    return np.any([v > _ROUNDING for v in vertices if v[favoured].sum() > best - _ROUNDING], axis=0)


def _vertex(equations: np.ndarray, basis: list[int], p: np.ndarray) -> np.ndarray | None:
    square = equations[:, basis]
    if abs(np.linalg.det(square)) < _ROUNDING:
        return None
    vertex = np.zeros(len(_PAIRS))
    vertex[basis] = np.linalg.solve(square, p)
    return None if vertex.min() < -_ROUNDING else vertex


def _pairing(p: np.ndarray, logarithms: np.ndarray) -> np.ndarray:
    """Symmetric M_jk = e^{u_j + u_k + L_jk} with row sums p: the minimum of the convex ½ Σ M − Σ p u, by Newton."""
    present = p > _ROUNDING
    p_in, logs = p[present], logarithms[np.ix_(present, present)]
    u = np.log(p_in) / 2
    steps = np.abs(logs[np.isfinite(logs)]).max(initial=0.0) / _STEP
    for part in np.linspace(0, 1, int(steps) + 2)[1:]:
        u = _newton(p_in, np.where(np.isfinite(logs), part * logs, logs), u)
    shares = np.zeros((3, 3))
    shares[np.ix_(present, present)] = np.exp(u[:, None] + u + logs)
    return shares


def _newton(p: np.ndarray, logs: np.ndarray, u: np.ndarray) -> np.ndarray:
    def value(v: np.ndarray) -> float:
        return float(0.5 * np.exp(v[:, None] + v + logs).sum() - p @ v)

    for _ in range(_ITERATIONS):
        pairs = np.exp(u[:, None] + u + logs)
        rows = pairs.sum(axis=1)
        if np.abs(rows - p).max() < _TOLERANCE:
            return u
        step = -np.linalg.lstsq(np.diag(rows) + pairs, rows - p, rcond=None)[0]
        length = min(1.0, 2.0 / np.abs(step).max())
        while value(u + length * step) > value(u) + _TOLERANCE and length > _TOLERANCE:
            length /= 2
        u = u + length * step
    raise TheoryError("the pairing of building blocks did not converge; take energies of a few k_BT")
