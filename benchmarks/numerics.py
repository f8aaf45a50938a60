"""What each numerical setting costs and buys: speed, force error and energy drift of a Na2SiS3 melt at 2000 K.

    python benchmarks/numerics.py

Writes numerics.csv and drift.csv into docs/angle-term. Speed is in steps per second of processor time, so that other
work on the machine disturbs it little. The force error is relative to a 12 Å cutoff with a 1e-8 mesh: it holds both
the mesh error and the truncated dispersion. Takes some six minutes.
"""

import argparse
import csv
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from melt import lammps_cell, melt, random_cell, sample, slope

from glasswf.forcefield import load
from glasswf.lammps.numerics import Numerics

OUT = Path(__file__).resolve().parent.parent / "docs" / "angle-term"
FIELD = load("legrand2025")
BASE = Numerics(
    cutoff_a=10.0, kspace_accuracy=1e-4, kspace_order=5, kspace_diff="ad", skin_a=1.0, coulomb_table_bits=12
)
REFERENCE = Numerics(12.0, 1e-8, 7, "ik", 1.0, 0)
OMP = ("-sf", "omp")
SETTINGS = [
    *((replace(BASE, cutoff_a=cutoff), ()) for cutoff in (10.0, 9.0, 8.0, 7.0)),
    *((replace(BASE, cutoff_a=cutoff, kspace_order=7), ()) for cutoff in (10.0, 9.0, 8.0, 7.0)),
    *((replace(BASE, kspace_accuracy=accuracy), ()) for accuracy in (2e-4, 5e-4)),
    *((replace(BASE, cutoff_a=8.0, kspace_order=7, kspace_accuracy=accuracy), ()) for accuracy in (2e-4, 5e-4)),
    (replace(BASE, kspace_diff="ik"), ()),
    *((replace(BASE, skin_a=skin), ()) for skin in (0.7, 1.5, 2.0)),
    *((replace(BASE, cutoff_a=cutoff), OMP) for cutoff in (10.0, 8.0)),
    *((replace(BASE, cutoff_a=cutoff, kspace_order=7), OMP) for cutoff in (9.0, 8.0)),
    (replace(BASE, cutoff_a=7.0, kspace_order=7, kspace_accuracy=2e-4), OMP),
]
DRIFT_SETTINGS = [
    replace(BASE, cutoff_a=8.0, kspace_order=7),
    BASE,
    replace(BASE, cutoff_a=8.0, kspace_order=7, kspace_accuracy=5e-4),
]
DRIFT_FS = (1.0, 2.0, 2.5, 3.0)


def melted(n_atoms: int, folder: Path) -> tuple:
    """Types, positions, edge and velocities of a melt at 2000 K."""
    types, start, edge_a = random_cell(n_atoms, seed=11)
    with lammps_cell(folder, FIELD, types, start, edge_a, BASE) as lmp:
        melt(lmp, 1.0, 2000, melt_ps=2, hold_ps=2, seed=12)
        positions, velocities = (np.array(lmp.gather_atoms(name, 1, 3)).reshape(-1, 3) for name in "xv")
    return types, positions, edge_a, velocities


def forces(folder: Path, state: tuple, numerics: Numerics, options=()) -> np.ndarray:
    with lammps_cell(folder, FIELD, *state[:3], numerics, options) as lmp:
        lmp.command("run 0 post no")
        return np.array(lmp.gather_atoms("f", 1, 3))


def speed(folder: Path, state: tuple, numerics: Numerics, options=()) -> float:
    """NVE steps of 1 fs per second of processor time, the better of two goes."""
    with lammps_cell(folder, FIELD, *state[:3], numerics, options) as lmp:
        set_velocities(lmp, state[3])
        lmp.commands_string("timestep 0.001\nfix move all nve\nrun 20 post no")
        seconds = []
        for _ in range(2):
            start = time.process_time()
            lmp.command("run 300 pre no post no")
            seconds.append(time.process_time() - start)
    return 300 / min(seconds)


def drift(folder: Path, state: tuple, numerics: Numerics, step_fs: float, length_ps: float = 5.0) -> tuple:
    """Slope of the total energy (eV/atom/ps) and its error."""
    every = 5
    count = round(length_ps * 1e3 / step_fs / every) // 20 * 20
    with lammps_cell(folder, FIELD, *state[:3], numerics) as lmp:
        set_velocities(lmp, state[3])
        lmp.commands_string(f"timestep {step_fs * 1e-3}\nfix move all nve")
        energy = sample(lmp, ("etotal",), count, every)[:, 0]
    return slope(np.arange(count) * every * step_fs * 1e-3, energy / len(state[0]))


def set_velocities(lmp, velocities: np.ndarray) -> None:
    lmp.scatter_atoms("v", 1, 3, np.ctypeslib.as_ctypes(velocities.ravel()))


def settings_of(numerics: Numerics, options: tuple) -> dict:
    return {
        "cutoff_a": numerics.cutoff_a,
        "accuracy": numerics.kspace_accuracy,
        "order": numerics.kspace_order,
        "diff": numerics.kspace_diff,
        "skin_a": numerics.skin_a,
        "suffix": options[-1] if options else "",
    }


def write(name: str, rows: list[dict]) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with (OUT / name).open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def measure_speed(states: dict, folder: Path) -> None:
    exact = {n: forces(folder, state, REFERENCE) for n, state in states.items()}
    rows = []
    for numerics, options in SETTINGS:
        row = settings_of(numerics, options)
        for n, state in states.items():
            error = forces(folder, state, numerics, options) - exact[n]
            row[f"steps_s_{n}"] = f"{speed(folder, state, numerics, options):.0f}"
            row[f"force_error_{n}"] = f"{np.sqrt((error**2).mean() / (exact[n] ** 2).mean()):.2e}"
        rows.append(row)
        print(row, flush=True)
    write("numerics.csv", rows)


def measure_drift(state: tuple, folder: Path) -> None:
    rows = []
    for numerics in DRIFT_SETTINGS:
        for step_fs in DRIFT_FS:
            gradient, error = drift(folder, state, numerics, step_fs)
            values = {"drift_ev_ps": f"{gradient:.2e}", "drift_err_ev_ps": f"{error:.1e}"}
            rows.append(settings_of(numerics, ()) | {"timestep_fs": step_fs} | values)
            print(rows[-1], flush=True)
    write("drift.csv", rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("speed", "drift"), help="measure one of the two")
    only = parser.parse_args().only
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if only != "drift":
            measure_speed({n: melted(n, folder) for n in (300, 600)}, folder)
        if only != "speed":
            measure_drift(melted(300, folder), folder)


if __name__ == "__main__":
    main()
