"""Elimination of nodes from a network of conductances: star-mesh transformations, exact or sampled.

A node with conductances g_k to its neighbours gives way to links g_k g_l/Σg between all of them (Kron reduction).
Nothing is ever subtracted, so every conductance of the reduced network is right to rounding however many orders of
magnitude the conductances span (Grassmann, Taksar and Heyman, Oper. Res. 33, 1107 (1985)).

Sampled, each star of k links is replaced by k − 1 links drawn so that their mean is the exact mesh: no fill at all, and
the factors precondition the exact network well whatever its conductances (Kyng and Sachdeva, FOCS 2016, 573).
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

# Arrays of the graph: half-links lie in lists, one per node, as (to, value, following); `first` heads the lists.
_LARGEST_STAR = 60  # links of a node that is removed one by one; above, what is left is treated as dense
_USED, _FREE, _LOW, _FULL = 0, 1, 2, 3  # meaning of the entries of `state`


@dataclass(frozen=True, eq=False)
class Factor:
    """Stars in the order they were removed: node order[s] with links to nodes[pointers[s]:pointers[s+1]].

    conductances: of these links. sums: Σg of each star.
    """

    order: np.ndarray
    pointers: np.ndarray
    nodes: np.ndarray
    conductances: np.ndarray
    sums: np.ndarray

    def solve(self, currents: np.ndarray) -> np.ndarray:
        """Potentials (n_free,) for currents (n_free,) fed into the free nodes, all others being at zero."""
        return _solve(self.order, self.pointers, self.nodes, self.conductances, self.sums, currents.copy())


def sampled(
    start: np.ndarray, end: np.ndarray, conductances: np.ndarray, n_free: int, n_nodes: int, seed: int
) -> Factor:
    """Factors of a random sparse approximation; nodes below `n_free` are removed, the others held."""
    graph = _graph(start, end, conductances, n_nodes, 2 * len(start))
    room = 4 * len(start) + 16
    while (found := _remove(n_free, n_nodes, *graph, room, np.random.default_rng(seed)))[
        0
    ] < 0:  # room for the stars was too small
        graph, room = _graph(start, end, conductances, n_nodes, 2 * len(start)), 2 * room
    _, order, pointers, nodes, values, sums = found
    return Factor(order, pointers, nodes, values, sums)


def kron(start: np.ndarray, end: np.ndarray, conductances: np.ndarray, n_free: int, n_nodes: int) -> np.ndarray:
    """Exact conductances (n_held, n_held) between the nodes from `n_free` on when all others are removed.

    Nodes of few links go first, one by one; what is left is dense. Memory grows as the square of that: for networks of
    up to some 40³ sites.
    """
    degree, room = _LARGEST_STAR, 8 * len(start) + 64
    while True:
        graph = _graph(start, end, conductances, n_nodes, room)
        done, to, value, following, first, state = _remove_exactly(n_free, n_nodes, degree, *graph)
        if not state[_FULL]:
            break
        room *= 2
    left = np.flatnonzero(~done)
    return _dense(_matrix(left, to, value, following, first, done), len(left) - (n_nodes - n_free))


def _graph(start: np.ndarray, end: np.ndarray, conductances: np.ndarray, n_nodes: int, room: int) -> tuple:
    to, value = np.empty(room, np.int64), np.empty(room)
    following, first = np.empty(room, np.int64), np.full(n_nodes, -1)
    state = np.array([0, -1, 0, 0])
    degree = np.zeros(n_nodes, np.int64)
    _fill(start, end, conductances, to, value, following, first, degree, state)
    return to, value, following, first, degree, state


@njit(cache=True)
def _fill(start, end, conductances, to, value, following, first, degree, state):
    for link in range(len(start)):
        _add(start[link], end[link], conductances[link], to, value, following, first, degree, state)
        _add(end[link], start[link], conductances[link], to, value, following, first, degree, state)


@njit(cache=True)
def _add(node, other, conductance, to, value, following, first, degree, state):
    """Put one half-link at the head of the list of `node`."""
    place = state[_FREE]
    if place >= 0:
        state[_FREE] = following[place]
    elif state[_USED] < len(to):
        place = state[_USED]
        state[_USED] += 1
    else:
        state[_FULL] = 1
        return
    to[place], value[place], following[place] = other, conductance, first[node]
    first[node] = place
    degree[node] += 1


@njit(cache=True)
def _star(node, done, to, value, following, first, state, slot, neighbours, weights):
    """Neighbours still there, the conductances to them with parallel links added up; gives back the list of `node`."""
    count, half = 0, first[node]
    while half >= 0:
        other, after = to[half], following[half]
        if not done[other]:
            if slot[other] < 0:
                slot[other] = count
                neighbours[count], weights[count] = other, 0.0
                count += 1
            weights[slot[other]] += value[half]
        following[half] = state[_FREE]
        state[_FREE] = half
        half = after
    first[node] = -1
    for each in range(count):
        slot[neighbours[each]] = -1
    return count


@njit(cache=True)
def _prune(node, done, to, following, first, degree, state):
    """Give back the half-links of `node` that lead to removed nodes."""
    before, half, count = -1, first[node], 0
    while half >= 0:
        after = following[half]
        if done[to[half]]:
            if before < 0:
                first[node] = after
            else:
                following[before] = after
            following[half] = state[_FREE]
            state[_FREE] = half
        else:
            before = half
            count += 1
        half = after
    degree[node] = count


@njit(cache=True)
def _push(node, degree, bucket, above, below, state):
    """Put a node into the queue of its degree."""
    rank = degree[node]
    above[node], below[node] = bucket[rank], -1
    if bucket[rank] >= 0:
        below[bucket[rank]] = node
    bucket[rank] = node
    state[_LOW] = min(state[_LOW], rank)


@njit(cache=True)
def _pull(node, degree, bucket, above, below):
    """Take a node out of the queue of its degree."""
    if below[node] >= 0:
        above[below[node]] = above[node]
    else:
        bucket[degree[node]] = above[node]
    if above[node] >= 0:
        below[above[node]] = below[node]


@njit(cache=True)
def _queue(n_free, n_nodes, degree, state):
    """Queues of the free nodes by degree."""
    bucket = np.full(max(2 * n_nodes, degree.max() + 2), -1)
    above, below = np.full(n_nodes, -1), np.full(n_nodes, -1)
    for node in range(n_free):
        _push(node, degree, bucket, above, below, state)
    state[_LOW] = 0
    return bucket, above, below


@njit(cache=True)
def _next(bucket, degree, above, below, state):
    """The node of lowest degree, taken out of its queue."""
    while bucket[state[_LOW]] < 0:
        state[_LOW] += 1
    node = bucket[state[_LOW]]
    _pull(node, degree, bucket, above, below)
    return node


@njit(cache=True)
def _remove(n_free, n_nodes, to, value, following, first, degree, state, room, rng):
    """Remove all free nodes, sampling the mesh of each star; a negative first item asks for more room."""
    bucket, above, below = _queue(n_free, n_nodes, degree, state)
    done, slot = np.zeros(n_nodes, np.bool_), np.full(n_nodes, -1)
    neighbours, weights, rest = np.empty(n_nodes, np.int64), np.empty(n_nodes), np.empty(n_nodes)
    order, pointers, sums = np.empty(n_free, np.int64), np.zeros(n_free + 1, np.int64), np.empty(n_free)
    nodes, values, written = np.empty(room, np.int64), np.empty(room), 0
    for step in range(n_free):
        node = _next(bucket, degree, above, below, state)
        done[node] = True
        count = _star(node, done, to, value, following, first, state, slot, neighbours, weights)
        if written + count > room:
            return -1, order, pointers, nodes, values, sums
        total = weights[:count].sum()
        nodes[written : written + count] = neighbours[:count]
        values[written : written + count] = weights[:count]
        written += count
        order[step], sums[step], pointers[step + 1] = node, total, written
        for each in range(count):
            if neighbours[each] < n_free:
                _pull(neighbours[each], degree, bucket, above, below)
            _prune(neighbours[each], done, to, following, first, degree, state)
        _sample(count, total, neighbours, weights, rest, to, value, following, first, degree, state, rng)
        for each in range(count):
            if neighbours[each] < n_free:
                _push(neighbours[each], degree, bucket, above, below, state)
    return written, order, pointers, nodes[:written], values[:written], sums


@njit(cache=True)
def _sample(count, total, neighbours, weights, rest, to, value, following, first, degree, state, rng):
    """Links from each neighbour, weakest first, to a stronger one drawn by its conductance."""
    ranked = np.argsort(weights[:count])
    left = 0.0
    for place in range(count - 1, -1, -1):
        left += weights[ranked[place]]
        rest[place] = left
    for place in range(count - 1):
        after = rest[place + 1]
        target = after * rng.random()
        low, high = place + 1, count - 1
        while low < high:  # the last one with rest >= target
            middle = (low + high + 1) // 2
            if rest[middle] >= target:
                low = middle
            else:
                high = middle - 1
        one, other = neighbours[ranked[place]], neighbours[ranked[low]]
        conductance = weights[ranked[place]] * after / total
        _add(one, other, conductance, to, value, following, first, degree, state)
        _add(other, one, conductance, to, value, following, first, degree, state)


@njit(cache=True)
def _remove_exactly(n_free, n_nodes, largest, to, value, following, first, degree, state):
    """Remove free nodes of up to `largest` links, with the whole mesh of each star."""
    bucket, above, below = _queue(n_free, n_nodes, degree, state)
    done, slot = np.zeros(n_nodes, np.bool_), np.full(n_nodes, -1)
    neighbours, weights = np.empty(n_nodes, np.int64), np.empty(n_nodes)
    for _ in range(n_free):
        node = _next(bucket, degree, above, below, state)
        if degree[node] > largest or state[_FULL]:
            break
        done[node] = True
        count = _star(node, done, to, value, following, first, state, slot, neighbours, weights)
        total = weights[:count].sum()
        for each in range(count):
            other = neighbours[each]
            if other < n_free:
                _pull(other, degree, bucket, above, below)
            _prune(other, done, to, following, first, degree, state)
            _mesh(each, count, total, neighbours, weights, slot, to, value, following, first, degree, state)
            if other < n_free:
                _push(other, degree, bucket, above, below, state)
    return done, to, value, following, first, state


@njit(cache=True)
def _mesh(each, count, total, neighbours, weights, slot, to, value, following, first, degree, state):
    """Half-links from one neighbour to all others, added to those that are there."""
    node, half = neighbours[each], first[neighbours[each]]
    while half >= 0:
        slot[to[half]] = half
        half = following[half]
    for other in range(count):
        if other == each:
            continue
        conductance = weights[each] * weights[other] / total
        if slot[neighbours[other]] >= 0:
            value[slot[neighbours[other]]] += conductance
        else:
            _add(node, neighbours[other], conductance, to, value, following, first, degree, state)
    half = first[node]
    while half >= 0:
        slot[to[half]] = -1
        half = following[half]


@njit(cache=True)
def _matrix(left, to, value, following, first, done):
    """Conductances between the nodes left, as a matrix."""
    number = np.full(len(done), -1)
    number[left] = np.arange(len(left))
    matrix = np.zeros((len(left), len(left)))
    for row in range(len(left)):
        half = first[left[row]]
        while half >= 0:
            if not done[to[half]]:
                matrix[row, number[to[half]]] += value[half]
            half = following[half]
    return matrix


@njit(cache=True)
def _dense(matrix, n_free):
    """Kron reduction of a matrix of conductances: its first `n_free` nodes are removed."""
    for node in range(n_free):
        total = matrix[node, node + 1 :].sum()
        if total > 0:
            for row in range(node + 1, len(matrix)):
                matrix[row, node + 1 :] += matrix[row, node] * (matrix[node, node + 1 :] / total)
                matrix[row, row] = 0.0
    return matrix[n_free:, n_free:]


@njit(cache=True)
def _solve(order, pointers, nodes, conductances, sums, x):
    n_free = len(order)
    for step in range(n_free):
        share = x[order[step]] / sums[step]
        for place in range(pointers[step], pointers[step + 1]):
            if nodes[place] < n_free:
                x[nodes[place]] += conductances[place] * share
    for step in range(n_free - 1, -1, -1):
        current = x[order[step]]
        for place in range(pointers[step], pointers[step + 1]):
            if nodes[place] < n_free:
                current += conductances[place] * x[nodes[place]]
        x[order[step]] = current / sums[step]
    return x
