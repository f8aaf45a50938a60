"""The search: one setting after the other, each from the best so far, instead of the product of all."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from glasswf.errors import GlasswfError, LammpsError
from glasswf.tune import accelerators, stages
from glasswf.tune.bench import Bench, relative_error
from glasswf.tune.candidate import Candidate, Row, Targets, fastest, median_error
from glasswf.tune.progress import describe, summary
from glasswf.tune.textbook import TEXTBOOK

_CLOSE = 0.8  # contenders: within this fraction of the fastest of a stage, measured again in turns
_CONTENDERS = 4
_FINALISTS = 3
_NEAR = 0.85  # a force error between this fraction of the target and the target is as near as need be


@dataclass(frozen=True)
class Space:
    """What is tried. dsf: pairs of cutoff (Å) and damping (1/Å); tries: accuracies tried for each setting of PPPM;
    rounds, last_rounds: repetitions of the contenders of a stage, and of the choice beside yardstick and default.
    """

    cutoffs_a: tuple[float, ...] = (6.0, 7.0, 8.0, 9.0)
    orders: tuple[int, ...] = (5, 6)
    skins_a: tuple[float, ...] = (0.5, 0.7, 1.5, 2.0)
    dsf: tuple[tuple[float, float], ...] = ((8.0, 0.25), (10.0, 0.2), (12.0, 0.15))
    timestep_factors: tuple[float, ...] = (0.5, 1.25, 1.5)
    tries: int = 3
    rounds: int = 2
    last_rounds: int = 5
    melt_ps: float = 2.0


SPACE = Space()


def planned(space: Space, cores: int) -> int:
    """Lines of progress that a search tells, roughly."""
    per_setting = (1 + space.tries) / 2
    settings = 2 * len(space.cutoffs_a) + len(space.orders) + 1
    single = (
        len(space.skins_a) + len(space.dsf) + 2 * len(space.timestep_factors) + 2 * len(stages.powers_of_two(cores))
    )
    return round(settings * per_setting) + single + 8


@dataclass(frozen=True)
class Wish:
    """What is asked of the search.

    base: settings to start from. largest_cutoff_a: limit of both cutoffs (Å). fixed: names of the numerical settings
    that are not to be changed. cores: most cores of one run. seconds: time that all of it may take, roughly.
    timestep_suits: whether a timestep (fs) suits the output intervals.
    """

    base: Candidate
    targets: Targets
    largest_cutoff_a: float
    fixed: frozenset[str] = frozenset()
    cores: int = 1
    seconds: float = 600.0
    any_timestep: bool = False
    allow_dsf: bool = False
    timestep_suits: Callable[[float], bool] = lambda timestep_fs: True

    @property
    def only_timestep_fs(self) -> float | None:
        """The only timestep that may be chosen; None for any."""
        return None if self.any_timestep else self.base.timestep_fs


@dataclass
class Search:
    """Measures candidates with `bench` and keeps every row; `tell` gets a line of progress now and then."""

    bench: Bench
    wish: Wish
    tell: Callable[[str], None]
    space: Space = field(default_factory=lambda: SPACE)
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def run(self) -> Row:
        """Go through all stages; the chosen row. Raises GlasswfError if nothing meets the targets."""
        self._prepare()
        for stage in stages.STAGES:
            stage(self)
        finalists = self._finalists()
        self._in_turns(finalists)
        chosen = self._verified()
        if chosen not in finalists:
            self._in_turns([*finalists, chosen])
        self.tell(f"chosen: {describe(chosen.candidate)}: {summary(chosen)}")
        return chosen

    @property
    def textbook(self) -> Row:
        """The yardstick's row."""
        return next(row for row in self.rows if row.candidate.textbook)

    def ratio(self, row: Row, per_time: bool = False) -> tuple[float, float]:
        """Speed over the yardstick's and its standard error, from repetitions in turns; per_time: simulated time."""
        pairs = list(zip(row.speeds, self.textbook.speeds, strict=False))
        factor = row.candidate.timestep_fs / TEXTBOOK.timestep_fs if per_time else 1.0
        ratios = [factor * own / other / row.candidate.cores for own, other in pairs]
        return float(np.median(ratios)), median_error(ratios)

    def _prepare(self) -> None:
        wish, bench = self.wish, self.bench
        self.notes += [f"numerics.{key}: given in the configuration, not changed" for key in sorted(wish.fixed)]
        self.packages, self.version = accelerators.present(bench.engine, bench.folder)
        self.tell(f"melting {bench.point.n_atoms} atoms at {bench.temperature_k:g} K")
        bench.melt(wish.base, self.space.melt_ps)
        self.tell("reference forces")
        self._exact, self.agreement = bench.reference()
        if not self.agreement < 0.1 * wish.targets.force_error:
            raise GlasswfError(
                f"the reference forces are good to {self.agreement:.1e} only, too little for a target of "
                f"{wish.targets.force_error:g}; ask for a larger --force-error"
            )
        self._steps = 40
        rate = bench.speed(wish.base, self._steps)
        self._steps = max(20, round(rate * wish.seconds / 300))
        self._drift_steps = max(200, round(rate * wish.seconds / 30))
        exact, _ = bench.reference(textbook_form=True)
        self.measure(TEXTBOOK, "textbook", exact, steps=max(20, self._steps // 3))
        self.measure(wish.base, "default")

    def measure(self, candidate: Candidate, stage: str, exact: NDArray | None = None, steps: int = 0) -> Row:
        """Row of a candidate, measured once; a candidate that this LAMMPS cannot run is kept with the reason."""
        for row in self.rows:
            if row.candidate == candidate:
                return row
        row = Row(candidate, stage)
        self.rows.append(row)
        try:
            forces, speed = self.bench.forces_and_speed(candidate, steps or self._steps)
            row.force_error, row.force_scatter = relative_error(forces, self._exact if exact is None else exact)
            row.speeds.append(speed)
        except LammpsError as error:
            row.problem = f"does not run: {error}"
        self.tell(f"{stage}: {describe(candidate)}: {summary(row)}")
        return row

    def fastest(self, rows: Iterable[Row]) -> Candidate:
        """The fastest of the rows whose forces are good enough, the contenders timed again in turns; or the base."""
        good = [row for row in rows if row.speeds and row.forces_meet(self.wish.targets)]
        if not good:
            return self.wish.base
        good = sorted(dict.fromkeys(good), key=lambda row: -row.ns_per_core_day)
        close = [row for row in good if row.ns_per_core_day >= _CLOSE * good[0].ns_per_core_day]
        base = self.row(self.wish.base)  # always among them: luck with one repetition must not lose what is known
        contenders = list(dict.fromkeys([*close[:_CONTENDERS], *([base] if base in good else [])]))
        self._again(contenders, self.space.rounds if len(contenders) > 1 else 0)
        return fastest(contenders).candidate

    def vary(self, candidate: Candidate, **changes) -> Candidate:
        """The candidate with other numerical settings, as far as they may be changed."""
        return candidate.with_numerics(**{key: value for key, value in changes.items() if key not in self.wish.fixed})

    def _again(self, rows: list[Row], rounds: int) -> None:
        for _ in range(rounds):
            for row in rows:
                steps = self._steps // 3 if row.candidate.textbook else self._steps
                row.speeds.append(self.bench.speed(row.candidate, max(20, steps)))

    def at_target(self, candidate: Candidate, stage: str) -> list[Row]:
        """Rows of a candidate, its PPPM accuracy changed until the force error is just below the target."""
        rows, target = [], self.wish.targets.force_error
        for _ in range(self.space.tries):
            row = self.measure(candidate, stage)
            rows.append(row)
            error = row.force_error + row.force_scatter
            if row.problem or "kspace_accuracy" in self.wish.fixed or _NEAR * target <= error < target:
                break
            accuracy = min(0.05, candidate.numerics.kspace_accuracy * 0.93 * target / error)
            candidate = candidate.with_numerics(kspace_accuracy=float(f"{accuracy:.2g}"))
        return rows

    def measure_drift(self, row: Row) -> None:
        """Fill in the drift of a row, if it is not known."""
        if row.problem or not math.isnan(row.drift):
            return
        steps = self._drift_steps if not row.candidate.textbook else max(200, self._drift_steps // 10)
        try:
            row.drift, row.drift_err = self.bench.drift(row.candidate, steps)
            if not math.isfinite(row.drift):
                row.problem = "does not conserve energy: it is not finite"
        except LammpsError as error:
            row.problem = f"does not conserve energy: {error}"
        self.tell(f"drift: {describe(row.candidate)}: {summary(row)}")

    def _verified(self) -> Row:
        """The fastest row that meets all targets; drifts are measured from the fastest on, until one passes."""
        wish = self.wish
        only = wish.only_timestep_fs
        for row in (self.row(wish.base), self.textbook):
            self.measure_drift(row)
        while able := self._able():
            chosen = fastest(able)
            if not math.isnan(chosen.drift):
                return chosen
            self.measure_drift(chosen)
        raise GlasswfError(self._nothing(only))

    def _nothing(self, only: float | None) -> str:
        wish = self.wish
        good = [row for row in self.rows if row.forces_meet(wish.targets) and not row.candidate.textbook]
        if not good:
            closest = min((row.force_error for row in self.rows if not row.candidate.textbook), default=math.nan)
            return (
                f"no setting reaches a force error of {wish.targets.force_error:g} (closest: {closest:.2g}); "
                "ask for a larger --force-error"
            )
        least = min((abs(row.drift) + 2 * row.drift_err for row in good if not math.isnan(row.drift)), default=math.nan)
        more = "" if only is None else "--timestep, "
        return (f"no setting has an energy drift shown to be below {wish.targets.drift:g} eV/atom/ps (closest: "
                f"{least:.2g}); give more --seconds, {more}or a larger --drift")  # fmt: skip

    def _able(self) -> list[Row]:
        """Rows that may be chosen, as far as is known."""
        wish = self.wish
        asked = wish.targets, wish.only_timestep_fs, wish.allow_dsf
        return [row for row in self.rows if row.why_not(*asked) in _MAY_YET]

    def _finalists(self) -> list[Row]:
        """Yardstick, default, and the fastest of those that may be chosen."""
        able = sorted(self._able(), key=lambda row: -row.ns_per_core_day)[:_FINALISTS]
        return list(dict.fromkeys([self.textbook, self.row(self.wish.base), *able]))

    def _in_turns(self, rows: list[Row]) -> None:
        """Time the rows anew, side by side, so that their ratios hold whatever else the machine does."""
        self.tell(f"the last {len(rows)} in turns")
        for row in rows:
            row.speeds.clear()
        self._again(rows, self.space.last_rounds)

    def row(self, candidate: Candidate) -> Row:
        """The row of a candidate that was measured."""
        return next(row for row in self.rows if row.candidate == candidate)


_MAY_YET = ("", "drift not measured")
