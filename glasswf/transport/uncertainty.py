"""Standard errors of a mean over replicas and blocks, and the half-width of its 68 % interval."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import special

ONE_SIGMA = special.ndtr(1.0)  # one-sided: the interval of ± 1 error holds 68.3 %

# With this many replicas their scatter alone is trusted.
_ENOUGH_REPLICAS = 6
# Replicas that differ more than their blocks explain (F test at this level, Bancroft 1964) are not pooled.
_POOLING_LEVEL = 0.1


@dataclass(frozen=True)
class Estimate:
    """A value with the half-width of its 68.3 % confidence interval (Student-t), and where that came from."""

    value: float | None
    error: float | None
    dof: float
    method: str


def scaled(estimate: Estimate | None, factor: float) -> Estimate | None:
    """The estimate, if there is one, times a positive number."""
    return estimate and replace(estimate, value=estimate.value * factor, error=estimate.error * factor)


def replicas_suffice(n_replicas: int) -> bool:
    """Whether the scatter of this many replicas is trusted alone, so that no blocks are needed."""
    return n_replicas >= _ENOUGH_REPLICAS


def mean_error(blocks: np.ndarray, replicas: np.ndarray, origins_kept: float = 1.0) -> tuple[float, int, str]:
    """Half-width of the 68.3 % interval of the mean over replicas; degrees of freedom; method in words.

    blocks: (n_replicas, n_blocks) values from disjoint stretches of each replica. replicas: (n_replicas,) values from
    the whole of each. origins_kept: time origins in all blocks over those in the whole runs; the mean over whole runs
    is more certain by its square root.

    Many replicas speak for themselves. A few are pooled with their blocks unless they differ more than the blocks
    explain (analysis of variance); one has its blocks alone.
    """
    n_replicas, n_blocks = blocks.shape
    if replicas_suffice(n_replicas) or (n_replicas > 1 and _replicas_differ(blocks)):
        return *student_error(replicas), f"{n_replicas} replicas"
    error, dof = student_error(blocks.ravel())
    return float(error * np.sqrt(origins_kept)), dof, f"{n_replicas} x {n_blocks} blocks"


def half_width(standard_error: float, dof: float) -> float:
    """Half-width of the 68.3 % interval for a standard error known with `dof` degrees of freedom."""
    return float(special.stdtrit(dof, ONE_SIGMA) * standard_error)


def student_error(values: np.ndarray) -> tuple[float, int]:
    """Half-width of the 68.3 % interval of the mean of independent values (n,), and its degrees of freedom."""
    return float(student_errors(values)), len(values) - 1


def student_errors(values: np.ndarray) -> np.ndarray:
    """The same half-width for each column of values (n, ...)."""
    count = len(values)
    return special.stdtrit(count - 1, ONE_SIGMA) * values.std(axis=0, ddof=1) / np.sqrt(count)


def errors_over_replicas(values: np.ndarray) -> tuple[float | None, ...]:
    """The same for curves (n_replicas, n) of all replicas, None everywhere for a single one."""
    return tuple(student_errors(values).tolist()) if len(values) > 1 else (None,) * values.shape[1]


def _replicas_differ(blocks: np.ndarray) -> bool:
    n_replicas, n_blocks = blocks.shape
    within = blocks.var(axis=1, ddof=1).mean()
    between = n_blocks * blocks.mean(axis=1).var(ddof=1)
    return bool(between > within * special.fdtri(n_replicas - 1, n_replicas * (n_blocks - 1), 1 - _POOLING_LEVEL))
