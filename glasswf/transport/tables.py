"""Rows of the result tables (glasswf.results.TABLES) from transport results."""

from collections.abc import Mapping, Sequence

from glasswf.results import POINT
from glasswf.transport.ensemble import CHARGE
from glasswf.transport.result import (
    Conductivity,
    Diffusion,
    MsdCurve,
    OnsagerPair,
    Part,
    TransportResult,
    VanHove,
)
from glasswf.transport.uncertainty import Estimate

# Columns of curves, named alike in tables and results.
_MSD = ("lag_ps", "msd_a2", "msd_err_a2", "in_window")
_ALPHA2 = ("lag_ps", "alpha2", "alpha2_err")
_VAN_HOVE = ("r_a", "value", "value_err")
_CURRENT = ("lag_ps", "autocorrelation", "integral_s_cm", "integral_err_s_cm")


def rows(point: Mapping, result: TransportResult) -> dict[str, list[dict]]:
    """Rows of all tables of one state point (fits against temperature: glasswf.transport.arrhenius_table).

    point: the columns that say which state point it is (system, label, x, m, ..., temperature_k), and whether its
    runs passed their gates (gates_passed).
    """
    known = {name: point.get(name) for name in POINT}
    judged = known | {"gates_passed": point.get("gates_passed")}
    return {
        "diffusivity": [judged | _diffusion(item, result.n_replicas) for item in result.diffusion],
        "conductivity": [judged | _conductivity(item, result) for item in result.conductivity],
        "haven": [judged | _haven(result)] if result.haven else [],
        "msd": [known | row for curve in result.msd if curve.species != CHARGE for row in _msd(curve)],
        **{name: [judged | row for row in rows] for name, rows in _correlation(result).items()},
        "current": [known | row for row in _points(result.current, _CURRENT)] if result.current else [],
        "non_gaussian": [
            known | {"species": curve.species} | row for curve in result.non_gaussian for row in _points(curve, _ALPHA2)
        ],
        "van_hove": [known | _named(curve) | row for curve in result.van_hove for row in _points(curve, _VAN_HOVE)],
    }


def _diffusion(item: Diffusion, n_replicas: int) -> dict:
    return {
        "species": item.species,
        "diffusivity_cm2_s": item.diffusivity.value,
        "diffusivity_err_cm2_s": item.diffusivity.error,
        "upper_bound_cm2_s": item.upper_bound_cm2_s,
        "exponent": item.window.exponent,
        "exponent_err": item.window.exponent_err,
        **_window(item),
        "n_replicas": n_replicas,
        "error_method": item.diffusivity.method,
        **_with_error(item.regression, "regression_cm2_s", "regression_err_cm2_s"),
        **_with_error(item.finite_size, "finite_size_cm2_s", "finite_size_err_cm2_s"),
    }


def _conductivity(item: Conductivity, result: TransportResult) -> dict:
    return {
        "kind": item.kind,
        "conductivity_s_cm": item.conductivity.value,
        "conductivity_err_s_cm": item.conductivity.error,
        **_window(item),
        "n_replicas": result.n_replicas,
        "error_method": item.conductivity.method,
        **_with_error(item.regression, "regression_s_cm", "regression_err_s_cm"),
    }


def _window(item: Diffusion | Conductivity) -> dict:
    return {
        "diffusive": item.window.diffusive,
        "reason": item.window.reason,
        "window_start_ps": item.window.start_ps,
        "window_stop_ps": item.window.stop_ps,
    }


def _haven(result: TransportResult) -> dict:
    ionicity = result.correlation.ionicity if result.correlation else None
    return {
        **_with_error(result.haven.ratio, "haven_ratio", "haven_ratio_err"),
        **_with_error(ionicity, "ionicity", "ionicity_err"),
        "diffusive": result.haven.diffusive,
        "n_replicas": result.n_replicas,
    }


def _msd(curve: MsdCurve) -> list[dict]:
    return [{"species": curve.species} | row for row in _points(curve, _MSD)]


def _correlation(result: TransportResult) -> dict[str, list[dict]]:
    found = result.correlation
    if found is None:
        return {"onsager": [], "conductivity_parts": [], "transference": []}
    judged = {"diffusive": found.diffusive, "n_replicas": result.n_replicas}
    return {
        "onsager": [judged | _onsager(pair) for pair in found.onsager],
        "conductivity_parts": [judged | _part(part) for part in found.parts],
        "transference": [
            judged
            | {"species": item.species}
            | _with_error(item.number, "transference_number", "transference_number_err")
            for item in found.transference
        ],
    }


def _onsager(pair: OnsagerPair) -> dict:
    return {
        "species_a": pair.species_a,
        "species_b": pair.species_b,
        **_with_error(pair.coefficient, "onsager_1_jms", "onsager_err_1_jms"),
        **_with_error(pair.conductivity, "conductivity_s_cm", "conductivity_err_s_cm"),
    }


def _part(part: Part) -> dict:
    return {
        "route": part.route,
        "part": part.name,
        **_with_error(part.conductivity, "conductivity_s_cm", "conductivity_err_s_cm"),
        "diffusive": part.diffusive,
    }


def _with_error(estimate: Estimate | None, value: str, error: str) -> dict:
    return {value: None, error: None} if estimate is None else {value: estimate.value, error: estimate.error}


def _named(curve: VanHove) -> dict:
    return {name: getattr(curve, name) for name in ("part", "species_a", "species_b", "lag_ps")}


def _points(curve: object, columns: Sequence[str]) -> list[dict]:
    """One row per point of a curve."""
    values = zip(*(getattr(curve, name) for name in columns), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in values]
