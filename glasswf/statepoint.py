"""From the results of all state points and the records of all runs to the tidy tables."""

from collections.abc import Iterable, Mapping, Sequence

from glasswf.composition import realised
from glasswf.results import MD_TABLES
from glasswf.transport import TransportResult, WindowRule
from glasswf.transport import tables as transport_tables
from glasswf.transport.arrhenius_table import arrhenius_rows, extrapolation_rows


def columns(record: Mapping) -> dict:
    """Columns that say which state point a run belongs to, with x and m as realised by its counts."""
    counts = record["counts"]
    n_si, n_s = counts.get("Si", 0), counts.get("S", 0)
    n_modifier = sum(counts.values()) - n_si - n_s
    x, m = realised(n_modifier, n_si, n_s)
    return {
        "system": record["system"], "label": record["label"], "x": x, "m": m, "n_atoms": sum(counts.values()),
        "n_na": n_modifier, "n_si": n_si, "n_s": n_s, "temperature_k": record["temperature_k"],
    }  # fmt: skip


def transport_options(analysis: Mapping, temperature_k: float | None) -> dict:
    """Keyword arguments of `glasswf.transport.analyse` from the analysis block of a configuration, as in JSON."""
    viscosities = {float(temperature): value for temperature, value in analysis["viscosity_pa_s"].items()}
    same = {name: analysis[name] for name in ("mobile", "van_hove", "van_hove_lags_ps")}
    return same | {"rule": WindowRule(**analysis["window"]), "viscosity_pa_s": viscosities.get(temperature_k)}


def fit_options(analysis: Mapping) -> dict:
    """Keyword arguments of `tables` from the same block."""
    return {
        "extrapolate_to_k": tuple(analysis["extrapolate_to_k"]),
        "only_diffusive": not analysis["fit_not_diffusive"],
    }


def tables(
    points: Iterable[Mapping],
    records: Iterable[Mapping],
    *,
    extrapolate_to_k: Sequence[float] = (),
    only_diffusive: bool = True,
) -> dict[str, list[dict]]:
    """Rows of every table of `glasswf.results.MD_TABLES`.

    points: what the transport step wrote per state point; records: of every run. A point whose runs failed a gate
    carries that in its rows. extrapolate_to_k: temperatures at which the fits are evaluated. only_diffusive: leave what
    is not diffusive out of them.
    """
    records = list(records)
    suspect = _points_with_failed_gates(records)
    rows: dict[str, list[dict]] = {name: [] for name in MD_TABLES}
    for entry in points:
        point = entry["point"]
        result = TransportResult.from_dict(entry["transport"])
        passed = (point["system"], point["label"], point["temperature_k"]) not in suspect
        for name, found in transport_tables.rows(point | {"gates_passed": passed}, result).items():
            rows[name] += found
    measured = _believed(rows["diffusivity"]), _believed(rows["conductivity"])
    rows["arrhenius"] = arrhenius_rows(*measured, only_diffusive=only_diffusive)
    rows["extrapolation"] = extrapolation_rows(*measured, extrapolate_to_k, only_diffusive=only_diffusive)
    rows["gates"] = [_gate_row(record, gate) for record in records for gate in record["gates"]]
    return rows


def _points_with_failed_gates(records: Iterable[Mapping]) -> set[tuple]:
    return {
        (record["system"], record["label"], record["temperature_k"])
        for record in records
        if not all(gate["passed"] for gate in record["gates"])
    }


def _believed(rows: Iterable[Mapping]) -> list[dict]:
    """Rows as the Arrhenius fit sees them: a state point that failed a gate counts as not diffusive."""
    return [dict(row) | {"diffusive": bool(row["diffusive"] and row["gates_passed"])} for row in rows]


def _gate_row(record: Mapping, gate: Mapping) -> dict:
    identity = {key: record[key] for key in ("system", "label", "replica", "run", "temperature_k")}
    return identity | dict(gate)
