"""`glasswf convert`: trajectories to H5MD, compressed and rounded if wanted; the originals kept or dropped."""

import argparse
import json
from pathlib import Path

from glasswf.errors import GlasswfError

_EXAMPLE = (
    "examples: glasswf convert runs/*/*/r*/T*/trajectory.lammpstrj.zst --precision 0.001 · "
    "glasswf convert dump.lammpstrj --timestep-fs 1 --elements 'Na Si S' --drop"
)


def add_parser(subparsers) -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser("convert", help="trajectories to H5MD", description=__doc__, epilog=_EXAMPLE)
    parser.add_argument("dumps", nargs="+", type=Path, metavar="DUMP", help="each becomes a file of its own, .h5md")
    parser.add_argument("--precision", type=float, metavar="A", help="round positions (Å) by at most half of this")
    parser.add_argument("--velocities", action="store_true", help="keep velocities as well")
    parser.add_argument("--timestep-fs", type=float, metavar="FS", help="where the dump has no time")
    parser.add_argument("--elements", metavar="LIST", help='element of each type where the dump has none: "Na Si S"')
    parser.add_argument("--drop", action="store_true", help="delete each dump once its .h5md is there and complete")
    parser.add_argument("--json", action="store_true", help="print JSON instead of lines")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Convert one after the other; an .h5md that is there already is not overwritten."""
    targets = [_target(dump) for dump in options.dumps]
    if twice := sorted({str(target) for target in targets if targets.count(target) > 1 or target.exists()}):
        raise GlasswfError(f"{twice[0]}: is there already, or would be twice; convert overwrites nothing")
    found = [_convert(dump, target, options) for dump, target in zip(options.dumps, targets, strict=True)]
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
    return 0


def _target(dump: Path) -> Path:
    """The name up to the ending of the format: trajectory.lammpstrj.zst becomes trajectory.h5md."""
    return dump.with_name(dump.name.removesuffix(".zst").removesuffix(".gz")).with_suffix(".h5md")


def _convert(dump: Path, target: Path, options: argparse.Namespace) -> dict:
    from glasswf.trajectory import h5md

    frames = h5md.from_dump(
        dump, target, options.precision, timestep_fs=options.timestep_fs, velocities=options.velocities,
        elements=options.elements.split() if options.elements else None, charges=_charges(dump),
    )  # fmt: skip
    before, after = dump.stat().st_size, target.stat().st_size
    if options.drop:
        dump.unlink()
    if not options.json:
        print(
            f"{target}: {frames} frames, {after / 1e6:.3g} MB of {before / 1e6:.3g} MB{', dump deleted' * options.drop}"
        )
    return {"file": str(target), "frames": frames, "bytes": after, "bytes_before": before, "dropped": options.drop}


def _charges(dump: Path) -> dict | None:
    """Charges by element, where the dump is of a run of ours; elsewhere those in the dump, if any."""
    from glasswf.results import read_json

    record = dump.with_name("record.json")
    return read_json(record)["charges"] if record.is_file() else None
