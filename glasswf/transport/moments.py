"""Second and fourth moments of the displacements of atoms over one lag, and how far atoms move together."""

from dataclasses import dataclass

import numpy as np

from glasswf.transport.curves import Curves

DIMENSIONS = 3
_CHUNK_BYTES = 1 << 25
_ORIGINS_PER_LAG = 8  # closer ones tell the same


@dataclass(frozen=True)
class Moments:
    """Of the squared displacements (Å²) over `lag` frames, all atoms and origins of all replicas.

    mean: the MSD. alpha2: non-Gaussian parameter, no less than zero. together: variance over the origins of the mean
    over atoms (Å⁴).
    """

    lag: int
    mean: float
    alpha2: float
    together: float

    @property
    def excess(self) -> float:
        """Fourth cumulant of the displacement of an atom over its mean square, per coordinate."""
        return 5 / 3 * self.alpha2 * self.mean

    @property
    def single(self) -> float:
        """Variance of the squared displacement of one atom."""
        return (2 / DIMENSIONS + 5 / 3 * self.alpha2) * self.mean**2


def moments_at(curves: Curves, name: str, lag: int) -> Moments:
    """The moments of one species at a lag in frames."""
    squares, fourths = zip(*(_over_origins(curves, name, index, lag) for index in range(curves.ensemble.n_replicas)),
                           strict=True)  # fmt: skip
    mean = float(np.mean(squares))
    alpha2 = 3 * float(np.mean(fourths)) / (5 * mean**2) - 1
    return Moments(lag, mean, max(alpha2, 0.0), float(np.mean(np.var(squares, axis=1))))


def _over_origins(curves: Curves, name: str, index: int, lag: int) -> tuple[np.ndarray, float]:
    """Squared displacement over `lag`, averaged over the atoms, (n_origins,), and the mean of its square over all."""
    positions, centre = curves.ensemble.positions(index), curves.ensemble.centre(index)
    atoms = curves.ensemble.replicas[index].indices(name)
    origins = np.arange(0, len(positions) - lag, max(1, lag // _ORIGINS_PER_LAG))
    means, fourth = np.empty(len(origins)), 0.0
    step = max(1, _CHUNK_BYTES // (positions.shape[1] * 24))
    for start in range(0, len(origins), step):
        early = origins[start : start + step]
        moved = _of(positions, atoms, early + lag) - _of(positions, atoms, early)
        moved -= (centre[early + lag] - centre[early])[:, None]
        squares = np.einsum("fni,fni->fn", moved, moved)
        means[start : start + step] = squares.mean(axis=1)
        fourth += float(np.sum(squares**2))
    return means, fourth / (len(origins) * len(atoms))


def _of(positions: np.ndarray, atoms: np.ndarray, frames: np.ndarray) -> np.ndarray:
    return positions[frames[:, None], atoms]
