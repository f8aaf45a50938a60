"""Candidates, what was measured of each, and the choice among them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from glasswf.lammps.numerics import Numerics

FS_PER_NS = 1e6
SECONDS_PER_DAY = 86400.0
_EQUAL = 0.01  # speeds closer than this are one speed


@dataclass(frozen=True)
class Candidate:
    """One way to run the dynamics. options: of an accelerator; textbook: with the yardstick's angle term."""

    numerics: Numerics
    timestep_fs: float
    options: str = ""
    tasks: int = 1
    threads: int = 1
    textbook: bool = False

    @property
    def cores(self) -> int:
        """Cores that it occupies."""
        return self.tasks * self.threads

    @property
    def is_dsf(self) -> bool:
        """Whether its Coulomb term is damped and shifted, not an Ewald sum."""
        return self.numerics.dsf_alpha_per_a is not None

    def with_numerics(self, **changes) -> "Candidate":
        """The same with other numerical settings."""
        return replace(self, numerics=replace(self.numerics, **changes))


@dataclass(frozen=True)
class Targets:
    """What a choice must meet: relative RMS force error, and |drift| of the energy in NVE (eV/atom/ps)."""

    force_error: float = 1e-3
    drift: float = 1e-4


@dataclass(eq=False)
class Row:
    """Measurements of one candidate.

    speeds: steps per second of the time the machine gave to LAMMPS, one per repetition. force_error, force_scatter:
    relative RMS force error over all snapshots, and its standard deviation over them. drift, drift_err: eV/atom/ps.
    """

    candidate: Candidate
    stage: str
    force_error: float = math.nan
    force_scatter: float = math.nan
    speeds: list[float] = field(default_factory=list)
    drift: float = math.nan
    drift_err: float = math.nan
    problem: str = ""

    @property
    def steps_per_s(self) -> float:
        """Median speed, which bursts of other work disturb less than the mean; NaN if not timed."""
        return float(np.median(self.speeds)) if self.speeds else math.nan

    @property
    def steps_per_s_err(self) -> float:
        """Standard error of the speed; NaN below two repetitions."""
        return median_error(self.speeds)

    @property
    def ns_per_core_day(self) -> float:
        """Simulated time per core and day."""
        return self.steps_per_s * self.candidate.timestep_fs / FS_PER_NS * SECONDS_PER_DAY / self.candidate.cores

    def forces_meet(self, targets: Targets) -> bool:
        """Whether the force error, with the standard deviation over snapshots on top, is below its target."""
        return self.force_error + np.nan_to_num(self.force_scatter) < targets.force_error

    def drift_meets(self, targets: Targets) -> bool:
        """Whether the drift is shown to be below its target: with two standard errors on top; unknown is not."""
        return abs(self.drift) + 2 * self.drift_err < targets.drift

    def why_not(self, targets: Targets, timestep_fs: float | None, allow_dsf: bool) -> str:
        """Why it cannot be chosen, in a few words; empty if it can. timestep_fs: the only one allowed, or None."""
        if self.problem:
            return self.problem
        if self.candidate.textbook:
            return "yardstick"
        if self.candidate.is_dsf and not allow_dsf:
            return "damped shifted force, needs --allow-dsf"
        if not (self.candidate.is_dsf or self.forces_meet(targets)):
            return "force error"
        if timestep_fs is not None and self.candidate.timestep_fs != timestep_fs:
            return "another timestep, needs --timestep"
        if not self.speeds:
            return "not timed"
        if math.isnan(self.drift):
            return "drift not measured"
        return "" if self.drift_meets(targets) else "drift"


def median_error(values: list[float]) -> float:
    """Standard error of the median of a few values, as for a normal distribution; NaN below two."""
    n = len(values)
    return float(1.2533 * np.std(values, ddof=1) / math.sqrt(n)) if n > 1 else math.nan


def fastest(rows: Iterable[Row]) -> Row | None:
    """The timed row with the most simulated time per core; of those less than 1 % behind, the most accurate."""
    timed = [row for row in rows if row.speeds]
    if not timed:
        return None
    limit = (1 - _EQUAL) * max(row.ns_per_core_day for row in timed)
    return min((row for row in timed if row.ns_per_core_day >= limit), key=lambda row: row.force_error)
