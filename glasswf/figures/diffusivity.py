"""D of every species against m or x: a column of panels per system, a row per isotherm (Legrand Fig. 4 against x)."""

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glasswf.errors import AnalysisError
from glasswf.figures import caption, marks, references
from glasswf.figures.style import PAGE_MM, new_figure, species_colour, species_marker
from glasswf.figures.tables import Results, Series, all_series, species_in, temperatures

LABEL = "$D$ (cm$^2$ s$^{-1}$)"
_AXIS = {"m": "$m$", "x": "$x$ (Na$_2$S content)"}


def select_m(results: Results) -> dict[str, list[dict]]:
    """Rows of every system scanned over m."""
    return {"diffusivity": scan_rows(results, "diffusivity", "m")}


def paint_m(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """D_k against m."""
    return _paint(results, chosen["diffusivity"], "m")


def select_x(results: Results) -> dict[str, list[dict]]:
    """Rows of every system scanned over x."""
    return {"diffusivity": scan_rows(results, "diffusivity", "x")}


def paint_x(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """D_k against x (Legrand Fig. 4)."""
    return _paint(results, chosen["diffusivity"], "x")


def rows_at(rows: Sequence[dict], temperature_k: float) -> list[dict]:
    """Rows of one isotherm."""
    return [row for row in rows if row["temperature_k"] == temperature_k]


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


def draw_species(axes: Axes, rows: Sequence[dict], x: Callable[[dict], float | None]) -> list[marks.Point]:
    """Draw D of every species in one panel; return the points for the limits."""
    drawn = []
    for species in species_in(rows):
        mine = [row for row in rows if row["species"] == species]
        made = marks.points(mine, x, "diffusivity_cm2_s", "diffusivity_err_cm2_s")
        marks.draw_points(axes, made, species_colour(species), species_marker(species))
        drawn += made
    return drawn


def reference_points(entries: Sequence[dict]) -> list[marks.Point]:
    """Published numbers as points, so that the axes hold them too."""
    values = [value for entry in entries for value in entry.get("range", [entry.get("value")])]
    return [marks.Point(0, value, 0, True, False) for value in values]


def keys(rows: Sequence[dict], threshold: bool, published: bool) -> list:
    """Legend entries of a diffusivity figure."""
    entries = [marks.key(name, species_colour(name), species_marker(name), "-") for name in species_in(rows)]
    entries += marks.open_key(rows)
    entries += [marks.key(**marks.THRESHOLD_KEY)] if threshold else []
    return entries + ([references.reference_key()] if published else [])


def describe(text: str, results: Results, rows: list[dict], entries: list[dict], threshold: bool) -> str:
    """Caption of a diffusivity figure that opens with `text`."""
    parts = [text, caption.DIFFUSIVITY, caption.error_bars(rows), caption.OPEN]
    parts += [caption.THRESHOLD] if threshold else []
    return " ".join(filter(None, [*parts, references.reference_note(entries), caption.conditions(results, rows)]))


def _paint(results: Results, rows: list[dict], scan: str) -> tuple[Figure, str]:
    systems, levels = scan_series(results, rows, scan), temperatures(rows)
    figure, panels = _panels(systems, levels)
    points, entries = [], []
    for (name, temperature), axes in panels.items():
        part = [row for row in rows_at(rows, temperature) if row["system"] == name]
        found = _references(axes, part, scan)
        points.append(draw_species(axes, part, lambda row: row[scan]) + reference_points(found))
        entries += found
        marks.name_panel(axes, f"{name}, {temperature:g} K")
    _limits(list(panels.values()), points, len(systems))
    for series in systems:
        for temperature in levels:
            marks.threshold(panels[series.name, temperature], series.m_critical)
    figure.supxlabel(_AXIS[scan], fontsize=8)
    figure.supylabel(LABEL, fontsize=8)
    critical = any(series.m_critical for series in systems)
    marks.legend(figure, keys(rows, critical, bool(entries)), 6)
    text = f"Diffusivities against {scan} in {', '.join(s.name for s in systems)}, one panel per isotherm."
    return figure, describe(text, results, rows, entries, critical)


def _panels(systems: Sequence[Series], levels: Sequence[float]) -> tuple[Figure, dict[tuple[str, float], Axes]]:
    """Panels by (system, temperature): a row per isotherm, or isotherms side by side for a single system."""
    if len(systems) == 1:
        figure = new_figure(PAGE_MM, 80 * -(-len(levels) // 4))
        places = marks.wrapped(figure, len(levels))
    else:
        figure = new_figure(PAGE_MM, 28 + min(42, 210 / len(levels)) * len(levels))
        places = [each for line in marks.grid_by_row(figure, len(levels), len(systems)) for each in line]
    return figure, dict(zip(((s.name, t) for t in levels for s in systems), places, strict=True))


def _limits(panels: list[Axes], points: list[list[marks.Point]], columns: int) -> None:
    """One range per row of panels; one for all if there is a single system."""
    columns = len(panels) if columns == 1 else columns
    for first in range(0, len(panels), columns):
        together = [point for part in points[first : first + columns] for point in part]
        marks.log_limits(panels[first], together, headroom=0.15)


def _references(axes: Axes, rows: Sequence[dict], scan: str) -> list[dict]:
    entries = []
    for x, m in sorted({(row["x"], row["m"]) for row in rows if row["m"] is not None}):
        for entry in references.found("diffusivity", x, rows[0]["temperature_k"]):
            if abs(entry.get("m", -1) - m) < 0.02:
                references.draw_reference(axes, m if scan == "m" else x, entry)
                entries.append(entry)
    return entries
