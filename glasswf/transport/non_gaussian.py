"""Non-Gaussian parameter α₂(t) = 3⟨r⁴⟩/(5⟨r²⟩²) − 1 of displacements (Rahman, Phys. Rev. 136, A405 (1964)).

Zero where displacements are Gaussian in three dimensions, as for free flight of Maxwellian velocities and for
diffusion; positive where some atoms have moved and others wait.
"""

from collections.abc import Callable, Sequence

import numpy as np

from glasswf.errors import AnalysisError
from glasswf.transport import loops
from glasswf.transport.displacements import NOTHING_A2, paths, strides
from glasswf.transport.ensemble import Ensemble
from glasswf.transport.result import NonGaussianCurve
from glasswf.transport.uncertainty import errors_over_replicas


def alpha2(
    positions: np.ndarray,
    lags: Sequence[int],
    *,
    atoms: np.ndarray | None = None,
    centre: np.ndarray | None = None,
    max_origins: int | None = None,
) -> np.ndarray:
    """α₂ (n_lags,) of all atoms together; NaN at lags in which none has moved.

    Arguments and errors are those of `moments`.
    """
    second, fourth = moments(positions, lags, atoms=atoms, centre=centre, max_origins=max_origins)
    return np.divide(3 * fourth, 5 * second**2, out=np.full(len(second), np.nan), where=second > NOTHING_A2) - 1


def moments(
    positions: np.ndarray,
    lags: Sequence[int],
    *,
    atoms: np.ndarray | None = None,
    centre: np.ndarray | None = None,
    max_origins: int | None = None,
) -> np.ndarray:
    """⟨r²⟩ and ⟨r⁴⟩ (2, n_lags) in Å² and Å⁴, over atoms and time origins.

    positions: (n_frames, N, 3) in Å, continuous; a memory-mapped array may be huge. lags: whole frames, from 1 to
    n_frames − 1, else AnalysisError. atoms: indices, default all. centre: (n_frames, 3) origin of the frame.
    max_origins: at most so many time origins per lag, evenly spaced over the run; default all of them.
    """
    lags, n_frames = _checked(lags, len(positions)), len(positions)
    steps = strides(n_frames - lags, max_origins)
    sums = np.zeros((2, len(lags)))
    counted = (positions.shape[1] if atoms is None else len(atoms)) * -(-(n_frames - lags) // steps)
    add_moments = loops.chosen(int(counted.sum())).add_moments
    for path in paths(positions, atoms, centre):
        add_moments(path, lags, steps, sums)
    return sums / counted


def curves(ensemble: Ensemble, lags: Sequence[int], *, max_origins: int | None = None) -> tuple[NonGaussianCurve, ...]:
    """α₂ of every species at `lags` (whole frames) in the barycentric frame: the mean over replicas, and its error.

    Lags in which no atom of a species has moved are left out. Errors are half-widths of the 68 % interval over
    replicas, None for one. Raises AnalysisError for lags that do not fit into the run.
    """
    found = (_curve(ensemble, name, np.asarray(lags), max_origins) for name in ensemble.species)
    return tuple(curve for curve in found if curve.lag_ps)


def per_replica(ensemble: Ensemble, name: str, function: Callable, *arguments, **options) -> list:
    """What a function of positions gives for the atoms of one species of each replica, in the barycentric frame."""
    return [
        function(
            ensemble.positions(index),
            *arguments,
            atoms=replica.indices(name),
            centre=ensemble.centre(index),
            **options,
        )
        for index, replica in enumerate(ensemble.replicas)
    ]


def _curve(ensemble: Ensemble, name: str, lags: np.ndarray, max_origins: int | None) -> NonGaussianCurve:
    values = np.array(per_replica(ensemble, name, alpha2, lags, max_origins=max_origins))
    moved = np.isfinite(values).all(axis=0)
    values, lags_ps = values[:, moved], lags[moved] * ensemble.interval_ps
    return NonGaussianCurve(
        name, tuple(lags_ps.tolist()), tuple(values.mean(axis=0).tolist()), errors_over_replicas(values)
    )


def _checked(lags: Sequence[int], n_frames: int) -> np.ndarray:
    lags = np.asarray(lags)
    if len(lags) == 0 or lags.min() < 1 or lags.max() >= n_frames:
        raise AnalysisError(f"lags {lags.tolist()} frames; α₂ of {n_frames} frames needs lags from 1 to {n_frames - 1}")
    return lags
