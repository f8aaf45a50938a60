"""Time and memory of every step against the number of atoms and of frames, each step in a process of its own.

    python benchmarks/scaling.py

Building, input and a short run go by random starts of Na2SiS3; everything that reads a trajectory by copies, side by
side, of a melt of 800 atoms. Writes scaling.csv and scaling.png into docs/size; what is in scaling.csv already is not
measured again. Times are of the processor, imports and compiled code loaded before; memory is the largest resident
size. Takes some forty minutes on one core.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_variable] = "1"

import numpy as np  # noqa: E402  (the threads must be set before)

from glasswf import cell, config, plan, structure, trajectory, transport  # noqa: E402
from glasswf.lammps import inputs  # noqa: E402
from glasswf.lammps import run as running  # noqa: E402
from glasswf.lammps.engine import Engine  # noqa: E402
from glasswf.results import read_json  # noqa: E402
from glasswf.structure import angles, constraints, export, network, pair_correlation, slab, structure_factor  # noqa: E402
from glasswf.trajectory import h5md  # noqa: E402

OUT = Path(__file__).parents[1] / "docs" / "size"
MELT_ATOMS, MELT_FRAMES = 800, 1000
COPIES = (1, 2, 3, 4, 5)  # along each edge
SIZES = (600, 3000, 10_000, 30_000, 100_000)
FRAMES = (10, 30, 100, 300, 1000)
AT_SIZES = 10  # frames where atoms are varied, or as many as a step needs
BONDS = {"Si-S": 2.8, "Na-S": 3.8, "Na-Na": 5.0, "Si-Si": 4.0, "Na-Si": 4.5}
FEWEST = {"transport": 16, "van Hove": 16}

Work = Callable[[], object]


def configuration(n_atoms: int, frames: int, every: int, temperature_k: int) -> dict:
    """A melt of Na2SiS3 that records `frames` frames, `every` so many steps, after a short while."""
    interval_fs = 2.0 * every
    return {
        "title": "Size",
        "systems": [{"name": "NS", "series": "NS", "m": 2.0}],
        "cell": {"n_atoms": n_atoms, "density_per_a3": 0.0400},
        "forcefield": "legrand2025",
        "protocol": {
            "timestep_fs": 2.0,
            "quench": [{"stage": "hold", "temperature_k": temperature_k, "duration_ps": 0.2 if frames < 100 else 1.0}],
            "isotherms": {
                "temperatures_k": [temperature_k], "equilibrate_ps": interval_fs / 1000,
                "duration_ps": interval_fs * frames / 1000,
            },
        },
        "output": {"dump_every_fs": interval_fs, "thermo_every_fs": interval_fs, "checkpoint_every_ps": 1.0},
        "replicas": 1,
        "seed": 7,
    }  # fmt: skip


class Cell:
    """The runs of one configuration in a folder."""

    def __init__(self, folder: Path, n_atoms: int, frames: int, every: int = 10, temperature_k: int = 2500):
        self.folder, self._melt = folder / f"{n_atoms}-{frames}", f"T{temperature_k}"
        self.folder.mkdir(parents=True, exist_ok=True)
        self._plan = plan.make(config.from_mapping(configuration(n_atoms, frames, every, temperature_k)), self.folder)
        plan.write_specs(self._plan, self.folder)

    def spec_file(self, name: str) -> Path:
        return self.folder / self._plan.run(self._plan.points[0], 1, name).spec_file

    def build(self) -> None:
        spec = read_json(self.spec_file("cell"))
        data = self.spec_file("cell").with_suffix("") / "cell.data"
        cell.write_data(data, cell.build(spec, self.folder), list(spec["counts"]), spec["charges"])

    def write_input(self) -> None:
        folder = self.spec_file("quench").with_suffix("")
        folder.mkdir(exist_ok=True)
        inputs.write(folder, read_json(self.spec_file("quench")), self.folder)

    def run(self) -> None:
        for name in ("quench", self._melt):
            running.run(self.spec_file(name), Engine(), self.folder)

    @property
    def dump(self) -> Path:
        return next(self.spec_file(self._melt).with_suffix("").glob("trajectory.*"))

    @property
    def built(self) -> bool:
        return (self.spec_file("cell").with_suffix("") / "cell.data").is_file()

    @property
    def done(self) -> bool:
        return (self.spec_file(self._melt).with_suffix("") / "record.json").is_file()


def copies(folder: Path, times: int, frames: int) -> Path:
    """A text dump of the melt, `times`³ copies side by side."""
    path = folder / f"copies-{times}-{frames}.lammpstrj"
    if path.is_file():
        return path
    dump = Cell(folder, MELT_ATOMS, MELT_FRAMES).dump
    charges = read_json(dump.parent / "record.json")["charges"]
    melt = trajectory.open(dump, charges=charges, cache=folder / "cache")
    box = melt.box_lengths_a[0]
    shifts = box * np.mgrid[:times, :times, :times].reshape(3, -1).T
    elements = np.tile(melt.elements, times**3)
    charges = np.tile(melt.charges, times**3)
    types = np.tile(melt.types, times**3)
    part = path.with_suffix(".part")
    with part.open("w") as handle:
        for index in range(frames):
            positions = (melt.positions[index] + shifts[:, None]).reshape(-1, 3)
            handle.write("" if index else "ITEM: UNITS\nmetal\n")
            handle.write(f"ITEM: TIME\n{melt.times_ps[index]:.10g}\nITEM: TIMESTEP\n{melt.steps[index]}\n")
            handle.write(f"ITEM: NUMBER OF ATOMS\n{len(elements)}\nITEM: BOX BOUNDS pp pp pp\n")
            handle.write("".join(f"0.0 {length:.17g}\n" for length in times * box))
            handle.write("ITEM: ATOMS id type element xu yu zu q\n")
            columns = zip(types, elements, positions.tolist(), charges, strict=True)
            handle.writelines(
                f"{number} {kind} {element} {x:.5f} {y:.5f} {z:.5f} {charge:.5g}\n"
                for number, (kind, element, (x, y, z), charge) in enumerate(columns, start=1)
            )
    return part.rename(path)


def md_steps(folder: Path, n_atoms: int, _: int) -> dict[str, Work]:
    """Steps that begin with a random start."""
    own = Cell(folder, n_atoms, 10)
    if not own.built:
        own.build()
    return {"build": own.build, "input": own.write_input, "LAMMPS run": own.run}


def analysis_steps(folder: Path, times: int, frames: int) -> dict[str, Work]:
    """Steps on copies of the melt."""
    dump = copies(folder, times, frames)
    kept = folder / f"{times}-{frames}.h5md"
    found = [trajectory.open(dump, cache=folder / "cache")]
    network_of = ("Si", "S", "Na", BONDS)
    triplets = angles.default_triplets(("Na", "S", "Si"))
    pairs = {tuple(name.split("-")): length for name, length in BONDS.items()}

    def slab_and_export() -> None:
        slab.rows(found[0], "Si", "S")
        export.write_files(folder / f"picture-{times}-{frames}", found[0], BONDS, 3.2)

    return {
        "read dump": lambda: trajectory.open(dump),
        "write H5MD": lambda: h5md.from_dump(dump, kept, 1e-3),
        "read H5MD": lambda: trajectory.open(kept),
        "transport": lambda: transport.analyse(found, 2500.0),
        "van Hove": lambda: transport.analyse(found, 2500.0, van_hove="all"),
        "g(r)": lambda: pair_correlation.measure(found),
        "S(k)": lambda: structure_factor.measure(found, 20.0, vectors_per_bin=80),
        "network, rings": lambda: network.measure(found, *network_of),
        "angles": lambda: angles.measure_angles(found, triplets, pairs),
        "constraints": lambda: constraints.measure(found, "Si", "S", BONDS, (0.5, 2.0)),
        "slab, export": slab_and_export,
        "structure, whole": lambda: structure.analyse(found, structure.Options(cutoffs_a=BONDS)),
    }


def measure(folder: Path, step: str, kind: str, size: int, frames: int) -> dict:
    """One step in this process, once before with little to do so that compiled code is loaded."""
    if kind == "md":
        work = md_steps(folder, size, frames)[step]
    else:
        work = analysis_steps(folder, size, frames)[step]
        analysis_steps(folder, 1, 16)[step]()
    before, start = _cpu_s(), time.perf_counter()
    work()
    cpu, wall = _cpu_s() - before, time.perf_counter() - start
    return {"cpu_s": cpu, "wall_s": wall, "peak_mb": max(used.ru_maxrss for used in _used()) / 1024}


def _used() -> list[resource.struct_rusage]:
    """Of this process, and of those it has waited for, such as LAMMPS."""
    return [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]


def _cpu_s() -> float:
    return sum(used.ru_utime + used.ru_stime for used in _used())


def rows_wanted() -> list[dict]:
    """All that is to be measured, the dearest last."""
    md = [{"axis": "atoms", "kind": "md", "size": size, "atoms": size, "frames": 10} for size in SIZES]
    by_atoms = [
        {"axis": "atoms", "kind": "copies", "size": times, "atoms": MELT_ATOMS * times**3,
         "frames": max(AT_SIZES, FEWEST.get(step, 0)), "step": step}
        for times in COPIES for step in STEPS
    ]  # fmt: skip
    by_frames = [
        {"axis": "frames", "kind": "copies", "size": 1, "atoms": MELT_ATOMS, "frames": frames, "step": step}
        for frames in FRAMES for step in STEPS[:-1] if frames >= FEWEST.get(step, 0)
    ]  # fmt: skip
    md = [{"step": step, **case} for case in md for step in ("build", "input", "LAMMPS run")]
    return sorted((*md, *by_frames, *by_atoms), key=lambda row: row["atoms"] * row["frames"])


STEPS = (
    "read dump", "write H5MD", "read H5MD", "transport", "van Hove", "g(r)", "S(k)", "network, rings", "angles",
    "constraints", "slab, export", "structure, whole",
)  # fmt: skip
COLUMNS = ("axis", "step", "atoms", "frames", "cpu_s", "wall_s", "peak_mb")


def measure_all(folder: Path, table: Path) -> list[dict]:
    """Measure what is not in the table yet, adding row by row; all rows."""
    known = read(table)
    for row in rows_wanted():
        key = {name: str(row[name]) for name in COLUMNS[:4]}
        if any(key.items() <= other.items() for other in known):
            continue
        words = [str(row[name]) for name in ("step", "kind", "size", "frames")]
        command = [sys.executable, __file__, "--folder", str(folder), "--measure", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(words)}: {done.stderr.strip().splitlines()[-1]}")
        found = json.loads(done.stdout.splitlines()[-1])
        known.append({**key, **{name: f"{value:.5g}" for name, value in found.items()}})
        print(*(f"{known[-1][name]:>16}" for name in COLUMNS), flush=True)
        with table.open("w", newline="") as handle:
            writer = csv.DictWriter(handle, COLUMNS)
            writer.writeheader()
            writer.writerows(known)
    return known


def read(table: Path) -> list[dict]:
    if not table.is_file():
        return []
    with table.open(newline="") as handle:
        return list(csv.DictReader(handle))


def curve(rows: list[dict], axis: str, step: str, quantity: str) -> tuple[np.ndarray, np.ndarray]:
    points = sorted(
        (int(row[axis]), float(row[quantity])) for row in rows if (row["axis"], row["step"]) == (axis, step)
    )
    x, y = np.array(points).reshape(-1, 2).T
    return x, y


def exponent(x: np.ndarray, y: np.ndarray) -> float:
    """Slope of log y against log x over the last three points, where fixed costs no longer count."""
    return float(np.polyfit(np.log(x[-3:]), np.log(np.maximum(y[-3:], 1e-3)), 1)[0])


def draw(rows: list[dict], path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(2, 2, figsize=(14, 9), layout="constrained")
    names = list(dict.fromkeys(row["step"] for row in rows))
    for column, axis in enumerate(("atoms", "frames")):
        for line, (quantity, label) in enumerate((("cpu_s", "CPU time (s)"), ("peak_mb", "peak memory (MB)"))):
            panel = panels[line, column]
            for number, step in enumerate(names):
                x, y = curve(rows, axis, step, quantity)
                if len(x):
                    style = {"color": plt.get_cmap("tab20")(number), "marker": "osv^D"[number % 5], "markersize": 4}
                    slope = f" ({exponent(x, y):.2f})" if line == 0 else ""
                    panel.loglog(x, np.maximum(y, 1e-3), label=step + slope, **style)
            panel.set(xlabel=axis, ylabel=label)
            panel.grid(alpha=0.3)
            if line == 0:
                panel.legend(fontsize=8, title="exponent in brackets", title_fontsize=8, bbox_to_anchor=(1.01, 1))
            else:
                panel.set_ylim(100, 1000)
    figure.savefig(path, dpi=130)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path("runs-scaling"), help="where the runs and dumps go")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--measure", nargs=4, metavar=("STEP", "KIND", "SIZE", "FRAMES"), help="one step, here")
    options = parser.parse_args()
    folder = options.folder.resolve()
    if options.measure:
        step, kind, size, frames = options.measure
        print(json.dumps(measure(folder, step, kind, int(size), int(frames))))
        return
    options.out.mkdir(parents=True, exist_ok=True)
    melt = Cell(folder, MELT_ATOMS, MELT_FRAMES)
    if not melt.done:
        melt.build()
        melt.run()
    rows = measure_all(folder, options.out / "scaling.csv")
    draw(rows, options.out / "scaling.png")
    for axis in ("atoms", "frames"):
        for step in dict.fromkeys(row["step"] for row in rows):
            x, y = curve(rows, axis, step, "cpu_s")
            if len(x):
                print(f"{step:18s} with {axis}: exponent {exponent(x, y):.2f}")


if __name__ == "__main__":
    main()
