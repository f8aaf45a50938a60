"""The command `glasswf`: subcommands live in glasswf/commands, one module each."""

import argparse
import importlib
import sys

import glasswf
from glasswf.messages import run_as_command

_COMMANDS = (
    "init",
    "validate",
    "tune",
    "run",
    "status",
    "analyze",
    "convert",
    "theory",
    "landscape",
    "report",
    "export",
    "check",
)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; exit code 0, 1 for a mistake told in one line, 2 for wrong usage."""
    return run_as_command(_main, arguments)


def _main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    return options.run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="glasswf",
        description="Ion transport in glassy electrolytes: LAMMPS cells, quenches and isotherms, analysed and drawn.",
        epilog="example: glasswf init scan && cd scan && glasswf validate && glasswf run --cores 2",
    )
    parser.add_argument("--version", action="version", version=f"glasswf {glasswf.__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in _COMMANDS:
        importlib.import_module(f"glasswf.commands.{name}").add_parser(subparsers)
    return parser


if __name__ == "__main__":
    sys.exit(main())
