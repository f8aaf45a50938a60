"""Measuring LAMMPS settings on this machine, and choosing the fastest that is accurate enough."""
