"""`glasswf check`: whether an archive is whole and true to itself, and whether the same comes out of it here."""

import argparse
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from glasswf.errors import GlasswfError
from glasswf.files import clear_os_errors, write_text
from glasswf.messages import printable

_EXAMPLE = "examples: glasswf check scan.zip · glasswf check scan.zip --rerun again --cores 8"

_STDERR = 2  # what the run says is progress, not result


def add_parser(subparsers) -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser("check", help="verify an archive", description=__doc__, epilog=_EXAMPLE)
    parser.add_argument("archive", type=Path, help="archive of `glasswf export`, or a folder with one unpacked")
    parser.add_argument("--rerun", type=Path, metavar="DIR", help="run the scan again in this folder, and compare")
    parser.add_argument("--cores", help="cores for that; default: all")
    parser.add_argument("--profile", help="Snakemake profile for that, as in `glasswf run`")
    parser.add_argument("--json", action="store_true", help="print JSON instead of lines")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Verify, and run again if wanted; 0 if all is well, else 1."""
    from glasswf.archive import unpack, verify

    with unpack.opened(options.archive) as source:
        verdict = verify.check(source)
        again = _again(source, options) if options.rerun and verdict.good else None
    if options.json:
        print(json.dumps({"check": asdict(verdict), "rerun": again and asdict(again)}, indent=1, ensure_ascii=False))
    else:
        lines = _text(options.archive, verdict) + (_text_again(again) if again else [])
        print("\n".join(map(printable, lines)))
    return 0 if verdict.good and (again is None or again.good) else 1


def _again(source, options: argparse.Namespace):
    """Unpack the inputs, run, compare. A folder that was begun so is continued."""
    from glasswf import machine
    from glasswf.archive import compare, unpack, verify
    from glasswf.paths import workflow_root

    _claim(options.rerun, source)
    unpack.require_room(source, sorted(source.names), options.rerun)
    config = verify.inputs(source, options.rerun)
    if taken := machine.disarm(options.rerun):
        print(f"{taken}; another LAMMPS than that of Python is named by a profile, with --profile", file=sys.stderr)
    profile = Path(options.profile).resolve() if options.profile else workflow_root() / "profiles" / "default"
    arguments = [f"--configfile={config.name}", *([f"--cores={options.cores}"] if options.cores else []),
                 f"--profile={profile}"]  # fmt: skip
    if subprocess.call([sys.executable, "-m", "glasswf", "run", *arguments], cwd=options.rerun, stdout=_STDERR) != 0:
        raise GlasswfError(
            f"{options.rerun}: the scan did not finish; mend what it said and give the same command again"
        )
    return compare.compare(source, options.rerun)


def _claim(folder: Path, source) -> None:
    """Take an empty folder for this archive, or one that was taken for it before; what ran already proves nothing."""
    from glasswf.archive import pack

    mark, manifest = folder / ".glasswf-rerun", source.digest(pack.MANIFEST)
    with clear_os_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        claimed = mark.read_text(encoding="utf-8") if mark.is_file() else ""
        if claimed != manifest and any(folder.iterdir()):
            raise GlasswfError(f"{folder}: neither empty nor begun for this archive; name another folder")
    write_text(mark, manifest)


def _text(path: Path, verdict) -> list[str]:
    lines = list(verdict.faults)
    lines += [f"made with {name} {there}, here is {here}" for name, (there, here) in verdict.versions.items()
              if there != here]  # fmt: skip
    state = f"{len(verdict.faults)} faults" if verdict.faults else "whole, and true to its configuration"
    return [*lines, f"{path}: {verdict.files} files, {state}"]


def _text_again(again) -> list[str]:
    bits = f"{again.same_bits} of {again.runs} runs end in the same bits, {again.same_tables} of {again.tables} tables"
    if again.same_bits == again.runs and again.same_tables == again.tables:
        return [f"run again: {bits} are the same"]
    why = "; ".join(again.why) or "another processor, or another build of LAMMPS"
    beyond = [f"beyond its errors: {line}" for line in again.beyond]
    within = again.numbers - len(again.beyond)
    return [*beyond, f"run again: {bits} are the same ({why}); {within} of {again.numbers} numbers agree within errors"]
