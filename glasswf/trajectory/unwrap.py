"""Unwrapped positions from whatever coordinates a dump has."""

import numpy as np

from glasswf.errors import TrajectoryError
from glasswf.trajectory.columns import Layout
from glasswf.trajectory.dump import Frame

# A jump of more than this fraction of the box cannot be told from one the other way round, with a margin: a swarm of
# atoms that really crosses half a box between frames shows jumps up to 0.5 at once.
MAX_JUMP = 0.4


class Unwrapper:
    """Turns the coordinates of successive frames into continuous positions (Å)."""

    def __init__(self, layout: Layout):
        self._layout = layout
        self._last: np.ndarray | None = None

    def positions(self, frame: Frame, numbers: np.ndarray) -> np.ndarray:
        """Positions (N, 3) in Å of one frame from its columns `numbers` (n_columns, N).

        Wrapped coordinates without image flags are continued by the minimum image, in units of the box so that a
        changing box is no displacement. Raises TrajectoryError for a jump above MAX_JUMP box lengths.
        """
        lower, lengths = frame.bounds[:, 0], np.diff(frame.bounds)[:, 0]
        coordinates = numbers[:3].T
        if not (self._layout.scaled or self._layout.images or self._layout.wrapped):
            return coordinates
        fractions = coordinates if self._layout.scaled else (coordinates - lower) / lengths
        if self._layout.images:
            fractions = fractions + numbers[3:6].T
        if self._layout.wrapped:
            fractions = self._continued(frame, fractions)
        return lower + fractions * lengths

    def _continued(self, frame: Frame, fractions: np.ndarray) -> np.ndarray:
        if self._last is not None:
            jump = fractions - self._last
            jump -= np.round(jump)
            if (largest := np.abs(jump).max()) > MAX_JUMP:
                raise TrajectoryError(
                    f"{frame.path}, step {frame.step}: wrapped coordinates cannot be unwrapped, an atom moved "
                    f"{largest:.2f} box lengths since the frame before (limit {MAX_JUMP}); dump 'xu yu zu' or "
                    "'ix iy iz', or dump more often"
                )
            fractions = self._last + jump
        self._last = fractions
        return fractions
