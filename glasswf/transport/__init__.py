"""Transport: displacements, diffusion, conductivity, activation energies and their uncertainty."""
