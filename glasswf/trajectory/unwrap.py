"""Unwrapped positions from whatever coordinates a file has."""

from collections.abc import Iterable, Iterator

import numpy as np

from glasswf.errors import TrajectoryError
from glasswf.trajectory.snapshot import Snapshot

# A jump of more than this fraction of the box cannot be told from one the other way round, with a margin: a swarm of
# atoms that really crosses half a box between frames shows jumps up to 0.5 at once.
MAX_WRAPPED_JUMP = 0.4
# What is unwrapped already can be checked all the same: no atom crosses half a box from one frame to the next.
MAX_JUMP = 0.5
# Atoms "inside" the box may stand outside by what single precision and a rounded box length do.
_ROUNDING = 1e-4


class Unwrapper:
    """Turns the coordinates of successive frames into continuous positions (Å)."""

    def __init__(self):
        self._last: np.ndarray | None = None

    def positions(self, frame: Snapshot) -> np.ndarray:
        """Positions (N, 3) in Å of the next frame.

        Wrapped coordinates without image flags are continued by the minimum image, in units of the box so that a
        changing box is no displacement; coordinates of which the file does not say whether they are wrapped stay as
        they are. Raises TrajectoryError for a jump above MAX_WRAPPED_JUMP or MAX_JUMP box lengths.
        """
        lower, lengths = frame.bounds[:, 0], frame.lengths
        if frame.style.wrapped is None:
            return frame.coordinates
        if not (frame.style.scaled or frame.style.wrapped or frame.images is not None):
            return self._followed(frame, frame.coordinates, lengths)
        fractions = frame.coordinates if frame.style.scaled else (frame.coordinates - lower) / lengths
        if frame.images is not None:
            fractions = fractions + frame.images
        if frame.style.wrapped:
            return lower + self._continued(frame.where, fractions) * lengths
        self._followed(frame, fractions, 1.0)
        return lower + fractions * lengths

    def _continued(self, where: str, fractions: np.ndarray) -> np.ndarray:
        if self._last is not None:
            fractions = continued(where, self._last, fractions)
        self._last = fractions
        return fractions

    def _followed(self, frame: Snapshot, coordinates: np.ndarray, lengths: np.ndarray | float) -> np.ndarray:
        if self._last is not None:
            check_jump(frame.where, self._last, coordinates, lengths)
        self._last = coordinates
        return coordinates


def continued(where: str, last: np.ndarray, fractions: np.ndarray) -> np.ndarray:
    """The image of `fractions` (N, 3) nearest to `last` (N, 3); TrajectoryError for a jump above MAX_WRAPPED_JUMP."""
    jump = fractions - last
    jump -= np.round(jump)
    if (largest := max(jump.max(), -jump.min())) > MAX_WRAPPED_JUMP:
        raise TrajectoryError(
            f"{where}: wrapped coordinates cannot be unwrapped, an atom moved {largest:.2f} box lengths since the "
            f"frame before (limit {MAX_WRAPPED_JUMP}); write unwrapped coordinates ('xu yu zu') or images ('ix iy iz') "
            "or frames more often"
        )
    return last + jump


def check_jump(where: str, last: np.ndarray, positions: np.ndarray, lengths: np.ndarray | float) -> None:
    """TrajectoryError if an atom moved more than MAX_JUMP `lengths` along an axis from `last` to `positions` (N, 3)."""
    jump = positions - last
    largest = np.max(np.maximum(jump.max(axis=0), -jump.min(axis=0)) / lengths)
    if not largest <= MAX_JUMP:
        raise TrajectoryError(
            f"{where}: an atom moved {largest:.2f} box lengths since the frame before (limit {MAX_JUMP} for unwrapped "
            "coordinates); the frames are too far apart or the file is broken"
        )


def settle(positions: np.ndarray, lengths: np.ndarray, wheres: Iterable[str]) -> bool:
    """Decide whether positions (n_frames, N, 3) are wrapped, and continue them in place if they are; the answer.

    They are taken as wrapped if, in all frames of lengths (n_frames, 3), they fit into one box. wheres: for messages.
    Raises TrajectoryError for jumps, as `Unwrapper` does.
    """
    wrapped = _fits(positions, lengths)
    last = None
    for index, where in enumerate(wheres):
        present = positions[index] / lengths[index]
        if last is not None and wrapped:
            present = continued(where, last, present)
            positions[index] = present * lengths[index]
        elif last is not None:
            check_jump(where, last, present, 1.0)
        last = present
    return wrapped


def _fits(positions: np.ndarray, lengths: np.ndarray) -> bool:
    extents = list(_extents(positions, lengths))
    lower, upper = np.min([low for low, _ in extents], axis=0), np.max([high for _, high in extents], axis=0)
    return bool((upper - lower <= 1 + _ROUNDING).all())


def _extents(positions: np.ndarray, lengths: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for frame, length in zip(positions, lengths, strict=True):
        yield frame.min(axis=0) / length, frame.max(axis=0) / length
