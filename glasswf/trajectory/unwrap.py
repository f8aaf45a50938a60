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
# Wrapped coordinates fit into so many boxes: LAMMPS wraps atoms only when it rebuilds its neighbour lists, so between
# they stand outside by up to the skin. Where no atom jumps, unwrapped ones in so little room give the same either way.
_WRAPPED_EXTENT = 1.5


class Images:
    """Counts the boxes that wrapped atoms have crossed, frame by frame, by the minimum image."""

    def __init__(self):
        self._last, self._crossed = None, None

    def of(self, where: str, fractions: np.ndarray) -> np.ndarray:
        """Images (N, 3) to add to wrapped `fractions` (N, 3) of the box to continue those of the frame before.

        Raises TrajectoryError for a jump above MAX_WRAPPED_JUMP.
        """
        if self._last is None:
            self._crossed = np.zeros_like(fractions)
        else:
            jump = fractions - self._last
            crossed = np.round(jump)
            _check_wrapped(where, jump - crossed)
            self._crossed = self._crossed - crossed
        self._last = fractions
        return self._crossed


class Unwrapper:
    """Turns the coordinates of successive frames into continuous positions (Å)."""

    def __init__(self):
        self._images, self._last = Images(), None

    def positions(self, frame: Snapshot) -> np.ndarray:
        """Positions (N, 3) in Å of the next frame.

        Wrapped coordinates without image flags are continued by the minimum image, in units of the box so that a
        changing box is no displacement; coordinates of which the file does not say whether they are wrapped stay as
        they are. Raises TrajectoryError for a jump above MAX_WRAPPED_JUMP or MAX_JUMP box lengths.
        """
        lower, lengths, images = frame.bounds[:, 0], frame.lengths, frame.images
        positions = lower + frame.coordinates * lengths if frame.style.scaled else frame.coordinates
        if frame.style.wrapped:
            fractions = frame.coordinates if frame.style.scaled else (frame.coordinates - lower) / lengths
            images = self._images.of(frame.where, fractions)
        if images is not None:
            positions = positions + images * lengths
        if frame.style.wrapped is False:
            self._follow(frame.where, positions, lengths)
        return positions

    def _follow(self, where: str, positions: np.ndarray, lengths: np.ndarray) -> None:
        if self._last is not None:
            last, before = self._last
            check_jump(where, positions - (last if (lengths == before).all() else last * (lengths / before)), lengths)
        self._last = positions, lengths


def continued(
    positions: np.ndarray, lengths: np.ndarray, wheres: Iterable[str], wrapped: bool
) -> Iterator[tuple[int, np.ndarray]]:
    """Index and images (N, 3) to add, for each frame of positions (n_frames, N, 3) in boxes of lengths (n_frames, 3).

    Without `wrapped` there is nothing to add, and nothing is yielded. wheres: for messages. Raises TrajectoryError for
    jumps, as `Unwrapper` does.
    """
    images, last = Images(), None
    for index, where in enumerate(wheres):
        fractions = positions[index] / lengths[index]
        if wrapped:
            yield index, images.of(where, fractions)
        elif last is not None:
            check_jump(where, fractions - last, 1.0)
        last = fractions


def settle(positions: np.ndarray, lengths: np.ndarray, wheres: Iterable[str]) -> bool:
    """Decide whether positions (n_frames, N, 3) are wrapped, and continue them in place if they are; the answer.

    They are taken as wrapped if they stay in the box of lengths (n_frames, 3), or near it. Other arguments and errors
    as for `continued`.
    """
    wrapped = _fits(positions, lengths)
    for index, images in continued(positions, lengths, wheres, wrapped):
        if images.any():
            positions[index] += images * lengths[index]
    return wrapped


def check_jump(where: str, jump: np.ndarray, lengths: np.ndarray | float) -> None:
    """TrajectoryError if an unwrapped atom moved more than MAX_JUMP `lengths` along an axis; jump: (N, 3)."""
    if max(jump.max(), -jump.min()) <= MAX_JUMP * np.min(lengths):
        return  # as almost always; the rest takes five times as long
    jump = jump / lengths
    largest = max(jump.max(), -jump.min())
    if not largest <= MAX_JUMP:
        raise TrajectoryError(
            f"{where}: an atom moved {largest:.2f} box lengths since the frame before (limit {MAX_JUMP} for unwrapped "
            "coordinates); the frames are too far apart or the file is broken"
        )


def _check_wrapped(where: str, jump: np.ndarray) -> None:
    if (largest := max(jump.max(), -jump.min())) > MAX_WRAPPED_JUMP:
        raise TrajectoryError(
            f"{where}: wrapped coordinates cannot be unwrapped, an atom moved {largest:.2f} box lengths since the "
            f"frame before (limit {MAX_WRAPPED_JUMP}); write unwrapped coordinates ('xu yu zu') or images ('ix iy iz') "
            "or frames more often"
        )


def _fits(positions: np.ndarray, lengths: np.ndarray) -> bool:
    extents = list(_extents(positions, lengths))
    lower, upper = np.min([low for low, _ in extents], axis=0), np.max([high for _, high in extents], axis=0)
    return bool((upper - lower <= _WRAPPED_EXTENT).all())


def _extents(positions: np.ndarray, lengths: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for frame, length in zip(positions, lengths, strict=True):
        yield frame.min(axis=0) / length, frame.max(axis=0) / length
