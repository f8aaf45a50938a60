"""Structure of one state point from the dumps of its replicas: `python structure.py OUT.json OPTIONS.json DUMP...`.

Beside OUT.json go the last frame of the first replica for OVITO (.extxyz) and VMD (.xyz, .tcl).
"""

import sys
from pathlib import Path

from glasswf import statepoint, structure, trajectory
from glasswf.messages import run_as_command
from glasswf.results import read_json, write_json


def main(arguments: list[str]) -> int:
    out, options, *dumps = map(Path, arguments)
    records = [read_json(dump.parent / "record.json") for dump in dumps]
    replicas = [
        trajectory.open(dump, charges=record["charges"], cache=dump.parent / "cache")
        for dump, record in zip(dumps, records, strict=True)
    ]
    chosen = structure.Options.from_mapping(read_json(options))
    found = structure.analyse(replicas, chosen, system=records[0]["system"])
    structure.write_files(out.with_suffix(""), replicas[0], found.cutoffs_a, chosen.homopolar_a)
    write_json(out, {"point": statepoint.columns(records[0]), "structure": found.to_dict()})
    return 0


if __name__ == "__main__":
    sys.exit(run_as_command(main))
