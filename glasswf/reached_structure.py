"""Ours, for every published value of the structure: maxima of curves, shares of the network, the Wright parameter."""

from collections.abc import Callable, Mapping

from glasswf.figures.tables import Results
from glasswf.landmarks import SAME_M, disulfide

_SAME_X = 0.011  # small cells round x more coarsely, and the structure changes little over it
_WITHIN = {"g_peak": 0.2, "s_peak": 0.4, "angle_maximum": 12.0}  # how far a maximum may lie to be the one meant
_PERCENT = 100.0


class NotReachedError(Exception):
    """The results hold nothing to stand beside a published value; the message says why."""


def _g_peak(entry: Mapping, results: Results) -> tuple[float, float | None, str]:
    part, a, b = entry["of"]
    rows = _here(results, "pair_peaks", entry, part=part, species_a=a, species_b=b, kind="peak")
    return _nearest(entry, rows, "r_a", "r_err_a", "Å")


def _s_peak(entry: Mapping, results: Results) -> tuple[float, float | None, str]:
    convention, a, b = entry["of"]
    rows = _here(results, "diffraction_peaks", entry, convention=convention, method="direct", species_a=a, species_b=b)
    return _nearest(entry, rows, "k_1_a", "k_err_1_a", "1/Å")


def _angle_maximum(entry: Mapping, results: Results) -> tuple[float, float | None, str]:
    a, centre, b = entry["of"]
    rows = _here(results, "angle_peaks", entry, species_a=a, centre=centre, species_b=b)
    return _nearest(entry, rows, "angle_deg", "angle_err_deg", "°")


def _share(entry: Mapping, results: Results) -> tuple[float, float | None, str]:
    row = _here(results, "network", entry, quantity=entry["of"])[0]
    error = row["value_err"]
    cutoff = f"Si-S up to {row['cutoff_a']:.2f} Å" if row["cutoff_a"] else ""
    return _PERCENT * row["value"], None if error is None else _PERCENT * error, cutoff


def _wright(entry: Mapping, results: Results) -> tuple[float, float | None, str]:
    quantity, definition = entry["of"]
    row = _here(results, "wright", entry, quantity=quantity, definition=definition)[0]
    return row["value"], row["value_err"], f"{row['file']}, {row['range_start']:g}-{row['range_stop']:g}"


STRUCTURE: dict[str, Callable] = {
    "g_peak": _g_peak,
    "s_peak": _s_peak,
    "angle_maximum": _angle_maximum,
    "edge_sharing": _share,
    "q_species": _share,
    "wright_parameter": _wright,
}


def _here(results: Results, table: str, entry: Mapping, **where: object) -> list[dict]:
    """Rows of the composition and temperature of `entry`; NotReachedError says what is missing."""
    rows = [
        row
        for row in results.rows(table, **where)
        if abs(row["x"] - entry["x"]) < _SAME_X and _same_m(row["m"], entry.get("m"))
        and row["temperature_k"] == entry["temperature_k"]
    ]  # fmt: skip
    if not rows:
        what = "measured file" if table == "wright" else "structure"
        raise NotReachedError(f"no {what} at x = {entry['x']:.2f}, {entry['temperature_k']:g} K")
    return rows


def _same_m(ours: float | None, theirs: float | None) -> bool:
    """Without a network former there is no m."""
    if theirs is None:
        return ours is None
    return disulfide(ours) if theirs == 2 else ours is not None and abs(ours - theirs) < SAME_M


def _nearest(entry: Mapping, rows: list[dict], key: str, error: str, unit: str) -> tuple[float, float | None, str]:
    """The maximum nearest to the published one."""
    low, high = entry.get("range", [entry.get("value")] * 2)
    middle = (low + high) / 2
    within = _WITHIN[entry["quantity"]]
    found = [row for row in rows if row[key] is not None and abs(row[key] - middle) <= within + (high - low) / 2]
    if not found:
        there = ", ".join(f"{row[key]:.3g}" for row in rows if row[key] is not None) or "none at all"
        raise NotReachedError(f"no maximum within {within:g} {unit} of it; ours: {there}")
    row = min(found, key=lambda each: abs(each[key] - middle))
    return row[key], row[error], "nearest maximum"
