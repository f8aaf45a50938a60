"""Rows of the result tables (glasswf.results.TABLES) from transport results."""

from collections.abc import Iterable, Mapping, Sequence

from glasswf.transport import arrhenius
from glasswf.transport.ensemble import CHARGE
from glasswf.transport.result import Conductivity, Diffusion, MsdCurve, TransportResult

_SERIES = ("system", "label", "x", "m", "n_atoms", "n_na", "n_si", "n_s")
_POINT = (*_SERIES, "temperature_k")


def rows(point: Mapping, result: TransportResult) -> dict[str, list[dict]]:
    """Rows of the tables diffusivity, conductivity, haven and msd for one state point.

    point: the columns that say which state point it is (system, label, x, m, ..., temperature_k), and whether its
    runs passed their gates (gates_passed).
    """
    known = {name: point.get(name) for name in _POINT}
    judged = known | {"gates_passed": point.get("gates_passed")}
    return {
        "diffusivity": [judged | _diffusion(item, result.n_replicas) for item in result.diffusion],
        "conductivity": [judged | _conductivity(item, result) for item in result.conductivity],
        "haven": [judged | _haven(result)] if result.haven else [],
        "msd": [known | row for curve in result.msd if curve.species != CHARGE for row in _msd(curve)],
    }


def arrhenius_rows(
    diffusivity_rows: Iterable[Mapping], conductivity_rows: Iterable[Mapping], *, only_diffusive: bool = True
) -> list[dict]:
    """One row of the arrhenius table per composition and quantity, from rows of all its temperatures.

    Points that are not diffusive are left out unless `only_diffusive` is false; so are values with no error or not
    positive. With fewer than two temperatures left the row holds the reason instead of a fit.
    """
    groups: dict[tuple, list[Mapping]] = {}
    for row in diffusivity_rows:
        _grouped(groups, row, f"D_{row['species']}")
    for row in conductivity_rows:
        _grouped(groups, row, f"sigma_{row['kind']}")
    return [
        dict(zip(_SERIES, key, strict=False)) | {"quantity": key[-1]} | _fitted(key[-1], members, only_diffusive)
        for key, members in groups.items()
    ]


def _grouped(groups: dict[tuple, list[Mapping]], row: Mapping, quantity: str) -> None:
    groups.setdefault((*(row.get(name) for name in _SERIES), quantity), []).append(row)


def _fitted(quantity: str, members: Sequence[Mapping], only_diffusive: bool) -> dict:
    value, error, unit = (
        ("diffusivity_cm2_s", "diffusivity_err_cm2_s", "cm2/s")
        if quantity.startswith("D_")
        else ("conductivity_s_cm", "conductivity_err_s_cm", "S/cm")
    )
    used = [row for row in members if _usable(row, value, error, only_diffusive)]
    temperatures = [row["temperature_k"] for row in used]
    span = {
        "n_temperatures": len(set(temperatures)),
        "temperature_min_k": min(temperatures, default=None),
        "temperature_max_k": max(temperatures, default=None),
        "prefactor_unit": unit,
    }
    left_out = len(members) - len(used)
    note = f"{left_out} of {len(members)} points not diffusive or without error, left out" if left_out else ""
    if len(set(temperatures)) < 2:
        return span | {"reason": "; ".join(filter(None, [note, "no fit: fewer than two temperatures"]))}
    found = arrhenius.fit(temperatures, [row[value] for row in used], [row[error] for row in used])
    exact = "" if found.dof else "two points: exact line, 0 degrees of freedom"
    return span | _fit_columns(found) | {"reason": "; ".join(filter(None, [note, exact]))}


def _fit_columns(found: arrhenius.ArrheniusFit) -> dict:
    return {
        "activation_energy_ev": found.activation_energy_ev,
        "activation_energy_err_ev": found.activation_energy_err_ev,
        "prefactor": found.prefactor,
        "prefactor_log_err": found.log_prefactor_err,
        "reduced_chi2": found.reduced_chi2,
    }


def _usable(row: Mapping, value: str, error: str, only_diffusive: bool) -> bool:
    positive = (row.get(value) or 0) > 0 and (row.get(error) or 0) > 0
    return positive and (bool(row.get("diffusive")) or not only_diffusive)


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
    }


def _conductivity(item: Conductivity, result: TransportResult) -> dict:
    return {
        "kind": item.kind,
        "conductivity_s_cm": item.conductivity.value,
        "conductivity_err_s_cm": item.conductivity.error,
        **_window(item),
        "n_replicas": result.n_replicas,
        "error_method": item.conductivity.method,
    }


def _window(item: Diffusion | Conductivity) -> dict:
    return {
        "diffusive": item.window.diffusive,
        "reason": item.window.reason,
        "window_start_ps": item.window.start_ps,
        "window_stop_ps": item.window.stop_ps,
    }


def _haven(result: TransportResult) -> dict:
    ratio = result.haven.ratio
    return {
        "haven_ratio": ratio.value,
        "haven_ratio_err": ratio.error,
        "diffusive": result.haven.diffusive,
        "n_replicas": result.n_replicas,
    }


def _msd(curve: MsdCurve) -> list[dict]:
    columns = ("lag_ps", "msd_a2", "msd_err_a2", "in_window")
    values = zip(*(getattr(curve, column) for column in columns), strict=True)
    return [{"species": curve.species} | dict(zip(columns, row, strict=True)) for row in values]
