"""Trajectories: files read once into memory-mapped arrays, or plain arrays."""

from glasswf.trajectory.arrays import from_arrays
from glasswf.trajectory.model import Trajectory
from glasswf.trajectory.reader import open

__all__ = ["Trajectory", "from_arrays", "open"]
