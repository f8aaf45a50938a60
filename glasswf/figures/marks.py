"""Points with error bars, open symbols and upper bounds, axes and legends: the parts every figure is made of."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from glasswf.figures.style import RC, REFERENCE_COLOUR
from glasswf.figures.tables import trusted


@dataclass(frozen=True)
class Point:
    """One value with its standard error; `bound`: the value is an upper bound; not `solid`: not to be trusted."""

    x: float
    value: float
    error: float
    solid: bool
    bound: bool


def points(
    rows: Iterable[dict], x: Callable[[dict], float | None], value: str, error: str, signed: bool = False
) -> list[Point]:
    """Points of the rows that hold a positive number (or any, if `signed`), sorted by x.

    An upper bound stands in for a non-diffusive D.
    """
    made = [_point(row, x(row), value, error, signed) for row in rows]
    return sorted((point for point in made if point), key=lambda point: point.x)


def _point(row: dict, x: float | None, value: str, error: str, signed: bool) -> Point | None:
    solid, limit = trusted(row), row.get("upper_bound_cm2_s")
    bound = row.get("diffusive") is False and limit is not None
    number = limit if bound else row[value]
    if x is None or number is None or (number <= 0 and not signed):
        return None
    return Point(x, number, 0.0 if bound else row[error] or 0.0, solid, bound)


def draw_points(axes: Axes, drawn: Sequence[Point], colour, marker: str, line: str = "-", **style) -> None:
    """Draw error bars, a line through the trusted points, open symbols for the rest and arrows for upper bounds."""
    size, width = style.get("size", RC["lines.markersize"]), style.get("width", RC["lines.linewidth"])
    look = {"color": colour, "alpha": style.get("alpha", 1.0), "zorder": style.get("zorder", 3)}
    solid = [point for point in drawn if point.solid]
    axes.plot([p.x for p in solid], [p.value for p in solid], linestyle=line, linewidth=width, **look)
    for fill, group in ((colour, solid), ("white", [p for p in drawn if not p.solid and not p.bound])):
        _bars(axes, group, marker=marker, markersize=size, markerfacecolor=fill, linewidth=0.8 * width, **look)
    for point in (p for p in drawn if p.bound):
        _arrow(axes, point, marker, size, look)


def _bars(axes: Axes, group: Sequence[Point], **look) -> None:
    if group:
        errors = [point.error for point in group]
        axes.errorbar([p.x for p in group], [p.value for p in group], errors, linestyle="none", **look)


def _arrow(axes: Axes, point: Point, marker: str, size: float, look: dict) -> None:
    shaft = {"uplims": True, "capsize": 2.5, "elinewidth": 0.8, "markerfacecolor": "white"}
    axes.errorbar([point.x], [point.value], [0.4 * point.value], fmt=marker, markersize=size, **shaft, **look)


def log_limits(axes: Axes, drawn: Iterable[Point], at_least: float = 1.0, headroom: float = 0.0) -> None:
    """Logarithmic y axis over all points and their bars (bars reaching below a third of the value are cut there).

    at_least: least number of decades shown; headroom: part of the axis left free above the data, for panel labels.
    """
    drawn = [point for point in drawn if point.value > 0]
    axes.set_yscale("log", nonpositive="clip")
    if not drawn:
        return
    low = min(max(p.value - p.error, p.value / 3) * (0.5 if p.bound else 1) for p in drawn)
    high = max(p.value + p.error for p in drawn)
    pad = 1.25 * max(1.0, 10 ** ((at_least - math.log10(high / low)) / 2))
    low, high = low / pad, high * pad
    axes.set_ylim(low, high * (high / low) ** headroom)
    axes.yaxis.set_minor_locator(LogLocator(subs=range(2, 10)))
    decades = math.floor(math.log10(high)) - math.ceil(math.log10(low)) + 1
    axes.yaxis.set_minor_formatter(NullFormatter() if decades > 1 else FuncFormatter(_label_two_and_five))
    if decades <= 1 and low > 0.02 and high < 50:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def linear_limits(axes: Axes, drawn: Iterable[Point], headroom: float = 0.2) -> None:
    """Linear y axis over zero, all values, and bars as far as they are no longer than the spread of values."""
    drawn = list(drawn)
    values = [point.value for point in drawn] + [0.0]
    span = (max(values) - min(values)) or 1.0
    bars = [(point.value, min(point.error, span)) for point in drawn] or [(0.0, 0.0)]
    low, high = min(0.0, *(v - e for v, e in bars)), max(0.0, *(v + e for v, e in bars))
    axes.set_ylim(low - 0.05 * (high - low), high + headroom * (high - low))


def _label_two_and_five(value: float, _position: int) -> str:
    """Label of a minor tick of a logarithmic axis with fewer than two decades on it: only at 2 and 5."""
    exponent = math.floor(math.log10(value) + 1e-9)
    leading = round(value / 10**exponent)
    if leading not in (2, 5):
        return ""
    return f"{value:g}" if -2 <= exponent <= 1 else rf"${leading}\times10^{{{exponent}}}$"


def grid(figure: Figure, rows: int, columns: int) -> list[list[Axes]]:
    """Panels that share their axes and carry tick labels on the outside only, as rows of columns."""
    return figure.subplots(rows, columns, sharex="col", sharey=True, squeeze=False).tolist()


def wrapped(figure: Figure, count: int, columns: int = 4) -> list[Axes]:
    """`count` panels with common axes, in as few rows of at most `columns` as it takes; unused places stay empty."""
    rows = -(-count // columns)
    columns = -(-count // rows)
    places = [each for line in grid(figure, rows, columns) for each in line]
    for index, axes in enumerate(places[count:], start=count):
        axes.set_axis_off()
        places[index - columns].tick_params(labelbottom=True)
    return places[:count]


def grid_by_row(figure: Figure, rows: int, columns: int) -> list[list[Axes]]:
    """Panels where each row has a y axis of its own."""
    return figure.subplots(rows, columns, sharex="col", sharey="row", squeeze=False).tolist()


def name_panel(axes: Axes, text: str, right: bool = False) -> None:
    """Name a panel in its upper corner, where `log_limits` leaves room."""
    place, align = (0.96, "right") if right else (0.04, "left")
    axes.text(place, 0.96, text, transform=axes.transAxes, ha=align, va="top")


def note(figure: Figure, text: str) -> None:
    """Say in the middle of a figure why it holds no data."""
    figure.text(0.55, 0.5, text, ha="center", va="center", color=REFERENCE_COLOUR)


def threshold(axes: Axes, position: float | None) -> None:
    """Vertical broken line at the rigidity threshold, if there is one inside the axes."""
    low, high = sorted(axes.get_xlim())
    if position is not None and low < position < high:
        axes.axvline(position, color=REFERENCE_COLOUR, linewidth=0.8, linestyle=(0, (4, 2)), zorder=1)


def key(label: str, colour="black", marker: str = "", line: str = "", filled: bool = True, **style) -> Line2D:
    """One legend entry."""
    face = colour if filled else "white"
    return Line2D([], [], color=colour, marker=marker, linestyle=line, label=label, markerfacecolor=face, **style)


def open_key(rows: Iterable[dict]) -> list[Line2D]:
    """Legend entry of open symbols, if `rows` have any."""
    doubtful = [row for row in rows if not trusted(row)]
    if not doubtful:
        return []
    caged = all(row.get("diffusive") is False for row in doubtful)
    return [key("not diffusive" if caged else "not diffusive or gate failed", REFERENCE_COLOUR, "o", filled=False)]


def legend(figure: Figure, keys: Sequence[Line2D], columns: int = 6) -> None:
    """Legend above the panels, never over data."""
    if not keys:
        return
    lines = -(-len(keys) // columns)
    figure.legend(handles=list(keys), loc="outside upper center", ncols=-(-len(keys) // lines))


THRESHOLD_KEY = {"label": r"$m_c$ (rigidity threshold)", "colour": REFERENCE_COLOUR, "line": (0, (4, 2))}
