"""How far neighbours swing: mean and deviation in time of the distances to, and angles between, the nearest neighbours.

Follows the constraint counting of molecular dynamics (Bauchy and Micoulaut, J. Non-Cryst. Solids 357, 2530 (2011)):
a stiff bond or angle shows as a small deviation in time. Neighbours are those nearest on the mean of a block of frames.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial import cKDTree

from glasswf.structure.neighbours import wrapped
from glasswf.trajectory import Trajectory
from glasswf.transport.displacements import release


@dataclass(frozen=True, eq=False)
class Excursions:
    """Of one block of frames, for n atoms and their k nearest neighbours, nearest first.

    distance_a, distance_dev_a: (n, k) mean and deviation in time (Å). angle_deg, angle_dev_deg: (n, k(k−1)/2) of the
    angles between neighbours i < j in the order of numpy.triu_indices(k, 1) (degrees); (n, 0) if not asked for.
    """

    distance_a: np.ndarray
    distance_dev_a: np.ndarray
    angle_deg: np.ndarray
    angle_dev_deg: np.ndarray

    @property
    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """Ranks (i, j) of the neighbours of each angle."""
        return np.triu_indices(self.distance_a.shape[1], 1)


def excursions(
    trajectory: Trajectory,
    frames: slice,
    centres: np.ndarray,
    others: np.ndarray,
    n_neighbours: int,
    angles: bool = True,
) -> Excursions:
    """Excursions of the neighbours `others` (m,) around the atoms `centres` (n,), both indices of atoms.

    n_neighbours: at most; fewer if there are not so many atoms. Memory is that of one frame.
    """
    near = _candidates(trajectory, frames.start, centres, others, n_neighbours)
    first, second = np.triu_indices(near.shape[1], 1)
    sums = [np.zeros(near.shape), np.zeros(near.shape)]
    turns = [np.zeros((len(centres), len(first))) for _ in range(2)]
    for frame in range(frames.start, frames.stop):
        vectors = _vectors(trajectory, frame, centres, near)
        release(trajectory.positions)
        distance = np.linalg.norm(vectors, axis=2)
        _add(sums, distance)
        if angles:
            _add(turns, _angles(vectors / distance[..., None], first, second))
    count = frames.stop - frames.start
    found = _ranked(*_moments(sums, count), *_moments(turns, count))
    return (
        found if angles else replace(found, angle_deg=found.angle_deg[:, :0], angle_dev_deg=found.angle_dev_deg[:, :0])
    )


def _candidates(trajectory: Trajectory, frame: int, centres: np.ndarray, others: np.ndarray, count: int) -> np.ndarray:
    """Indices (n, k) of the atoms nearest to each centre in one frame, itself excepted."""
    box = np.asarray(trajectory.box_lengths_a[frame], dtype=float)
    positions = trajectory.positions[frame]
    tree = cKDTree(wrapped(positions[others], box), boxsize=box)
    _, found = tree.query(wrapped(positions[centres], box), k=min(count + 1, len(others)))
    found = others[found.reshape(len(centres), -1)]
    own = found == centres[:, None]
    own[~own.any(axis=1), -1] = True
    return found[~own].reshape(len(centres), -1)


def _vectors(trajectory: Trajectory, frame: int, centres: np.ndarray, near: np.ndarray) -> np.ndarray:
    positions = np.asarray(trajectory.positions[frame], dtype=float)
    box = np.asarray(trajectory.box_lengths_a[frame], dtype=float)
    vectors = positions[near] - positions[centres][:, None]
    return vectors - box * np.round(vectors / box)


def _angles(units: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    cosines = np.einsum("nkd,nkd->nk", units[:, first], units[:, second])
    return np.degrees(np.arccos(np.clip(cosines, -1, 1)))


def _add(sums: list[np.ndarray], values: np.ndarray) -> None:
    sums[0] += values
    sums[1] += values**2


def _moments(sums: list[np.ndarray], count: int) -> tuple[np.ndarray, np.ndarray]:
    mean = sums[0] / count
    return mean, np.sqrt(np.maximum(sums[1] / count - mean**2, 0) * count / max(count - 1, 1))


def _ranked(distance: np.ndarray, spread: np.ndarray, angle: np.ndarray, turn: np.ndarray) -> Excursions:
    """Neighbours in the order of their mean distance, angles in the order of their neighbours."""
    order = np.argsort(distance, axis=1, kind="stable")
    rows = np.arange(len(order))[:, None]
    count = order.shape[1]
    first, second = np.triu_indices(count, 1)
    number = np.zeros((count, count), dtype=int)
    number[first, second] = number[second, first] = np.arange(len(first))
    moved = number[order[:, first], order[:, second]]
    return Excursions(distance[rows, order], spread[rows, order], angle[rows, moved], turn[rows, moved])
