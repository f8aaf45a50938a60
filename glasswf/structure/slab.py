"""A slab of one frame as table `slab`: atoms, bonds cut at the faces of the box, homopolar bonds, tetrahedra."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import coo_matrix

from glasswf.errors import AnalysisError
from glasswf.structure.neighbours import bonds, wrapped
from glasswf.trajectory import Trajectory

_ENDS = ("x_a", "y_a", "depth_a"), ("x2_a", "y2_a", "depth2_a")


@dataclass(frozen=True, eq=False)
class Bonding:
    """Who is bonded to whom in one frame; indices are those of the trajectory's atoms, vectors go by the nearest image.

    positions: (N, 3) in [0, box) in Å. box: (3,) in Å. links, link_vectors: (n, 2) former and anion, (n, 3) in Å from
    the first to the second. pairs, pair_vectors: the same of homopolar pairs of anions.
    """

    positions: np.ndarray
    box: np.ndarray
    links: np.ndarray
    link_vectors: np.ndarray
    pairs: np.ndarray
    pair_vectors: np.ndarray

    def tetrahedra(self) -> dict[int, np.ndarray]:
        """Corners (4, 3) of every fourfold former in Å, around the former where it is in the box, perhaps outside."""
        order = np.argsort(self.links[:, 0], kind="stable")
        formers, starts, counts = np.unique(self.links[order, 0], return_index=True, return_counts=True)
        four = counts == 4
        corners = self.link_vectors[order[starts[four][:, None] + np.arange(4)]]
        return dict(zip(formers[four].tolist(), self.positions[formers[four]][:, None] + corners, strict=True))


def bonding(
    trajectory: Trajectory, former: str, anion: str, cutoff_a: float, homopolar_a: float, frame: int
) -> Bonding:
    """Bonds of one frame: former-anion up to cutoff_a, and anion-anion up to homopolar_a without a common former (Å).

    A melt without the former has no former-anion bonds. Raises AnalysisError for a frame that is not there or a cutoff
    beyond half the box, TrajectoryError without anions.
    """
    if not -trajectory.n_frames <= frame < trajectory.n_frames:
        raise AnalysisError(f"{trajectory.source[0]}: no frame {frame}; there are {trajectory.n_frames}, from 0")
    box = np.asarray(trajectory.box_lengths_a[frame], dtype=float)
    positions = wrapped(trajectory.positions[frame], box)
    formers, anions = np.flatnonzero(trajectory.elements == former), trajectory.indices(anion)
    i, j, vectors = bonds(positions[formers], positions[anions], box, cutoff_a)
    first, second, between = _homopolar(positions[anions], box, homopolar_a, _sharing(i, j, len(formers), len(anions)))
    links = np.stack([formers[i], anions[j]], axis=1)
    return Bonding(positions, box, links, vectors, np.stack([anions[first], anions[second]], axis=1), between)


def rows(
    trajectory: Trajectory, former: str, anion: str, thickness_a: float = 6.0, cutoff_a: float = 2.7,
    homopolar_a: float = 3.2, frame: int = -1,
) -> list[dict]:  # fmt: skip
    """Rows of table slab: what lies within a slab across z through the middle of the box (PRL Fig. 2, Legrand Fig. 10).

    x_a, y_a: in the box. depth_a: below the upper face of the slab, 0 to thickness_a. kind "atom": `number` is the
    index. "bond" (former-anion) and "homopolar" (anion-anion without a common former, see `bonding`): at least one end
    in the slab, cut at its faces, and cut in pieces at those of the box; element and number of the first atom.
    "tetrahedron": one row per corner of a fourfold former in the slab, `number` is the former; corners may lie outside
    slab and box. box_a: length of the box along x. Raises AnalysisError for a slab thicker than the box, and as
    `bonding` does.
    """
    found = bonding(trajectory, former, anion, cutoff_a, homopolar_a, frame)
    if not 0 < thickness_a <= found.box[2]:
        raise AnalysisError(f"slab of {thickness_a:g} Å in a box of {found.box[2]:.4g} Å; it must be thinner, and > 0")
    middle = found.box[2] / 2
    low, top = middle - thickness_a / 2, middle + thickness_a / 2
    inside = (found.positions[:, 2] >= low) & (found.positions[:, 2] <= top)
    atoms = [
        {"kind": "atom", "number": int(index), **_place(found.positions[index], top)}
        for index in np.flatnonzero(inside)
    ]
    corners = [
        {"kind": "tetrahedron", "number": index, **_place(corner, top)}
        for index, four in found.tetrahedra().items() if inside[index] for corner in four
    ]  # fmt: skip
    made = atoms + _sticks(found, "bond", inside, low, top) + _sticks(found, "homopolar", inside, low, top) + corners
    common = {"box_a": float(found.box[0]), "thickness_a": thickness_a}
    return [row | common | {"element": str(trajectory.elements[row["number"]])} for row in made]


def _place(point: np.ndarray, top: float, names: tuple[str, ...] = _ENDS[0]) -> dict[str, float]:
    return dict(zip(names, (float(point[0]), float(point[1]), float(top - point[2])), strict=True))


def _sticks(found: Bonding, kind: str, inside: np.ndarray, low: float, top: float) -> list[dict]:
    """Rows of the bonds of one kind with an end in the slab."""
    bond = kind == "bond"
    ends, vectors = (found.links, found.link_vectors) if bond else (found.pairs, found.pair_vectors)
    near = inside[ends].any(axis=1)
    return [
        {"kind": kind, "number": int(first), **_place(start, top), **_place(stop, top, _ENDS[1])}
        for (first, _), vector in zip(ends[near], vectors[near], strict=True)
        for start, stop in _pieces(found.positions[first], vector, found.box, low, top)
    ]


def _sharing(formers: np.ndarray, anions: np.ndarray, n_formers: int, n_anions: int) -> np.ndarray:
    """Pairs of anions with a common former, as first * n_anions + second."""
    table = coo_matrix((np.ones(len(formers), dtype=int), (formers, anions)), shape=(n_formers, n_anions))
    common = (table.T @ table).tocoo()
    return common.row.astype(int) * n_anions + common.col


def _homopolar(positions: np.ndarray, box: np.ndarray, cutoff_a: float, sharing: np.ndarray) -> tuple[np.ndarray, ...]:
    first, second, vectors = bonds(positions, positions, box, cutoff_a)
    kept = (first < second) & ~np.isin(first * len(positions) + second, sharing)
    return first[kept], second[kept], vectors[kept]


def _pieces(start: np.ndarray, vector: np.ndarray, box: np.ndarray, low: float, high: float) -> list[tuple]:
    """Parts (from, to) of a bond within low <= z <= high, cut at the faces of the box and brought into it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        crossings = np.concatenate(
            [-start / vector, (box - start) / vector, (np.array([low, high]) - start[2]) / vector[2]]
        )
    edges = np.unique(np.concatenate([[0.0, 1.0], crossings[(crossings > 0) & (crossings < 1)]]))
    pieces = []
    for a, b in pairwise(edges):
        ends = start + np.outer([a, b], vector)
        ends -= box * np.floor(ends.mean(axis=0) / box)
        if low <= ends[:, 2].mean() <= high:
            pieces.append((ends[0], ends[1]))
    return pieces
