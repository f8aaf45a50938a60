"""The site-energy landscape: seconds, memory and accuracy of percolation barriers and of Kirchhoff's equations.

python benchmarks/landscape.py [--sizes 35 100] [--landscapes 20] [--temperatures 303 563]

The lithium series at x = 0.4 (V0 = 0.64 eV, sigma = 0.42, u0 = 0.064 eV), on one core, every part in a process of its
own: wall time without imports and without the first compilation, and the largest memory resident. Three parts:
barriers of landscapes of 100^3 sites; Kirchhoff's equations with this package; the same with
scipy.sparse.linalg.spsolve (SuperLU, the electrodes joined to one node each, conductances relative to the largest), on
lattices of 12^3, 20^3 and 35^3. Errors are those of ln G against exact Kron reduction, where that is possible.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
import warnings

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_variable] = "1"

import numpy as np  # noqa: E402  (the threads must be set before)

X, Y, V0_EV, SIGMA, U0_EV = 0.4, 0.33, 0.64, 0.42, 0.064
LARGEST_EXACT = 20
SIZES_SPSOLVE = (12, 20, 35)


def glass():
    from glasswf.landscape.model import Glass
    from glasswf.landscape.units import fractions

    return Glass(fractions(X, Y), V0_EV, SIGMA, U0_EV)


def conductances(size: int, temperature_k: float) -> tuple:
    """Network of a random landscape and ln of its conductances."""
    from glasswf.landscape import network
    from glasswf.landscape.occupation import fermi_level

    sample = glass().landscape(size, 1)
    energies = sample.energies(V0_EV, SIGMA)
    links = network.links(sample.accessible, size)
    mu = fermi_level(energies, sample.n_ions, temperature_k)
    return links, network.log_conductances(energies, links, mu, U0_EV, temperature_k)


def barriers(size: int, count: int) -> dict:
    """Landscapes with their critical barriers."""
    from glasswf.landscape.model import activation_energy

    activation_energy(glass(), glass().landscape(6, 0))
    start = time.perf_counter()
    found = [activation_energy(glass(), glass().landscape(size, seed)) for seed in range(count)]
    return {"seconds": time.perf_counter() - start, "mean_ev": np.mean(found), "deviation_ev": np.std(found, ddof=1)}


def kirchhoff(size: int, temperature_k: float) -> dict:
    """One network solved by this package."""
    from glasswf.landscape.kirchhoff import exact_log_conductance, flow

    flow(*conductances(6, temperature_k))
    links, logs = conductances(size, temperature_k)
    start = time.perf_counter()
    found = flow(links, logs)
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "decades": np.ptp(logs) / np.log(10),
        "balance": abs(found.current_in / found.current_out - 1),
        "imbalance": found.imbalance,
        "error": abs(found.log_conductance - exact_log_conductance(links, logs)) if size <= LARGEST_EXACT else None,
    }


def direct(size: int, temperature_k: float) -> dict:
    """The same network by a direct sparse solver in double precision."""
    from glasswf.landscape.kirchhoff import exact_log_conductance

    links, logs = conductances(size, temperature_k)
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        into, out = currents(links, np.exp(logs - logs.max()))
    seconds = time.perf_counter() - start
    reference = exact_log_conductance(links, logs) - logs.max() if size <= LARGEST_EXACT else None
    return {
        "seconds": seconds,
        "balance": abs(into / out - 1) if out else None,
        "error": abs(into / np.exp(reference) - 1) if reference is not None else None,
    }


def currents(links, conductances: np.ndarray) -> tuple[float, float]:
    """Current in and out at unit voltage, of the nodes joined to both electrodes."""
    from scipy.sparse import coo_array, csc_array, diags_array
    from scipy.sparse.csgraph import connected_components
    from scipy.sparse.linalg import spsolve

    one = coo_array((conductances, (links.start, links.end)), shape=(links.n_nodes, links.n_nodes))
    both = (one + one.T).tocsr()
    labels = connected_components(both, directed=False)[1]
    free = np.flatnonzero(labels == labels[links.source])
    free = free[(free != links.source) & (free != links.sink)]
    fed = both[:, [links.source]].toarray()[free, 0]
    matrix = csc_array(diags_array(both.sum(axis=1)) - both)[free][:, free]
    potentials = spsolve(csc_array(matrix), fed)
    drained = both[:, [links.sink]].toarray()[free, 0]
    return float(fed @ (1 - potentials)), float(drained @ potentials)


PARTS = {"barriers": barriers, "kirchhoff": kirchhoff, "direct": direct}


def measured(part: str, *arguments: float) -> dict:
    """Run one part in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--part", part, *map(str, arguments)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def run_part(part: str, size: str, argument: str) -> None:
    found = PARTS[part](int(size), int(argument) if part == "barriers" else float(argument))
    found["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({key: value if value is None else float(value) for key, value in found.items()}))


def shown(found: dict) -> str:
    return "  ".join(f"{key} {'-' if value is None else format(value, '.3g')}" for key, value in found.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[12, 20, 35, 100])
    parser.add_argument("--landscapes", type=int, default=20)
    parser.add_argument("--temperatures", type=float, nargs="+", default=[303.0, 563.0])
    parser.add_argument("--part", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        run_part(*options.part)
        return
    print(f"{options.landscapes} barriers, 100^3:", shown(measured("barriers", 100, options.landscapes)), flush=True)
    for part, sizes in (("kirchhoff", options.sizes), ("direct", SIZES_SPSOLVE)):
        for size in sizes:
            for temperature in options.temperatures:
                print(f"{part} {size}^3, {temperature:g} K:", shown(measured(part, size, temperature)), flush=True)


if __name__ == "__main__":
    main()
