"""Six partial g(r) of three species: this package beside freud and MDAnalysis.

python benchmarks/pair_correlation.py [--sizes 3000x20] [--r_max 10] [--repeats 3] [--without MDAnalysis]

Random atoms of three species at the density of a sulfide glass, new ones in every frame; from the array in memory to
six curves in bins of 0.02 Å. Every package works in a process of its own, on one core: CPU time per frame without
imports, the best of all repeats. freud is there in two ways, density.RDF called for each pair of species, and one list
of all neighbours sorted out by numpy. MDAnalysis runs InterRDF for each pair, serially. Differences are those of the
six curves beyond 2 Å, absolute; both others hold positions or distances in single precision, so that some distances
fall into the next bin. With --r_max 20 for 3000 atoms, freud took 23 GB and was killed.
"""

import argparse
import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from itertools import combinations_with_replacement
from pathlib import Path

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_variable] = "1"

import numpy as np  # noqa: E402  (the threads must be set before)

SHARES = {"Na": 1 / 3, "S": 1 / 2, "Si": 1 / 6}
PAIRS = tuple(combinations_with_replacement(SHARES, 2))
DENSITY_1_A3 = 0.043
BIN_A = 0.02
FROM_A = 2.0  # closer shells hold no pairs to speak of


def elements(n_atoms: int) -> np.ndarray:
    stops = np.round(np.cumsum([0, *SHARES.values()]) * n_atoms).astype(int)
    return np.repeat(list(SHARES), np.diff(stops))


def with_glasswf(frames: np.ndarray, edge_a: float, r_max_a: float) -> np.ndarray:
    from dataclasses import replace

    from glasswf.structure.pair_correlation import measure
    from glasswf.trajectory import from_arrays

    names = elements(frames.shape[1])
    one = from_arrays(np.tile(frames[:1], (2, 1, 1)), [0, 1], [edge_a] * 3, names)
    boxes, times = np.full((len(frames), 3), edge_a), np.arange(len(frames))
    trajectory = replace(one, positions=frames, box_lengths_a=boxes, times_ps=times, steps=times)
    found = measure([trajectory], r_max_a, BIN_A)
    return np.array([found.g.mean[found.index(*pair)] for pair in PAIRS])


def with_freud(frames: np.ndarray, edge_a: float, r_max_a: float) -> np.ndarray:
    import freud

    freud.set_num_threads(1)
    names, box, n_bins = elements(frames.shape[1]), freud.box.Box.cube(edge_a), round(r_max_a / BIN_A)
    rdfs = {pair: freud.density.RDF(n_bins, r_max_a) for pair in PAIRS}
    for number, frame in enumerate(frames):
        points = {name: frame[names == name] - np.float32(edge_a / 2) for name in SHARES}
        for (a, b), rdf in rdfs.items():
            queries = None if a == b else points[a]
            rdf.compute((box, points[b]), queries, reset=number == 0)
    factor = {name: count / (count - 1) for name, count in zip(*np.unique(names, return_counts=True), strict=True)}
    return np.array([rdf.rdf * (factor[a] if a == b else 1) for (a, b), rdf in rdfs.items()])


def with_freud_neighbours(frames: np.ndarray, edge_a: float, r_max_a: float) -> np.ndarray:
    import freud

    freud.set_num_threads(1)
    names, box, n_bins = elements(frames.shape[1]), freud.box.Box.cube(edge_a), round(r_max_a / BIN_A)
    kinds = np.searchsorted(list(SHARES), names)
    counts = np.zeros(9 * (n_bins + 1))
    for frame in frames:
        points = frame - np.float32(edge_a / 2)
        query = freud.locality.AABBQuery(box, points).query(points, {"r_max": r_max_a, "exclude_ii": True})
        near = query.toNeighborList()
        kind = 3 * kinds[near.query_point_indices] + kinds[near.point_indices]
        bins = np.minimum((near.distances / BIN_A).astype(int), n_bins)
        counts += np.bincount(kind * (n_bins + 1) + bins, minlength=len(counts))
    shells = 4 / 3 * np.pi * np.diff((BIN_A * np.arange(n_bins + 1)) ** 3)
    number = np.bincount(kinds)
    table = counts.reshape(3, 3, n_bins + 1)[..., :n_bins] * edge_a**3 / shells / len(frames)
    index = [[list(SHARES).index(name) for name in pair] for pair in PAIRS]
    return np.array([table[a, b] / (number[a] * (number[b] - (a == b))) for a, b in index])


def with_mdanalysis(frames: np.ndarray, edge_a: float, r_max_a: float) -> np.ndarray:
    import MDAnalysis
    from MDAnalysis.analysis.rdf import InterRDF

    names = elements(frames.shape[1])
    universe = MDAnalysis.Universe.empty(len(names), trajectory=True)
    universe.load_new(frames, order="fac", dimensions=np.array([edge_a] * 3 + [90.0] * 3, dtype=np.float32))
    curves = []
    for a, b in PAIRS:
        groups = [universe.atoms[names == name] for name in (a, b)]
        block = (1, 1) if a == b else None
        rdf = InterRDF(*groups, nbins=round(r_max_a / BIN_A), range=(0, r_max_a), exclusion_block=block).run()
        curves.append(rdf.results.rdf)
    return np.array(curves)


PACKAGES: dict[str, tuple[str, Callable[[np.ndarray, float, float], np.ndarray]]] = {
    "glasswf": ("glasswf", with_glasswf),
    "freud RDF": ("freud-analysis", with_freud),
    "freud list": ("freud-analysis", with_freud_neighbours),
    "MDAnalysis": ("MDAnalysis", with_mdanalysis),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="+", default=["3000x20"], help="atoms x frames")
    parser.add_argument("--r_max", type=float, default=10.0, help="Å")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--without", nargs="*", default=[], choices=list(PACKAGES), help="packages to leave out")
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
    """Time one package in this process; its curves and times go to the folder."""
    warnings.simplefilter("ignore")
    function, frames = PACKAGES[package][1], np.load(folder / "frames.npy")
    edge_a = (frames.shape[1] / DENSITY_1_A3) ** (1 / 3)
    function(frames[:1], edge_a, options.r_max)  # imports and compiles
    times = []
    for _ in range(options.repeats):
        start = time.process_time()
        curves = function(frames, edge_a, options.r_max)
        times.append(time.process_time() - start)
    np.save(folder / f"{package}.npy", curves)
    (folder / f"{package}.json").write_text(json.dumps(min(times) / len(frames)))


def compare(folder: Path, n_atoms: int, n_frames: int, options: argparse.Namespace) -> None:
    edge_a = (n_atoms / DENSITY_1_A3) ** (1 / 3)
    rng = np.random.default_rng(0)
    np.save(folder / "frames.npy", rng.uniform(0, edge_a, (n_frames, n_atoms, 3)).astype(np.float32))
    print(
        f"\n{n_atoms} atoms, {n_frames} frames, r < {options.r_max:g} Å; CPU time, best of {options.repeats}",
        flush=True,
    )
    for package, (distribution, _) in PACKAGES.items():
        if package in options.without:
            continue
        version = version_of(distribution)
        if version is None:
            print(f"{package:11s} not installed")
            continue
        arguments = ["--one", package, str(folder), "--repeats", str(options.repeats), "--r_max", str(options.r_max)]
        subprocess.run([sys.executable, __file__, *arguments], check=True)
        print(line(folder, package, version), flush=True)


def version_of(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "(source)" if distribution == "glasswf" else None


def line(folder: Path, package: str, version: str) -> str:
    ours, theirs = (json.loads((folder / f"{name}.json").read_text()) for name in ("glasswf", package))
    gap = np.abs(np.load(folder / f"{package}.npy") - np.load(folder / "glasswf.npy"))[:, round(FROM_A / BIN_A) :]
    return (
        f"{package:11s} {version:9s} {theirs * 1e3:8.2f} ms per frame {theirs / ours:7.1f} x"
        f"  differs by {gap.max():.1g} at most, {gap.mean():.1g} on average"
    )


if __name__ == "__main__":
    main()
