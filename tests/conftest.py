import copy
from pathlib import Path

import pytest
import yaml

from glasswf import config as configuration
from glasswf import plan as planning

TINY = yaml.safe_load("""
title: Tiny
systems:
  - {name: NS9, series: NS9, scan: {m: [2.0, 3.111, 4.0]}}
  - {name: NS, series: NS, scan: {m: [2.0, 3.0]}}
cell: {n_atoms: 90, density_per_a3: 0.0400}
forcefield: legrand2025
protocol:
  timestep_fs: 2.0
  quench:
    - {stage: hold, temperature_k: 2600, duration_ps: 0.4}
    - {stage: ramp, to_k: 2200, rate_k_per_ps: 1000}
  isotherms: {temperatures_k: [2600, 2200], equilibrate_ps: 0.1, duration_ps: 1.6}
output: {dump_every_fs: 20, thermo_every_fs: 20, checkpoint_every_ps: 0.2}
numerics: {cutoff_a: 6.0}
replicas: 2
seed: 7
""")


@pytest.fixture
def tiny() -> dict:
    """Mapping of a configuration that runs in seconds; a copy to change."""
    return copy.deepcopy(TINY)


@pytest.fixture
def tiny_plan(tiny) -> planning.Plan:
    return planning.make(configuration.from_mapping(tiny))


def write_config(folder: Path, data: dict, name: str = "config.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path
