"""Conductivity from kinetic Monte Carlo, beside that of the network of conductances of the very same landscapes."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from glasswf.landscape import network
from glasswf.landscape.kirchhoff import flow
from glasswf.landscape.kmc import simulate
from glasswf.landscape.lattice import Landscape
from glasswf.landscape.model import Glass, log_unit
from glasswf.landscape.occupation import beta, fermi_level
from glasswf.landscape.study import Average, Progress, average, mapped, sample
from glasswf.transport.msd import collective_msd

_AXES = ((0, 1, 2), (1, 2, 0), (2, 0, 1))
_SPREAD = 0.02  # a² per ion between frames, by the network's estimate: fine enough for the slope, far enough apart
_LAGS = slice(5, 40)  # frames: beyond the first jumps back
_REPEATED = 3
_BURN_IN = 0.1  # of the run


def compare(
    glass: Glass,
    temperatures_k: Sequence[float],
    size: int,
    n_samples: int,
    n_frames: int,
    seed: int,
    *,
    processes: int = 1,
    progress: Progress | None = None,
) -> dict[str, list[Average]]:
    """σ (S/cm) at each temperature by kinetic Monte Carlo ("kmc") and of the network ("network"), same samples."""
    jobs = [(glass, size, seed, number) for number in range(n_samples)]
    task = partial(_both, temperatures_k=list(temperatures_k), n_frames=n_frames)
    found = []
    for done, values in enumerate(mapped(task, jobs, processes), start=1):
        found.append(values)
        if progress:
            progress(done, len(jobs))
    by_kind = np.transpose(found, (1, 2, 0))  # kind, temperature, sample
    return {kind: [average(row) for row in rows] for kind, rows in zip(("kmc", "network"), by_kind, strict=True)}


def network_conductivity(glass: Glass, landscape: Landscape, temperature_k: float) -> float:
    """σ (S/cm) of the network, averaged over the three directions of the field, as a walk has none.

    The sample is repeated periodically: the electrodes of a single one would tie whole planes of it together.
    """
    energies = landscape.energies(glass.v0_ev, glass.sigma)
    mu = fermi_level(energies, landscape.n_ions, temperature_k)
    grid = np.tile(energies.reshape((landscape.size,) * 3), (_REPEATED,) * 3)
    size = len(grid)
    logs = []
    for axes in _AXES:
        turned = grid.transpose(axes).ravel()
        links = network.links(np.isfinite(turned), size)
        logs.append(
            flow(links, network.log_conductances(turned, links, mu, glass.u0_ev, temperature_k)).log_conductance
        )
    return float(np.mean(np.exp(np.array(logs) - np.log(size) + log_unit(glass, temperature_k))))


def walk_conductivity(glass: Glass, landscape: Landscape, temperature_k: float, guess: float, n_frames: int) -> float:
    """σ = n q² D/(k_B T) in S/cm from the slope of the collective displacement.

    guess: σ (S/cm) that sets the time between frames. n_frames: length of the run.
    """
    unit = np.exp(
        log_unit(glass, temperature_k) - beta(temperature_k) * glass.u0_ev
    )  # one ion per site, D = a² ν e^{-βu0}
    density = landscape.n_ions / landscape.size**3
    interval = _SPREAD * unit * density / guess
    walk = simulate(
        landscape.energies(glass.v0_ev, glass.sigma), landscape.size, landscape.n_ions, temperature_k, interval,
        n_frames, seed=n_frames, burn_in=_BURN_IN * n_frames * interval,
    )  # fmt: skip
    moved = collective_msd(walk.positions.sum(axis=1).astype(float), _LAGS.stop)[_LAGS]
    slope = np.polyfit(interval * np.arange(_LAGS.start, _LAGS.stop), moved, 1)[0]
    return float(slope / 6 / landscape.n_ions * density * unit)


def _both(job: tuple, temperatures_k: list[float], n_frames: int) -> list[list[float]]:
    glass, landscape = sample(job)
    networks = [network_conductivity(glass, landscape, temperature) for temperature in temperatures_k]
    walks = [walk_conductivity(glass, landscape, temperature, guess, n_frames)
             for temperature, guess in zip(temperatures_k, networks, strict=True)]  # fmt: skip
    return [walks, networks]
