"""`glasswf analyze`: transport from trajectories that need not come from this workflow."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from glasswf import results
from glasswf.composition import realised
from glasswf.errors import AnalysisError, GlasswfError

_EXAMPLE = """\
examples:
  glasswf analyze run.lammpstrj.gz --temperature 1500 --out transport
  glasswf analyze part1.dump part2.dump --timestep-fs 1 --elements "Na Si S" --charges "Na=0.6 Si=2.4 S=-1.2"
  glasswf analyze replica*/dump.lammpstrj --replicas --temperature 2000 --json
  glasswf analyze run.dcd --topology cell.data --temperature 1500 --mobile Na --van-hove all --out transport
  glasswf analyze run.bin --velocities --temperature 1500 --viscosity 0.01
  glasswf analyze glass.lammpstrj --structure --temperature 300 --cutoffs "Si-S=2.7" --measured S_X=xray.dat --out glass
"""

# Keys of glasswf.trajectory.formats.FORMATS, which would make --help slow.
_FORMATS = "dump, binary, h5md, dcd, xtc, trr, netcdf, extxyz"


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Declare the command and its options."""
    parser = subparsers.add_parser(
        "analyze",
        help="diffusion, conductivity and structure from trajectories",
        description="Diffusion and conductivity, with errors, or with --structure the structure, from LAMMPS dumps "
        "(text, gz, zst, binary; metal units), DCD, XTC, TRR, NetCDF (AMBER or LAMMPS) and extended XYZ. The format is "
        "recognised by the content.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("dumps", nargs="+", metavar="DUMP", help="files that continue each other, or see --replicas")
    parser.add_argument("--replicas", action="store_true", help="each file is an independent replica")
    _add_input(parser.add_argument_group("what the files may not say"))
    _add_analysis(parser.add_argument_group("analysis"))
    _add_structure(parser.add_argument_group("structure"))
    _add_output(parser.add_argument_group("output"))
    parser.set_defaults(run=run)


def _add_input(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--timestep-fs", type=float, metavar="FS", help="MD timestep, if the file has no time")
    group.add_argument("--elements", metavar="LIST", help='element of type 1, 2, ...: "Na Si S"')
    group.add_argument("--topology", metavar="FILE", help="LAMMPS data file or structure with elements (DCD, XTC, ...)")
    group.add_argument(
        "--charges", metavar="LIST", help='charges in e: "Na=0.6 Si=2.4 S=-1.2" (default: from the file)'
    )
    group.add_argument("--masses", metavar="LIST", help='masses in g/mol: "Na=22.99 ..." (default: standard ones)')
    group.add_argument("--format", metavar="NAME", help=f"{_FORMATS} (default: by content)")
    group.add_argument("--columns", metavar="LIST", help='columns of a binary dump of before 2021: "id type xu yu zu"')


def _add_analysis(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--temperature", type=float, metavar="K", help="temperature; needed for conductivities")
    group.add_argument("--species", metavar="LIST", help='elements to report: "Na" (default: all)')
    group.add_argument("--mobile", metavar="LIST", help='mobile elements, the rest is network: "Na" (default: alkali)')
    group.add_argument("--skip-ps", type=float, default=0.0, metavar="PS", help="time to leave out at the start")
    group.add_argument("--velocities", action="store_true", help="read velocities, for the Green-Kubo conductivity")
    group.add_argument(
        "--viscosity", type=float, metavar="PA_S", help="shear viscosity, for the finite-size correction"
    )
    group.add_argument("--van-hove", nargs="?", const="self", default="none", choices=("none", "self", "all"),
                       help="van Hove functions: self (default if given), or all (distinct parts too)")  # fmt: skip


def _add_structure(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--structure", action="store_true",
                       help="pair correlations, structure factors, network, rings, angles, constraints")  # fmt: skip
    group.add_argument("--cutoffs", metavar="LIST", help='bond lengths (Å): "Si-S=2.7" (default: first minima of g)')
    group.add_argument("--measured", action="append", default=[], metavar="QUANTITY=FILE",
                       help="measured S_X, S_N, g_X or g_N to compare with; may be repeated")  # fmt: skip
    group.add_argument("--range", nargs=2, type=float, default=(0.6, 12.0), metavar=("FROM", "TO"),
                       help="its part that is compared (1/Å or Å; default 0.6 12)")  # fmt: skip


def _add_output(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--out", metavar="DIR", help="write tables/*.csv, transport.json and figures/ there")
    group.add_argument("--no-figures", action="store_true", help="leave the figures out")
    group.add_argument("--cache", metavar="DIR", help="keep the arrays read there, so that the next time is instant")
    group.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(arguments: argparse.Namespace) -> int:
    """Analyse and print; every mistake of the user is a GlasswfError."""
    from glasswf.commands import analyze_structure
    from glasswf.transport import analyse, report

    _check_out(arguments.out)
    if arguments.structure:
        return analyze_structure.run(arguments, _opened(arguments))
    trajectories = _opened(arguments)
    result = analyse(
        trajectories,
        arguments.temperature,
        species=_words(arguments.species),
        skip_ps=arguments.skip_ps,
        mobile=_words(arguments.mobile),
        viscosity_pa_s=arguments.viscosity,
        van_hove=arguments.van_hove,
    )
    if arguments.out:
        _write(Path(arguments.out), point(arguments, trajectories[0]), result, figures=not arguments.no_figures)
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
            charges=table("--charges", arguments.charges),
            masses=table("--masses", arguments.masses),
            topology=arguments.topology,
            velocities=arguments.velocities,
            format=arguments.format,
            columns=_words(arguments.columns),
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


def table(option: str, text: str | None) -> dict[str, float] | None:
    """Numbers by name from "Na=0.6 S=-1.2"; GlasswfError names the option and the word that is wrong."""
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
        raise GlasswfError(f'{option}: {word!r} is not NAME=NUMBER; write for instance "Na=0.6 S=-1.2"') from None


def point(arguments: argparse.Namespace, first) -> dict:
    """Columns that say which state point the files are, as far as they and the options tell."""
    counts = {name: int((first.elements == name).sum()) for name in ("Na", "Si", "S")}
    thiosilicate = sum(counts.values()) == first.n_atoms and counts["Na"] + counts["Si"] > 0
    x, m = realised(counts["Na"], counts["Si"], counts["S"]) if thiosilicate else (None, None)
    return {
        "system": "dump",
        "label": Path(arguments.dumps[0]).name,
        "x": x,
        "m": m,
        "n_atoms": first.n_atoms,
        "temperature_k": arguments.temperature,
        **{f"n_{name.lower()}": count for name, count in counts.items()},
    }


def _check_out(out: str | None) -> None:
    if out and Path(out).exists() and not Path(out).is_dir():
        raise AnalysisError(f"--out {out}: is a file; give a folder")


def _write(folder: Path, point: dict, result, figures: bool) -> None:
    from glasswf.transport import tables

    write_tables(folder, tables.rows(point, result))
    results.write_json(folder / "transport.json", result.to_dict())
    if figures:
        draw(folder, point)


def write_tables(folder: Path, made: Mapping[str, list[dict]]) -> None:
    """Write tables/*.csv; those of an earlier call that are empty now disappear."""
    for name, rows in made.items():
        path = folder / "tables" / f"{name}.csv"
        path.unlink(missing_ok=True)
        if rows:
            results.write_table(path, name, rows)


def draw(folder: Path, point: dict) -> None:
    """Every figure that the tables fill; they are labelled by temperature and composition, so both must be known."""
    if missing := [name for name in ("temperature_k", "x") if point[name] is None]:
        known = {"temperature_k": "--temperature", "x": "a composition of Na, Si and S"}
        print(f"no figures: they need {known[missing[0]]}", file=sys.stderr)
        return
    from glasswf import figures

    loaded = figures.load(folder)
    for name in figures.available(loaded):
        figures.draw(name, loaded, folder / "figures")
