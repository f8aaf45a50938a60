"""Damped shifted-force Coulomb against the Ewald sum: structure and diffusion of the same melts.

    python benchmarks/dsf.py FOLDER [--replicas 4] [--record-ps 20]

Quenches of Na2SiS3 to 2500 K by the pipeline's own runs; from each, one isotherm with PPPM and one with each damped
form. Finished runs in FOLDER are kept. Writes docs/tuning/dsf.csv: first maxima of g(r) of all pairs, the largest
difference in g(r), and diffusivities, with errors over replicas. Some ten minutes.
"""

import argparse
import csv
import json
import math
from pathlib import Path

import numpy as np

from glasswf import cell, structure, trajectory, transport
from glasswf import config as configuration
from glasswf import plan as planning
from glasswf.files import write_text
from glasswf.lammps.engine import Engine
from glasswf.lammps.numerics import Numerics
from glasswf.lammps.progress import Progress
from glasswf.lammps.run import run
from glasswf.results import read_json

OUT = Path(__file__).resolve().parent.parent / "docs" / "tuning" / "dsf.csv"
TEMPERATURE_K = 2500
WAYS = {
    "PPPM": Numerics(cutoff_a=8.0, kspace_accuracy=1e-5),
    "DSF 8 Å, 0.25/Å": Numerics(cutoff_a=8.0, dsf_alpha_per_a=0.25),
    "DSF 10 Å, 0.20/Å": Numerics(cutoff_a=10.0, dsf_alpha_per_a=0.2, buckingham_cutoff_a=8.0),
}


def plan(replicas: int, record_ps: float) -> planning.Plan:
    return planning.make(
        configuration.from_mapping(
            {
                "systems": [{"name": "NS", "series": "NS", "m": 2.0}],
                "cell": {"n_atoms": 348, "density_per_a3": 0.0430},
                "protocol": {
                    "timestep_fs": 2.0,
                    "quench": [
                        {"stage": "hold", "temperature_k": 3000, "duration_ps": 4},
                        {"stage": "ramp", "to_k": TEMPERATURE_K, "rate_k_per_ps": 250},
                    ],
                    "isotherms": {
                        "temperatures_k": [TEMPERATURE_K],
                        "equilibrate_ps": 4,
                        "duration_ps": record_ps,
                    },
                },
                "output": {"dump_every_fs": 40, "thermo_every_fs": 40},
                "replicas": replicas,
                "seed": 5,
            }
        ),
        tuned=False,
    )


def dumps(folder: Path, made: planning.Plan) -> dict[str, list]:
    """Trajectories of every way to do the Coulomb sum, one for each replica."""
    found: dict[str, list] = {name: [] for name in WAYS}
    for replica in range(1, made.config.replicas + 1):
        start(folder, made, replica)
        for number, (name, numerics) in enumerate(WAYS.items()):
            spec_file = folder / made.run(made.points[0], replica, f"T{TEMPERATURE_K}").spec_file
            changed = spec_file.with_name(f"{spec_file.stem}-way{number}.json")
            spec = read_json(spec_file) | {"numerics": numerics.to_dict()}
            write_text(changed, json.dumps(spec, indent=1) + "\n")
            finished(changed, folder)
            dump = next(changed.with_suffix("").glob("trajectory.*"))
            found[name].append(trajectory.open(dump, charges=spec["charges"]))
    return found


def start(folder: Path, made: planning.Plan, replica: int) -> None:
    """Cell and quench of a replica."""
    cell_file, quench_file = (folder / made.run(made.points[0], replica, name).spec_file for name in ("cell", "quench"))
    spec = read_json(cell_file)
    data = cell_file.with_suffix("") / "cell.data"
    if not data.is_file():
        cell.write_data(data, cell.build(spec, folder), list(spec["counts"]), spec["charges"])
    finished(quench_file, folder)


def finished(spec_file: Path, folder: Path) -> None:
    if not (spec_file.with_suffix("") / "record.json").is_file():
        run(spec_file, Engine(), folder, Progress(read_json(spec_file)))


def quantities(trajectories: list) -> tuple[dict, dict]:
    """Numbers with errors by name, and g(r) by pair."""
    described = structure.analyse(trajectories, structure.Options())
    rows = [row for row in described.tables["pair_correlation"] if row["part"] == "partial"]
    curves: dict[str, list] = {}
    for row in rows:
        curves.setdefault(f"{row['species_a']}-{row['species_b']}", []).append((row["r_a"], row["g"], row["g_err"]))
    numbers = {}
    for row in described.tables["pair_peaks"]:
        if row["part"] == "partial" and row["kind"] == "peak" and row["number"] == 1:
            pair = f"{row['species_a']}-{row['species_b']}"
            numbers[f"g {pair}: first maximum (Å)"] = (row["r_a"], row["r_err_a"])
            numbers[f"g {pair}: its height"] = (row["height"], row["height_err"])
    for item in transport.analyse(trajectories, TEMPERATURE_K).diffusion:
        numbers[f"D {item.species} (1e-5 cm2/s)"] = (item.diffusivity.value * 1e5, item.diffusivity.error * 1e5)
    return numbers, {pair: np.array(curve, dtype=float) for pair, curve in curves.items()}


def compared(name: str, found: tuple[dict, dict], exact: tuple[dict, dict]) -> list[dict]:
    rows = [row(name, quantity, *value, *exact[0].get(quantity, (math.nan, math.nan)))
            for quantity, value in found[0].items()]  # fmt: skip
    for pair, curve in found[1].items():
        other = exact[1][pair]
        difference, error = np.abs(curve[:, 1] - other[:, 1]), np.hypot(curve[:, 2], other[:, 2])
        worst = int(np.nanargmax(difference))
        rows.append(row(name, f"g {pair}: largest difference", difference[worst], error[worst], 0.0, 0.0))
    return rows


def row(name: str, quantity: str, value: float, error: float, exact: float, exact_error: float) -> dict:
    spread = math.hypot(error or 0.0, exact_error or 0.0)
    distance = (value - exact) / spread if spread else math.nan
    return {"way": name, "quantity": quantity, "value": value, "error": error, "pppm": exact,
            "pppm_error": exact_error, "difference_in_errors": distance}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--replicas", type=int, default=4)
    parser.add_argument("--record-ps", type=float, default=20)
    arguments = parser.parse_args()
    made = plan(arguments.replicas, arguments.record_ps)
    planning.write_specs(made, arguments.folder)
    found = {name: quantities(each) for name, each in dumps(arguments.folder, made).items()}
    rows = [line for name in list(WAYS)[1:] for line in compared(name, found[name], found["PPPM"])]
    OUT.parent.mkdir(parents=True, exist_ok=True)
    with OUT.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, rows[0], lineterminator="\n")
        writer.writeheader()
        for line in rows:
            writer.writerow({key: f"{value:.4g}" if isinstance(value, float) else value for key, value in line.items()})
            print(*(f"{value:.4g}" if isinstance(value, float) else value for value in line.values()), sep=" | ")


if __name__ == "__main__":
    main()
