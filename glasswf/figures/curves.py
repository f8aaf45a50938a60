"""Curves against the lag: a row of panels per composition, a column per species, colour by isotherm."""

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from glasswf.figures import marks
from glasswf.figures.scan import isotherm_keys
from glasswf.figures.style import PAGE_MM, new_figure
from glasswf.figures.tables import Results, compositions, species_in, temperatures


def grid(
    results: Results, rows: Sequence[dict], draw: Callable[[Axes, list[dict], list[float]], None], more: list[Line2D]
) -> tuple[Figure, list[list[Axes]]]:
    """Panels of the rows (of one system), each filled by `draw(axes, rows, isotherms)`, and the legend."""
    labels, species, isotherms = compositions(results, rows), species_in(rows), temperatures(rows)
    figure = new_figure(PAGE_MM, 26 + max(32, 60 - 14 * len(labels)) * len(labels))
    panels = marks.grid(figure, len(labels), len(species))
    for line, label in zip(panels, labels, strict=True):
        for axes, name in zip(line, species, strict=True):
            mine = [row for row in rows if row["label"] == label and row["species"] == name]
            draw(axes, mine, isotherms)
            marks.name_panel(axes, f"{name}, {composition_name(rows, label)}")
    for axes in panels[-1]:
        axes.set_xlabel("$t$ (ps)")
    marks.legend(figure, isotherm_keys(rows, marked=False) + more, 6)
    return figure, panels


def composition_name(rows: Sequence[dict], label: str) -> str:
    """Name of a composition of one system in a panel, "m = 3.11" or "x = 0.60"."""
    row = next(row for row in rows if row["label"] == label)
    if row["x"] is None:
        return str(label)
    return f"x = {row['x']:.2f}" if str(label).startswith("x") or row["m"] is None else f"m = {row['m']:.2f}"


def part_of(rows: Sequence[dict], drawn: Sequence[str]) -> str:
    """Caption words for a choice of compositions, " (3 of 7 compositions)", or nothing if all are drawn."""
    total = len({row["label"] for row in rows})
    return f" ({len(drawn)} of {total} compositions)" if len(drawn) < total else ""
