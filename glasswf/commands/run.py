"""`glasswf run`: the whole way from a configuration to figures and report, through Snakemake."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from glasswf import config as configuration
from glasswf import plan as planning
from glasswf.errors import GlasswfError
from glasswf.paths import workflow_root

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
    parser.add_argument("--profile", type=Path, help="folder with a Snakemake profile; default: profiles/default")
    parser.add_argument("--dry-run", action="store_true", help="tell what would run, and run nothing")
    parser.add_argument("--json", action="store_true", help="print the resolved plan as JSON before starting")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check the configuration, then hand over to Snakemake; its exit code."""
    configfile = _config_path(options)
    plan = planning.make(configuration.load(configfile), options.directory)
    if options.json:
        import json

        print(json.dumps(planning.summary(plan), ensure_ascii=False))
    return subprocess.call(_command(options, configfile))


def _config_path(options: argparse.Namespace) -> Path:
    """The configuration as named, or in the working folder."""
    candidates = [options.configfile, options.directory / options.configfile]
    for path in candidates:
        if path.is_file():
            return path.resolve()
    raise GlasswfError(f"{options.configfile}: no such file; `glasswf init DIR` makes a folder with one to start from")


def _command(options: argparse.Namespace, configfile: Path) -> list[str]:
    root = workflow_root()
    profile = options.profile or root / "profiles" / "default"
    targets = [target for target in options.targets if target != "--"]
    return [
        sys.executable, "-m", "snakemake", "--snakefile", str(root / "Snakefile"),
        "--directory", str(options.directory), "--configfile", str(configfile), "--workflow-profile", str(profile),
        "--cores", options.cores, *(["--dry-run"] if options.dry_run else []), *targets,
    ]  # fmt: skip
