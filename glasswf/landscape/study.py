"""Averages over random landscapes, each sample reproducible from the seed, its number and nothing else."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from glasswf.landscape.model import Glass, activation_energy, conductivities
from glasswf.transport.uncertainty import student_error

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Average:
    """Mean over samples, the half-width of its 68 % interval, and the standard deviation of a single sample."""

    mean: float
    error: float
    deviation: float
    n_samples: int


def activation_energies(
    glasses: Sequence[Glass],
    size: int,
    n_samples: int,
    seed: int,
    *,
    processes: int = 1,
    progress: Progress | None = None,
) -> list[Average]:
    """E_a (eV) of every glass. Sample k of every glass has the same random numbers: differences are known better."""
    values = _spread(_one_activation, glasses, size, n_samples, seed, processes, progress)
    return [average(row) for row in values]


def conductivity_averages(
    glasses: Sequence[Glass],
    temperatures_k: Sequence[float],
    size: int,
    n_samples: int,
    seed: int,
    *,
    processes: int = 1,
    progress: Progress | None = None,
) -> list[list[Average]]:
    """σ_dc (S/cm) of every glass at every temperature."""  # fmt: skip
    task = partial(_one_conductivity, temperatures_k=list(temperatures_k))
    values = _spread(task, glasses, size, n_samples, seed, processes, progress)
    return [[average(column) for column in np.transpose(row)] for row in values]


def average(values: Sequence[float]) -> Average:
    """Mean of independent samples with its error; a single one has neither error nor deviation."""
    values = np.asarray(values, dtype=float)
    if len(values) < 2:
        return Average(float(values[0]), np.nan, np.nan, 1)
    return Average(float(values.mean()), student_error(values)[0], float(values.std(ddof=1)), len(values))


def _spread(
    task: Callable,
    glasses: Sequence[Glass],
    size: int,
    n_samples: int,
    seed: int,
    processes: int,
    progress: Progress | None,
) -> list[list]:
    """task(job) for every sample of every glass, over processes, in order."""  # fmt: skip
    jobs = [(glass, size, seed, sample) for glass in glasses for sample in range(n_samples)]
    found = []
    for done, value in enumerate(mapped(task, jobs, processes), start=1):
        found.append(value)
        if progress:
            progress(done, len(jobs))
    return [found[start : start + n_samples] for start in range(0, len(found), n_samples)]


def mapped(task: Callable, jobs: Sequence, processes: int) -> Iterable:
    """task(job) of every job in order, over processes."""
    if processes <= 1:
        yield from map(task, jobs)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(task, jobs, chunksize=max(1, len(jobs) // (8 * processes)))


def sample(job: tuple) -> tuple:
    """Glass and landscape of a job (glass, size, seed, number): always the same for the same job."""
    glass, size, seed, number = job
    return glass, glass.landscape(size, np.random.SeedSequence([seed, number]))


def _one_activation(job: tuple) -> float:
    return activation_energy(*sample(job))


def _one_conductivity(job: tuple, temperatures_k: list[float]) -> np.ndarray:
    return conductivities(*sample(job), temperatures_k)
