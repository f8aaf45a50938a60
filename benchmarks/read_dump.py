"""Reading a text dump into one array: this package, ASE, and MDAnalysis if it is installed.

python benchmarks/read_dump.py [--atoms 600] [--frames 200] [--repeats 3]
"""

import argparse
import importlib.util
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

from glasswf import trajectory

COLUMNS = "id type element q xu yu zu"


def write_dump(path: Path, n_frames: int, n_atoms: int) -> None:
    rng = np.random.default_rng(0)
    length = (n_atoms / 0.04) ** (1 / 3)
    positions = rng.uniform(0, length, (n_atoms, 3))
    head = f"ITEM: NUMBER OF ATOMS\n{n_atoms}\nITEM: BOX BOUNDS pp pp pp\n" + f"0.0 {length}\n" * 3
    with path.open("w") as handle:
        for index in range(n_frames):
            handle.write("ITEM: UNITS\nmetal\n" if index == 0 else "")
            handle.write(f"ITEM: TIME\n{0.1 * index}\nITEM: TIMESTEP\n{100 * index}\n{head}ITEM: ATOMS {COLUMNS}\n")
            rows = zip(range(1, n_atoms + 1), positions.tolist(), strict=True)
            handle.writelines(f"{i} 1 Na 0.6 {x:.6g} {y:.6g} {z:.6g}\n" for i, (x, y, z) in rows)
            positions += rng.normal(0, 0.2, positions.shape)


def read_ours(path: Path) -> np.ndarray:
    return trajectory.open(path).positions


def read_ase(path: Path) -> np.ndarray:
    import ase.io

    # ASE knows neither ITEM: TIME nor ITEM: UNITS
    return np.array(
        [atoms.positions for atoms in ase.io.read(path.with_suffix(".bare"), ":", format="lammps-dump-text")]
    )


def read_mdanalysis(path: Path) -> np.ndarray:
    import MDAnalysis

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        universe = MDAnalysis.Universe(
            str(path.with_suffix(".bare")), format="LAMMPSDUMP", topology_format="LAMMPSDUMP"
        )
        return np.array([step.positions for step in universe.trajectory])


def strip_times(path: Path) -> None:
    """The same dump as LAMMPS writes it without `units yes time yes`, for readers that know no others."""
    with path.open() as source, path.with_suffix(".bare").open("w") as target:
        for line in source:
            if line.startswith(("ITEM: UNITS", "ITEM: TIME\n")):
                next(source)
            else:
                target.write(line)


def best_time(read: Callable[[Path], np.ndarray], path: Path, repeats: int) -> tuple[float, np.ndarray]:
    times = []
    for _ in range(repeats):
        start = time.process_time()
        positions = read(path)
        times.append(time.process_time() - start)
    return min(times), positions


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--atoms", type=int, default=600)
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    readers = {"glasswf": read_ours, "ase.io.read": read_ase}
    if importlib.util.find_spec("MDAnalysis"):
        readers["MDAnalysis"] = read_mdanalysis
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dump.lammpstrj"
        write_dump(path, options.frames, options.atoms)
        strip_times(path)
        compare(readers, path, options)


def compare(readers: dict[str, Callable], path: Path, options: argparse.Namespace) -> None:
    size = path.stat().st_size / 1e6
    print(f"{options.frames} frames of {options.atoms} atoms, {size:.1f} MB, CPU time, best of {options.repeats}")
    reference, ours = None, None
    for name, read in readers.items():
        seconds, positions = best_time(read, path, options.repeats)
        ours, reference = ours or seconds, positions if reference is None else reference
        per_atom = seconds / (options.frames * options.atoms) * 1e6
        gap = np.abs(positions - reference).max()
        print(f"{name:12s} {seconds:8.3f} s  {per_atom:6.2f} µs/atom  {seconds / ours:6.1f} x  differs by {gap:.1g} Å")
    if "MDAnalysis" not in readers:
        print("MDAnalysis is not installed: skipped")


if __name__ == "__main__":
    main()
