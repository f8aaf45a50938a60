"""Transport of one state point from the dumps of its replicas: `python transport.py OUT.json DUMP...`."""

import sys
from pathlib import Path

from glasswf import statepoint, trajectory, transport
from glasswf.messages import run_as_command
from glasswf.results import read_json, write_json


def main(arguments: list[str]) -> int:
    out, *dumps = map(Path, arguments)
    records = [read_json(dump.parent / "record.json") for dump in dumps]
    charges = records[0]["charges"]
    replicas = [trajectory.open(dump, charges=charges, cache=dump.parent / "cache") for dump in dumps]
    result = transport.analyse(replicas, records[0]["temperature_k"])
    write_json(out, {"point": statepoint.columns(records[0]), "transport": result.to_dict()})
    return 0


if __name__ == "__main__":
    sys.exit(run_as_command(main))
