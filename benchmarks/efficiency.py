"""How much of the core time of a finished scan went into LAMMPS.

    python benchmarks/efficiency.py [FOLDER] [--cores 2]

From the records of the runs: seconds that LAMMPS reports for its loops, over cores times the time from the start of
the first quench to the end of the last run. What is missing went into starting processes, analysis beside the runs,
the workflow engine, and cores waiting for the last run.
"""

import argparse
import os
from pathlib import Path

from glasswf.results import read_json


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(), help="working folder of the scan")
    parser.add_argument("--cores", type=int, default=os.cpu_count(), help="cores the scan was given")
    options = parser.parse_args()
    paths = sorted(options.folder.glob("runs/*/*/r*/*/record.json"))
    records = [read_json(path) for path in paths]
    ends = [path.stat().st_mtime for path in paths]
    first = min(end - record["wall_s"] for end, record in zip(ends, records, strict=True))
    span = max(ends) - first
    inside = sum(record["lammps_s"] for record in records)
    print(f"{len(records)} runs, {span:.0f} s on {options.cores} cores, {inside:.0f} s of core time inside LAMMPS")
    print(f"core-time efficiency {inside / (options.cores * span):.1%}")


if __name__ == "__main__":
    main()
