"""Critical percolation barrier: the lowest barrier that a path from one electrode to the other must cross.

Links join clusters in order of rising barrier until the electrodes are in one; the last link is the bottleneck of the
best path over all paths, exactly, and the links used are a minimum spanning forest, which holds such a path.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from glasswf.errors import TheoryError
from glasswf.landscape.network import Network


@dataclass(frozen=True, eq=False)
class Percolation:
    """barrier: Δ_c in the unit of the barriers. link: index of the bottleneck. path: links of a best path, in order."""

    barrier: float
    link: int
    path: np.ndarray


def critical(network: Network, barriers: np.ndarray) -> Percolation:
    """Critical barrier between the electrodes; TheoryError if no path leads from one to the other."""
    order = np.argsort(barriers, kind="stable")
    last, used = _join(network.start[order], network.end[order], network.n_nodes, network.source, network.sink)
    if last < 0:
        raise TheoryError(
            "no path of ion sites leads from one electrode to the other: more alkali, or a larger lattice"
        )
    path = order[_path(network.start[order], network.end[order], used, network.n_nodes, network.source, network.sink)]
    return Percolation(float(barriers[order[last]]), int(order[last]), path)


def cluster(network: Network, barriers: np.ndarray, largest: float) -> np.ndarray:
    """Nodes (n_nodes,) that links with barriers up to `largest` connect to the first electrode."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    open_ = barriers <= largest
    shape = (network.n_nodes, network.n_nodes)
    graph = coo_array((np.ones(open_.sum()), (network.start[open_], network.end[open_])), shape=shape)
    labels = connected_components(graph, directed=False)[1]
    return labels == labels[network.source]


@njit(cache=True)
def _root(parents: np.ndarray, node: int) -> int:
    while parents[node] != node:
        parents[node] = parents[parents[node]]
        node = parents[node]
    return node


@njit(cache=True)
def _join(start: np.ndarray, end: np.ndarray, n_nodes: int, source: int, sink: int) -> tuple[int, np.ndarray]:
    """Index of the link that joins source and sink, links taken in order; -1 if none does. Links of the forest."""
    parents, sizes = np.arange(n_nodes), np.ones(n_nodes, np.int64)
    used = np.zeros(len(start), np.bool_)
    for link in range(len(start)):
        a, b = _root(parents, start[link]), _root(parents, end[link])
        if a == b:
            continue
        used[link] = True
        if sizes[a] < sizes[b]:
            a, b = b, a
        parents[b] = a
        sizes[a] += sizes[b]
        if _root(parents, source) == _root(parents, sink):
            return link, used
    return -1, used


@njit(cache=True)
def _path(start: np.ndarray, end: np.ndarray, used: np.ndarray, n_nodes: int, source: int, sink: int) -> np.ndarray:
    """Links from source to sink in the forest of `used` links: search in breadth."""
    first, following = np.full(n_nodes, -1), np.full(2 * len(start), -1)
    for link in range(len(start)):
        if used[link]:
            following[2 * link], first[start[link]] = first[start[link]], 2 * link
            following[2 * link + 1], first[end[link]] = first[end[link]], 2 * link + 1
    came, queue = np.full(n_nodes, -2), np.empty(n_nodes, np.int64)
    came[source], queue[0], head, tail = -1, source, 0, 1
    while head < tail:
        node = queue[head]
        head += 1
        half = first[node]
        while half >= 0:
            link = half // 2
            other = end[link] if half % 2 == 0 else start[link]
            if came[other] == -2:
                came[other] = link
                queue[tail] = other
                tail += 1
            half = following[half]
    links, node, count = np.empty(n_nodes, np.int64), sink, 0
    while node != source:
        links[count] = came[node]
        node = start[came[node]] if end[came[node]] == node else end[came[node]]
        count += 1
    return links[:count][::-1]
