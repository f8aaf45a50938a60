"""σ and the Haven ratio against composition: PRL Fig. 3(b), Legrand Fig. 6; a column per system, colour by isotherm."""

from matplotlib.figure import Figure

from glasswf.figures import caption, marks
from glasswf.figures.scan import abscissa, columns, finish, isotherms, scan_rows, scan_series
from glasswf.figures.style import REFERENCE_COLOUR
from glasswf.figures.tables import COLLECTIVE, NERNST_EINSTEIN, Results, temperatures

_VALUE = ("conductivity_s_cm", "conductivity_err_s_cm")
# The self-diffusion estimate is drawn thinner and lighter than the conductivity itself.
_LIGHT = {"size": 2.6, "width": 0.6, "alpha": 0.55, "zorder": 2}


def select_m(results: Results) -> dict[str, list[dict]]:
    """Collective and Nernst-Einstein σ of every system scanned over m."""
    return _select(results, "m")


def paint_m(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """PRL Fig. 3(b): σ against m."""
    return _paint(results, chosen["conductivity"], "m")


def select_x(results: Results) -> dict[str, list[dict]]:
    """Collective and Nernst-Einstein σ of every system scanned over x."""
    return _select(results, "x")


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
    figure, panels = columns(systems)
    for axes, series in zip(panels, systems, strict=True):
        mine = [row for row in rows if row["system"] == series.name]
        isotherms(axes, mine, abscissa(series), ("haven_ratio", "haven_ratio_err"), temperatures(rows))
        axes.axhline(1, color=REFERENCE_COLOUR, linewidth=0.6, linestyle=":", zorder=1)
    values = [row["haven_ratio"] for row in rows if row["haven_ratio"] is not None]
    panels[0].set_ylim(0, 1.3 * max([*values, 1.0]))
    if not values:
        marks.note(figure, "no Haven ratio:\nno collective σ came out positive")
    panels[0].set_ylabel("Haven ratio")
    finish(figure, panels, systems, rows, "m", [])
    text = (
        "Haven ratio H = σ_NE/σ, the Nernst-Einstein over the collective conductivity (eq. (5) of "
        "Phys. Rev. Lett. 134, 036303), against m; H = 1 (dotted) for charges that move independently."
    )
    bars = "Error bars: 68 % interval, from the scatter of both conductivities taken together."
    parts = [text, bars, caption.OPEN, caption.THRESHOLD]
    return figure, " ".join([*parts, caption.conditions(results, rows or results.tables["diffusivity"])])


def _select(results: Results, scan: str) -> dict[str, list[dict]]:
    rows = scan_rows(results, "conductivity", scan)
    return {"conductivity": [row for row in rows if row["kind"] in (COLLECTIVE, NERNST_EINSTEIN)]}


def _paint(results: Results, rows: list[dict], scan: str) -> tuple[Figure, str]:
    systems = scan_series(results, rows, scan)
    figure, panels = columns(systems)
    drawn = []
    for axes, series in zip(panels, systems, strict=True):
        mine = [row for row in rows if row["system"] == series.name]
        for kind, line, style in ((NERNST_EINSTEIN, "--", _LIGHT), (COLLECTIVE, "-", {})):
            part = [row for row in mine if row["kind"] == kind]
            drawn += isotherms(axes, part, abscissa(series), _VALUE, temperatures(rows), line, **style)
    marks.log_limits(panels[0], drawn, headroom=0.08)
    panels[0].set_ylabel(r"$\sigma$ (S cm$^{-1}$)")
    kinds = [
        marks.key("collective", REFERENCE_COLOUR, "o", "-"),
        marks.key("Nernst-Einstein", REFERENCE_COLOUR, "o", "--", markersize=2.6, linewidth=0.6, alpha=0.55),
    ]
    finish(figure, panels, systems, rows, scan, kinds)
    text = f"Ionic conductivity against {scan} in {', '.join(series.name for series in systems)}, colour by isotherm."
    threshold = caption.THRESHOLD if scan == "m" else ""
    unseen = caption.unseen(rows, "conductivity_s_cm")
    parts = [text, caption.CONDUCTIVITY, caption.error_bars(rows), caption.OPEN, unseen, threshold]
    return figure, " ".join(filter(None, [*parts, caption.conditions(results, rows)]))
