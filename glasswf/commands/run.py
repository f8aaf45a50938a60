"""`glasswf run`: the whole way from a configuration to figures and report, through Snakemake."""

import argparse
import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO

from glasswf import clock
from glasswf.errors import ConfigError, GlasswfError
from glasswf.files import clear_os_errors
from glasswf.paths import workflow_root

_RUNNING = "running"
_EXAMPLE = (
    "examples: glasswf run --cores 2 · glasswf run fig_prl_3a · glasswf run --configfile config/paper.yaml "
    "--profile profiles/slurm · glasswf run --dry-run. Options after -- go to Snakemake as they are."
)


def add_parser(subparsers) -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser("run", help="run the pipeline", description=__doc__, epilog=_EXAMPLE)
    parser.add_argument("targets", nargs="*", help="figures or files to make; default: everything")
    parser.add_argument("--configfile", type=Path, default=Path("config.yaml"), help="default: config.yaml")
    parser.add_argument("--directory", type=Path, default=Path(), help="working folder; default: here")
    parser.add_argument("--cores", default=str(os.cpu_count()), help="cores to use; default: all")
    parser.add_argument(
        "--profile",
        type=Path,
        help="folder with a Snakemake profile; default: profiles/default, here or as it comes along",
    )
    parser.add_argument("--dry-run", action="store_true", help="tell what would run, and run nothing")
    parser.add_argument("--json", action="store_true", help="print the resolved plan as JSON before starting")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check the configuration, then hand over to Snakemake; its exit code."""
    from glasswf import config as configuration  # they take a second to import, which --help need not wait for
    from glasswf import cost
    from glasswf import plan as planning

    configfile = config_path(options.configfile, options.directory)
    plan = planning.make(configuration.load(configfile), options.directory)
    found = cost.estimate(plan, options.directory)
    if options.json:
        print(json.dumps(planning.summary(plan) | {"cost": asdict(found)}, ensure_ascii=False))
    elif plan.points:
        cores = int(options.cores) if options.cores.isdigit() else os.cpu_count()
        print("\n".join(cost.text(found, cores)), file=sys.stderr)
    with _alone_in(options.directory) as lock:
        if lock.read() == _RUNNING:  # left by a run that was killed, whose Snakemake lock is then stale
            subprocess.call([*_snakemake(options, configfile), "--unlock"], stderr=subprocess.DEVNULL)
        _rewrite(lock, _RUNNING)
        if late := clock.bring_to_present(options.directory):
            print(
                f"{late} files had time stamps of the future (was a clock put back?): now the present", file=sys.stderr
            )
        code = subprocess.call(_command(options, configfile), pass_fds=(lock.fileno(),))
        _rewrite(lock, "")
    made = options.directory / "results" / ("report.html" if plan.points else "figures")
    if code == 0 and not options.dry_run and not options.targets:
        print(f"done: open {made}")
    return code


@contextmanager
def _alone_in(folder: Path) -> Iterator[IO[str]]:
    """Hold the working folder; Snakemake inherits the lock, so it lasts even if this process is killed."""
    path = folder / ".glasswf.lock"
    with clear_os_errors(path):
        folder.mkdir(parents=True, exist_ok=True)
        handle = path.open("a+", encoding="utf-8")
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise GlasswfError(
                f"{folder.resolve()}: another `glasswf run` works here; wait for it or stop it"
            ) from None
        handle.seek(0)
        yield handle


def _rewrite(handle: IO[str], text: str) -> None:
    handle.seek(0)
    handle.truncate()
    handle.write(text)
    handle.flush()


def config_path(name: Path, folder: Path) -> Path:
    """The configuration as named, or in the working folder."""
    for path in (name, folder / name):
        if path.is_file():
            return path.resolve()
    raise GlasswfError(f"{name}: no such file; `glasswf init DIR` makes a folder with one to start from")


def _command(options: argparse.Namespace, configfile: Path) -> list[str]:
    profile = options.profile or _default_profile(options.directory)
    targets = [target for target in options.targets if target != "--"]
    return [
        *_snakemake(options, configfile), *(_ranks(options.cores) if _runs_here(profile) else []),
        "--workflow-profile", str(profile), "--cores", options.cores,
        *(["--dry-run"] if options.dry_run else []), *targets,
    ]  # fmt: skip


def _ranks(cores: str) -> list[str]:
    """No more MPI ranks at once than cores: Snakemake counts threads alone."""
    return ["--resources", f"tasks={cores}"] if cores.isdigit() else []


def _runs_here(profile: Path) -> bool:
    """Whether jobs run on this machine, and not where an executor of the profile sends them."""
    from glasswf.yamlfile import read_mapping  # which other commands and --help need not wait for

    contents = [read_mapping(path, ConfigError) for path in profile.glob("config*.y*ml")]
    if not contents:
        raise GlasswfError(f"{profile}: no folder with a Snakemake profile (config.yaml); give one with --profile")
    return all(content.get("executor", "local") == "local" for content in contents)


def _default_profile(folder: Path) -> Path:
    """The working folder's own profile, as `glasswf init` puts it there, or the one that comes along."""
    own = folder / "profiles" / "default"
    return own if own.is_dir() else workflow_root() / "profiles" / "default"


def _snakemake(options: argparse.Namespace, configfile: Path) -> list[str]:
    return [
        sys.executable, "-m", "snakemake", "--snakefile", str(workflow_root() / "Snakefile"),
        "--directory", str(options.directory), "--configfile", str(configfile),
    ]  # fmt: skip
