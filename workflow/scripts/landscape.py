"""Landscape tables of one series as JSON: `python landscape.py OUT.json SPEC.json --processes N`."""

import sys
from pathlib import Path

from glasswf.landscape.progress import tell
from glasswf.landscape.tables import Study
from glasswf.messages import run_as_command
from glasswf.results import read_json, write_json


def main(arguments: list[str]) -> int:
    out, spec, _, processes = arguments
    write_json(Path(out), Study(read_json(spec), int(processes), tell()).tables())
    return 0


if __name__ == "__main__":
    sys.exit(run_as_command(main))
