"""Clusters of a periodic graph, compiled; imported where it is called, as numba takes half a second."""

import numpy as np
from numba import njit


@njit(cache=True)
def find(starts, neighbours, images, sizes, ranks):
    """Number of connected clusters; their sizes and numbers of independent directions they wind in are filled in.

    starts: (n + 1,), neighbours: (m,), images: (m, 3): for each node its neighbours and the cells they are in, every
    edge in both directions. sizes, ranks: (n,). A cluster winds where a node is reached again in another cell.
    """
    n = len(starts) - 1
    seen, queue = np.zeros(n, dtype=np.bool_), np.empty(n, dtype=np.int64)
    cells = np.zeros((n, 3), dtype=np.int64)
    basis = np.empty((3, 3), dtype=np.int64)
    found = 0
    for root in range(n):
        if seen[root]:
            continue
        seen[root], queue[0] = True, root
        head, tail, rank = 0, 1, 0
        while head < tail:
            here = queue[head]
            head += 1
            for edge in range(starts[here], starts[here + 1]):
                there = neighbours[edge]
                cell = cells[here] + images[edge]
                if not seen[there]:
                    seen[there], cells[there], queue[tail] = True, cell, there
                    tail += 1
                elif rank < 3:
                    basis[rank] = cell - cells[there]
                    rank += _independent(basis, rank)
        sizes[found], ranks[found] = tail, rank
        found += 1
    return found


@njit(cache=True)
def _independent(basis, last):
    """Whether the vector `last` of the basis is not a combination of those before."""
    a, b = basis[0], basis[1]
    if last == 0:
        return np.any(a != 0)
    x, y, z = a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    if last == 1:
        return x != 0 or y != 0 or z != 0
    return x * basis[2, 0] + y * basis[2, 1] + z * basis[2, 2] != 0
