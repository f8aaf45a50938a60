"""Mean-square displacements of all species: this package beside tidynamics, MDAnalysis, freud and kinisi.

python benchmarks/msd.py [--sizes 600x2000 3000x10000] [--repeats 3] [--without kinisi]

Random walkers of three species, unwrapped, in one memory-mapped file; from the array to one curve per species, over all
time origins and all lags (kinisi: 40 lags). Every package works in a process of its own, on one core: CPU time without
imports, the best of all repeats, and the largest memory resident. Differences are those of the curves, relative, at the
worst lag. MDAnalysis and freud hold positions in single precision, the others in double. kinisi sits out sizes above
10 million positions, where it would need several copies of the file in memory at once.
"""

import argparse
import importlib.metadata
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_variable] = "1"

import numpy as np  # noqa: E402  (the threads must be set before)

SHARES = {"Na": 1 / 3, "S": 1 / 2, "Si": 1 / 6}
STEP_A, START_A = 0.2, 40.0
N_LAGS_KINISI = 40
LARGEST_KINISI = 10_000_000
ATOMS_AT_ONCE_FREUD = 100  # its documentation asks for pieces where a trajectory is large

Curves = dict[str, np.ndarray]


def write_positions(path: Path, n_atoms: int, n_frames: int) -> None:
    """Frame by frame, as the largest memory of this process would count for those it starts."""
    rng = np.random.default_rng(0)
    positions = rng.uniform(0, START_A, (n_atoms, 3))
    header = {"descr": "<f8", "fortran_order": False, "shape": (n_frames, n_atoms, 3)}
    with path.open("wb") as handle:
        np.lib.format.write_array_header_1_0(handle, header)
        for _ in range(n_frames):
            handle.write(positions.tobytes())
            positions += rng.normal(0, STEP_A, positions.shape)


def species(n_atoms: int) -> Iterator[tuple[str, np.ndarray]]:
    """Name and indices of each species; they stand together, as in cells made by any builder."""
    stops = np.round(np.cumsum([0, *SHARES.values()]) * n_atoms).astype(int)
    for name, start, stop in zip(SHARES, stops, stops[1:], strict=False):
        yield name, np.arange(start, stop)


def lags_of_kinisi(n_frames: int) -> np.ndarray:
    return np.unique(np.round(np.geomspace(1, n_frames - 1, N_LAGS_KINISI)).astype(int))


def with_glasswf(positions: np.ndarray) -> Curves:
    from glasswf.transport.msd import self_msd

    return {name: self_msd(positions, atoms=atoms) for name, atoms in species(positions.shape[1])}


def with_tidynamics(positions: np.ndarray) -> Curves:
    import tidynamics

    return {
        name: sum(tidynamics.msd(positions[:, atom]) for atom in atoms) / len(atoms)
        for name, atoms in species(positions.shape[1])
    }


def with_mdanalysis(positions: np.ndarray) -> Curves:
    import MDAnalysis
    from MDAnalysis.analysis.msd import EinsteinMSD

    universe = MDAnalysis.Universe.empty(positions.shape[1], trajectory=True)
    universe.load_new(positions, order="fac")
    groups = ((name, universe.atoms[atoms]) for name, atoms in species(positions.shape[1]))
    return {name: EinsteinMSD(group, fft=True).run().results.timeseries for name, group in groups}


def with_freud(positions: np.ndarray) -> Curves:
    import freud

    curves = {}
    for name, atoms in species(positions.shape[1]):
        msd = freud.msd.MSD(mode="window")
        for start in range(0, len(atoms), ATOMS_AT_ONCE_FREUD):
            msd.compute(positions[:, atoms[start : start + ATOMS_AT_ONCE_FREUD]], reset=start == 0)
        curves[name] = msd.msd
    return curves


def with_kinisi(positions: np.ndarray) -> Curves:
    import scipp
    from kinisi.displacement import calculate_msd
    from kinisi.parser import Parser

    n_frames, n_atoms, _ = positions.shape
    edge = 2 * START_A
    fractions = scipp.array(dims=["time", "atom", "dimension"], values=positions / edge % 1)
    cells = np.tile(edge * np.eye(3), (n_frames, 1, 1))
    lattice = scipp.array(dims=["time", "dimension1", "dimension2"], values=cells, unit="angstrom")
    lags = scipp.array(dims=["time interval"], values=lags_of_kinisi(n_frames).astype(float), unit="ps")
    nothing = scipp.array(dims=["particle"], values=np.zeros(0, dtype=int))
    curves = {}
    for name, atoms in species(n_atoms):
        parsed = Parser(
            fractions.rename_dims(atom="particle"),
            lattice,
            time_step=scipp.scalar(1.0, unit="ps"),
            step_skip=scipp.scalar(1),
            dt=lags,
            specie_indices=scipp.array(dims=["particle"], values=atoms),
            drift_indices=nothing,
        )
        found = calculate_msd(parsed, progress=False)["da"]
        curves[name] = np.full(n_frames, np.nan)
        curves[name][found.coords["time interval"].values.astype(int)] = found.values
    return curves


PACKAGES: dict[str, tuple[str, Callable[[np.ndarray], Curves]]] = {
    "glasswf": ("glasswf", with_glasswf),
    "tidynamics": ("tidynamics", with_tidynamics),
    "MDAnalysis": ("MDAnalysis", with_mdanalysis),
    "freud": ("freud-analysis", with_freud),
    "kinisi": ("kinisi", with_kinisi),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="+", default=["600x2000", "3000x10000"], help="atoms x frames")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--without", nargs="*", default=[], choices=list(PACKAGES), help="packages to leave out")
    parser.add_argument("--one", nargs=2, metavar=("PACKAGE", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        run_here(options.one[0], Path(options.one[1]), options.repeats)
        return
    for size in options.sizes:
        n_atoms, n_frames = (int(number) for number in size.split("x"))
        with tempfile.TemporaryDirectory() as folder:
            compare(Path(folder), n_atoms, n_frames, options)


def run_here(package: str, folder: Path, repeats: int) -> None:
    """Time one package in this process; its curves and figures go to the folder."""
    warnings.simplefilter("ignore")
    function, positions = PACKAGES[package][1], np.load(folder / "positions.npy", mmap_mode="r")
    function(positions[:50, :12])  # imports and compiles
    times = []
    for _ in range(repeats):
        start = time.process_time()
        curves = function(positions)
        times.append(time.process_time() - start)
    np.savez(folder / f"{package}.npz", **curves)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # kB on Linux
    (folder / f"{package}.json").write_text(json.dumps({"seconds": min(times), "peak_gb": peak}))


def compare(folder: Path, n_atoms: int, n_frames: int, options: argparse.Namespace) -> None:
    write_positions(folder / "positions.npy", n_atoms, n_frames)
    print(f"\n{n_atoms} atoms, {n_frames} frames, CPU time, best of {options.repeats}", flush=True)
    for package, (distribution, _) in PACKAGES.items():
        if package in options.without or (package == "kinisi" and n_atoms * n_frames > LARGEST_KINISI):
            continue
        version = version_of(distribution)
        if version is None:
            print(f"{package:11s} not installed")
            continue
        arguments = ["--one", package, str(folder), "--repeats", str(options.repeats)]
        subprocess.run([sys.executable, __file__, *arguments], check=True)
        print(line(folder, package, version), flush=True)


def version_of(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "(source)" if distribution == "glasswf" else None


def line(folder: Path, package: str, version: str) -> str:
    ours, theirs = (json.loads((folder / f"{name}.json").read_text()) for name in ("glasswf", package))
    expected, found = (np.load(folder / f"{name}.npz") for name in ("glasswf", package))
    gap = max(np.nanmax(np.abs(found[name][1:] / expected[name][1:] - 1)) for name in SHARES)
    return (
        f"{package:11s} {version:9s} {theirs['seconds']:8.2f} s {theirs['seconds'] / ours['seconds']:7.1f} x"
        f" {theirs['peak_gb']:6.2f} GB  differs by {gap:.1g}"
    )


if __name__ == "__main__":
    main()
