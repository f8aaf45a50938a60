"""What a plan costs: core-hours and disk per stage, at the rate of the runs finished here or a stated one."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from glasswf.errors import AnalysisError
from glasswf.lammps.workspace import frames_expected
from glasswf.plan import CORE_RATE, Plan, Run
from glasswf.results import read_json

# Bytes per atom and frame of a dump with ids, types, elements and positions; each further column some seven.
_BYTES = {"zstd": 15.0, "gzip": 16.0, "none": 42.0}
_BYTES_PER_COLUMN = {"zstd": 3.0, "gzip": 3.0, "none": 8.0}
_COLUMNS = {"charges": 1, "velocities": 3, "images": 3}
MONTH_H = 730.0


@dataclass(frozen=True)
class Cost:
    """Of one kind of run: how many of them, how many are done, core-hours of those that are not, bytes of all dumps."""

    stage: str
    runs: int
    done: int
    core_hours: float
    dump_bytes: float


@dataclass(frozen=True)
class Estimate:
    """Costs by stage. rate: atom-steps per second and core; measured_on: number of finished runs it comes from."""

    stages: tuple[Cost, ...]
    rate: float
    measured_on: int

    @property
    def core_hours(self) -> float:
        """Of everything that is not done yet."""
        return sum(each.core_hours for each in self.stages)

    @property
    def dump_bytes(self) -> float:
        """Of all dumps."""
        return sum(each.dump_bytes for each in self.stages)


def estimate(plan: Plan, folder: Path) -> Estimate:
    """Cost of a plan in its working folder, finished runs there left out and used to measure the rate."""
    done = {run.folder: record for run in plan.md_runs if (record := _record(folder / run.folder))}
    rates = [rate for record in done.values() if (rate := _rate(record))]
    rate = median(rates) if rates else CORE_RATE
    stages: dict[str, list[Run]] = {}
    for run in plan.md_runs:
        stages.setdefault(_stage(run), []).append(run)
    return Estimate(tuple(_cost(name, runs, done, rate) for name, runs in stages.items()), rate, len(rates))


def text(found: Estimate, cores: int | None = None) -> list[str]:
    """Lines for people; a warning where `cores` cores would need more than a month."""
    parts = ", ".join(f"{each.stage} {_hours(each.core_hours)} for {each.runs - each.done} of {each.runs} runs"
                      for each in found.stages)  # fmt: skip
    source = f"measured on {found.measured_on} runs here" if found.measured_on else "no run finished here to measure it"
    lines = [
        f"cost: {_hours(found.core_hours)} ({parts}) and {_size(found.dump_bytes)} of dumps, at {_rounded(found.rate)} "
        f"atom-steps per second and core ({source})"
    ]
    if cores and found.core_hours / cores > MONTH_H:
        months = _rounded(found.core_hours / cores / MONTH_H)
        lines.append(
            f"warning: {months} months on {cores} cores; a cluster (docs/running.md), "
            "fewer points, replicas or picoseconds make it shorter"
        )
    return lines


def _cost(stage: str, runs: Iterable[Run], done: Mapping[Path, dict], rate: float) -> Cost:
    runs = list(runs)
    left = [run for run in runs if run.folder not in done]
    return Cost(stage, len(runs), len(runs) - len(left), sum(map(atom_steps, left)) / rate / 3600,
                sum(map(_dump_bytes, runs)))  # fmt: skip


def _stage(run: Run) -> str:
    name = run.spec["run"]
    return name if name in ("quench", "glass") else "isotherms"


def atom_steps(run: Run) -> float:
    """Atoms times steps of a run."""
    return sum(run.spec["counts"].values()) * run.spec["segments"][-1]["stop_step"]


def _dump_bytes(run: Run) -> float:
    dump = run.spec["dump"]
    columns = sum(_COLUMNS[content] for content in dump["content"])
    kept = dump.get("trajectory", "dump")
    each = _BYTES[dump["compression"]] + columns * _BYTES_PER_COLUMN[dump["compression"]] if kept != "h5md" else 0.0
    each += _h5md_bytes(dump) if kept != "dump" else 0.0
    return frames_expected(run.spec) * sum(run.spec["counts"].values()) * each


def _h5md_bytes(dump: Mapping) -> float:
    """Of one atom in one frame; measured (docs/size.md): 6.8 at 10⁻³ Å and 1.4 more for every further decimal."""
    precision = dump["precision_a"]
    positions = 20.5 if precision is None else 6.8 - 1.4 * (3 + math.log10(precision))
    return positions * (2 if "velocities" in dump["content"] else 1)


def _record(folder: Path) -> dict | None:
    try:
        return read_json(folder / "record.json")
    except (OSError, AnalysisError):
        return None


def _rate(record: Mapping) -> float | None:
    """Atom-steps per second and core of a run that was not continued, whose time would be of several attempts."""
    seconds, engine = record.get("lammps_s"), record.get("engine") or {}
    if not seconds or record.get("restarts_used"):
        return None
    cores = engine.get("tasks", 1) * engine.get("threads", 1)
    return sum(record["counts"].values()) * record["steps"] / seconds / cores


def _hours(hours: float) -> str:
    return f"{_rounded(60 * hours)} core-minutes" if hours < 1 else f"{_rounded(hours)} core-hours"


def _size(size: float) -> str:
    return f"{_rounded(size / 1e6)} MB" if size < 1e9 else f"{_rounded(size / 1e9)} GB"


def _rounded(value: float) -> str:
    """Two digits, never with an exponent: 12,000; 0.35."""
    return f"{float(f'{value:.2g}'):,g}"
