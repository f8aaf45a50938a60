"""Trajectories: dumps read once into memory-mapped arrays."""

from glasswf.trajectory.model import Trajectory
from glasswf.trajectory.reader import open

__all__ = ["Trajectory", "open"]
