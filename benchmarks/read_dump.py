"""A LAMMPS text dump into one array: this package beside MDAnalysis, chemfiles and ASE, as far as they are installed.

python benchmarks/read_dump.py [--atoms 3000] [--frames 300] [--repeats 3] [--without ase]

CPU time on one core, imports not counted, the best of all repeats; readers take turns, so that a busy machine is busy
for all. glasswf and chemfiles give double precision, MDAnalysis single.
"""

import argparse
import importlib
import importlib.metadata
import os
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_variable] = "1"

import numpy as np  # noqa: E402  (the threads must be set before)

from glasswf import trajectory  # noqa: E402

COLUMNS = "id type element q xu yu zu"


def write_dump(path: Path, n_frames: int, n_atoms: int) -> None:
    """A dump of random walkers as our runs write it, and one without UNITS and TIME for readers that know no others."""
    rng = np.random.default_rng(0)
    length = (n_atoms / 0.04) ** (1 / 3)
    positions = rng.uniform(0, length, (n_atoms, 3))
    head = f"ITEM: NUMBER OF ATOMS\n{n_atoms}\nITEM: BOX BOUNDS pp pp pp\n" + f"0.0 {length}\n" * 3
    with path.open("w") as full, bare(path).open("w") as plain:
        for index in range(n_frames):
            full.write(("" if index else "ITEM: UNITS\nmetal\n") + f"ITEM: TIME\n{0.1 * index}\n")
            rows = zip(range(1, n_atoms + 1), positions.tolist(), strict=True)
            lines = "".join(f"{i} 1 Na 0.6 {x:.6g} {y:.6g} {z:.6g}\n" for i, (x, y, z) in rows)
            for handle in (full, plain):
                handle.write(f"ITEM: TIMESTEP\n{100 * index}\n{head}ITEM: ATOMS {COLUMNS}\n{lines}")
            positions += rng.normal(0, 0.2, positions.shape)


def bare(path: Path) -> Path:
    """Where the dump without UNITS and TIME stands."""
    return path.with_suffix(".bare")


def read_glasswf(path: Path) -> np.ndarray:
    return trajectory.open(path).positions


def read_ase(path: Path) -> np.ndarray:
    import ase.io

    return np.array([atoms.positions for atoms in ase.io.read(bare(path), ":", format="lammps-dump-text")])


def read_mdanalysis(path: Path) -> np.ndarray:
    import MDAnalysis

    universe = MDAnalysis.Universe(str(bare(path)), format="LAMMPSDUMP", topology_format="LAMMPSDUMP")
    return np.array([step.positions.copy() for step in universe.trajectory])


def read_chemfiles(path: Path) -> np.ndarray:
    import chemfiles

    with chemfiles.Trajectory(str(bare(path)), "r", "LAMMPS") as source:
        frames = (source.read() for _ in range(source.nsteps))
        return np.array([np.array(frame.positions) for frame in frames])


READERS: dict[str, Callable[[Path], np.ndarray]] = {
    "glasswf": read_glasswf,
    "MDAnalysis": read_mdanalysis,
    "chemfiles": read_chemfiles,
    "ase": read_ase,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--atoms", type=int, default=3000)
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--without", nargs="*", default=[], choices=list(READERS), help="readers to leave out")
    options = parser.parse_args()
    versions = {name: _version(name) for name in READERS if name not in options.without}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / "dump.lammpstrj"
        write_dump(path, options.frames, options.atoms)
        size = path.stat().st_size / 1e6
        print(f"{options.frames} frames of {options.atoms} atoms, {size:.1f} MB, CPU time, best of {options.repeats}")
        report({name: version for name, version in versions.items() if version}, path, options)
    if absent := [name for name, version in versions.items() if version is None]:
        print(f"not installed, so left out: {', '.join(absent)}")


def _version(name: str) -> str | None:
    try:
        importlib.import_module(name)
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "(source)"
    except ImportError:
        return None


def report(versions: dict[str, str], path: Path, options: argparse.Namespace) -> None:
    READERS["glasswf"](path)  # compiles, or loads what was compiled before
    times, read = {name: [] for name in versions}, {}
    for _ in range(options.repeats):
        for name, seen in times.items():
            start = time.process_time()
            read[name] = READERS[name](path)
            seen.append(time.process_time() - start)
    ours = min(times["glasswf"])
    for name, version in versions.items():
        seconds = min(times[name])
        per_atom = seconds / (options.frames * options.atoms) * 1e6
        gap = np.abs(read[name] - read["glasswf"]).max()
        print(
            f"{name:11s} {version:9s} {seconds:8.3f} s  {per_atom:6.3f} µs/atom  {seconds / ours:6.1f} x"
            f"  differs by {gap:.1g} Å"
        )


if __name__ == "__main__":
    main()
