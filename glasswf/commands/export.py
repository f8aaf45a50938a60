"""`glasswf export`: a finished scan as one archive, with checksums and RO-Crate metadata."""

import argparse
import json
from pathlib import Path

from glasswf.errors import GlasswfError

_EXAMPLE = (
    "examples: glasswf export scan.zip --author 'A. Person' --licence CC-BY-4.0 · "
    "glasswf export full.zip --with-dumps --with-restarts"
)


def add_parser(subparsers) -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser("export", help="archive a finished scan", description=__doc__, epilog=_EXAMPLE)
    parser.add_argument("archive", nargs="?", type=Path, default=Path("scan.zip"), help="default: scan.zip")
    parser.add_argument("--configfile", type=Path, default=Path("config.yaml"), help="default: config.yaml")
    parser.add_argument("--directory", type=Path, default=Path(), help="working folder; default: here")
    parser.add_argument("--with-dumps", action="store_true", help="trajectories as well")
    parser.add_argument("--with-restarts", action="store_true", help="restarts of the quenches as well")
    parser.add_argument("--unfinished", action="store_true", help="what is there, of a scan that is not finished")
    parser.add_argument("--author", action="append", default=[], metavar="NAME", help="may be repeated")
    parser.add_argument("--licence", metavar="SPDX", help="licence of the data, as CC-BY-4.0; default: none stated")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a line")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Collect, describe and pack."""
    from glasswf import config as configuration  # they take a second to import, which --help need not wait for
    from glasswf import plan as planning
    from glasswf.archive import contents, crate, pack
    from glasswf.commands.run import config_path

    if options.archive.exists():
        raise GlasswfError(f"{options.archive}: is there already; export overwrites nothing, name another file")
    config = config_path(options.configfile, options.directory)
    plan = planning.make(configuration.load(config), options.directory)
    if not options.unfinished:
        contents.require_finished(plan, options.directory)
    files = contents.of_scan(plan, config, options.directory, options.with_dumps, options.with_restarts)
    known = pack.facts(files)
    metadata = crate.describe(
        known, _provenance(options.directory, plan), _about(plan, config, options), options.licence, options.author
    )
    pack.write(options.archive, files, metadata, {name: value for name, (_, value) in known.items()})
    size = options.archive.stat().st_size
    if options.json:
        print(json.dumps({"archive": str(options.archive), "files": len(files), "bytes": size}))
    else:
        print(f"{options.archive}: {len(files)} files, {size / 1e6:.3g} MB; `glasswf check` verifies it anywhere")
    return 0


def _about(plan, config: Path, options: argparse.Namespace) -> dict:
    from glasswf.archive import contents

    points = len(plan.points)
    return {
        "name": plan.config.title or options.directory.resolve().name,
        "description": f"{points} compositions, {len(plan.md_runs)} runs of molecular dynamics of glassy electrolytes, "
        "with inputs, logs, tables and figures",
        "status": "unfinished" if options.unfinished else "finished",
        "config": config.name,
        "inputs": [config.name, *contents.named_files(plan.config, options.directory)],
    }


def _provenance(folder: Path, plan) -> dict:
    """What the scan says of itself, or, of an unfinished one and of theories alone, what is known without it."""
    from glasswf import plan as planning
    from glasswf import provenance
    from glasswf.results import read_json

    path = folder / "results" / "provenance.json"
    if path.is_file():
        return read_json(path)
    records = [folder / run.folder / "record.json" for run in plan.md_runs]
    return provenance.collect(planning.overview(plan), [read_json(path) for path in records if path.is_file()])
