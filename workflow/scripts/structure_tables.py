"""Tidy tables of the structure of all state points: `structure_tables.py FOLDER STRUCTURE.json...`."""

import sys
from pathlib import Path

from glasswf.messages import run_as_command
from glasswf.results import STRUCTURE_TABLES, read_json, write_table
from glasswf.structure.analysis import rows


def main(arguments: list[str]) -> int:
    out, *paths = map(Path, arguments)
    entries = [read_json(path) for path in paths]
    for name in STRUCTURE_TABLES:
        write_table(out / f"{name}.csv", name, [row for entry in entries for row in rows(entry, name)])
    return 0


if __name__ == "__main__":
    sys.exit(run_as_command(main))
