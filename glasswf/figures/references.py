"""Published numbers as reference marks: only what is printed in the text of a paper, never read off a plot."""

import math
from collections.abc import Iterable, Mapping

from matplotlib.axes import Axes

from glasswf.data import published
from glasswf.figures.marks import Point, key
from glasswf.figures.style import REFERENCE_COLOUR, species_colour, species_marker
from glasswf.landmarks import SAME_M, SAME_X


def found(quantity: str, x: float | None = None, temperature_k: float | None = None, **where: object) -> list[dict]:
    """Published values of `quantity` at x and T.

    x None: any. T must agree, be one of those the paper simulated if it does not say which, or be unstated.
    """
    return [
        entry
        for entry in published()["values"]
        if entry["quantity"] == quantity
        and (x is None or abs(entry["x"] - x) < SAME_X)
        and _may_be_at(entry, temperature_k)
        and all(entry.get(name) == value for name, value in where.items())
    ]


def _may_be_at(entry: dict, temperature_k: float | None) -> bool:
    if temperature_k is not None and "one_of_temperatures_k" in entry:
        return temperature_k in entry["one_of_temperatures_k"]
    return entry.get("temperature_k") in (None, temperature_k)


def of_composition(quantity: str, x: float, m: float | None, **where: object) -> list[dict]:
    """Published values of `quantity` at x and m, at whatever temperature they are printed for, or at none."""
    return [
        entry
        for entry in published()["values"]
        if entry["quantity"] == quantity
        and m is not None
        and abs(entry.get("m", -1) - m) < SAME_M
        and abs(entry["x"] - x) < SAME_X
        and all(entry.get(name) == value for name, value in where.items())
    ]


def beside(rows: Iterable[Mapping], **where: object) -> list[tuple[float, float, dict]]:
    """(x, m, entry) of the published diffusivities at the state points of `rows`."""
    states = sorted({(row["x"], row["m"], row["temperature_k"]) for row in rows if row["m"] is not None})
    return [
        (x, m, entry)
        for x, m, temperature in states
        for entry in of_composition("diffusivity", x, m, temperature_k=temperature, **where)
    ]


def as_points(entries: Iterable[Mapping]) -> list[Point]:
    """Published numbers as points, so that the axes hold them too."""
    values = [value for entry in entries for value in entry.get("range", [entry.get("value")])]
    return [Point(0, value, 0, True, False) for value in values]


def printed(entry: Mapping) -> str:
    """One published number with the digits it was printed with; the unit is left to the reader."""
    return f"{entry['value']:.{max(0, -math.floor(math.log10(2 * entry['half_digit'])))}f}"


def draw_reference(axes: Axes, x: float, entry: dict, colour: str | None = None, marker: str | None = None) -> None:
    """Draw one published number (or printed range) at abscissa x as a faded open mark with a cross in it."""
    species = entry.get("species")
    colour = colour or (species_colour(species) if species else REFERENCE_COLOUR)
    if "range" in entry:
        axes.plot([x, x], entry["range"], "-", color=colour, linewidth=4, alpha=0.35, zorder=2)
        return
    axes.plot([x], [entry["value"]], marker or species_marker(species), color=colour, markersize=8,
              markerfacecolor="none", markeredgewidth=0.7, alpha=0.7, zorder=2)  # fmt: skip
    axes.plot([x], [entry["value"]], "x", color=colour, markersize=4, markeredgewidth=0.7, alpha=0.7, zorder=2)


def reference_key():
    """Legend entry of published numbers."""
    return key("published (text)", REFERENCE_COLOUR, "$⊗$", markersize=7, markeredgewidth=0.3)


def reference_note(entries: list[dict]) -> str:
    """Caption sentence that names the papers and what they leave open."""
    if not entries:
        return ""
    names = sorted({published()["sources"][entry["source"]]["cite"] for entry in entries})
    unstated = any(entry.get("temperature_k") is None and entry["quantity"] == "diffusivity" for entry in entries)
    note = " Temperature not stated there, so drawn in every panel it may belong to." if unstated else ""
    return (f"Crossed marks and pale bars: numbers and ranges printed in the text of {'; '.join(names)} "
            f"(other force field, density or size).{note}")  # fmt: skip
