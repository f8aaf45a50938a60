"""Landscape tables of all series: `python landscape_tables.py FOLDER SERIES.json...`."""

import sys
from pathlib import Path

from glasswf.messages import run_as_command
from glasswf.results import read_json, write_table


def main(arguments: list[str]) -> int:
    out, *paths = map(Path, arguments)
    series = [read_json(path) for path in paths]
    for name in series[0]:
        write_table(out / f"{name}.csv", name, [row for tables in series for row in tables[name]])
    return 0


if __name__ == "__main__":
    sys.exit(run_as_command(main))
