"""What ran, with which versions and seeds: `python provenance.py OUT.json PLAN.json RECORD.json...`."""

import sys

from glasswf import provenance
from glasswf.messages import run_as_command
from glasswf.results import read_json, write_json


def main(arguments: list[str]) -> int:
    out, plan, *records = arguments
    write_json(out, provenance.collect(read_json(plan), [read_json(path) for path in records]))
    return 0


if __name__ == "__main__":
    sys.exit(run_as_command(main))
