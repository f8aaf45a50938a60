"""Transport of one state point from the dumps of its replicas: `python transport.py OUT.json OPTIONS.json DUMP...`."""

import sys
from pathlib import Path

from glasswf import statepoint, trajectory, transport
from glasswf.messages import run_as_command
from glasswf.results import read_json, write_json


def main(arguments: list[str]) -> int:
    out, options, *dumps = map(Path, arguments)
    records = [read_json(dump.parent / "record.json") for dump in dumps]
    replicas = [_opened(dump, record) for dump, record in zip(dumps, records, strict=True)]
    chosen = statepoint.transport_options(read_json(options), records[0]["temperature_k"])
    result = transport.analyse(replicas, records[0]["temperature_k"], **chosen)
    write_json(out, {"point": statepoint.columns(records[0]), "transport": result.to_dict()})
    return 0


def _opened(dump: Path, record: dict) -> trajectory.Trajectory:
    velocities = "velocities" in record.get("dump_content", ())
    return trajectory.open(dump, charges=record["charges"], velocities=velocities, cache=dump.parent / "cache")


if __name__ == "__main__":
    sys.exit(run_as_command(main))
