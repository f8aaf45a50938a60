"""The body of the report as plain data for the template: what ran, result tables, gates, scorecard, versions."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from glasswf import scorecard
from glasswf.figures.caption import described, spread
from glasswf.figures.numbers import NOT_RECORDED, duration, plain, plus_minus
from glasswf.figures.tables import (
    COLLECTIVE,
    NERNST_EINSTEIN,
    Results,
    all_series,
    compositions,
    species_in,
    temperatures,
    trusted,
)

_SETTINGS = {
    "n_atoms": "atoms per cell",
    "density_per_a3": "number density (Å⁻³)",
    "timestep_fs": "timestep (fs)",
    "ensemble": "ensemble",
    "thermostat": "thermostat",
    "charge_compensation": "charge compensation",
}


def systems(results: Results) -> list[dict]:
    """What was simulated: one entry per system with its points, counts, charges and box lengths."""
    recorded = {str(entry.get("name")): entry for entry in results.provenance.get("systems") or []}
    return [
        {
            "name": series.name,
            "x": f"{series.x:.2f}" if series.scan != "x" else "scanned",
            "scan": series.scan or "none",
            "m_critical": f"{series.m_critical:.2f}" if series.m_critical else "–",
            "temperatures": spread(row["temperature_k"] for row in results.rows("diffusivity", system=series.name)),
            "points": [_point(each) for each in recorded.get(series.name, {}).get("points") or []],
        }
        for series in all_series(results)
    ]


def settings(results: Results) -> list[tuple[str, str]]:
    """Conditions of the run as (name, value)."""
    recorded = results.provenance.get("settings") or {}
    force = results.provenance.get("forcefield") or {}
    rows = [(label, described(recorded.get(key))) for key, label in _SETTINGS.items()]
    return [("force field", described(force.get("name"))), ("its note", described(force.get("note"))), *rows]


def runs(results: Results) -> dict:
    """Totals over all runs and the list of them."""
    listed = [
        {
            key: each.get(key)
            for key in ("system", "label", "replica", "seed", "run", "steps", "restarts_used", "frames")
        }
        | {"wall": duration(each.get("wall_s")), "ns_per_day": plain(each.get("ns_per_day"))}
        for each in results.provenance.get("runs") or []
    ]
    raw = results.provenance.get("runs") or []
    speeds = [each["ns_per_day"] for each in raw if each.get("ns_per_day")]
    return {
        "rows": listed,
        "count": len(raw) or NOT_RECORDED,
        "steps": f"{_total(raw, 'steps'):,}".replace(",", " ") if raw else NOT_RECORDED,
        "wall": duration(_total(raw, "wall_s")) if raw else NOT_RECORDED,
        "restarts": _total(raw, "restarts_used") if raw else NOT_RECORDED,
        "speed": f"{median(speeds):.3g} ns/day" if speeds else NOT_RECORDED,
    }


def transport(results: Results) -> list[dict]:
    """One table per system: a line per state point with D of each species, both σ and the Haven ratio."""
    return [_transport(results, series.name) for series in all_series(results)]


def activation(results: Results) -> dict:
    """E_A of every quantity for every composition: `quantities` (columns) and `rows`."""
    table = results.tables["arrhenius"]
    quantities = list(dict.fromkeys(row["quantity"] for row in table))
    points = dict.fromkeys((row["system"], row["label"]) for row in table)
    return {"quantities": [_pretty(name) for name in quantities],
            "rows": [_energies(results, *point, quantities) for point in points]}  # fmt: skip


# Columns of the structure: heading, table, what a row of it must be, value and error, factor.
_SHARE = {"table": "network", "value": "value", "error": "value_err", "factor": 100.0}
_NUMBER = {"table": "network", "value": "value", "error": "value_err", "factor": 1.0}
_STRUCTURE = (
    ("Si-S (Å)", {"table": "pair_peaks", "value": "r_a", "error": "r_err_a", "factor": 1.0},
     {"part": "partial", "species_a": "S", "species_b": "Si", "kind": "peak", "number": 1}),
    ("fourfold Si (%)", _SHARE, {"quantity": "former_4fold"}),
    *((f"Q{n} (%)", _SHARE, {"quantity": f"q{n}"}) for n in range(5)),
    ("⟨n⟩", _NUMBER, {"quantity": "mean_n"}),
    ("bridging S (%)", _SHARE, {"quantity": "bridging"}),
    ("free S (%)", _SHARE, {"quantity": "free_anion"}),
    ("edge-sharing (%)", _SHARE, {"quantity": "edge_sharing_tetrahedra"}),
    ("S around Na", _NUMBER, {"quantity": "mobile_coordination"}),
    ("n_c", {"table": "constraints", "value": "constraints", "error": "constraints_err", "factor": 1.0},
     {"species": "all", "kind": "total", "limit": 15.0}),
)  # fmt: skip


def structure(results: Results) -> dict:
    """Heads, and one line per composition and temperature whose structure was described."""
    keys = ("system", "label", "temperature_k")
    points = dict.fromkeys(tuple(row[key] for key in keys) for row in results.tables["network"])
    return {
        "heads": [head for head, _, _ in _STRUCTURE],
        "rows": [
            {"system": point[0], "label": point[1], "temperature": f"{point[2]:g}",
             "cells": [_described(results, dict(zip(keys, point, strict=True)), *column[1:]) for column in _STRUCTURE]}
            for point in points
        ],
    }  # fmt: skip


def _described(results: Results, point: Mapping, source: Mapping, where: Mapping) -> str:
    row = _first(results.rows(source["table"], **point, **where))
    if row is None or row[source["value"]] is None:
        return "–"
    error = row[source["error"]]
    return plus_minus(source["factor"] * row[source["value"]], None if error is None else source["factor"] * error)


def gates(results: Results) -> dict:
    """Failed gates in full, and for each kind of gate how many passed."""
    rows = results.tables["gates"]
    kinds = dict.fromkeys(row["gate"] for row in rows)
    return {
        "failed": [_gate(row) for row in rows if row["passed"] is False],
        "unknown": [_gate(row) for row in rows if row["passed"] is None],
        "kinds": [{"gate": kind, "total": len(same := [row for row in rows if row["gate"] == kind]),
                   "passed": sum(row["passed"] is True for row in same)} for kind in kinds],
    }  # fmt: skip


def scored(results: Results) -> dict:
    """Scorecard as text, in three groups, and the conditions of the papers compared."""
    rows = [_scored(row) for row in scorecard.rows(results)]
    used = {row["source"] for row in rows if row["status"] == "compared"}
    papers = [each for each in scorecard.sources(results) if each["source"] in used]
    return {"papers": papers} | {status: [row for row in rows if row["status"] == status]
            for status in ("compared", "not reached", "not computed")}  # fmt: skip


def versions(results: Results) -> list[tuple[str, str]]:
    """Versions, platform and hashes as (name, value)."""
    known = results.provenance
    lammps, platform, force = (known.get(key) or {} for key in ("lammps", "platform", "forcefield"))
    pairs = [
        ("glasswf", known.get("glasswf")),
        ("date", known.get("date")),
        ("LAMMPS", " ".join(described(part) for part in (lammps.get("version"), lammps.get("git")) if part) or None),
        ("Python", platform.get("python")),
        ("machine", platform.get("machine")),
        ("CPUs", platform.get("cpus")),
        ("configuration", known.get("config_file")),
        ("configuration SHA-256", known.get("config_sha256")),
        ("force field SHA-256", force.get("sha256")),
        *sorted((known.get("packages") or {}).items()),
    ]
    return [(name, described(value)) for name, value in pairs]


def _point(entry: Mapping) -> dict:
    counts, charges = entry.get("counts") or {}, entry.get("charges") or {}
    return {
        "label": entry.get("label"),
        "x": _short(entry.get("x"), 4),
        "m": _short(entry.get("m"), 3),
        "counts": ", ".join(f"{name} {count}" for name, count in counts.items()) or NOT_RECORDED,
        "charges": ", ".join(f"{name} {charge:+.4g}" for name, charge in charges.items()) or NOT_RECORDED,
        "box": _short(entry.get("box_length_a"), 3),
    }


def _transport(results: Results, system: str) -> dict:
    rows = results.rows("diffusivity", system=system)
    species = species_in(rows)
    labels = compositions(results, rows)
    lines = [
        _state(results, system, label, temperature, species) for label in labels for temperature in temperatures(rows)
    ]
    return {"system": system, "species": species, "rows": [line for line in lines if line]}


def _state(results: Results, system: str, label: str, temperature: float, species: Sequence[str]) -> dict | None:
    where = {"system": system, "label": label, "temperature_k": temperature}
    rows = {row["species"]: row for row in results.rows("diffusivity", **where)}
    if not rows:
        return None
    first = next(iter(rows.values()))
    return {
        "label": label,
        "m": _short(first["m"], 2),
        "counts": f"{first['n_na']}/{first['n_si']}/{first['n_s']}",
        "temperature": f"{temperature:g}",
        "cells": [
            *(_cell(rows.get(name), "diffusivity_cm2_s", "diffusivity_err_cm2_s") for name in species),
            *(_sigma(results.rows("conductivity", **where, kind=kind)) for kind in (COLLECTIVE, NERNST_EINSTEIN)),
            _cell(_first(results.rows("haven", **where)), "haven_ratio", "haven_ratio_err"),
        ],
    }  # fmt: skip


def _sigma(rows: Sequence[Mapping]) -> dict:
    return _cell(_first(rows), "conductivity_s_cm", "conductivity_err_s_cm")


def _cell(row: Mapping | None, value: str, error: str) -> dict:
    """Text, whether it is to be drawn open, and the reason where it is."""
    if row is None:
        return {"text": "–", "open": False, "reason": ""}
    caged = row["diffusive"] is False
    if caged and row.get("upper_bound_cm2_s") is not None:
        text = f"< {plain(row['upper_bound_cm2_s'], 2)}"
    else:
        text = plus_minus(row[value], row[error])
    reasons = [
        row.get("reason") or ("not diffusive" if caged else ""),
        "" if trusted(row) or caged else "a gate failed",
    ]
    return {"text": text, "open": not trusted(row), "reason": "; ".join(filter(None, reasons))}


def _energies(results: Results, system: str, label: str, quantities: Sequence[str]) -> dict:
    rows = {row["quantity"]: row for row in results.rows("arrhenius", system=system, label=label)}
    cells = [_energy(rows.get(quantity)) for quantity in quantities]
    return {"system": system, "label": label, "cells": cells}


def _energy(row: Mapping | None) -> dict:
    if row is None:
        return {"text": "–", "reason": ""}
    text = plus_minus(row["activation_energy_ev"], row["activation_energy_err_ev"])
    return {"text": text, "reason": row["reason"] or f"{row['n_temperatures']} temperatures"}


def _gate(row: Mapping) -> dict:
    unit = row["unit"] or ""
    return {
        **{key: row[key] for key in ("system", "label", "replica", "run", "gate")},
        "value": f"{plus_minus(row['value'], row['error']) if row['error'] else plain(row['value'], 4)} {unit}",
        "limit": f"{plain(row['limit'], 4)} {unit}",
    }


def _scored(row: Mapping) -> dict:
    ours = row["ours"] if isinstance(row["ours"], str) else plus_minus(row["ours"], row["ours_err"])
    return {
        **{key: row[key] for key in ("text", "source", "place", "status", "note")},
        "unit": row["unit"].replace("cm2", "cm²"),
        "published": _published(row["published"]),
        "ours": ours,
        "deviation": _deviation(row),
    }


def _published(value: float | Sequence[float] | None) -> str:
    if value is None:
        return "in words"
    return plain(value) if isinstance(value, int | float) else " to ".join(plain(each) for each in value)


def _deviation(row: Mapping) -> str:
    parts = [f"× {plain(row['ratio'], 2)}"] if row["ratio"] is not None else []
    parts += [f"{row['sigma']:+.1f} σ".replace("-", "−")] if row["sigma"] is not None else []
    return ", ".join(parts) or "–"


def _pretty(quantity: str) -> str:
    kinds = {f"sigma_{COLLECTIVE}": "σ (collective)", f"sigma_{NERNST_EINSTEIN}": "σ (Nernst-Einstein)"}
    return kinds.get(quantity, quantity.replace("_", " "))


def _short(value: float | None, digits: int) -> str:
    return NOT_RECORDED if value is None else f"{value:.{digits}f}"


def _total(rows: Iterable[Mapping], key: str) -> int:
    return round(sum(row.get(key) or 0 for row in rows))


def _first(rows: Sequence[Mapping]) -> Mapping | None:
    return rows[0] if rows else None
