"""Small random cells, and LAMMPS run on them through the project's own input."""

import os
from contextlib import contextmanager

import numpy as np

from glasswf.lammps import coefficients, library
from glasswf.lammps.numerics import Numerics

TIGHT = Numerics(cutoff_a=9.0, kspace_accuracy=1e-8, kspace_order=7, kspace_diff="ik", skin_a=1.0, coulomb_table_bits=0)


def random_positions(n_atoms, edges, min_distance_a, seed):
    """Positions (Å) in an orthogonal periodic cell, none closer than the minimum distance."""
    rng = np.random.default_rng(seed)
    positions = np.empty((0, 3))
    while len(positions) < n_atoms:
        trial = rng.uniform(0, edges)
        delta = positions - trial
        delta -= edges * np.round(delta / edges)
        if not len(positions) or (delta**2).sum(axis=1).min() > min_distance_a**2:
            positions = np.vstack([positions, trial])
    return positions


@contextmanager
def lammps_cell(folder, force_field, symbols, positions, edges, charges, numerics):
    """LAMMPS with the cell and the generated input loaded, working in `folder`."""
    elements = list(dict.fromkeys(symbols))
    coefficients.write(folder, force_field, elements, charges, numerics)
    here = os.getcwd()  # noqa: PTH109
    os.chdir(folder)
    lmp = library.load().lammps(cmdargs=["-screen", "none", "-log", "log.lammps"])
    try:
        box = " ".join(f"0 {edge}" for edge in edges)
        lmp.commands_string(f"units metal\natom_style charge\natom_modify map array\nregion box block {box}")
        lmp.command(f"create_box {len(elements)} box")
        types = [elements.index(symbol) + 1 for symbol in symbols]
        lmp.create_atoms(len(symbols), None, types, [float(x) for x in np.ravel(positions)])
        for number, element in enumerate(elements, 1):
            lmp.command(f"mass {number} {force_field.masses[element]}")
        lmp.command(f"include {coefficients.INCLUDE_NAME}")
        yield lmp
    finally:
        lmp.close()
        os.chdir(here)


def lammps_sums(lmp):
    """Energy (eV), forces (n, 3) and pressure (bar) of the atoms at rest."""
    lmp.command("run 0 post no")
    forces = np.array(lmp.gather_atoms("f", 1, 3)).reshape(-1, 3)
    return lmp.get_thermo("pe"), forces, lmp.get_thermo("press")
