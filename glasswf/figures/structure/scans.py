"""Single numbers of the structure against composition: points with error bars, one series per quantity."""

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes

from glasswf.figures import marks
from glasswf.figures.scan import AXIS
from glasswf.figures.structure import states
from glasswf.figures.tables import Results, all_series

Names = tuple[str, str]  # columns of value and error


def points(rows: Sequence[dict], by: str, names: Names, factor: float = 1.0) -> list[marks.Point]:
    """Points of the rows that hold a number, in order of column `by`."""
    value, error = names
    made = [
        marks.Point(row[by], factor * row[value], factor * (row[error] or 0.0), True, False)
        for row in rows if row[value] is not None and row[by] is not None
    ]  # fmt: skip
    return sorted(made, key=lambda point: point.x)


def label_axis(axes: Axes, results: Results, rows: Sequence[dict]) -> None:
    """Abscissa of one system: what it scans, and the rigidity threshold where there is one."""
    by = states.variable(results, rows[0])
    at = [row[by] for row in rows if row[by] is not None]
    room = 0.05 * (max(at) - min(at)) or 0.05
    axes.set_xlim(min(at) - room, max(at) + room)
    axes.set_xlabel(AXIS[by])
    marks.threshold(axes, critical(results, rows))


def critical(results: Results, rows: Sequence[dict]) -> float | None:
    """m_c of the system of `rows`, if it is scanned over m and has one."""
    return next((each.m_critical for each in all_series(results) if each.name == rows[0]["system"]), None)


def threshold_key(results: Results, rows: Sequence[dict]) -> list:
    """Legend entry of the rigidity threshold, if one is drawn."""
    by, level = states.variable(results, rows[0]), critical(results, rows)
    at = [row[by] for row in rows if row[by] is not None]
    return [marks.key(**marks.THRESHOLD_KEY)] if level is not None and min(at) < level < max(at) else []


def series(
    axes: Axes, rows: Sequence[dict], by: str, names: Names, looks: dict[str, tuple], key: Callable[[dict], str],
    factor: float = 1.0, line: str = "-",
) -> list[marks.Point]:  # fmt: skip
    """One line of points per name in `looks` (colour, marker); returns all points."""
    drawn = []
    for name, (colour, marker) in looks.items():
        made = points([row for row in rows if key(row) == name], by, names, factor)
        marks.draw_points(axes, made, colour, marker, line)
        drawn += made
    return drawn
