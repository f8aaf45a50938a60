"""Scan of θ_ref, γ and r_c of the conservative Si-S-Si term, beside the abrupt term as printed.

    python benchmarks/angle_term.py [--minutes 45]

Each candidate is melted, run in NVE at three timesteps, and quenched to 300 K. Finished runs are kept in
docs/angle-term/scan.csv and skipped next time, so that it can be stopped at will.
The results are discussed in docs/angle-term.md.
"""

import argparse
import csv
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from melt import lammps_cell, melt, random_cell, sample, slope
from structure import summary

from glasswf.forcefield import ForceField, load
from glasswf.lammps.numerics import Numerics

OUT = Path(__file__).resolve().parent.parent / "docs" / "angle-term"
N_ATOMS = 360
TEMPERATURE_K = 2000
NVE_FS = (1.0, 2.0, 3.0)
NVE_PS = 4.0
FAST_PS, SLOW_PS = 40.0, 120.0  # from 2000 to 300 K
NUMERICS = Numerics(cutoff_a=10.0, kspace_accuracy=1e-4, kspace_order=5, kspace_diff="ad", skin_a=1.0)


@dataclass(frozen=True)
class Candidate:
    """Values of the three free parameters; None throughout means the abrupt term."""

    theta_ref_deg: float | None = None
    gamma_a: float | None = None
    r_c_a: float | None = None

    @property
    def name(self) -> str:
        if self.theta_ref_deg is None:
            return "abrupt"
        return f"{self.theta_ref_deg:g} deg, {self.gamma_a:g} A, {self.r_c_a:g} A"

    @property
    def quench_fs(self) -> float:
        return 1.0 if self.theta_ref_deg is None else 2.0

    def force_field(self) -> ForceField:
        if self.theta_ref_deg is None:
            return load("legrand2025-abrupt")
        base = load("legrand2025")
        values = {"theta_ref_deg": self.theta_ref_deg, "gamma_a": self.gamma_a, "cutoff_a": self.r_c_a}
        return base.model_copy(update={"three_body": (base.three_body[0].model_copy(update=values),)})


CENTRE = Candidate(95, 0.3, 3.0)
PLAN = [
    *((candidate, 1, FAST_PS) for candidate in (CENTRE, Candidate())),
    *((Candidate(theta, 0.3, 3.0), 1, FAST_PS) for theta in (105, 90)),
    (Candidate(95, 0.3, 2.8), 1, FAST_PS),
    (Candidate(95, 0.15, 2.7), 1, FAST_PS),
    (CENTRE, 2, SLOW_PS),
    (Candidate(100, 0.3, 3.0), 1, FAST_PS),
    *((Candidate(95, 0.6, 3.0), seed, FAST_PS) for seed in (1, 2)),
]


def measure(candidate: Candidate, seed: int, quench_ps: float, folder: Path) -> dict:
    """One row of the scan: energy drift, temperature and structure of one candidate from one start."""
    cell = random_cell(N_ATOMS, seed)
    row = {"candidate": candidate.name, "seed": seed, "quench_ps": quench_ps}
    with lammps_cell(folder, candidate.force_field(), *cell, NUMERICS) as lmp:
        melt(lmp, 1.0, TEMPERATURE_K, melt_ps=3, hold_ps=6, seed=seed + 1000)
        row |= mean_temperature(lmp)
        row |= nve(lmp)
        row |= quench(lmp, candidate.quench_fs, quench_ps, cell)
    return row


def mean_temperature(lmp) -> dict:
    lmp.commands_string(f"timestep 0.001\nfix hold all nvt temp {TEMPERATURE_K} {TEMPERATURE_K} 0.1 tchain 3")
    temperatures, pressures = sample(lmp, ("temp", "press"), 300, 20).T
    lmp.command("unfix hold")
    blocks = temperatures.reshape(10, -1).mean(axis=1)
    error = blocks.std(ddof=1) / np.sqrt(len(blocks))
    return {
        "nvt_offset_k": blocks.mean() - TEMPERATURE_K,
        "nvt_offset_err_k": error,
        "pressure_gpa": pressures.mean() * 1e-4,
    }


def nve(lmp) -> dict:
    """Drift of the total energy and the heating, from the same state at each timestep."""
    state = {name: lmp.gather_atoms(name, 1, 3) for name in ("x", "v")}
    row = {}
    for step_fs in NVE_FS:
        restore(lmp, state)
        lmp.commands_string(f"timestep {step_fs * 1e-3}\nfix move all nve")
        every = 10
        count = round(NVE_PS * 1e3 / step_fs / every) // 20 * 20
        energy, temperature = sample(lmp, ("etotal", "temp"), count, every).T
        lmp.command("unfix move")
        drift, error = slope(np.arange(count) * every * step_fs * 1e-3, energy / lmp.get_natoms())
        row |= {f"drift_{step_fs:g}fs_ev_ps": drift, f"drift_{step_fs:g}fs_err_ev_ps": error}
        row[f"nve_{step_fs:g}fs_last_k"] = temperature[-count // 4 :].mean()
    restore(lmp, state)
    return row


def restore(lmp, state: dict) -> None:
    for name, values in state.items():
        lmp.scatter_atoms(name, 1, 3, values)


def quench(lmp, step_fs: float, quench_ps: float, cell) -> dict:
    """Cool to 300 K, hold, and describe the structure of the last 5 ps."""
    steps = round(quench_ps * 1e3 / step_fs)
    lmp.commands_string(f"""timestep {step_fs * 1e-3}
fix cool all nvt temp {TEMPERATURE_K} 300 0.1 tchain 3
run {steps}
unfix cool
fix hold all nvt temp 300 300 0.1 tchain 3
run {round(5e3 / step_fs)}""")
    types, _, edge_a = cell
    frames, every = [], round(100 / step_fs)
    for _ in range(50):
        lmp.command(f"run {every} post no")
        frames.append(np.array(lmp.gather_atoms("x", 1, 3)).reshape(-1, 3))
    return summary(types, np.array(frames), edge_a)


def finished(path: Path) -> set[tuple[str, int, float]]:
    if not path.is_file():
        return set()
    with path.open(newline="", encoding="utf-8") as handle:
        return {(row["candidate"], int(row["seed"]), float(row["quench_ps"])) for row in csv.DictReader(handle)}


def append(path: Path, row: dict) -> None:
    new = not path.is_file()
    with path.open("a", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, row)
        if new:
            writer.writeheader()
        writer.writerow({key: f"{value:.6g}" if isinstance(value, float) else value for key, value in row.items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=45, help="start no further run after this time")
    arguments = parser.parse_args()
    table, stop = OUT / "scan.csv", time.monotonic() + 60 * arguments.minutes
    OUT.mkdir(parents=True, exist_ok=True)
    for candidate, seed, quench_ps in PLAN:
        if (candidate.name, seed, quench_ps) in finished(table) or time.monotonic() > stop:
            continue
        with tempfile.TemporaryDirectory() as folder:
            append(table, measure(candidate, seed, quench_ps, Path(folder)))
        print(f"{candidate.name}, seed {seed}, {quench_ps:g} ps: done", flush=True)


if __name__ == "__main__":
    main()
