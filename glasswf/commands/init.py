"""`glasswf init DIR`: a new working folder with a configuration to edit."""

import argparse
import json
import shutil
from pathlib import Path

from glasswf.errors import GlasswfError
from glasswf.files import clear_os_errors
from glasswf.paths import workflow_root

_EXAMPLE = "example: glasswf init my-scan && cd my-scan && glasswf run --cores 2"


def add_parser(subparsers) -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser("init", help="make a new working folder", description=__doc__, epilog=_EXAMPLE)
    parser.add_argument("folder", type=Path, help="folder to make; may exist, but without these files")
    parser.add_argument("--json", action="store_true", help="print the files written as JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Copy the configurations and profiles; refuse to overwrite."""
    root = workflow_root()
    sources = [root / "config.yaml", *sorted((root / "config").glob("*.yaml")), *sorted(root.glob("profiles/*/*.yaml"))]
    targets = [options.folder / source.relative_to(root) for source in sources]
    if present := [target for target in targets if target.exists()]:
        raise GlasswfError(f"{present[0]}: is there already; init overwrites nothing, name another folder")
    with clear_os_errors(options.folder):
        for source, target in zip(sources, targets, strict=True):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    if options.json:
        print(json.dumps([str(target) for target in targets]))
    else:
        print(f"{options.folder} is ready: edit config.yaml, then `glasswf validate` and `glasswf run` there")
    return 0
