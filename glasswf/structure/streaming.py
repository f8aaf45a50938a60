"""Every frame of every replica, one at a time, into averages by block."""

from collections.abc import Callable, Sequence

import numpy as np

from glasswf.errors import AnalysisError
from glasswf.structure.averages import N_BLOCKS, Sampled, block_slices
from glasswf.trajectory import Trajectory
from glasswf.transport.displacements import release

Progress = Callable[[int, int], None]  # frames done, frames in all


def sampled(
    trajectories: Sequence[Trajectory],
    of_frame: Callable[[Trajectory, int], np.ndarray],
    n_blocks: int = N_BLOCKS,
    progress: Progress | None = None,
) -> Sampled:
    """Means over the frames of each block of what `of_frame` makes of a trajectory and the number of a frame.

    All frames give arrays of the same shape. AnalysisError if there are no trajectories.
    """
    if not trajectories:
        raise AnalysisError("no trajectories to analyse; at least one is needed")
    n_blocks = min(n_blocks, *(trajectory.n_frames for trajectory in trajectories))
    done, total = 0, sum(trajectory.n_frames for trajectory in trajectories)
    means = []
    for trajectory in trajectories:
        for frames in block_slices(trajectory.n_frames, n_blocks):
            mean = 0.0
            for frame in range(frames.start, frames.stop):
                mean = mean + of_frame(trajectory, frame)
                release(trajectory.positions)
                done += 1
                if progress:
                    progress(done, total)
            means.append(mean / (frames.stop - frames.start))
    return Sampled(np.array(means).reshape(len(trajectories), n_blocks, *means[0].shape))
