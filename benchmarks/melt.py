"""Small Na2SiS3 melts through the project's own inputs: what the benchmarks here have in common."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from glasswf.forcefield import ForceField
from glasswf.lammps import coefficients, library
from glasswf.lammps.numerics import Numerics

ELEMENTS = ("Na", "Si", "S")
DENSITY_A3 = 0.0430  # Legrand et al.


def random_cell(n_atoms: int, seed: int, min_distance_a: float = 1.8) -> tuple[np.ndarray, np.ndarray, float]:
    """Types (1 = Na, 2 = Si, 3 = S), positions (Å) and edge (Å) of a random Na2SiS3 cell without short distances."""
    rng = np.random.default_rng(seed)
    units = n_atoms // 6
    types = np.repeat([1, 2, 3], [2 * units, units, 3 * units])
    edge_a = (len(types) / DENSITY_A3) ** (1 / 3)
    positions = np.empty((0, 3))
    while len(positions) < len(types):
        trial = rng.uniform(0, edge_a, 3)
        delta = positions - trial
        delta -= edge_a * np.round(delta / edge_a)
        if not len(positions) or (delta**2).sum(axis=1).min() > min_distance_a**2:
            positions = np.vstack([positions, trial])
    return types, positions, edge_a


@contextmanager
def lammps_cell(
    folder: Path, force_field: ForceField, types, positions, edge_a, numerics: Numerics, options: tuple[str, ...] = ()
) -> Iterator:
    """A LAMMPS instance with the cell and the force field loaded; its files and log are in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    coefficients.write(folder, force_field, ELEMENTS, force_field.charges, numerics)
    here = Path.cwd()
    os.chdir(folder)
    instance = library.load().lammps(cmdargs=["-screen", "none", "-log", "log.lammps", *options])
    try:
        instance.commands_string("units metal\natom_style charge\natom_modify map array")
        instance.commands_string(f"region box block {f'0 {edge_a} ' * 3}\ncreate_box 3 box")
        instance.create_atoms(len(types), None, [int(t) for t in types], [float(x) for x in np.ravel(positions)])
        masses = [f"mass {i} {force_field.masses[element]}" for i, element in enumerate(ELEMENTS, 1)]
        instance.commands_string("\n".join([*masses, f"include {coefficients.INCLUDE_NAME}"]))
        yield instance
    finally:
        instance.close()
        os.chdir(here)


def melt(instance, timestep_fs: float, temperature_k: float, melt_ps: float, hold_ps: float, seed: int) -> None:
    """Minimise, heat to 2500 K with a Langevin bath, and hold at `temperature_k` under Nosé-Hoover."""
    step_ps = timestep_fs * 1e-3
    instance.commands_string(f"""
minimize 0 1e-3 300 3000
reset_timestep 0
timestep 0.001
velocity all create 2500 {seed} mom yes
fix move all nve
fix bath all langevin 2500 2500 0.1 {seed}
run {round(melt_ps / 1e-3)}
unfix bath
unfix move
timestep {step_ps}
velocity all zero linear
fix hold all nvt temp {temperature_k} {temperature_k} 0.1 tchain 3
run {round(hold_ps / step_ps)}
unfix hold""")


def sample(instance, quantities: tuple[str, ...], n_samples: int, every: int) -> np.ndarray:
    """Thermo values every `every` steps while the fixes in force run, shape (n_samples, n_quantities)."""
    instance.command("thermo_style custom step temp pe ke etotal press")
    rows = []
    for _ in range(n_samples):
        instance.command(f"run {every} pre no post no" if rows else f"run {every} post no")
        rows.append([instance.get_thermo(name) for name in quantities])
    return np.array(rows)


def slope(time: np.ndarray, values: np.ndarray, n_blocks: int = 20) -> tuple[float, float]:
    """Fitted slope and its standard error from block averages, whose residuals are nearly independent."""
    used = len(values) // n_blocks * n_blocks
    t, y = (np.asarray(a)[:used].reshape(n_blocks, -1).mean(axis=1) for a in (time, values))
    (gradient, _), covariance = np.polyfit(t, y, 1, cov=True)
    return float(gradient), float(np.sqrt(covariance[0, 0]))
