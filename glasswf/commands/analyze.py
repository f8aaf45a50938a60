"""`glasswf analyze`: transport from LAMMPS dumps that need not come from this workflow."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from glasswf import results
from glasswf.errors import AnalysisError, GlasswfError

_EXAMPLE = """\
examples:
  glasswf analyze run.lammpstrj.gz --temperature 1500 --out transport
  glasswf analyze part1.dump part2.dump --timestep-fs 1 --elements "Na Si S" --charges "Na=0.6 Si=2.4 S=-1.2"
  glasswf analyze replica*/dump.lammpstrj --replicas --temperature 2000 --json
"""


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Declare the command and its options."""
    parser = subparsers.add_parser(
        "analyze",
        help="diffusion and conductivity from LAMMPS dumps",
        description="Diffusion and conductivity, with errors, from LAMMPS text dumps (plain, gz or zst; metal units).",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("dumps", nargs="+", metavar="DUMP", help="dumps that continue each other, or see --replicas")
    parser.add_argument("--replicas", action="store_true", help="each dump is an independent replica")
    parser.add_argument("--temperature", type=float, metavar="K", help="temperature; needed for conductivities")
    parser.add_argument("--timestep-fs", type=float, metavar="FS", help="MD timestep, if the dump has no ITEM: TIME")
    parser.add_argument("--elements", metavar="LIST", help='element of type 1, 2, ...: "Na Si S"')
    parser.add_argument("--charges", metavar="LIST", help='charges in e: "Na=0.6 Si=2.4 S=-1.2" (default: column q)')
    parser.add_argument("--masses", metavar="LIST", help='masses in g/mol: "Na=22.99 ..." (default: standard ones)')
    parser.add_argument("--species", metavar="LIST", help='elements to report: "Na" (default: all)')
    parser.add_argument("--skip-ps", type=float, default=0.0, metavar="PS", help="time to leave out at the start")
    parser.add_argument("--cache", metavar="DIR", help="keep the arrays read there, so that the next time is instant")
    parser.add_argument("--out", metavar="DIR", help="write the tables as CSV and everything as transport.json there")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Analyse and print; every mistake of the user is a GlasswfError."""
    from glasswf.transport import analyse, report

    trajectories = _opened(arguments)
    species = _words(arguments.species)
    result = analyse(trajectories, arguments.temperature, species=species, skip_ps=arguments.skip_ps)
    if arguments.out:
        _write(Path(arguments.out), _point(arguments, trajectories[0]), result)
    text = json.dumps(result.to_dict(), indent=1, ensure_ascii=False) if arguments.json else report.text(result)
    print(text)
    return 0


def _opened(arguments: argparse.Namespace) -> list:
    from glasswf import trajectory

    groups = [[dump] for dump in arguments.dumps] if arguments.replicas else [arguments.dumps]
    return [
        trajectory.open(
            group,
            timestep_fs=arguments.timestep_fs,
            elements=_words(arguments.elements),
            charges=_table("--charges", arguments.charges),
            masses=_table("--masses", arguments.masses),
            cache=arguments.cache,
            progress=_progress(group[0]) if sys.stderr.isatty() else None,
        )
        for group in groups
    ]


def _progress(name: str) -> Callable[[int, int], None]:
    def show(done: int, total: int) -> None:
        print(f"\rreading {name}: {100 * done // total:3d} %", end="\n" if done == total else "", file=sys.stderr)

    return show


def _words(text: str | None) -> list[str] | None:
    return None if text is None else text.replace(",", " ").split()


def _table(option: str, text: str | None) -> dict[str, float] | None:
    if text is None:
        return None
    return dict(_pair(option, word) for word in _words(text))


def _pair(option: str, word: str) -> tuple[str, float]:
    name, equals, number = word.partition("=")
    try:
        if not (name and equals):
            raise ValueError
        return name, float(number)
    except ValueError:
        raise GlasswfError(f'{option}: {word!r} is not ELEMENT=NUMBER; write for instance "Na=0.6 S=-1.2"') from None


def _point(arguments: argparse.Namespace, first) -> dict:
    counts = {f"n_{name.lower()}": int((first.elements == name).sum()) for name in ("Na", "Si", "S")}
    return {
        "system": "dump",
        "label": Path(arguments.dumps[0]).name,
        "n_atoms": first.n_atoms,
        "temperature_k": arguments.temperature,
        **counts,
    }


def _write(folder: Path, point: dict, result) -> None:
    from glasswf.transport import tables

    if folder.exists() and not folder.is_dir():
        raise AnalysisError(f"--out {folder}: is a file; give a folder")
    for name, rows in tables.rows(point, result).items():
        results.write_table(folder / f"{name}.csv", name, rows)
    results.write_json(folder / "transport.json", result.to_dict())
