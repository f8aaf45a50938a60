"""`glasswf status`: how far the scan in a working folder is, while it runs or after it stopped."""

import argparse
import json
import os
from dataclasses import asdict
from pathlib import Path

_EXAMPLE = "examples: glasswf status · glasswf status --configfile config/paper.yaml --directory /scratch/scan --json"


def add_parser(subparsers) -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser("status", help="how far a scan is", description=__doc__, epilog=_EXAMPLE)
    parser.add_argument("--configfile", type=Path, default=Path("config.yaml"), help="default: config.yaml")
    parser.add_argument("--directory", type=Path, default=Path(), help="working folder; default: here")
    parser.add_argument("--cores", type=int, default=os.cpu_count(), help="for the time left; default: all here")
    parser.add_argument("--json", action="store_true", help="every run as JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the state of every state point."""
    from glasswf import config as configuration  # they take a second to import, which --help need not wait for
    from glasswf import plan as planning
    from glasswf import status
    from glasswf.commands.run import config_path

    plan = planning.make(configuration.load(config_path(options.configfile, options.directory)), options.directory)
    found = status.survey(plan, options.directory)
    if options.json:
        print(json.dumps(asdict(found), indent=1, ensure_ascii=False))
    else:
        print("\n".join(status.text(found, options.cores)))
    return 0
