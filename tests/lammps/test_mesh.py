"""Ewald splitting and mesh against LAMMPS's own estimate, and against forces computed far more accurately."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from glasswf import cell, forcefield
from glasswf.lammps import coefficients, library, mesh
from glasswf.lammps.numerics import Numerics
from glasswf.units import COULOMB_EV_A

pytestmark = pytest.mark.lammps
COUNTS = {"Na": 80, "Si": 40, "S": 120}
CHARGES = {"Na": 0.6, "Si": 2.4, "S": -1.2}
BOX = 18.17


def forces_and_log(folder: Path, numerics: Numerics, grid: mesh.Mesh | None):
    folder.mkdir()
    atoms = cell.random_start(COUNTS, BOX, seed=4, min_distance_a=2.0)
    cell.write_data(folder / "cell.data", atoms, list(COUNTS), CHARGES)
    coefficients.write(folder, forcefield.load("legrand2025"), list(COUNTS), CHARGES, numerics, grid)
    # another process, because LAMMPS would need its own working folder
    script = (
        "from glasswf.lammps import library; import numpy as np\n"
        "lmp = library.load().lammps(cmdargs=['-screen', 'none', '-log', 'log.lammps'])\n"
        "lmp.commands_string('''units metal\natom_style charge\natom_modify map array\nread_data cell.data\n"
        "include forcefield.lammps\nrun 0 post no''')\n"
        "np.save('forces.npy', np.array(lmp.gather_atoms('f', 1, 3)))\n"
    )
    import subprocess

    subprocess.run([sys.executable, "-c", script], cwd=folder, check=True, timeout=120)
    return np.load(folder / "forces.npy"), (folder / "log.lammps").read_text()


def choose(numerics):
    return mesh.choose(COUNTS, CHARGES, BOX, numerics.cutoff_a, numerics)


@pytest.mark.parametrize("order", [3, 5, 7])
def test_estimate_is_the_one_of_lammps(tmp_path, order):
    numerics = Numerics(cutoff_a=8.0, kspace_order=order, kspace_diff="ik")
    grid = choose(numerics)
    _, log = forces_and_log(tmp_path / "run", numerics, grid)
    estimated = float(re.search(r"estimated absolute RMS force accuracy = (\S+)", log)[1])
    strength = COULOMB_EV_A * sum(COUNTS[e] * CHARGES[e] ** 2 for e in COUNTS)
    reciprocal = mesh.mesh_error(grid.points, grid.gewald_per_a, strength, 240, BOX, numerics)
    real = numerics.kspace_accuracy * COULOMB_EV_A  # the splitting makes the real-space error equal the accuracy
    assert estimated == pytest.approx(np.hypot(real, reciprocal), rel=0.02)
    assert f"grid = {grid.points} {grid.points} {grid.points}" in log


def test_default_forces_are_good_to_a_thousandth(tmp_path):
    numerics = Numerics(cutoff_a=8.0)
    forces, _ = forces_and_log(tmp_path / "default", numerics, choose(numerics))
    exact, _ = forces_and_log(tmp_path / "exact", Numerics(12.0, 1e-8, 7, "ik", 1.0, 0), None)
    assert np.sqrt(((forces - exact) ** 2).mean() / (exact**2).mean()) < 1e-3


def test_finer_accuracy_means_finer_mesh():
    points = [choose(Numerics(cutoff_a=8.0, kspace_accuracy=a)).points for a in (1e-3, 1e-4, 1e-5)]
    assert points == sorted(points) and len(set(points)) == 3


def test_library_is_found_without_help():
    assert library.load().lammps.has_exceptions is not None
