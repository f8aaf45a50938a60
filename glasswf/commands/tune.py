"""`glasswf tune`: measure LAMMPS settings on this machine and keep the fastest that is accurate enough."""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from glasswf.errors import GlasswfError

if TYPE_CHECKING:
    from glasswf.machine import Machine
    from glasswf.plan import Plan
    from glasswf.points import Point
    from glasswf.tune.candidate import Row
    from glasswf.tune.search import Search

_EXAMPLE = (
    "examples: glasswf tune · glasswf tune config/paper.yaml --directory /scratch/scan --cores 4 --timestep · "
    'glasswf tune --lammps "lmp_site -k on" --launcher srun'
)


def add_parser(subparsers) -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser("tune", help="find the fastest settings here", description=__doc__, epilog=_EXAMPLE)
    parser.add_argument("config", nargs="?", type=Path, default=Path("config.yaml"), help="default: config.yaml")
    parser.add_argument("--directory", type=Path, default=Path(), help="working folder; default: here")
    parser.add_argument("--point", metavar="SYSTEM/LABEL", help="cell to measure; default: the largest, most charged")
    parser.add_argument("--force-error", type=float, default=1e-3, metavar="E", help="relative RMS (default 1e-3)")
    parser.add_argument("--drift", type=float, default=1e-4, metavar="D", help="eV/atom/ps in NVE (default 1e-4)")
    parser.add_argument("--cores", type=int, default=1, metavar="N", help="try up to N cores for one run (default 1)")
    parser.add_argument("--seconds", type=float, default=600, metavar="S", help="time to spend, roughly (default 600)")
    parser.add_argument("--timestep", action="store_true", help="let the timestep change as well")
    parser.add_argument("--allow-dsf", action="store_true", help="let damped shifted-force Coulomb be chosen")
    parser.add_argument("--lammps", default="module", help="LAMMPS command with its options (default: the module)")
    parser.add_argument("--launcher", default="mpiexec", help="MPI launcher for more than one rank (default mpiexec)")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Search, then write machine.yaml and tune/."""
    from glasswf import config as configuration  # they take a second to import, which --help need not wait for
    from glasswf import machine
    from glasswf import plan as planning

    plan = planning.make(configuration.load(_config(options)), options.directory, tuned=False)
    if not plan.points:
        raise GlasswfError(f"{options.config}: has no systems to simulate, so there is nothing to tune")
    with tempfile.TemporaryDirectory(prefix="glasswf-tune-") as scratch:
        search = _search(options, plan, Path(scratch))
        chosen = search.run()
    found = _machine(options, plan, search, chosen)
    _write(options, plan, search, chosen)
    path = machine.save(options.directory, found)
    _print(options, search, chosen, found, path)
    return 0


def _config(options: argparse.Namespace) -> Path:
    """The configuration as named, or in the working folder."""
    own = options.directory / options.config
    return own if not options.config.is_file() and own.is_file() else options.config


def _search(options: argparse.Namespace, plan: "Plan", scratch: Path) -> "Search":
    from glasswf.lammps.engine import Engine
    from glasswf.lammps.numerics import Numerics
    from glasswf.tune.bench import Bench
    from glasswf.tune.candidate import Candidate, Targets
    from glasswf.tune.search import Search, Wish

    hottest = max(max(s["start_k"], s["stop_k"]) for run in plan.md_runs for s in run.spec["segments"])
    engine = Engine(lammps=options.lammps, launcher=options.launcher)
    given = plan.config.numerics.model_dump(exclude_none=True)
    half_box = min(point.box_length_a for point in plan.points) / 2
    reach = given.get("buckingham_cutoff_a") or given.get("cutoff_a") or plan.forcefield.cutoff_a
    bench = Bench(scratch, plan.forcefield, _point(options.point, plan), engine, hottest, reach)
    base = Candidate(Numerics(**{"cutoff_a": plan.forcefield.cutoff_a} | given), plan.timestep_fs)
    wish = Wish(
        base,
        Targets(options.force_error, options.drift),
        largest_cutoff_a=half_box,
        fixed=frozenset(given),
        cores=options.cores,
        seconds=options.seconds,
        any_timestep=options.timestep,
        allow_dsf=options.allow_dsf,
        timestep_suits=lambda timestep_fs: _suits(plan, timestep_fs),
    )
    return Search(bench, wish, _teller())


def _point(name: str | None, plan: "Plan") -> "Point":
    """The point named, or the largest cell, of those the one with the strongest charges."""
    names = {f"{point.system}/{point.label}": point for point in plan.points}
    if name is not None and name not in names:
        raise GlasswfError(f"--point {name}: is none of {', '.join(names)}")
    strength = lambda point: sum(n * point.charges[element] ** 2 for element, n in point.counts.items())  # noqa: E731
    return names[name] if name else max(plan.points, key=lambda point: (point.n_atoms, strength(point)))


def _suits(plan: "Plan", timestep_fs: float) -> bool:
    """Whether the output intervals are whole numbers of this timestep."""
    output = plan.config.output
    counts = [interval / timestep_fs for interval in (output.dump_every_fs, output.thermo_every_fs)]
    return all(abs(count - round(count)) < 1e-6 for count in counts)


def _teller():
    """Prints lines with the time since the start."""
    started = time.monotonic()

    def tell(line: str) -> None:
        minutes, seconds = divmod(round(time.monotonic() - started), 60)
        print(f"{minutes}:{seconds:02d} {line}", file=sys.stderr, flush=True)

    return tell


def _machine(options: argparse.Namespace, plan: "Plan", search: "Search", chosen: "Row") -> "Machine":
    from glasswf.machine import Machine, Measured, Tuned
    from glasswf.tune import table

    candidate, base = chosen.candidate, search.wish.base
    ratio, ratio_err = search.ratio(chosen)
    measured = Measured(
        n_atoms=search.bench.point.n_atoms, force_error=_rounded(chosen.force_error), drift=_rounded(chosen.drift),
        drift_err=_rounded(chosen.drift_err), steps_per_s=_rounded(chosen.steps_per_s),
        ratio_to_textbook=_rounded(ratio), ratio_to_textbook_err=_rounded(ratio_err), lammps=search.version,
        processor=_processor(), date=date.today().isoformat(),
    )  # fmt: skip
    return Machine(
        lammps=f"{options.lammps} {candidate.options}".strip(), launcher=options.launcher, tasks=candidate.tasks,
        threads=candidate.threads, numerics=table.settings(candidate, plan.forcefield.cutoff_a),
        timestep_fs=candidate.timestep_fs if options.timestep and candidate.timestep_fs != base.timestep_fs else None,
        forcefield=Tuned(name=plan.config.forcefield, sha256=plan.forcefield.sha256), measured=measured,
    )  # fmt: skip


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


def _processor() -> str:
    """Name of the processor, as far as the system tells."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{named[0] if named else platform.processor() or platform.machine()}, {os.cpu_count()} cores"


def _verdicts(search: "Search", chosen: "Row") -> list[dict]:
    from glasswf.tune import table

    wish = search.wish
    only = None if wish.any_timestep else wish.base.timestep_fs
    own = search.bench.field.cutoff_a
    return [
        table.cells(row, "chosen" if row is chosen else row.why_not(wish.targets, only, wish.allow_dsf) or "meets", own)
        for row in search.rows
    ]


def _write(options: argparse.Namespace, plan: "Plan", search: "Search", chosen: "Row") -> None:
    from glasswf.tune import figure, table

    folder = options.directory / "tune"
    table.write(folder / "candidates.csv", _verdicts(search, chosen))
    default = next(row for row in search.rows if row.candidate == search.wish.base)
    point = search.bench.point
    title = f"{point.system} {point.label}, {point.n_atoms} atoms, {search.bench.temperature_k:g} K"
    figure.draw(folder, search.rows, default, chosen, search.wish.targets, title)


def _print(options: argparse.Namespace, search: "Search", chosen: "Row", found: "Machine", path: Path) -> None:
    from glasswf.tune import table

    rows = _verdicts(search, chosen)
    steps, per_time = search.ratio(chosen), search.ratio(chosen, per_time=True)
    if options.json:
        ratios = {"steps": steps, "simulated_time": per_time}
        said = {"machine": found.model_dump(mode="json"), "ratio_to_textbook": ratios, "rows": list(map(_known, rows)),
                "notes": search.notes, "reference_agreement": search.agreement}  # fmt: skip
        print(json.dumps(said, ensure_ascii=False))
        return
    lines = [table.text(rows), *search.notes, f"reference forces agree to {search.agreement:.1e}"]
    lines.append(f"against the textbook input: {steps[0]:.2f} ± {steps[1]:.2f} times the steps per second, "
                 f"{per_time[0]:.2f} ± {per_time[1]:.2f} times the simulated time per core-hour")  # fmt: skip
    print("\n".join([*lines, f"{path} and {path.parent / 'tune'} are written"]))


def _known(row: dict) -> dict:
    return {key: None if value != value else value for key, value in row.items()}
