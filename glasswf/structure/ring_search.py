"""Breadth-first search on a periodic graph, compiled; imported where it is called.

Nodes of the unfolded graph are (atom, cell). A step along a link adds a whole number to a key, different for every
atom and cell within reach, so that a path that winds through the box comes to another key. Keys are relative to the
root, and are found in tables of open addressing whose sizes are powers of two.
"""

import numpy as np
from numba import njit

EMPTY = np.iinfo(np.int64).min
_GOLDEN, _HIGH = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)


@njit(cache=True, inline="always")
def slot_of(key, keys):
    """Where the key is in the table, or the free place where it belongs."""
    mask = len(keys) - 1
    slot = np.int64((np.uint64(key) * _GOLDEN) >> _HIGH) & mask
    while keys[slot] != EMPTY and keys[slot] != key:
        slot = (slot + 1) & mask
    return slot


@njit(cache=True, inline="always")
def distance(key, keys, distances):
    """Links from the root to the key; −1 if it is not in the table."""
    slot = slot_of(key, keys)
    return np.int64(distances[slot]) if keys[slot] == key else np.int64(-1)


@njit(cache=True)
def explore(graph, root, depth, avoided, targets, keys, distances, queue):
    """Fill the table with all nodes within `depth` links of an atom; False if the table is too small.

    graph: starts (n + 1,), neighbours (m,), steps (m,). avoided: key of a node that is not entered, EMPTY for none.
    targets: keys; once all are found the search ends (never if there are none). queue: (2, len(keys)).
    """
    starts, neighbours, steps = graph
    keys[:] = EMPTY
    slot = slot_of(0, keys)
    keys[slot], distances[slot] = 0, 0
    queue[0, 0], queue[1, 0] = root, 0
    head, tail, missing = 0, 1, len(targets)
    while head < tail:
        atom, here = queue[0, head], queue[1, head]
        far = distance(here, keys, distances) + 1
        head += 1
        if far > depth:
            break
        for link in range(starts[atom], starts[atom + 1]):
            there = here + steps[link]
            slot = slot_of(there, keys)
            if keys[slot] == there or there == avoided:
                continue
            if 2 * tail >= len(keys):
                return False
            keys[slot], distances[slot] = there, far
            queue[0, tail], queue[1, tail] = neighbours[link], there
            tail += 1
            for target in targets:
                missing -= there == target
            if len(targets) > 0 and missing == 0:
                return True
    return True
