"""The angle term as printed against the conservative form: the same melt under each thermostat, and under none.

    python benchmarks/angle_forms.py FOLDER

FOLDER/conservative and FOLDER/abrupt hold the finished scans of config/angle-*.yaml (`make angle-study` runs all).
Every run starts from the quench of a replica as its isotherm did, with another thermostat; finished runs are kept.
Writes docs/angle-term/thermostats.csv: temperature offset, heat that the thermostat takes out, and diffusivities.
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from glasswf import trajectory, transport
from glasswf.files import write_text
from glasswf.lammps.engine import Engine
from glasswf.lammps.progress import Progress
from glasswf.lammps.run import run
from glasswf.results import read_json
from glasswf.transport.uncertainty import student_error

OUT = Path(__file__).resolve().parent.parent / "docs" / "angle-term"
FORMS = ("conservative", "abrupt")
TEMPERATURES_K = (2000, 1000)
# name: LAMMPS thermostat, its relaxation time, equilibration and recorded time (ps)
THERMOSTATS = {
    "none (NVE)": ("none", 0.1, 0.0, 1.0),
    "Nosé-Hoover, 0.1 ps": ("nose-hoover", 0.1, 2.0, 8.0),
    "Nosé-Hoover, 1 ps": ("nose-hoover", 1.0, 4.0, 8.0),
    "stochastic rescaling, 0.1 ps": ("csvr", 0.1, 2.0, 8.0),
    "Langevin, 0.1 ps": ("langevin", 0.1, 2.0, 8.0),
}
DUMP_FS = 40
COLUMNS = ("form", "thermostat", "temperature_k", "n_replicas", "offset_k", "offset_err_k", "heat_ev_atom_ps",
           "heat_err_ev_atom_ps", "d_na_cm2_s", "d_na_err_cm2_s", "d_si_cm2_s", "d_si_err_cm2_s", "d_s_cm2_s",
           "d_s_err_cm2_s")  # fmt: skip


def specs(folder: Path) -> Iterator[tuple[str, int, Path]]:
    """Specifications of all runs, written: thermostat, temperature and file."""
    for path in sorted(folder.glob("runs/*/*/r*/T*.json")):
        spec = read_json(path)
        if "-" in path.stem:
            continue
        for number, (name, setting) in enumerate(THERMOSTATS.items()):
            if spec["temperature_k"] in TEMPERATURES_K:
                target = path.with_name(f"{path.stem}-thermostat{number}.json")
                write_text(target, json.dumps(changed(spec, *setting), indent=1) + "\n")
                yield name, round(spec["temperature_k"]), target


def changed(spec: dict, kind: str, damping_ps: float, equilibrate_ps: float, recorded_ps: float) -> dict:
    """The run of an isotherm with another thermostat and other times."""
    step_ps = spec["timestep_fs"] * 1e-3
    every = round(DUMP_FS * 1e-3 / step_ps)
    between = round(equilibrate_ps / step_ps)
    edges = [(0, between, False), (between, between + round(recorded_ps / step_ps), True)]
    segments = [
        spec["segments"][0] | {"start_step": start, "stop_step": stop, "dump": dump}
        for start, stop, dump in edges
        if stop > start
    ]
    return spec | {
        "thermostat": {"kind": kind, "damping_ps": damping_ps, "chain": 3},
        "segments": segments,
        "dump": spec["dump"] | {"every": every},
        "thermo_every": every,
    }


def measured(records: list[dict], folders: list[Path]) -> dict:
    """Mean over replicas of temperature offset, heat taken out, and D, with 68 % intervals."""
    row = {"n_replicas": len(records)}
    for column, gate in (("offset_k", "temperature_offset"), ("heat_ev_atom_ps", "energy_drift")):
        values = np.array([each["value"] for record in records for each in record["gates"] if each["gate"] == gate])
        unit = column.split("_", 1)
        row |= {column: values.mean(), f"{unit[0]}_err_{unit[1]}": student_error(values)[0]}
    return row | diffusivities(records, folders)


def diffusivities(records: list[dict], folders: list[Path]) -> dict:
    runs = [trajectory.open(next(folder.glob("trajectory.*")), charges=records[0]["charges"]) for folder in folders]
    found = transport.analyse(runs, records[0]["temperature_k"])
    row = {}
    for item in found.diffusion:
        name = f"d_{item.species.lower()}"
        if item.window.diffusive:
            row |= {f"{name}_cm2_s": item.diffusivity.value, f"{name}_err_cm2_s": item.diffusivity.error}
    return row


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    groups: dict[tuple, list[tuple[dict, Path]]] = {}
    for form in FORMS:
        base = arguments.folder / form
        for name, temperature, spec_file in specs(base):
            record = spec_file.with_suffix("") / "record.json"
            if not record.is_file():
                run(spec_file, Engine(), base, Progress(read_json(spec_file)))
            groups.setdefault((form, name, temperature), []).append((read_json(record), record.parent))
    if not groups:
        sys.exit(f"{arguments.folder}: no runs of {' and '.join(FORMS)}; run `make angle-study`")
    with (OUT / "thermostats.csv").open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, COLUMNS)
        writer.writeheader()
        for (form, name, temperature), runs in groups.items():
            row = {"form": form, "thermostat": name, "temperature_k": temperature}
            row |= measured(*map(list, zip(*runs, strict=True)))
            writer.writerow({key: f"{value:.4g}" if isinstance(value, float) else value for key, value in row.items()})
    return 0


if __name__ == "__main__":
    sys.exit(main())
