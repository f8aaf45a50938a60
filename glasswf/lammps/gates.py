"""Gates: what a run must show before its numbers are believed, written into its record and never hidden."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glasswf.composition import carries_charge
from glasswf.distance import shortest_distance
from glasswf.lammps.data import final_positions
from glasswf.lammps.log import COLUMNS
from glasswf.statistics import mean_and_error, slope_and_error

TEMPERATURE_TOLERANCE = 0.01  # relative; the dynamics' own activation turns 1 % at 1000 K into about 5 % in D
DRIFT_LIMIT_EV_ATOM_PS = 1e-4  # at 1 ns this would be k_B times 400 K per degree of freedom without a thermostat
SHORTEST_ALLOWED_A = 1.4  # Si-S bonds vibrate down to about 1.7 Å; a Buckingham collapse ends far below
# Errors come from eight blocks: with so few, 4.5 of them are what three are for a well-known error (Student-t, 99.7 %).
_SIGNIFICANT = 4.5


@dataclass(frozen=True)
class Gate:
    """One criterion: value ± error, its limit (None: told only), and whether it holds."""

    gate: str
    value: float | None
    error: float | None
    limit: float | None
    unit: str
    passed: bool


def evaluate(spec: Mapping, thermo: NDArray, final: Path, restarts_used: int) -> list[dict]:
    """Gates of a finished run as mappings.

    thermo: (n, 9) in the order of log.COLUMNS; final: LAMMPS data file of the last step. Temperature, pressure and
    energy are judged over the recorded segment, or over the melt of a quench.
    """
    segment = next((s for s in spec["segments"] if s["dump"]), spec["segments"][0])
    inside = thermo[(thermo[:, 0] > segment["start_step"]) & (thermo[:, 0] <= segment["stop_step"])]
    columns = dict(zip(COLUMNS, inside.T, strict=True))
    positions, lengths = final_positions(final)
    closest = shortest_distance(positions, lengths)
    gates = [
        _temperature(columns["Temp"], segment["start_k"]),
        _drift(columns["Time"], columns["Econserve"] / len(positions)),
        _pressure(columns["Press"], carries_charge(spec["counts"], spec["charges"])),
        Gate("shortest_distance", closest, None, SHORTEST_ALLOWED_A, "A", closest >= SHORTEST_ALLOWED_A),
        Gate("restarts_used", restarts_used, None, None, "", True),
    ]
    return [asdict(gate) for gate in gates]


def _temperature(series: NDArray, target: float) -> Gate:
    mean, error = mean_and_error(series)
    limit = TEMPERATURE_TOLERANCE * target
    off = abs(mean - target)
    passed = bool(off <= limit or off <= _SIGNIFICANT * np.nan_to_num(error))
    return Gate("temperature_offset", mean - target, error, limit, "K", passed)


def _pressure(series: NDArray, charged: bool) -> Gate:
    """Told only; not known for a charged cell, as LAMMPS leaves the pressure of the neutralising background out."""
    mean, error = (None, None) if charged else mean_and_error(series)
    return Gate("pressure", mean, error, None, "bar", True)


def _drift(times: NDArray, energy: NDArray) -> Gate:
    """Drift of the conserved quantity, thermostat included; fails only where it is significant."""
    slope, error = slope_and_error(times, energy)
    passed = not abs(slope) - _SIGNIFICANT * error > DRIFT_LIMIT_EV_ATOM_PS
    return Gate("energy_drift", slope, error, DRIFT_LIMIT_EV_ATOM_PS, "eV/atom/ps", passed)
