"""A trajectory from arrays that are in memory already."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from glasswf.errors import TrajectoryError
from glasswf.trajectory import attributes
from glasswf.trajectory.model import Trajectory
from glasswf.trajectory.unwrap import continued

_SOURCE = "arrays"


def from_arrays(
    positions: ArrayLike,
    times_ps: ArrayLike,
    box_lengths_a: ArrayLike,
    elements: Sequence[str],
    charges: ArrayLike | Mapping[str, float] | None = None,
    masses: ArrayLike | Mapping[str, float] | None = None,
    velocities: ArrayLike | None = None,
    wrapped: bool = False,
) -> Trajectory:
    """A trajectory from plain arrays, checked as files are.

    positions: (n_frames, N, 3) in Å. times_ps: (n_frames,), increasing. box_lengths_a: (3,) or (n_frames, 3).
    elements: (N,). charges (e), masses (g/mol): (N,), or by element; default none, and the standard atomic masses.
    velocities: (n_frames, N, 3) in Å/ps. wrapped: positions are those of the periodic images inside the box; they are
    continued by the minimum image.

    Raises TrajectoryError for wrong shapes, NaN, times that do not increase, and jumps of atoms over half a box.
    """
    symbols = np.asarray(elements, dtype=str)
    positions = _array("positions", positions, (None, len(symbols), 3))
    n_frames, n_atoms, _ = positions.shape
    times = _array("times_ps", times_ps, (n_frames,))
    lengths = _lengths(box_lengths_a, n_frames)
    if n_frames < 1 or n_atoms < 1:
        raise TrajectoryError(f"{_SOURCE}: {n_frames} frames of {n_atoms} atoms; at least one of each is needed")
    if late := np.flatnonzero(np.diff(times) <= 0).tolist():
        before, after = times[late[0] : late[0] + 2].tolist()
        raise TrajectoryError(f"{_SOURCE}, frame {late[0] + 2}: time {after} ps after {before} ps; times must increase")
    return Trajectory(
        positions=_continuous(positions, lengths, wrapped),
        velocities=None if velocities is None else _array("velocities", velocities, positions.shape),
        steps=np.arange(n_frames),
        times_ps=times,
        box_lengths_a=lengths,
        ids=np.arange(1, n_atoms + 1),
        types=np.zeros(n_atoms, dtype=int),
        elements=symbols,
        charges=_per_atom("charges", charges, symbols),
        masses=_masses(masses, symbols),
        source=(_SOURCE,),
        notes=("positions are wrapped: continued by the minimum image",) if wrapped else (),
    )


def _array(name: str, values: ArrayLike, shape: tuple[int | None, ...]) -> np.ndarray:
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise TrajectoryError(f"{_SOURCE}: {name} are not numbers of one shape") from None
    if found.ndim != len(shape) or any(want not in (None, have) for have, want in zip(found.shape, shape, strict=True)):
        wanted = ", ".join("n_frames" if want is None else str(want) for want in shape)
        raise TrajectoryError(f"{_SOURCE}: {name} of shape {found.shape} where ({wanted}) belongs")
    if not np.isfinite(found).all():
        where = np.argwhere(~np.isfinite(found))[0].tolist()
        raise TrajectoryError(f"{_SOURCE}: {name}{where} is {found[tuple(where)]}; all must be finite")
    return found


def _lengths(given: ArrayLike, n_frames: int) -> np.ndarray:
    one = np.ndim(given) == 1
    found = _array("box_lengths_a", given, (3,) if one else (n_frames, 3))
    if not (found > 0).all():
        raise TrajectoryError(f"{_SOURCE}: box lengths must be positive, not {found.min():g} Å")
    return np.tile(found, (n_frames, 1)) if one else found


def _continuous(positions: np.ndarray, lengths: np.ndarray, wrapped: bool) -> np.ndarray:
    """Positions (n_frames, N, 3), continued if wrapped; the array given is never changed."""
    found = positions.copy() if wrapped else positions
    wheres = (f"{_SOURCE}, frame {index + 1}" for index in range(len(positions)))
    for index, images in continued(positions, lengths, wheres, wrapped):
        found[index] += images * lengths[index]
    return found


def _per_atom(name: str, given, symbols: np.ndarray) -> np.ndarray | None:
    if given is None or isinstance(given, Mapping):
        return given if given is None else attributes.by_element(_SOURCE, name, symbols, given)
    return _array(name, given, symbols.shape)


def _masses(given, symbols: np.ndarray) -> np.ndarray:
    if given is None or isinstance(given, Mapping):
        return attributes.masses(_SOURCE, symbols, given)
    found = _array("masses", given, symbols.shape)
    if not (found > 0).all():
        raise TrajectoryError(f"{_SOURCE}: masses must be positive, not {found.min():g} g/mol")
    return found
