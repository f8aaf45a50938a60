"""Rings of the network: closed paths of formers linked by anions, sizes in formers.

Criteria: "shortest-path" (Franzblau, Phys. Rev. B 44, 4925 (1991)): no two formers of the ring have a shorter path than
along the ring. "king" (King, Nature 213, 1112 (1967)): a shortest path between two neighbours of a former, closed by
it. "guttman" (Guttman, J. Non-Cryst. Solids 116, 145 (1990)): a shortest path back to a former that sets out along one
of its links. Paths through several periodic images are followed into them: one that winds through the box is no ring.
"""

import numpy as np

from glasswf.errors import AnalysisError
from glasswf.structure.frame_bonds import Links

CRITERIA = ("shortest-path", "king", "guttman")
_LARGEST_RING = 100  # distances are held in one byte
_TABLE_SIZES = [2**power for power in range(9, 23)]
_LARGEST_TABLES = 2**27  # in all, 9 bytes each


def count(links: Links, largest: int, criterion: str = "shortest-path") -> np.ndarray:
    """Number of different rings of each size, (largest + 1,), sizes 0 and 1 empty.

    A pair of formers with two anions in common (edge-sharing) or more is one ring of 2 by every criterion. Rings that
    turn at an anion with three formers, from one to another of them, are not counted. Raises AnalysisError for another
    criterion, or a graph too crowded to search.
    """
    if criterion not in CRITERIA or not 2 <= largest <= _LARGEST_RING:
        raise AnalysisError(f"rings up to {largest} by {criterion!r}; 2 to {_LARGEST_RING}, by {', '.join(CRITERIA)}")
    rings = np.zeros(largest + 1)
    rings[2] = np.count_nonzero(links.shared > 1) / 2
    if largest > 2 and len(links.first):
        found = _shortest_path(links, largest) if criterion == "shortest-path" else _king(links, largest, criterion)
        rings[3:] = (found / np.maximum(1, np.arange(largest + 1))).sum(axis=1)[3:]
    return rings


def _graph(links: Links, largest: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Starts (n + 1,), neighbours and steps (m,): a step differs for every former and cell `largest` links away."""
    starts = np.searchsorted(links.first, np.arange(links.n_formers + 1))
    base = 2 * largest * max(1, int(np.abs(links.images).max())) + 1
    steps = (links.second - links.first) * base**3 + links.images @ np.array([base**2, base, 1])
    return starts, links.second.astype(np.int64), steps.astype(np.int64)


def _shortest_path(links: Links, largest: int) -> np.ndarray:
    from glasswf.structure import ring_kernel

    graph, found = _graph(links, largest), np.zeros((largest + 1, largest + 1), dtype=np.int64)
    for size in _TABLE_SIZES:
        if size * links.n_formers > _LARGEST_TABLES:
            break
        keys = np.empty((links.n_formers, size), dtype=np.int64)
        distances = np.empty(keys.shape, dtype=np.int8)
        if ring_kernel.distances_around(graph, largest // 2, keys, distances):
            ring_kernel.count(graph, links.back, links.via, keys, distances, largest, found)
            return found
    raise _crowded(largest)


def _king(links: Links, largest: int, criterion: str) -> np.ndarray:
    from glasswf.structure import ring_king

    graph = _graph(links, largest)
    for size in _TABLE_SIZES:
        table = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int8), np.empty((2, size), dtype=np.int64)
        king, guttman = np.zeros((2, largest + 1, largest + 1), dtype=np.int64)
        if ring_king.count(graph, links.back, links.via, largest, table, king, guttman):
            return king if criterion == "king" else guttman
    raise _crowded(largest)


def _crowded(largest: int) -> AnalysisError:
    return AnalysisError(f"rings up to {largest}: too many formers within reach of one; give a smaller largest ring")
