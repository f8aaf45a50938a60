"""One measured-like curve with its maxima and the printed positions: both panels of Legrand Fig. 1."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from glasswf.figures import marks
from glasswf.figures.melt import same
from glasswf.figures.structure import curves, published
from glasswf.figures.style import PAGE_MM, REFERENCE_COLOUR, new_figure
from glasswf.figures.tables import Results

Peaks = tuple[str, str]  # columns of position and its error


def beside(results: Results, table: str, row: dict, **where: object) -> list[dict]:
    """Rows of another table for the state of `row`."""
    where["temperature_k"] = row["temperature_k"]
    return [each for each in same(results, table, row) if all(each[key] == value for key, value in where.items())]


def draw(
    rows: Sequence[dict], names: curves.Names, peaks: Sequence[dict], places: Peaks, found: Sequence[dict],
    span: tuple[float, float],
) -> Figure:  # fmt: skip
    """The curve, its maxima with error bars, the printed positions `found`; axes are labelled by the caller."""
    figure = new_figure(0.7 * PAGE_MM, 84)
    axes = figure.subplots()
    curves.band(axes, rows, names, curves.SINGLE)
    x, value = curves.columns(sorted(rows, key=lambda row: row[names[0]]), *names[:2])
    for row in peaks:
        on_curve = np.interp(row[places[0]], x, value)
        axes.errorbar([row[places[0]]], [on_curve], xerr=[row[places[1]] or 0], fmt="o", color="black",
                      markerfacecolor="white", zorder=4)  # fmt: skip
    published.draw_positions(axes, found)
    axes.axhline(1, color=REFERENCE_COLOUR, linewidth=0.6, linestyle=":", zorder=1)
    curves.limits(axes, rows, names, span)
    keys = [marks.key("this run", curves.SINGLE, line="-")]
    keys += [marks.key("its maxima", "black", "o", filled=False)] if peaks else []
    marks.legend(figure, keys + published.position_key(found), 3)
    return figure


def maxima(peaks: Sequence[dict], places: Peaks, unit: str) -> str:
    """Caption sentence with the positions of the maxima."""
    listed = ", ".join(f"{row[places[0]]:.2f} ± {row[places[1]] or 0:.2f}" for row in peaks)
    return f"Maxima: {listed} {unit}." if peaks else ""
