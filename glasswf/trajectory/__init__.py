"""Trajectories: dumps read once into memory-mapped arrays."""
