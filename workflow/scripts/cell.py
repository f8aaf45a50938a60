"""Build the starting structure of one replica: `python cell.py runs/NS9/m2/r1/cell.json`."""

import sys
from pathlib import Path

from glasswf import cell
from glasswf.messages import run_as_command
from glasswf.results import read_json


def main(arguments: list[str]) -> int:
    spec_file = Path(arguments[0])
    spec = read_json(spec_file)
    atoms = cell.build(spec, Path.cwd())
    cell.write_data(spec_file.with_suffix("") / "cell.data", atoms, list(spec["counts"]), spec["charges"])
    return 0


if __name__ == "__main__":
    sys.exit(run_as_command(main))
