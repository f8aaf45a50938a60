"""σ and the Haven ratio against composition: PRL Fig. 3(b), Legrand Fig. 6; a column per system, colour by isotherm."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glasswf.figures import caption, marks
from glasswf.figures.diffusivity import rows_at, scan_rows, scan_series
from glasswf.figures.style import PAGE_MM, REFERENCE_COLOUR, new_figure, temperature_colour, temperature_marker
from glasswf.figures.tables import COLLECTIVE, NERNST_EINSTEIN, Results, Series, temperatures

_LABELS = {"m": "$m$", "x": "$x$ (Na$_2$S content)"}
# The self-diffusion estimate is drawn thinner and lighter than the conductivity itself.
_LIGHT = {"size": 2.6, "width": 0.6, "alpha": 0.55, "zorder": 2}


def select_m(results: Results) -> dict[str, list[dict]]:
    """Rows of every system scanned over m."""
    return {"conductivity": scan_rows(results, "conductivity", "m")}


def paint_m(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """PRL Fig. 3(b): σ against m."""
    return _paint(results, chosen["conductivity"], "m")


def select_x(results: Results) -> dict[str, list[dict]]:
    """Rows of every system scanned over x."""
    return {"conductivity": scan_rows(results, "conductivity", "x")}


def paint_x(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Legrand Fig. 6: σ against x."""
    return _paint(results, chosen["conductivity"], "x")


def select_haven(results: Results) -> dict[str, list[dict]]:
    """Rows of every system scanned over m; none if no collective conductivity came out positive."""
    names = {series.name for series in scan_series(results, results.tables["diffusivity"], "m")}
    return {"haven": [row for row in results.tables["haven"] if row["system"] in names]}


def paint_haven(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Haven ratio σ_NE/σ against m; 1 where ions move independently."""
    rows, systems = chosen["haven"], scan_series(results, results.tables["diffusivity"], "m")
    figure, panels = _columns(systems)
    for axes, series in zip(panels, systems, strict=True):
        mine = [row for row in rows if row["system"] == series.name]
        _isotherms(axes, mine, "m", "haven_ratio", "haven_ratio_err")
        axes.axhline(1, color=REFERENCE_COLOUR, linewidth=0.6, linestyle=":", zorder=1)
    values = [row["haven_ratio"] for row in rows if row["haven_ratio"] is not None]
    panels[0].set_ylim(0, 1.3 * max([*values, 1.0]))
    if not values:
        marks.note(figure, "no Haven ratio:\nno collective σ came out positive")
    panels[0].set_ylabel("Haven ratio")
    _finish(figure, panels, systems, rows, "m", [])
    text = (
        "Haven ratio H = σ_NE/σ, the Nernst-Einstein over the collective conductivity (eq. (5) of "
        "Phys. Rev. Lett. 134, 036303), against m; H = 1 (dotted) for charges that move independently."
    )
    bars = "Error bars: 68 % interval, from the scatter of both conductivities taken together."
    parts = [text, bars, caption.OPEN, caption.THRESHOLD]
    return figure, " ".join([*parts, caption.conditions(results, rows or results.tables["diffusivity"])])


def _paint(results: Results, rows: list[dict], scan: str) -> tuple[Figure, str]:
    systems = scan_series(results, rows, scan)
    figure, panels = _columns(systems)
    drawn = []
    for axes, series in zip(panels, systems, strict=True):
        mine = [row for row in rows if row["system"] == series.name]
        for kind, line, style in ((NERNST_EINSTEIN, "--", _LIGHT), (COLLECTIVE, "-", {})):
            part = [row for row in mine if row["kind"] == kind]
            drawn += _isotherms(axes, part, scan, "conductivity_s_cm", "conductivity_err_s_cm", line, **style)
    marks.log_limits(panels[0], drawn, headroom=0.08)
    panels[0].set_ylabel(r"$\sigma$ (S cm$^{-1}$)")
    kinds = [
        marks.key("collective", REFERENCE_COLOUR, "o", "-"),
        marks.key("Nernst-Einstein", REFERENCE_COLOUR, "o", "--", markersize=2.6, linewidth=0.6, alpha=0.55),
    ]
    _finish(figure, panels, systems, rows, scan, kinds)
    text = f"Ionic conductivity against {scan} in {', '.join(series.name for series in systems)}, colour by isotherm."
    threshold = caption.THRESHOLD if scan == "m" else ""
    parts = [text, caption.CONDUCTIVITY, caption.error_bars(rows), caption.OPEN, _unseen(rows), threshold]
    return figure, " ".join(filter(None, [*parts, caption.conditions(results, rows)]))


def _unseen(rows: Sequence[dict]) -> str:
    count = sum(row["conductivity_s_cm"] is not None and row["conductivity_s_cm"] <= 0 for row in rows)
    return (
        f"{count} values that are not positive within this run have no place on the logarithmic axis." if count else ""
    )


def _isotherms(axes: Axes, rows: Sequence[dict], scan: str, value: str, error: str, line: str = "-", **style) -> list:
    drawn, isotherms = [], temperatures(rows)
    for temperature in isotherms:
        made = marks.points(rows_at(rows, temperature), lambda row: row[scan], value, error)
        colour, marker = temperature_colour(temperature, isotherms), temperature_marker(temperature, isotherms)
        marks.draw_points(axes, made, colour, marker, line, **style)
        drawn += made
    return drawn


def _columns(systems: Sequence[Series]) -> tuple[Figure, list[Axes]]:
    figure = new_figure(PAGE_MM if len(systems) > 1 else 0.7 * PAGE_MM, 84)
    (panels,) = marks.grid(figure, 1, len(systems))
    return figure, panels


def _finish(
    figure: Figure, panels: list[Axes], systems: Sequence[Series], rows: list[dict], scan: str, kinds: list
) -> None:
    for axes, series in zip(panels, systems, strict=True):
        marks.threshold(axes, series.m_critical)
        marks.name_panel(axes, series.name)
        axes.set_xlabel(_LABELS[scan])
    isotherms = temperatures(rows)
    looks = ((t, temperature_colour(t, isotherms), temperature_marker(t, isotherms)) for t in isotherms)
    keys = [marks.key(f"{t:g} K", colour, marker, "-") for t, colour, marker in looks]
    keys += kinds
    keys += marks.open_key(rows)
    keys += [marks.key(**marks.THRESHOLD_KEY)] if any(s.m_critical for s in systems) else []
    marks.legend(figure, keys, 6 if len(panels) > 1 else 4)
