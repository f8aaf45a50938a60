"""Tables of the rigidity theory: `python theory.py FOLDER SPEC.json`."""

import sys
from pathlib import Path

from glasswf.messages import run_as_command
from glasswf.results import read_json, write_table
from glasswf.theory.tables import tables


def main(arguments: list[str]) -> int:
    out, spec = map(Path, arguments)
    for name, rows in tables(read_json(spec)).items():
        write_table(out / f"{name}.csv", name, rows)
    return 0


if __name__ == "__main__":
    sys.exit(run_as_command(main))
