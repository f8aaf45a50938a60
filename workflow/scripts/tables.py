"""Tidy tables from all state points: `tables.py FOLDER OPTIONS.json POINT.json... --records RECORD.json...`."""

import sys
from pathlib import Path

from glasswf import statepoint
from glasswf.messages import run_as_command
from glasswf.results import read_json, write_table


def main(arguments: list[str]) -> int:
    out, options, *paths = arguments
    split = paths.index("--records")
    points, records = ([read_json(path) for path in part] for part in (paths[:split], paths[split + 1 :]))
    for name, rows in statepoint.tables(points, records, **statepoint.fit_options(read_json(options))).items():
        write_table(Path(out) / f"{name}.csv", name, rows)
    return 0


if __name__ == "__main__":
    sys.exit(run_as_command(main))
