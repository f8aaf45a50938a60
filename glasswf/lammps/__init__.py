"""LAMMPS: input folders from templates, running, resuming, checking."""
