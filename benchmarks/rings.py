"""Shortest-path rings: this package beside matscipy.

python benchmarks/rings.py [--sizes 512 1000 4096] [--largest 11] [--repeats 5]

Two networks of formers in a periodic box: diamond, and random points linked to all within a distance, 3.5 on average.
From positions to the number of rings of each size, neighbour search included. On one core: CPU time, the best of all
repeats, taken in turn. matscipy's own function searches for the rings twice: its parts are called once here. It takes
distances along links through the box as well, so that counts may differ where rings are nearly as long as the box.
"""

import argparse
import importlib.metadata
import os
import time
import warnings
from collections.abc import Callable

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_variable] = "1"

import numpy as np  # noqa: E402  (the threads must be set before)

from glasswf.structure.frame_bonds import FrameBonds, images_of  # noqa: E402
from glasswf.structure.neighbours import bonds  # noqa: E402
from glasswf.structure.rings import count  # noqa: E402

LINK_A, MEAN_LINKS = 3.5, 3.5
Network = tuple[np.ndarray, np.ndarray]  # positions (n, 3), box (3,)


def diamond(n_atoms: int) -> Network:
    repeats = round((n_atoms / 8) ** (1 / 3))
    corner = np.array([[0, 0, 0], [0, 2, 2], [2, 0, 2], [2, 2, 0]])
    cells = np.stack(np.meshgrid(*[np.arange(repeats)] * 3, indexing="ij"), axis=-1).reshape(-1, 1, 3)
    edge = LINK_A * 0.98 * 4 / np.sqrt(3)
    return ((cells + np.concatenate([corner, corner + 1]) / 4) * edge).reshape(-1, 3), np.full(3, edge * repeats)


def random_points(n_atoms: int) -> Network:
    edge = (n_atoms * 4 / 3 * np.pi * LINK_A**3 / MEAN_LINKS) ** (1 / 3)
    return np.random.default_rng(0).uniform(0, edge, (n_atoms, 3)), np.full(3, edge)


def with_glasswf(network: Network, largest: int) -> np.ndarray:
    positions, box = network
    first, second, vectors = bonds(positions, positions, box, LINK_A)
    once = first < second
    first, second, vectors = first[once], second[once], vectors[once]
    former, images = np.stack([first, second], axis=1), np.zeros((len(first), 2, 3), dtype=int)
    images[:, 1] = -images_of(positions[first], positions[second], vectors, box)
    anion = np.repeat(np.arange(len(first)), 2)
    bonded = FrameBonds(former.ravel(), anion, np.ones(len(anion)), images.reshape(-1, 3), len(positions), len(first))
    return count(bonded.links, largest)


def with_matscipy(network: Network, largest: int) -> np.ndarray:
    import ase
    from matscipy.ffi import distances_on_graph, find_sp_rings
    from matscipy.neighbours import neighbour_list

    positions, box = network
    atoms = ase.Atoms("Si" * len(positions), positions=positions, cell=box, pbc=True)
    first, second, vectors = neighbour_list("ijD", atoms, LINK_A)
    found = find_sp_rings(first, second, vectors, distances_on_graph(first, second), largest)
    return np.append(found, np.zeros(largest + 1 - len(found)))


PACKAGES: dict[str, Callable[[Network, int], np.ndarray]] = {"glasswf": with_glasswf, "matscipy": with_matscipy}
NETWORKS = {"diamond": diamond, "random points": random_points}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[512, 1000, 4096], help="formers")
    parser.add_argument("--largest", type=int, default=11, help="odd: matscipy leaves out an even one")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    print(f"matscipy {importlib.metadata.version('matscipy')}, rings up to {options.largest}, CPU time")
    for function in PACKAGES.values():
        function(diamond(64), options.largest)  # imports and compiles
    for name, make in NETWORKS.items():
        for size in options.sizes:
            compare(name, make(size), options)


def compare(name: str, network: Network, options: argparse.Namespace) -> None:
    seconds: dict[str, list[float]] = {package: [] for package in PACKAGES}
    found = {}
    for _ in range(options.repeats):
        for package, function in PACKAGES.items():
            start = time.process_time()
            found[package] = function(network, options.largest)
            seconds[package].append(time.process_time() - start)
    ours, theirs = min(seconds["glasswf"]), min(seconds["matscipy"])
    gap = np.abs(found["glasswf"] - found["matscipy"]).max()
    print(f"{name:14s} {len(network[0]):6d} formers: glasswf {1e3 * ours:8.1f} ms, matscipy {1e3 * theirs:9.1f} ms,"
          f" {theirs / ours:5.1f} x, {found['glasswf'].sum():.0f} rings, counts differ by {gap:.0f} at most",
          flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
