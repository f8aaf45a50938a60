"""Partial structure factors of three species: this package beside dynasor, on the same wave vectors.

python benchmarks/structure_factor.py [--sizes 3000x10] [--k_max 12] [--per_bin 150] [--repeats 3]

Random atoms of three species at the density of a sulfide glass, new ones in every frame; the wave vectors are those
that this package draws by default (all in bins that hold few, 150 per bin of 0.05 1/Å in the others). Every package
works in a process of its own, on one core: CPU time per frame without imports and compilation, the best of all repeats.
dynasor is there in two ways: compute_static_structure_factors on a trajectory in memory, and its compiled loop over
atoms and wave vectors alone. Differences are those of the six partials, averaged in bins, absolute.
"""

import argparse
import importlib.metadata
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from itertools import combinations_with_replacement
from pathlib import Path
from types import SimpleNamespace

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_variable] = "1"

import numpy as np  # noqa: E402  (the threads must be set before)

SHARES = {"Na": 1 / 3, "S": 1 / 2, "Si": 1 / 6}
PAIRS = tuple(combinations_with_replacement(SHARES, 2))
DENSITY_1_A3 = 0.043
BIN_1_A = 0.05


def elements(n_atoms: int) -> np.ndarray:
    stops = np.round(np.cumsum([0, *SHARES.values()]) * n_atoms).astype(int)
    return np.repeat(list(SHARES), np.diff(stops))


def chosen(n_atoms: int, options: argparse.Namespace):
    from glasswf.structure.wave_vectors import choose

    box = np.full(3, (n_atoms / DENSITY_1_A3) ** (1 / 3))
    return box, choose(box, options.k_max, BIN_1_A, options.per_bin, seed=0)


def with_glasswf(frames: np.ndarray, options: argparse.Namespace) -> np.ndarray:
    from dataclasses import replace

    from glasswf.structure.structure_factor import measure
    from glasswf.trajectory import from_arrays

    n_frames, n_atoms, _ = frames.shape
    box, _ = chosen(n_atoms, options)
    one = from_arrays(np.tile(frames[:1], (2, 1, 1)), [0, 1], box, elements(n_atoms))
    times = np.arange(n_frames)
    boxes = np.tile(box, (n_frames, 1))
    trajectory = replace(one, positions=frames, box_lengths_a=boxes, times_ps=times, steps=times)
    return measure([trajectory], options.k_max, BIN_1_A, options.per_bin, seed=0).partial.mean


def with_dynasor(frames: np.ndarray, options: argparse.Namespace) -> np.ndarray:
    """Its trajectory class reads files only; this one has what compute_static_structure_factors asks for."""
    import dynasor
    from dynasor.trajectory.trajectory_frame import TrajectoryFrame

    n_atoms = frames.shape[1]
    box, vectors = chosen(n_atoms, options)
    names = elements(n_atoms)
    indices = {name: np.flatnonzero(names == name) for name in SHARES}

    class InMemory(SimpleNamespace):
        def __iter__(self) -> Iterator[TrajectoryFrame]:
            for number, frame in enumerate(frames):
                yield TrajectoryFrame(indices, number, frame.astype(float))

    trajectory = InMemory(cell=np.diag(box), atomic_indices=indices, atom_types=list(SHARES), has_positions=True,
                          n_atoms=n_atoms, number_of_frames_read=len(frames))  # fmt: skip
    found = dynasor.compute_static_structure_factors(trajectory, 2 * np.pi * vectors.all_images() / box, 0)
    number = {name: len(each) for name, each in indices.items()}
    norms = [n_atoms / (1 if a == b else 2) / np.sqrt(number[a] * number[b]) for a, b in PAIRS]
    products = [norm * found[f"Sq_{a}_{b}"][:, 0] for (a, b), norm in zip(PAIRS, norms, strict=True)]
    return binned(np.array(products), box, vectors)


def with_dynasor_loop(frames: np.ndarray, options: argparse.Namespace) -> np.ndarray:
    from dynasor.core.reciprocal import calc_rho_q

    n_atoms = frames.shape[1]
    box, vectors = chosen(n_atoms, options)
    names, q = elements(n_atoms), 2 * np.pi * vectors.all_images() / box
    products = 0.0
    for frame in frames.astype(float):
        rho = {name: calc_rho_q(frame[names == name], q) / np.sqrt((names == name).sum()) for name in SHARES}
        products = products + np.array([(rho[a] * rho[b].conj()).real for a, b in PAIRS]) / len(frames)
    return binned(products, box, vectors)


def binned(products: np.ndarray, box: np.ndarray, vectors) -> np.ndarray:
    """Means over bins, each set of mirror images with its weight, as this package takes them."""
    orbits = np.repeat(np.arange(len(vectors.images)), vectors.images)
    place = (vectors.lengths_1_a(box) / BIN_1_A).astype(int)
    total = np.bincount(place, vectors.weights)
    means = [np.bincount(orbits, values) / vectors.images for values in products]
    return np.array([np.bincount(place, vectors.weights * mean)[total > 0] / total[total > 0] for mean in means])


PACKAGES: dict[str, tuple[str, Callable[[np.ndarray, argparse.Namespace], np.ndarray]]] = {
    "glasswf": ("glasswf", with_glasswf),
    "dynasor": ("dynasor", with_dynasor),
    "its loop": ("dynasor", with_dynasor_loop),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="+", default=["3000x10"], help="atoms x frames")
    parser.add_argument("--k_max", type=float, default=12.0, help="1/Å")
    parser.add_argument("--per_bin", type=int, default=150)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--one", nargs=2, metavar=("PACKAGE", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        run_here(options.one[0], Path(options.one[1]), options)
        return
    for size in options.sizes:
        n_atoms, n_frames = (int(number) for number in size.split("x"))
        with tempfile.TemporaryDirectory() as folder:
            compare(Path(folder), n_atoms, n_frames, options)


def run_here(package: str, folder: Path, options: argparse.Namespace) -> None:
    """Time one package in this process; its partials and times go to the folder."""
    warnings.simplefilter("ignore")
    logging.disable()
    function, frames = PACKAGES[package][1], np.load(folder / "frames.npy")
    function(frames[:2], options)  # imports and compiles
    times = []
    for _ in range(options.repeats):
        start = time.process_time()
        partials = function(frames, options)
        times.append(time.process_time() - start)
    np.save(folder / f"{package}.npy", partials)
    (folder / f"{package}.json").write_text(json.dumps(min(times) / len(frames)))


def compare(folder: Path, n_atoms: int, n_frames: int, options: argparse.Namespace) -> None:
    box, vectors = chosen(n_atoms, options)
    frames = np.random.default_rng(0).uniform(0, 1, (n_frames, n_atoms, 3)) * box
    np.save(folder / "frames.npy", frames.astype(np.float32))
    print(
        f"\n{n_atoms} atoms, {n_frames} frames, {vectors.images.sum()} wave vectors below {options.k_max:g} 1/Å; "
        f"CPU time, best of {options.repeats}",
        flush=True,
    )
    for package, (distribution, _) in PACKAGES.items():
        version = version_of(distribution)
        if version is None:
            print(f"{package:9s} not installed")
            continue
        arguments = ["--one", package, str(folder), "--repeats", str(options.repeats)]
        arguments += ["--k_max", str(options.k_max), "--per_bin", str(options.per_bin)]
        subprocess.run([sys.executable, __file__, *arguments], check=True)
        print(line(folder, package, version), flush=True)


def version_of(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "(source)" if distribution == "glasswf" else None


def line(folder: Path, package: str, version: str) -> str:
    ours, theirs = (json.loads((folder / f"{name}.json").read_text()) for name in ("glasswf", package))
    gap = np.abs(np.load(folder / f"{package}.npy") - np.load(folder / "glasswf.npy"))
    return (
        f"{package:9s} {version:9s} {theirs * 1e3:8.1f} ms per frame {theirs / ours:7.1f} x  differs by {gap.max():.1g}"
    )


if __name__ == "__main__":
    main()
