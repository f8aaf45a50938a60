"""D of every species against m: a column of panels per system, a row per isotherm."""

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glasswf.figures import caption, marks, references
from glasswf.figures.scan import AXIS, rows_at, scan_rows, scan_series
from glasswf.figures.style import PAGE_MM, new_figure, species_colour, species_marker
from glasswf.figures.tables import Results, Series, species_in, temperatures

LABEL = "$D$ (cm$^2$ s$^{-1}$)"


def select(results: Results) -> dict[str, list[dict]]:
    """Rows of every system scanned over m."""
    return {"diffusivity": scan_rows(results, "diffusivity", "m")}


def paint(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """D_k against m."""
    rows = chosen["diffusivity"]
    systems, levels = scan_series(results, rows, "m"), temperatures(rows)
    figure, panels = _panels(systems, levels)
    points, entries = [], []
    for (name, temperature), axes in panels.items():
        part = [row for row in rows_at(rows, temperature) if row["system"] == name]
        found = _references(axes, part)
        points.append(draw_species(axes, part, lambda row: row["m"]) + references.as_points(found))
        entries += found
        marks.name_panel(axes, f"{name}, {temperature:g} K")
    _limits(list(panels.values()), points, len(systems))
    for series in systems:
        for temperature in levels:
            marks.threshold(panels[series.name, temperature], series.m_critical)
    figure.supxlabel(AXIS["m"], fontsize=8)
    figure.supylabel(LABEL, fontsize=8)
    critical = any(series.m_critical for series in systems)
    marks.legend(figure, keys(rows, critical, bool(entries)), 6)
    text = f"Diffusivities against m in {', '.join(s.name for s in systems)}, one panel per isotherm."
    return figure, describe(text, results, rows, entries, critical)


def draw_species(axes: Axes, rows: Sequence[dict], x: Callable[[dict], float | None]) -> list[marks.Point]:
    """Draw D of every species in one panel; return the points for the limits."""
    drawn = []
    for species in species_in(rows):
        mine = [row for row in rows if row["species"] == species]
        made = marks.points(mine, x, "diffusivity_cm2_s", "diffusivity_err_cm2_s")
        marks.draw_points(axes, made, species_colour(species), species_marker(species))
        drawn += made
    return drawn


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


def _references(axes: Axes, rows: Sequence[dict]) -> list[dict]:
    found = references.beside(rows)
    for _, m, entry in found:
        references.draw_reference(axes, m, entry)
    return [entry for _, _, entry in found]
