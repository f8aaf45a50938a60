"""`glasswf tune`: measure LAMMPS settings on this machine and keep the fastest that is accurate enough."""

import argparse
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from glasswf.errors import GlasswfError
from glasswf.files import clear_os_errors

if TYPE_CHECKING:
    from glasswf.plan import Plan
    from glasswf.points import Point
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
    from glasswf.commands.run import config_path
    from glasswf.tune import outcome

    plan = planning.make(
        configuration.load(config_path(options.config, options.directory)), options.directory, tuned=False
    )
    if not plan.points:
        raise GlasswfError(f"{options.config}: has no systems to simulate, so there is nothing to tune")
    if options.timestep and plan.config.protocol.timestep_fs is not None:
        raise GlasswfError(
            f"{options.config}: protocol.timestep_fs is given, which wins over a measured one; leave it out, "
            "or leave out --timestep"
        )
    with clear_os_errors(options.directory), tempfile.TemporaryFile(dir=options.directory):
        pass  # better told now than after the search
    with tempfile.TemporaryDirectory(prefix="glasswf-tune-") as scratch:
        search = _search(options, plan, Path(scratch))
        chosen = search.run()
    found = outcome.write(options.directory, search, chosen)
    if options.json:
        print(json.dumps(outcome.as_dict(search, chosen, found), ensure_ascii=False))
    else:
        written = f"{options.directory / machine.NAME} and {options.directory / outcome.FOLDER} are written"
        print(outcome.text(search, chosen), written, sep="\n")
    return 0


def _search(options: argparse.Namespace, plan: "Plan", scratch: Path) -> "Search":
    from glasswf.lammps.engine import Engine
    from glasswf.lammps.numerics import Numerics
    from glasswf.tune import search
    from glasswf.tune.bench import Bench
    from glasswf.tune.candidate import Candidate, Targets
    from glasswf.tune.progress import Countdown

    hottest = max(max(s["start_k"], s["stop_k"]) for run in plan.md_runs for s in run.spec["segments"])
    engine = Engine(lammps=options.lammps, launcher=options.launcher)
    given = plan.config.numerics.model_dump(exclude_none=True)
    half_box = min(point.box_length_a for point in plan.points) / 2
    reach = given.get("buckingham_cutoff_a") or given.get("cutoff_a") or plan.forcefield.cutoff_a
    bench = Bench(scratch, plan.forcefield, _point(options.point, plan), engine, hottest, reach)
    base = Candidate(Numerics(**{"cutoff_a": plan.forcefield.cutoff_a} | given), plan.timestep_fs)
    wish = search.Wish(
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
    return search.Search(bench, wish, Countdown(search.planned(search.SPACE, options.cores)), search.SPACE)


def _point(name: str | None, plan: "Plan") -> "Point":
    """The point named, or the largest cell, of those the one with the strongest charges."""
    names = {f"{point.system}/{point.label}": point for point in plan.points}
    if name is not None and name not in names:
        raise GlasswfError(f"--point {name}: is none of {', '.join(names)}")
    strength = lambda point: sum(n * point.charges[element] ** 2 for element, n in point.counts.items())  # noqa: E731
    return names[name] if name else max(plan.points, key=lambda point: (point.n_atoms, strength(point)))


def _suits(plan: "Plan", timestep_fs: float) -> bool:
    """Whether the output intervals are whole numbers of this timestep."""
    from glasswf.plan import is_whole_steps

    output = plan.config.output
    return all(is_whole_steps(each, timestep_fs) for each in (output.dump_every_fs, output.thermo_every_fs))
