"""Rings of King (Nature 213, 1112 (1967)) and Guttman (J. Non-Cryst. Solids 116, 145 (1990)), compiled.

King: a shortest path between two neighbours of a node, closed by that node. Guttman: a shortest path from a node back
to it that sets out along one link and does not come back along it. A ring of Guttman is one of King as well.
"""

import numpy as np
from numba import njit

from glasswf.structure.ring_kernel import bent
from glasswf.structure.ring_search import distance, explore


@njit(cache=True)
def count(graph, back, via, largest, table, king, guttman):
    """Count rings of 3 to `largest` atoms; False if the table is too small.

    table: keys (size,), distances (size,) and queue (2, size). king, guttman: (largest + 1, largest + 1), by size and
    by from how many of its nodes the ring is met.
    """
    starts, neighbours, _ = graph
    degree = np.diff(starts)
    pairs = np.append(np.zeros(1, dtype=np.int64), np.cumsum(degree * degree))
    least = np.zeros(pairs[-1], dtype=np.int64)
    taken = np.empty(largest, dtype=np.int64)
    for link in range(len(neighbours)):
        if not _around(graph, back, link, largest, table):
            return False
        _measure(graph, back, via, link, pairs, least, table)
    shortest = _shortest(starts, back, pairs, least)
    for link in range(len(neighbours)):
        _around(graph, back, link, largest, table)
        _rings(graph, back, via, link, pairs, least, shortest, taken, table, king, guttman)
    return True


@njit(cache=True)
def _around(graph, back, link, largest, table):
    """Search from the end of a link for the other neighbours of its beginning, which is avoided."""
    _, neighbours, steps = graph
    rest = _rest(graph, back, link)
    if len(rest) == 0:
        return True
    targets = steps[rest] - steps[link]
    keys, distances, queue = table
    return explore(graph, neighbours[link], largest - 2, -steps[link], targets, keys, distances, queue)


@njit(cache=True, inline="always")
def _rest(graph, back, link):
    """Links of the same node that come after a link."""
    starts, neighbours, _ = graph
    return np.arange(link + 1, starts[neighbours[back[link]] + 1])


@njit(cache=True, inline="always")
def _pair(graph, back, pairs, one, other):
    """Where the two links of a node stand in tables by pair."""
    starts, neighbours, _ = graph
    node = neighbours[back[one]]
    return pairs[node] + (one - starts[node]) * (starts[node + 1] - starts[node]) + other - starts[node]


@njit(cache=True)
def _measure(graph, back, via, link, pairs, least, table):
    """Note the size of the shortest ring through a link and each that comes after at the same node; 0 for none."""
    steps = graph[2]
    keys, distances, _ = table
    for other in _rest(graph, back, link):
        far = distance(steps[other] - steps[link], keys, distances)
        if far < 0:
            continue
        if far == 1 and _all_bent(graph, back, via, link, other):
            continue
        least[_pair(graph, back, pairs, link, other)] = far + 2
        least[_pair(graph, back, pairs, other, link)] = far + 2


@njit(cache=True)
def _all_bent(graph, back, via, link, other):
    """Whether the triangle over two links of a node turns at one anion."""
    starts, neighbours, steps = graph
    triangle = np.array([link, other, other])
    for closing in range(starts[neighbours[link]], starts[neighbours[link] + 1]):
        if steps[link] + steps[closing] == steps[other]:
            triangle[2] = closing
    return bent(triangle, via, 3)


@njit(cache=True)
def _shortest(starts, back, pairs, least):
    """Size of the shortest ring through each link; 0 for none."""
    found = np.zeros(len(back), dtype=np.int64)
    for node in range(len(starts) - 1):
        degree = starts[node + 1] - starts[node]
        for one in range(degree):
            for size in least[pairs[node] + one * degree : pairs[node] + (one + 1) * degree]:
                link = starts[node] + one
                if size > 0 and (found[link] == 0 or size < found[link]):
                    found[link] = size
    return found


@njit(cache=True)
def _rings(graph, back, via, link, pairs, least, shortest, taken, table, king, guttman):
    """Walk back all shortest paths from the other neighbours, and count the rings they close."""
    starts, neighbours, steps = graph
    keys, distances, _ = table
    path = np.empty((3, len(taken)), dtype=np.int64)
    for other in _rest(graph, back, link):
        size = least[_pair(graph, back, pairs, link, other)]
        if size == 0:
            continue
        taken[0], taken[size - 1] = other, back[link]
        path[0, 0], path[1, 0], path[2, 0] = neighbours[other], steps[other] - steps[link], starts[neighbours[other]]
        at = 0
        while at >= 0:
            atom, step = path[0, at], path[2, at]
            if step == starts[atom + 1]:
                at -= 1
                continue
            path[2, at] += 1
            key = path[1, at] + steps[step]
            if distance(key, keys, distances) != size - 3 - at:
                continue
            at += 1
            taken[at], path[0, at], path[1, at] = step, neighbours[step], key
            path[2, at] = starts[neighbours[step]]
            if at == size - 2:
                _note(graph, back, via, pairs, least, shortest, taken, size, king, guttman)
                at -= 1


@njit(cache=True)
def _note(graph, back, via, pairs, least, shortest, taken, size, king, guttman):
    if bent(taken, via, size):
        return
    met, minimal = 0, False
    for at in range(size):
        before = back[taken[at - 1 if at > 0 else size - 1]]
        met += least[_pair(graph, back, pairs, before, taken[at])] == size
        minimal |= shortest[taken[at]] == size
    king[size, met] += 1
    if minimal:
        guttman[size, met] += 1
