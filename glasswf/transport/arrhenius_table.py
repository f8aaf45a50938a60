"""Rows of the tables arrhenius and extrapolation: fits of D and σ against temperature, one per composition."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from glasswf.results import SERIES
from glasswf.transport import arrhenius, vtf

_UNITS = {"D": "cm2/s", "sigma": "S/cm"}
_COLUMNS = {
    "D": ("diffusivity_cm2_s", "diffusivity_err_cm2_s"),
    "sigma": ("conductivity_s_cm", "conductivity_err_s_cm"),
}


@dataclass(frozen=True)
class _Points:
    """What was measured of one quantity of one composition, and how many points were left out."""

    key: dict
    quantity: str
    temperatures_k: list[float]
    values: list[float]
    errors: list[float]
    left_out: int

    @property
    def unit(self) -> str:
        return _UNITS[self.quantity.split("_")[0]]

    @property
    def n_temperatures(self) -> int:
        return len(set(self.temperatures_k))


def arrhenius_rows(
    diffusivity_rows: Iterable[Mapping], conductivity_rows: Iterable[Mapping], *, only_diffusive: bool = True
) -> list[dict]:
    """One row of the arrhenius table per composition and quantity, from rows of all its temperatures.

    Points that are not diffusive are left out unless `only_diffusive` is false; so are values with no error or not
    positive. With fewer than two temperatures left the row holds the reason instead of a fit.
    """
    return [_fit_row(points) for points in _all_points(diffusivity_rows, conductivity_rows, only_diffusive)]


def extrapolation_rows(
    diffusivity_rows: Iterable[Mapping],
    conductivity_rows: Iterable[Mapping],
    temperatures_k: Sequence[float],
    *,
    only_diffusive: bool = True,
) -> list[dict]:
    """One row of the extrapolation table per composition, quantity and temperature asked for.

    value: of the model that the data prefer, Arrhenius if they cannot tell. low, high: its 68 % band; beyond the data,
    with a VTF fit at hand, the band reaches over those of both models.
    """
    return [
        points.key | {"quantity": points.quantity, "unit": points.unit} | _extrapolated(points, temperature)
        for points in _all_points(diffusivity_rows, conductivity_rows, only_diffusive)
        for temperature in temperatures_k
    ]


def _all_points(
    diffusivity_rows: Iterable[Mapping], conductivity_rows: Iterable[Mapping], only_diffusive: bool
) -> list[_Points]:
    groups: dict[tuple, list[Mapping]] = {}
    for row in diffusivity_rows:
        groups.setdefault(_key(row, f"D_{row['species']}"), []).append(row)
    for row in conductivity_rows:
        groups.setdefault(_key(row, f"sigma_{row['kind']}"), []).append(row)
    return [_points(key, members, only_diffusive) for key, members in groups.items()]


def _key(row: Mapping, quantity: str) -> tuple:
    return (*(row.get(name) for name in SERIES), quantity)


def _points(key: tuple, members: Sequence[Mapping], only_diffusive: bool) -> _Points:
    value, error = _COLUMNS[key[-1].split("_")[0]]
    used = [row for row in members if _usable(row, value, error, only_diffusive)]
    columns = ([row[name] for row in used] for name in ("temperature_k", value, error))
    return _Points(dict(zip(SERIES, key, strict=False)), key[-1], *columns, len(members) - len(used))


def _usable(row: Mapping, value: str, error: str, only_diffusive: bool) -> bool:
    positive = (row.get(value) or 0) > 0 and (row.get(error) or 0) > 0
    return positive and (bool(row.get("diffusive")) or not only_diffusive)


def _fit_row(points: _Points) -> dict:
    row = points.key | {
        "quantity": points.quantity,
        "n_temperatures": points.n_temperatures,
        "temperature_min_k": min(points.temperatures_k, default=None),
        "temperature_max_k": max(points.temperatures_k, default=None),
        "prefactor_unit": points.unit,
    }
    total = points.left_out + len(points.values)
    notes = [f"{points.left_out} of {total} points not diffusive or without error, left out"] if points.left_out else []
    if points.n_temperatures < 2:
        return row | {"reason": "; ".join([*notes, "no fit: fewer than two temperatures"])}
    straight, curved = _fits(points)
    if not straight.dof:
        notes.append("two points: exact line, 0 degrees of freedom")
    if vtf.aicc(0.0, vtf.PARAMETERS, len(points.values)) is None:
        notes.append("too few temperatures to test curvature")
    return row | _straight(straight) | _curved(straight, curved, points) | {"reason": "; ".join(notes)}


def _fits(points: _Points) -> tuple[arrhenius.ArrheniusFit, vtf.VtfFit | None]:
    data = points.temperatures_k, points.values, points.errors
    return arrhenius.fit(*data), vtf.fit(*data) if points.n_temperatures >= vtf.PARAMETERS else None


def _straight(found: arrhenius.ArrheniusFit) -> dict:
    return {
        "activation_energy_ev": found.activation_energy_ev,
        "activation_energy_err_ev": found.activation_energy_err_ev,
        "prefactor": found.prefactor,
        "prefactor_log_err": found.log_prefactor_err,
        "prefactor_energy_covariance_ev": found.covariance[0][1],
        "reduced_chi2": found.reduced_chi2,
    }


def _curved(straight: arrhenius.ArrheniusFit, curved: vtf.VtfFit | None, points: _Points) -> dict:
    if curved is None:
        return {}
    count = len(points.values)
    return {
        "vtf_b_ev": curved.b_ev,
        "vtf_b_err_ev": curved.b_err_ev,
        "vtf_t0_k": curved.t0_k,
        "vtf_t0_err_k": curved.t0_err_k,
        "aicc_arrhenius": vtf.aicc(straight.chi2, 2, count),
        "aicc_vtf": vtf.aicc(curved.chi2, vtf.PARAMETERS, count),
        "preferred": _preferred(straight, curved, count),
    }


def _preferred(straight: arrhenius.ArrheniusFit, curved: vtf.VtfFit | None, count: int) -> str:
    """Vtf if its criterion is decisively better, else arrhenius; empty with too few points to tell."""
    if curved is None or (simple := vtf.aicc(straight.chi2, 2, count)) is None:
        return ""
    bent = vtf.aicc(curved.chi2, vtf.PARAMETERS, count)
    if bent is None:
        return ""
    return "vtf" if bent < simple - vtf.DECISIVE else "arrhenius"


def _extrapolated(points: _Points, temperature: float) -> dict:
    row = {"temperature_k": temperature}
    if points.n_temperatures < 2:
        return row | {"reason": "no fit: fewer than two temperatures"}
    straight, curved = _fits(points)
    beyond = straight.beyond_data(temperature)
    bent = _preferred(straight, curved, len(points.values)) == "vtf"
    bands = [model.predict(temperature) for model in ((curved, straight) if bent else (straight, curved)) if model]
    shown = bands if beyond else bands[:1]
    return row | {
        "value": bands[0][0],
        "low": min(low for _, low, _ in shown),
        "high": max(high for _, _, high in shown),
        "beyond_data": beyond,
        "reason": "; ".join(_doubts(straight, curved, beyond)),
    }


def _doubts(straight: arrhenius.ArrheniusFit, curved: vtf.VtfFit | None, beyond: bool) -> list[str]:
    low, high = straight.temperature_min_k, straight.temperature_max_k
    doubts = [f"extrapolated from {low:g}-{high:g} K"] if beyond else []
    if beyond and curved:
        doubts.append("band over Arrhenius and VTF")
    if not curved:
        doubts.append("two temperatures: no test of the model")
    return doubts
