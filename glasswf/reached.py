"""Ours, for every kind of published value: the number, its standard error and a note on how it was found."""

import math
from collections.abc import Callable, Mapping

from glasswf import anomaly
from glasswf.composition import Composition
from glasswf.figures.tables import COLLECTIVE, Results, all_series, trusted
from glasswf.landmarks import SAME_M, SAME_X
from glasswf.reached_structure import STRUCTURE, NotReachedError

_PAPER_ATOMS = 3000
_NETWORK = ("Si", "S")
_VALUE = {
    "diffusivity": "diffusivity_cm2_s",
    "conductivity_parts": "conductivity_s_cm",
    "arrhenius": "activation_energy_ev",
}

Value = tuple[float, float | None]  # ours and its standard error


def _diffusivity(entry: Mapping, results: Results) -> tuple[float, float | None, str]:
    if entry.get("n_si"):
        return _diffusivity_by_silicon(entry, results)
    row = _state(results, "diffusivity", entry, species=entry["species"])
    return row["diffusivity_cm2_s"], row["diffusivity_err_cm2_s"], ""


def _diffusivity_by_silicon(entry: Mapping, results: Results) -> tuple[float, float | None, str]:
    """The hottest isotherm at the point whose N_Si/N is nearest to that of the paper's 3000 atoms."""
    found = _usable(results, "diffusivity", entry, "diffusivity_cm2_s", species=entry["species"])
    share = entry["n_si"] / _PAPER_ATOMS
    allowed = entry.get("one_of_temperatures_k") or {row["temperature_k"] for row in found}
    near = [
        row for row in found if abs(row["n_si"] / row["n_atoms"] - share) < 0.012 and row["temperature_k"] in allowed
    ]
    if not near:
        isotherms = " or ".join(f"{temperature:g}" for temperature in sorted(allowed))
        raise NotReachedError(
            f"no diffusive point at x = {entry['x']:.2f} with N_Si/N near {share:.3f} at {isotherms} K"
        )
    row = max(near, key=lambda each: (each["temperature_k"], -abs(each["n_si"] / each["n_atoms"] - share)))
    note = f"ours at {row['temperature_k']:g} K, m = {row['m']:.2f}; their temperature is not stated"
    return row["diffusivity_cm2_s"], row["diffusivity_err_cm2_s"], note


def _diffusivity_ratio(entry: Mapping, results: Results) -> tuple[float, float | None, str]:
    sodium = _value(_state(results, "diffusivity", entry, species="Na"))
    network = [_value(_state(results, "diffusivity", entry, species=name)) for name in _NETWORK]
    mean = sum(value for value, _ in network) / 2, math.hypot(*(error or 0 for _, error in network)) / 2
    return *_quotient(sodium, mean), "network: mean of Si and S"


def _conductivity_split(entry: Mapping, results: Results) -> tuple[float, float | None, str]:
    """Network part of σ_NE over that of Na, from the self parts."""
    sodium, network = (
        _state(results, "conductivity_parts", entry, route="self", part=name) for name in ("Na", "network")
    )
    pair = [(row["conductivity_s_cm"], row["conductivity_err_s_cm"]) for row in (network, sodium)]
    return *_quotient(*pair), "eq. (7) there lacks N_k; ours holds it"


def _activation_energy(entry: Mapping, results: Results) -> tuple[float, float | None, str]:
    row = _state(results, "arrhenius", entry, quantity=_fit_name(entry))
    span = f"ours over {row['temperature_min_k']:g}-{row['temperature_max_k']:g} K"
    return row["activation_energy_ev"], row["activation_energy_err_ev"], span


def _activation_minimum(entry: Mapping, results: Results) -> tuple[float, float | None, str]:
    found = _usable(results, "arrhenius", entry, "activation_energy_ev", quantity=_fit_name(entry))
    found = sorted(found, key=lambda row: row["m"])
    if len(found) < 3:
        raise NotReachedError(f"fewer than three m with an activation energy at x = {entry['x']:.2f}")
    lowest = min(found, key=lambda row: row["activation_energy_ev"])
    edge = "; the lowest value lies at an end of the scan" if lowest in (found[0], found[-1]) else ""
    return lowest["m"], None, f"m of the lowest E_A; no error can be given{edge}"


def _maximum_position(entry: Mapping, results: Results) -> tuple[float, float | None, str]:
    tested = _tested(entry, results)
    best = min(tested, key=lambda each: each["anomaly"].p_value)
    found = best["anomaly"]
    silicon = [_silicon(entry["x"], m) for m in (found.position, found.position_low, found.position_high)]
    half = abs(silicon[1] - silicon[2]) / 2
    note = f"largest D_Na at {best['temperature_k']:g} K; maximum {found.verdict}"
    return silicon[0], half or None, note


def _silicon(x: float, m: float) -> float:
    """N_Si among the paper's 3000 atoms."""
    return _PAPER_ATOMS * (1 - x) / Composition(x, m).atoms_per_unit


def _conductivity_growth(entry: Mapping, results: Results) -> tuple[float, float | None, str]:
    found = _usable(results, "conductivity", entry, "conductivity_s_cm", kind=COLLECTIVE)
    for temperature in sorted({row["temperature_k"] for row in found}):
        mine = [row for row in found if row["temperature_k"] == temperature]
        start = [row for row in mine if abs(row["m"] - 2) < SAME_M]
        if start and len(mine) > 2:
            top = max(mine, key=lambda row: row["conductivity_s_cm"])
            pair = [(row["conductivity_s_cm"], row["conductivity_err_s_cm"]) for row in (top, start[0])]
            return *_quotient(*pair), f"ours at {temperature:g} K, largest at m = {top['m']:.2f}"
    raise NotReachedError(f"no diffusive σ at x = {entry['x']:.2f} both at m = 2 and beyond")


def _monotone_growth(entry: Mapping, results: Results) -> tuple[str, None, str]:
    """Outcome in words: from first to last m at the lowest temperature that has both, in standard errors."""
    table, key, error = (("diffusivity", "diffusivity_cm2_s", "diffusivity_err_cm2_s") if entry["of"] == "diffusivity"
                         else ("conductivity", "conductivity_s_cm", "conductivity_err_s_cm"))  # fmt: skip
    where = {"species": entry["species"]} if table == "diffusivity" else {"kind": COLLECTIVE}
    found = _usable(results, table, entry, key, **where)
    if len({row["m"] for row in found}) < 3:
        raise NotReachedError(f"no scan over m at x = {entry['x']:.2f} with three diffusive points")
    hottest = max(row["temperature_k"] for row in found)
    mine = sorted((row for row in found if row["temperature_k"] == hottest), key=lambda row: row["m"])
    first, last = (mine[0], mine[-1])
    growth = last[key] / first[key]
    spread = math.hypot(first[error] or 0.0, last[error] or 0.0)
    certainty = f" ({(last[key] - first[key]) / spread:+.1f} σ)" if spread else ""
    return f"× {growth:.2g}{certainty}", None, f"m = {first['m']:.2f} to {last['m']:.2f} at {hottest:g} K"


def _threshold(entry: Mapping, results: Results) -> tuple[float, None, str]:
    for series in all_series(results):
        if series.m_critical and abs(series.x - entry["x"]) < SAME_X:
            return series.m_critical, None, "from the formula alone, not from dynamics"
    raise NotReachedError(f"no system scanned over m at x = {entry['x']:.2f}")


QUANTITIES: dict[str, Callable] = {
    "diffusivity": _diffusivity,
    "diffusivity_ratio": _diffusivity_ratio,
    "conductivity_split": _conductivity_split,
    "activation_energy": _activation_energy,
    "activation_minimum": _activation_minimum,
    "maximum_position": _maximum_position,
    "conductivity_growth": _conductivity_growth,
    "monotone_growth": _monotone_growth,
    "threshold": _threshold,
    **STRUCTURE,
}


def _usable(results: Results, table: str, entry: Mapping, key: str, **where: object) -> list[dict]:
    """Trusted rows at the x of `entry` that hold `key`."""
    return [
        row
        for row in results.rows(table, **where)
        if abs(row["x"] - entry["x"]) < SAME_X and row[key] is not None and trusted(row)
    ]


def _state(results: Results, table: str, entry: Mapping, **where: object) -> dict:
    """The one row at the state point of `entry`; NotReachedError says what is missing."""
    temperature = entry.get("temperature_k")
    place = f"x = {entry['x']:.2f}, m = {entry['m']:.2f}" + (f", {temperature:g} K" if temperature else "")
    here = [
        row
        for row in results.rows(table, **where)
        if abs(row["x"] - entry["x"]) < SAME_X and row["m"] is not None and abs(row["m"] - entry["m"]) < SAME_M
        and temperature in (None, row.get("temperature_k"))
    ]  # fmt: skip
    if not here:
        raise NotReachedError(f"no point at {place}")
    usable = [row for row in here if row[_VALUE[table]] is not None and trusted(row)]
    if not usable:
        why = "a gate failed" if here[0].get("gates_passed") is False else here[0].get("reason") or "not diffusive"
        raise NotReachedError(f"the point at {place} gives no value ({why})")
    return min(usable, key=lambda row: abs(row["m"] - entry["m"]) + abs(row["x"] - entry["x"]))


def _tested(entry: Mapping, results: Results) -> list[dict]:
    names = {series.name for series in all_series(results) if abs(series.x - entry["x"]) < SAME_X}
    tested = [each for each in anomaly.survey(results)
              if each["system"] in names and each["species"] == entry["species"] and "anomaly" in each]  # fmt: skip
    if not tested:
        raise NotReachedError(f"no scan over m at x = {entry['x']:.2f} with four diffusive points")
    return tested


def _fit_name(entry: Mapping) -> str:
    return f"sigma_{COLLECTIVE}" if entry["of"] == "sigma" else entry["of"]


def _value(row: Mapping) -> Value:
    return row["diffusivity_cm2_s"], row["diffusivity_err_cm2_s"]


def _quotient(upper: Value, lower: Value) -> Value:
    """Ratio of two values with independent errors added in quadrature."""
    (a, a_err), (b, b_err) = upper, lower
    return a / b, abs(a / b) * math.hypot((a_err or 0) / a, (b_err or 0) / b)
