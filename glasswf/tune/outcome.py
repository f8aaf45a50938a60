"""What a search leaves: machine.yaml, the table and the figure in tune/, and lines for people."""

import os
import platform
from datetime import date
from pathlib import Path

from glasswf import machine
from glasswf.tune import figure, table
from glasswf.tune.candidate import Row
from glasswf.tune.search import Search

FOLDER = "tune"


def write(folder: Path, search: Search, chosen: Row) -> machine.Machine:
    """Write all of it into a working folder, machine.yaml last; its content."""
    table.write(folder / FOLDER / "candidates.csv", verdicts(search, chosen))
    default = next(row for row in search.rows if row.candidate == search.wish.base)
    point = search.bench.point
    title = f"{point.system} {point.label}, {point.n_atoms} atoms, {search.bench.temperature_k:g} K"
    figure.draw(folder / FOLDER, search.rows, default, chosen, search.wish.targets, title)
    found = _machine(search, chosen)
    machine.save(folder, found)
    return found


def verdicts(search: Search, chosen: Row) -> list[dict]:
    """Rows of the table, each with why it was not chosen."""
    wish, own = search.wish, search.bench.field.cutoff_a
    said = [row.why_not(wish.targets, wish.only_timestep_fs, wish.allow_dsf) or "meets" for row in search.rows]
    return [
        table.cells(row, "chosen" if row is chosen else verdict, own)
        for row, verdict in zip(search.rows, said, strict=True)
    ]


def text(search: Search, chosen: Row) -> str:
    """Table, what was skipped, and the comparison with the yardstick."""
    (steps, steps_err), (time, time_err) = search.ratio(chosen), search.ratio(chosen, per_time=True)
    return "\n".join([
        table.text(verdicts(search, chosen)), *search.notes, f"reference forces agree to {search.agreement:.1e}",
        f"against the textbook input: {steps:.2f} ± {steps_err:.2f} times the steps per second and core, "
        f"{time:.2f} ± {time_err:.2f} times the simulated time per core-hour",
    ])  # fmt: skip


def as_dict(search: Search, chosen: Row, found: machine.Machine) -> dict:
    """The same for JSON; null is not measured."""
    rows = [{key: None if value != value else value for key, value in row.items()} for row in verdicts(search, chosen)]
    ratios = {"steps": search.ratio(chosen), "simulated_time": search.ratio(chosen, per_time=True)}
    return {"machine": found.model_dump(mode="json"), "ratio_to_textbook": ratios, "rows": rows,
            "notes": search.notes, "reference_agreement": search.agreement}  # fmt: skip


def _machine(search: Search, chosen: Row) -> machine.Machine:
    bench, candidate, usual = search.bench, chosen.candidate, search.wish.base.timestep_fs
    return machine.Machine(
        lammps=f"{bench.engine.lammps} {candidate.options}".strip(),
        launcher=bench.engine.launcher,
        tasks=candidate.tasks,
        threads=candidate.threads,
        numerics=table.settings(candidate, bench.field.cutoff_a),
        timestep_fs=candidate.timestep_fs if candidate.timestep_fs != usual else None,
        forcefield=machine.Tuned(name=bench.field.name, sha256=bench.field.sha256),
        measured=_measured(search, chosen),
    )


def _measured(search: Search, chosen: Row) -> machine.Measured:
    ratio, ratio_err = search.ratio(chosen)
    numbers = {
        "force_error": chosen.force_error, "drift": chosen.drift, "drift_err": chosen.drift_err,
        "steps_per_s": chosen.steps_per_s, "ratio_to_textbook": ratio, "ratio_to_textbook_err": ratio_err,
    }  # fmt: skip
    return machine.Measured(
        n_atoms=search.bench.point.n_atoms,
        lammps=search.version,
        processor=_processor(),
        date=date.today().isoformat(),
        **{name: float(f"{value:.3g}") for name, value in numbers.items()},
    )


def _processor() -> str:
    """Name of the processor, as far as the system tells."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{named[0] if named else platform.processor() or platform.machine()}, {os.cpu_count()} cores"
