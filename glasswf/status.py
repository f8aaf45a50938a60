"""How far a scan is: every run done, running, failed, interrupted or waiting, and the time that is left."""

import fcntl
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from glasswf import cost
from glasswf.errors import AnalysisError
from glasswf.lammps import log
from glasswf.lammps.progress import last_step
from glasswf.lammps.workspace import Workspace
from glasswf.plan import Plan, Run
from glasswf.results import read_json

STATES = ("done", "running", "failed", "interrupted", "waiting")


@dataclass(frozen=True)
class RunStatus:
    """One run: its state (one of STATES), the fraction of its steps done, and why it failed."""

    system: str
    label: str
    replica: int
    run: str
    state: str
    fraction: float
    message: str = ""


@dataclass(frozen=True)
class Status:
    """All runs of a plan. core_hours_left: at the rate of the runs finished here, or a stated one (glasswf.cost)."""

    runs: tuple[RunStatus, ...]
    core_hours_left: float

    def count(self, state: str) -> int:
        """Number of runs in a state."""
        return sum(each.state == state for each in self.runs)


def survey(plan: Plan, folder: Path) -> Status:
    """State of every run that LAMMPS does, from what is in the working folder alone; nothing is changed."""
    runs = tuple(_status(run, folder) for run in plan.md_runs)
    rate = cost.estimate(plan, folder).rate
    left = sum(cost.atom_steps(run) * (1 - each.fraction) for run, each in zip(plan.md_runs, runs, strict=True))
    return Status(runs, left / rate / 3600)


def text(found: Status, cores: int) -> list[str]:
    """A line per state point, the failures in full, and a summary."""
    points = list(dict.fromkeys((each.system, each.label) for each in found.runs))
    width = max((len(f"{system} {label}") for system, label in points), default=0)
    lines = [_point_line(f"{system} {label}".ljust(width), [each for each in found.runs if
                                                            (each.system, each.label) == (system, label)])
             for system, label in points]  # fmt: skip
    lines += [f"failed: {each.system} {each.label} r{each.replica} {each.run}: {each.message}"
              for each in found.runs if each.state == "failed"]  # fmt: skip
    counts = ", ".join(f"{number} {state}" for state in STATES if (number := found.count(state)))
    hours = found.core_hours_left / cores
    left = f"; some {_duration(hours)} left on {cores} cores" if found.core_hours_left else ""
    return [*lines, f"{len(found.runs)} runs: {counts}{left}"]


def _status(run: Run, folder: Path) -> RunStatus:
    state, fraction, message = _state(run, folder)
    spec = run.spec
    return RunStatus(spec["system"], spec["label"], spec["replica"], spec["run"], state, fraction, message)


def _state(run: Run, folder: Path) -> tuple[str, float, str]:
    place = folder / run.folder
    if not _same(folder / run.spec_file, run.spec):
        return "waiting", 0.0, ""
    if (place / "record.json").is_file():
        return "done", 1.0, ""
    logs = Workspace(place, run.spec).logs
    if not logs:
        return "waiting", 0.0, ""
    fraction = (last_step(logs[-1]) or 0) / run.spec["segments"][-1]["stop_step"]
    if _locked(place / "run.lock"):
        return "running", fraction, ""
    if log.failed(logs[-1]):
        return "failed", fraction, str(log.failure(logs[-1]))
    return "interrupted", fraction, ""


def _same(path: Path, spec: dict) -> bool:
    """Whether what is there was made for this specification and not for an earlier configuration."""
    try:
        return read_json(path) == spec
    except (OSError, AnalysisError):
        return False


def _locked(path: Path) -> bool:
    """Whether a process holds the run's lock."""
    try:
        with path.open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _point_line(name: str, runs: Iterable[RunStatus]) -> str:
    runs = list(runs)
    parts = []
    for kind in dict.fromkeys(each.run for each in runs):
        mine = [each for each in runs if each.run == kind]
        done = sum(each.state == "done" for each in mine)
        others = [f"{each.state} {100 * each.fraction:.0f} %" for each in mine if each.state not in ("done", "waiting")]
        parts.append(f"{kind} {done}/{len(mine)}" + (f" ({', '.join(others)})" if others else ""))
    return f"{name}  {'  '.join(parts)}"


def _duration(hours: float) -> str:
    if hours < 1:
        return f"{60 * hours:.0f} min"
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} days"
