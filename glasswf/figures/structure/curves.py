"""Curves with error bands, one per composition: g(r), S(k), angles."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from glasswf.figures import marks
from glasswf.figures.structure import states
from glasswf.figures.style import OKABE_ITO, composition_colour
from glasswf.figures.tables import Results

Names = tuple[str, str, str]  # columns of abscissa, value and error
_GREY = "#c9c9c9"
SINGLE = OKABE_ITO["vermillion"]  # of the one curve of a figure


def columns(rows: Sequence[dict], *names: str) -> list[np.ndarray]:
    """Columns of rows as arrays, NaN where a cell is empty."""
    return [np.array([np.nan if row[name] is None else row[name] for row in rows], dtype=float) for name in names]


def band(axes: Axes, rows: Sequence[dict], names: Names, colour, line: str = "-", **look) -> None:
    """One curve in order of its abscissa, with its band of errors."""
    x, value, error = columns(sorted(rows, key=lambda row: row[names[0]]), *names)
    error = np.nan_to_num(error)
    axes.fill_between(x, value - error, value + error, color=colour, alpha=0.25, linewidth=0)
    axes.plot(x, value, line, color=colour, **look)


def area(axes: Axes, rows: Sequence[dict], names: Names) -> None:
    """One curve as a grey area behind the others."""
    x, value, _ = columns(sorted(rows, key=lambda row: row[names[0]]), *names)
    axes.fill_between(x, 0, value, color=_GREY, linewidth=0, zorder=0)
    axes.plot(x, value, color=_GREY, linewidth=0.8, zorder=0)


def compositions(axes: Axes, rows: Sequence[dict], names: Names, colours: dict[str, tuple]) -> None:
    """A curve per composition in its colour, the pure modifier as a grey area."""
    for mine in states.by_composition(rows):
        if states.pure(mine[0]):
            area(axes, mine, names)
        else:
            band(axes, mine, names, colours[mine[0]["label"]])


def colours(rows: Sequence[dict]) -> dict[str, tuple]:
    """Colour of every composition by label, the pure modifier apart."""
    labels = [mine[0]["label"] for mine in states.by_composition(rows) if not states.pure(mine[0])]
    return {label: composition_colour(index, len(labels)) for index, label in enumerate(labels)}


def keys(results: Results, rows: Sequence[dict]) -> list[Line2D | Patch]:
    """Legend entries of the compositions."""
    found = colours(rows)
    firsts = [mine[0] for mine in states.by_composition(rows)]
    made = [
        marks.key(states.named(results, row), found[row["label"]], line="-") for row in firsts if not states.pure(row)
    ]
    return made + ([Patch(color=_GREY, label="Na$_2$S ($x$ = 1)")] if any(map(states.pure, firsts)) else [])


def limits(axes: Axes, rows: Sequence[dict], names: Names, span: tuple[float, float], headroom: float = 0.08) -> None:
    """The part `span` of the abscissa, and all values there; from zero on unless they are negative."""
    x, value = columns(rows, *names[:2])
    inside = value[(x >= span[0]) & (x <= span[1]) & np.isfinite(value)]
    low, high = min(0.0, inside.min(initial=0.0)), inside.max(initial=0.0) or 1.0
    axes.set_xlim(*span)
    axes.set_ylim(low + headroom * low, high + headroom * (high - low))


def panels(figure: Figure, count: int, across: int = 3) -> list[Axes]:
    """`count` panels, at most `across` in a row, each with its own y axis; x is labelled on the lowest of a column."""
    down = -(-count // across)
    places = figure.subplots(down, min(count, across), sharex=True, squeeze=False).ravel().tolist()
    wide = min(count, across)
    for index, axes in enumerate(places[count:], start=count):
        axes.set_axis_off()
        places[index - wide].tick_params(labelbottom=True)
    return places[:count]
