"""Quantities against the composition scanned: a column of panels per system, colour by isotherm."""

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from glasswf.errors import AnalysisError
from glasswf.figures import marks
from glasswf.figures.style import PAGE_MM, new_figure, temperature_colour, temperature_marker
from glasswf.figures.tables import Results, Series, all_series, temperatures

AXIS = {"m": "$m$", "x": "$x$ (Na$_2$S content)", None: "1000/$T$ (K$^{-1}$)"}


def rows_at(rows: Sequence[dict], temperature_k: float) -> list[dict]:
    """Rows of one isotherm."""
    return [row for row in rows if row["temperature_k"] == temperature_k]


def inverse(row: dict) -> float:
    """1000/T of a row (1/K)."""
    return 1000 / row["temperature_k"]


def abscissa(series: Series) -> Callable[[dict], float | None]:
    """What a system is drawn against (AXIS has the labels): the composition scanned, or 1000/T where there is one."""
    return inverse if series.scan is None else lambda row: row[series.scan]


def scan_series(results: Results, rows: Sequence[dict], scan: str) -> list[Series]:
    """Series of that scan which occur in `rows`; AnalysisError if there is none."""
    names = {row["system"] for row in rows}
    found = [series for series in all_series(results) if series.scan == scan and series.name in names]
    if not found:
        listed = ", ".join(series.name for series in all_series(results))
        raise AnalysisError(f"no system of these results is scanned over {scan} (systems: {listed})")
    return found


def scan_rows(results: Results, table: str, scan: str) -> list[dict]:
    """Rows of `table` for all systems of that scan; AnalysisError if there is none."""
    names = {series.name for series in scan_series(results, results.tables[table], scan)}
    return [row for row in results.tables[table] if row["system"] in names]


def columns(systems: Sequence[Series]) -> tuple[Figure, list[Axes]]:
    """A panel per system, side by side."""
    figure = new_figure(PAGE_MM if len(systems) > 1 else 0.7 * PAGE_MM, 84)
    (panels,) = marks.grid(figure, 1, len(systems))
    return figure, panels


def isotherms(
    axes: Axes, rows: Sequence[dict], x: Callable[[dict], float | None], names: tuple[str, str],
    levels: Sequence[float], line: str = "-", marker: str = "", **style,
) -> list[marks.Point]:  # fmt: skip
    """Draw one curve per temperature and return the points.

    names: columns of value and error. levels: all temperatures of the figure. marker: instead of one per temperature.
    """
    drawn = []
    for temperature in temperatures(rows):
        made = marks.points(rows_at(rows, temperature), x, *names)
        colour = temperature_colour(temperature, levels)
        marks.draw_points(axes, made, colour, marker or temperature_marker(temperature, levels), line, **style)
        drawn += made
    return drawn


def isotherm_keys(rows: Sequence[dict], marked: bool = True) -> list[Line2D]:
    """Legend entries of the temperatures that occur."""
    levels = temperatures(rows)
    return [
        marks.key(f"{t:g} K", temperature_colour(t, levels), temperature_marker(t, levels) if marked else "", "-")
        for t in levels
    ]


def finish(
    figure: Figure,
    panels: list[Axes],
    systems: Sequence[Series],
    rows: list[dict],
    scan: str,
    more: list[Line2D],
    marked: bool = True,
) -> None:
    """Names, thresholds, labels and the legend: temperatures, `more`, open symbols, threshold."""
    for axes, series in zip(panels, systems, strict=True):
        marks.threshold(axes, series.m_critical)
        marks.name_panel(axes, series.name)
        axes.set_xlabel(AXIS[scan])
    keys = isotherm_keys(rows, marked) + more + marks.open_key(rows)
    keys += [marks.key(**marks.THRESHOLD_KEY)] if any(series.m_critical for series in systems) else []
    marks.legend(figure, keys, 6 if len(panels) > 1 else 4)
