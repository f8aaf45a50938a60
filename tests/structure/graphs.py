"""Small periodic graphs, and slow, obvious counts of their rings."""

from collections import deque
from itertools import combinations

import numpy as np

from glasswf.structure.frame_bonds import FrameBonds, Links, frame_bonds, images_of
from glasswf.structure.neighbours import bonds

Node = tuple[int, tuple[int, int, int]]
HOME = (0, 0, 0)


def links_of(n_nodes: int, edges: list[tuple[int, int, tuple[int, int, int]]]) -> Links:
    """Links of a graph whose edges (first, second, cell of the second) each stand for one bridging anion."""
    former = np.array([node for one, other, _ in edges for node in (one, other)], dtype=int)
    anion = np.repeat(np.arange(len(edges)), 2)
    images = np.array([cell for _, _, shift in edges for cell in (HOME, tuple(-np.array(shift)))], dtype=int)
    return FrameBonds(former, anion, np.ones(len(anion)), images.reshape(-1, 3), n_nodes, len(edges)).links


def links_between(positions: np.ndarray, elements: list[str], box: np.ndarray, cutoff_a: float = 2.7) -> Links:
    """Links of a crystal or molecule."""
    elements = np.array(elements)
    return frame_bonds(positions[elements == "Si"], positions[elements == "S"], box, cutoff_a).links


def edges_within(positions: np.ndarray, box: np.ndarray, cutoff_a: float) -> list[tuple]:
    """Edges between all points closer than the cut-off, each once."""
    first, second, vectors = bonds(positions, positions, box, cutoff_a)
    images = images_of(positions[first], positions[second], vectors, box).tolist()
    pairs = zip(first.tolist(), second.tolist(), map(tuple, images), strict=True)
    return [(one, other, image) for one, other, image in pairs if one < other]


def random_edges(n_nodes: int, n_edges: int, seed: int, periodic: bool = False) -> list[tuple]:
    """Different edges between different nodes; if periodic some lead into neighbouring cells."""
    rng = np.random.default_rng(seed)
    found = set()
    while len(found) < n_edges:
        one, other = sorted(rng.choice(n_nodes, 2, replace=False).tolist())
        shift = (int(rng.integers(-1, 2)), 0, int(rng.integers(0, 2))) if periodic else HOME
        found.add((one, other, shift))
    return sorted(found)


class Unfolded:
    """A periodic graph, walked node by node in all its cells."""

    def __init__(self, n_nodes: int, edges: list[tuple]) -> None:
        self.n_nodes = n_nodes
        self.steps: dict[int, list[tuple[int, tuple]]] = {node: [] for node in range(n_nodes)}
        for one, other, shift in edges:
            self.steps[one].append((other, shift))
            self.steps[other].append((one, tuple(-s for s in shift)))

    def around(self, node: Node) -> list[Node]:
        atom, cell = node
        return [(other, tuple(np.add(cell, shift).tolist())) for other, shift in self.steps[atom]]

    def distance(self, start: Node, stop: Node, limit: int, without: frozenset = frozenset()) -> int:
        """Fewest edges from start to stop, not over nodes or edges (sets of two) in `without`; limit + 1 if more."""
        seen, queue = {start: 0}, deque([start])
        while queue:
            here = queue.popleft()
            if here == stop:
                return seen[here]
            for there in self.around(here) if seen[here] < limit else ():
                if there not in seen and there not in without and frozenset((here, there)) not in without:
                    seen[there] = seen[here] + 1
                    queue.append(there)
        return limit + 1

    def cycles(self, largest: int) -> list[tuple[Node, ...]]:
        """Every closed path of 3 to `largest` different nodes, once whatever its start, direction and cell."""
        found = {}
        for root in range(self.n_nodes):
            paths = [((root, HOME),)]
            while paths:
                path = paths.pop()
                for there in self.around(path[-1]):
                    if there == path[0] and len(path) > 2:
                        found.setdefault(_name(path), path)
                    elif there not in path and there[0] >= root and len(path) < largest:
                        paths.append((*path, there))
        return list(found.values())

    def is_ring(self, cycle: tuple[Node, ...], criterion: str) -> bool:
        size = len(cycle)
        if criterion == "shortest-path":
            return all(
                self.distance(cycle[i], cycle[j], size) == min(j - i, size - j + i)
                for i, j in combinations(range(size), 2)
            )
        around = [(cycle[i - 1], cycle[i], cycle[(i + 1) % size]) for i in range(size)]
        if criterion == "king":
            return any(self.distance(a, b, size, frozenset([node])) == size - 2 for a, node, b in around)
        return any(self.distance(a, b, size, frozenset([frozenset((a, b))])) == size - 1 for a, b, _ in around)

    def rings(self, largest: int, criterion: str) -> np.ndarray:
        """Number of rings of each size (largest + 1,)."""
        sizes = [len(cycle) for cycle in self.cycles(largest) if self.is_ring(cycle, criterion)]
        return np.bincount(np.array(sizes, dtype=int), minlength=largest + 1)


def _name(path: tuple[Node, ...]) -> tuple:
    """The edges of a path, moved so that its lowest node is at home."""
    names = []
    for atom, cell in path:
        if atom == min(path)[0]:
            moved = [(other, tuple(np.subtract(at, cell).tolist())) for other, at in path]
            names.append(tuple(sorted(tuple(sorted(pair)) for pair in zip(moved, moved[1:] + moved[:1], strict=True))))
    return min(names)
