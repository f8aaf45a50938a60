"""The conservative set keeps the total energy in NVE at 2000 K with the default settings; the abrupt set does not."""

import numpy as np
import pytest
from cells import lammps_cell, random_positions

from glasswf import forcefield
from glasswf.lammps.numerics import Numerics

pytestmark = pytest.mark.lammps

SYMBOLS = ["Na"] * 72 + ["Si"] * 36 + ["S"] * 108
EDGES = np.full(3, (len(SYMBOLS) / 0.0430) ** (1 / 3))
LIMIT_EV_PS = 1e-4


@pytest.fixture(scope="module")
def melt(tmp_path_factory):
    """Positions and velocities of a Na2SiS3 melt at 2000 K."""
    field = forcefield.load("legrand2025")
    start = random_positions(len(SYMBOLS), EDGES, 1.8, 1)
    folder = tmp_path_factory.mktemp("melt")
    with lammps_cell(folder, field, SYMBOLS, start, EDGES, field.charges, Numerics()) as lmp:
        lmp.commands_string("""minimize 0 1e-2 200 1000
velocity all create 2500 1 mom yes
timestep 0.001
fix move all nve
fix bath all langevin 2500 2500 0.1 2
run 800
fix bath all langevin 2000 2000 0.05 3
run 400""")
        return {name: np.array(lmp.gather_atoms(name, 1, 3)).reshape(-1, 3) for name in "xv"}


def nve_drift(folder, field, melt, length_ps):
    """Slope of the total energy per atom (eV/ps) and its error, from the averages of 20 consecutive pieces."""
    every, step_ps = 5, field.timestep_fs * 1e-3
    count = round(length_ps / (every * step_ps)) // 20 * 20
    with lammps_cell(folder, field, SYMBOLS, melt["x"], EDGES, field.charges, Numerics()) as lmp:
        lmp.scatter_atoms("v", 1, 3, np.ctypeslib.as_ctypes(melt["v"].ravel()))
        lmp.commands_string(f"timestep {step_ps}\nthermo_style custom step etotal\nfix move all nve\nrun 0 post no")
        energies = []
        for _ in range(count):
            lmp.command(f"run {every} pre no post no")
            energies.append(lmp.get_thermo("etotal") / len(SYMBOLS))
    pieces = np.reshape(energies, (20, -1)).mean(axis=1)
    time_ps = np.arange(20) * count / 20 * every * step_ps
    (slope, _), covariance = np.polyfit(time_ps, pieces, 1, cov=True)
    return slope, np.sqrt(covariance[0, 0])


def test_conservative_set_conserves_energy(tmp_path, melt):
    slope, error = nve_drift(tmp_path, forcefield.load("legrand2025"), melt, length_ps=3.0)
    assert error < LIMIT_EV_PS / 3
    assert abs(slope) < LIMIT_EV_PS


def test_abrupt_set_heats_without_end(tmp_path, melt):
    slope, error = nve_drift(tmp_path, forcefield.load("legrand2025-abrupt"), melt, length_ps=0.8)
    assert slope > 100 * LIMIT_EV_PS
    assert slope > 5 * error
