"""Van Hove functions of an ensemble, self parts by species and distinct parts by pair of species, with errors."""

from collections.abc import Sequence
from itertools import combinations_with_replacement

import numpy as np

from glasswf.errors import AnalysisError
from glasswf.trajectory import Trajectory
from glasswf.transport.displacements import NOTHING_A2
from glasswf.transport.ensemble import Ensemble
from glasswf.transport.non_gaussian import moments, per_replica
from glasswf.transport.result import VanHove
from glasswf.transport.uncertainty import errors_over_replicas
from glasswf.transport.van_hove_parts import distinct_part, padded, self_part

DISTINCT_WIDTH_A = 0.1  # of the bins: half the width of the sharpest peak in a melt

_N_LAGS = 4
_MAX_LAG_FRACTION = 0.2  # of the run, as for the diffusive window
_WIDTHS_PER_RMS = 20  # bins of the self part in the root mean square displacement, at least
_WIDTH_ORIGINS = 100  # enough to choose the width
_CONSTANT = 1e-6  # relative: rounding of box lengths in a file


def default_lags(ensemble: Ensemble) -> tuple[float, ...]:
    """Four lags (ps) or fewer, evenly spaced on a logarithmic axis, from one frame to a fifth of the run."""
    longest = max(1, int(_MAX_LAG_FRACTION * (ensemble.n_frames - 1)))
    frames = np.unique(np.round(np.geomspace(1, longest, _N_LAGS)))
    return tuple((frames * ensemble.interval_ps).tolist())


def curves(
    ensemble: Ensemble, lags_ps: Sequence[float], *, distinct: bool = False, max_origins: int | None = None
) -> tuple[VanHove, ...]:
    """Self parts of all species, and if asked the distinct parts of all pairs, at each lag; barycentric frame.

    Lags are rounded to whole frames; at lag 0, which only distinct parts have, these are g(r). Values are means over
    replicas, errors half-widths of their 68 % interval, None for one. Bins of the self part are a 1-2-5 number no wider
    than a twentieth of the root mean square displacement; atoms that have not moved at all have no curve. Distinct
    parts reach to half the smallest edge of the box. max_origins: as for `self_part` and `distinct_part`.

    Raises AnalysisError for lags that do not fit into the run, and for distinct parts in a box that changes.
    """
    lags = _frames(ensemble, lags_ps, distinct)
    edges = [_edges(ensemble, replica) for replica in ensemble.replicas] if distinct else []
    moving = lags[lags > 0]
    found = [curve for name in ensemble.species for curve in _self_curves(ensemble, name, moving, max_origins)]
    for pair in _pairs(ensemble) if distinct else ():
        found += [_distinct_curve(ensemble, edges, pair, lag, max_origins) for lag in lags.tolist()]
    return tuple(found)


def _pairs(ensemble: Ensemble) -> list[tuple[str, str]]:
    """Pairs of species of which there are pairs of atoms."""
    pairs = combinations_with_replacement(ensemble.species, 2)
    return [(one, other) for one, other in pairs if one != other or ensemble.counts[one] > 1]


def _frames(ensemble: Ensemble, lags_ps: Sequence[float], zero: bool) -> np.ndarray:
    """Lags (n,) in frames; zero: whether 0 is one."""
    interval, run = ensemble.interval_ps, ensemble.run_ps
    for lag in lags_ps:
        if not (interval / 2 < lag < run + interval / 2 or (zero and lag == 0)):
            raise AnalysisError(
                f"{ensemble.replicas[0].source[0]}: van Hove function at a lag of {lag:g} ps; frames every "
                f"{interval:g} ps over {run:g} ps allow {interval:g} to {run:g} ps"
            )
    return np.unique(np.round(np.asarray(lags_ps, dtype=float) / interval).astype(int))


def _edges(ensemble: Ensemble, replica: Trajectory) -> np.ndarray:
    """Lengths (3,) of the box, which must be constant (Å)."""
    lengths = replica.box_lengths_a[ensemble.skipped :][: ensemble.n_frames]
    change = (np.ptp(lengths, axis=0) / lengths.mean(axis=0)).max()
    if change > _CONSTANT:
        raise AnalysisError(
            f"{replica.source[0]}: the box lengths change by up to {change:.2g} of themselves; distinct van Hove "
            "functions are only well defined when the box is constant: ask for the self parts alone"
        )
    return lengths.mean(axis=0)


def _self_curves(ensemble: Ensemble, name: str, lags: np.ndarray, max_origins: int | None) -> list[VanHove]:
    if not len(lags):
        return []
    squares = np.mean(per_replica(ensemble, name, moments, lags, max_origins=_WIDTH_ORIGINS), axis=0)[0]
    moved = squares > NOTHING_A2
    widths = np.array([_round_width(np.sqrt(square) / _WIDTHS_PER_RMS) for square in squares[moved]])
    parts = per_replica(ensemble, name, self_part, lags[moved], widths, max_origins=max_origins)
    times = lags[moved] * ensemble.interval_ps
    return [
        _curve("self", (name, name), time, width, _stacked(values))
        for time, width, *values in zip(times.tolist(), widths.tolist(), *parts, strict=True)
    ]


def _distinct_curve(
    ensemble: Ensemble, edges: list[np.ndarray], pair: tuple[str, str], lag: int, max_origins: int | None
) -> VanHove:
    n_bins = int(np.min(edges) / 2 / DISTINCT_WIDTH_A)
    values = [
        distinct_part(
            ensemble.positions(index),
            lag,
            edges[index],
            DISTINCT_WIDTH_A,
            n_bins,
            atoms_a=replica.indices(pair[0]),
            atoms_b=replica.indices(pair[1]),
            centre=ensemble.centre(index),
            max_origins=max_origins,
        )
        for index, replica in enumerate(ensemble.replicas)
    ]
    return _curve("distinct", pair, lag * ensemble.interval_ps, DISTINCT_WIDTH_A, np.array(values))


def _curve(part: str, pair: tuple[str, str], lag_ps: float, width: float, values: np.ndarray) -> VanHove:
    """The mean of values (n_replicas, n_bins)."""
    middles = width * (np.arange(values.shape[1]) + 0.5)
    mean = tuple(values.mean(axis=0).tolist())
    return VanHove(part, *pair, lag_ps, tuple(middles.tolist()), mean, errors_over_replicas(values))


def _stacked(values: Sequence[np.ndarray]) -> np.ndarray:
    """Values (n_replicas, n_bins) of replicas, zero beyond the farthest of each."""
    return np.array([padded(one, max(map(len, values))) for one in values])


def _round_width(limit: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is not above `limit`."""
    power = 10.0 ** np.floor(np.log10(limit))
    return float(power * max(step for step in (1, 2, 5) if step * power <= limit))
