"""Site-energy landscapes of borophosphate glasses: percolation barriers, conductances, kinetic Monte Carlo."""
