"""Shortest-path rings of a periodic graph (Franzblau, Phys. Rev. B 44, 4925 (1991)), compiled."""

import numpy as np
from numba import njit

from glasswf.structure.ring_search import EMPTY, distance, explore


@njit(cache=True)
def distances_around(graph, depth, keys, distances):
    """Fill tables (n, size) with the nodes within `depth` links of every atom; False if they are too small."""
    queue, nothing = np.empty((2, keys.shape[1]), dtype=np.int64), np.empty(0, dtype=np.int64)
    for atom in range(len(keys)):
        if not explore(graph, atom, depth, EMPTY, nothing, keys[atom], distances[atom], queue):
            return False
    return True


@njit(cache=True)
def count(graph, back, via, keys, distances, largest, counts):
    """Add the rings of 3 to `largest` atoms to counts (largest + 1, largest + 1), by size and by how often met.

    back: (m,) index of each link in the other direction. via: (m,), see `bent`. keys, distances: tables of depth
    largest // 2. A ring is met from each of its nodes that is an image of its lowest atom.
    """
    path = np.empty((3, largest + 1), dtype=np.int64)  # atom, key and next link to try
    taken = np.empty(largest, dtype=np.int64)
    for root in range(len(keys)):
        for size in range(3, largest + 1):
            _from_root(graph, back, via, keys, distances, root, size, path, taken, counts[size])


@njit(cache=True)
def _from_root(graph, back, via, keys, distances, root, size, path, taken, counts):
    """Rings of one size through one atom and no lower one, every ring in one direction."""
    starts, neighbours, steps = graph
    path[0, 0], path[1, 0], path[2, 0] = root, 0, starts[root]
    at = 0
    while at >= 0:
        atom, link = path[0, at], path[2, at]
        if link == starts[atom + 1]:
            at -= 1
            continue
        path[2, at] += 1
        there, key = neighbours[link], path[1, at] + steps[link]
        if there < root or not _fits(keys, distances, path, at + 1, key, size):
            continue
        taken[at] = link
        if at + 1 < size:
            at += 1
            path[0, at], path[1, at], path[2, at] = there, key, starts[there]
        elif taken[0] < back[link] and not bent(taken, via, size):
            counts[np.sum(path[0, :size] == root)] += 1


@njit(cache=True, inline="always")
def _fits(keys, distances, path, at, key, size):
    """Whether the node as number `at` of the ring is as far from the root, and from those opposite, as the ring says.

    No two nodes of a ring have a shorter path than along the ring if none that are farthest apart in it have.
    """
    half = size // 2
    root = path[0, 0]
    if distance(key, keys[root], distances[root]) != min(at, size - at):
        return False
    for opposite in range(max(1, at - size + half), at - half + 1):
        atom = path[0, opposite]
        if distance(key - path[1, opposite], keys[atom], distances[atom]) != half:
            return False
    return True


@njit(cache=True)
def bent(taken, via, size):
    """Whether two links in a row of the ring `taken` (size,) go through the same single anion, `via` (−1: several).

    Such a path turns at an anion with three formers and is no ring of formers and anions.
    """
    for at in range(size):
        this = via[taken[at]]
        if this >= 0 and this == via[taken[at - 1 if at > 0 else size - 1]]:
            return True
    return False
