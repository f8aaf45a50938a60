"""Averages over replicas and blocks of frames, and the errors of anything computed from them (jackknife)."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from glasswf.transport.uncertainty import half_width

N_BLOCKS = 5


@dataclass(frozen=True, eq=False)
class Sampled:
    """An observable as averaged over each block of each replica.

    values: (n_replicas, n_blocks, ...). All blocks of a replica are of the same length, up to one frame; replicas
    count alike.
    """

    values: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        """Mean over replicas and blocks (...)."""
        return self.values.mean(axis=(0, 1))

    @property
    def error(self) -> np.ndarray:
        """Half-width of the 68.3 % interval of the mean (...); NaN for one replica of one block."""
        return derived(lambda mean: mean, self)[1]


def block_slices(n_frames: int, n_blocks: int = N_BLOCKS) -> list[slice]:
    """Consecutive blocks that together hold every frame; no more blocks than frames."""
    edges = np.linspace(0, n_frames, min(n_blocks, n_frames) + 1).round().astype(int)
    return [slice(int(start), int(stop)) for start, stop in pairwise(edges)]


def derived(function: Callable[..., np.ndarray], *samples: Sampled) -> tuple[np.ndarray, np.ndarray]:
    """`function` of the means, and the half-width of its 68.3 % interval (Student-t).

    The function takes the means of the samples (all with the same replicas and blocks) and returns a number or an
    array, NaN where there is no answer. Jackknife over blocks and, where there are replicas, over replicas; the larger
    counts, because the frames of a glass say little about another glass.
    """
    value = np.asarray(function(*(sample.mean for sample in samples)), dtype=float)
    stacks = [sample.values for sample in samples]
    n_replicas = len(stacks[0])
    ways = [[stack.reshape(-1, *stack.shape[2:]) for stack in stacks]]
    if n_replicas > 1:
        ways.append([stack.mean(axis=1) for stack in stacks])
    errors = [_jackknife(function, parts) for parts in ways if len(parts[0]) > 1]
    if not errors:
        return value, np.full(value.shape, np.nan)
    with np.errstate(invalid="ignore"):
        return value, np.fmax.reduce(errors)


def _jackknife(function: Callable[..., np.ndarray], parts: list[np.ndarray]) -> np.ndarray:
    count = len(parts[0])
    totals = [part.sum(axis=0) for part in parts]
    left_out = np.array([
        function(*((total - part[i]) / (count - 1) for total, part in zip(totals, parts, strict=True)))
        for i in range(count)
    ], dtype=float)  # fmt: skip
    variance = (count - 1) * ((left_out - left_out.mean(axis=0)) ** 2).mean(axis=0)
    return half_width(1.0, count - 1) * np.sqrt(variance)
