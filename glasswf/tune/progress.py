"""Progress of a search for people: what was measured, since when, and the time left."""

import math
import sys
import time
from typing import TextIO

from glasswf.tune.candidate import Candidate, Row


class Countdown:
    """Prints each line that it is given, with the time since the start and an estimate of the time left."""

    def __init__(self, lines: int, stream: TextIO | None = None) -> None:
        self._planned, self._told = lines, 0
        self._stream = stream or sys.stderr
        self._started = time.monotonic()

    def __call__(self, line: str) -> None:
        """Print a line."""
        passed = time.monotonic() - self._started
        left = passed / self._told * max(1, self._planned - self._told) if self._told > 2 else None
        self._told += 1
        tail = f", about {_clock(left)} left" if left is not None else ""
        print(f"[{_clock(passed)}{tail}] {line}", file=self._stream, flush=True)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def describe(candidate: Candidate) -> str:
    """A candidate in a few words."""
    numerics = candidate.numerics
    reach = f"/{numerics.buckingham_cutoff_a:g}" if numerics.buckingham_cutoff_a else ""
    cutoff = f"{numerics.cutoff_a:g}{reach} Å" if numerics.cutoff_a else "own cutoff"
    mesh = f"PPPM {numerics.kspace_accuracy:g} order {numerics.kspace_order} {numerics.kspace_diff}"
    coulomb = f"DSF {numerics.dsf_alpha_per_a:g}/Å" if candidate.is_dsf else mesh
    cores = f"{candidate.tasks}x{candidate.threads}"
    parts = [cutoff, coulomb, f"skin {numerics.skin_a:g} Å", f"{candidate.timestep_fs:g} fs", candidate.options, cores]
    return ("textbook, " if candidate.textbook else "") + ", ".join(part for part in parts if part)


def summary(row: Row) -> str:
    """What is known of a row, in a few words."""
    if row.problem:
        return row.problem
    parts = [f"force error {row.force_error:.2e}", f"{row.steps_per_s:.3g} steps/s"]
    if not math.isnan(row.drift):
        parts.append(f"drift {row.drift:.1e} ± {row.drift_err:.1e} eV/atom/ps")
    return ", ".join(parts)
