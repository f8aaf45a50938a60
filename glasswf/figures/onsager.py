"""What carries the current in one system: parts of σ of Na and network, and transference numbers."""

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glasswf.errors import AnalysisError
from glasswf.figures import caption, marks
from glasswf.figures.parts import part_colour, part_marker
from glasswf.figures.scan import AXIS, abscissa, rows_at
from glasswf.figures.style import (
    CONDUCTIVITY_COLOUR,
    PAGE_MM,
    REFERENCE_COLOUR,
    new_figure,
    species_colour,
    species_marker,
)
from glasswf.figures.tables import (
    COLLECTIVE,
    Results,
    Series,
    all_series,
    species_in,
    temperatures,
    thinned,
)

_MOST_ISOTHERMS = 3
_SIGMA = ("conductivity_s_cm", "conductivity_err_s_cm")
_NUMBER = ("transference_number", "transference_number_err")


def select(results: Results, system: str) -> dict[str, list[dict]]:
    """Collective σ, its parts and transference numbers of `system`, at three isotherms at most if it is scanned."""
    parts = results.rows("conductivity_parts", system=system, route=COLLECTIVE)
    if not parts:
        raise AnalysisError(f"no collective parts of σ of {system} in tables/conductivity_parts.csv")
    levels = temperatures(parts)
    kept = levels if _series(results, system).scan is None else thinned(levels, _MOST_ISOTHERMS)
    chosen = {
        "conductivity": results.rows("conductivity", system=system, kind=COLLECTIVE),
        "conductivity_parts": parts,
        "transference": results.rows("transference", system=system),
    }
    return {table: [row for row in rows if row["temperature_k"] in kept] for table, rows in chosen.items()}


def _series(results: Results, system: str) -> Series:
    return next(series for series in all_series(results) if series.name == system)


def paint(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Upper row: σ and its parts; lower row: transference numbers; a column per isotherm."""
    parts = chosen["conductivity_parts"]
    series = _series(results, parts[0]["system"])
    levels = [None] if series.scan is None else temperatures(parts)
    figure = new_figure(PAGE_MM if len(levels) > 1 else 0.7 * PAGE_MM, 128)
    panels = figure.subplots(2, len(levels), sharex="col", squeeze=False)
    numbers = []
    for (upper, lower), temperature in zip(panels.T.tolist(), levels, strict=True):
        here = {name: rows if temperature is None else rows_at(rows, temperature) for name, rows in chosen.items()}
        drawn = _parts(upper, here["conductivity"], here["conductivity_parts"], abscissa(series))
        marks.linear_limits(upper, drawn)
        numbers += _numbers(lower, here["transference"], abscissa(series))
        marks.name_panel(upper, series.name if temperature is None else f"{temperature:g} K")
        lower.set_xlabel(AXIS[series.scan])
    for axes in panels[1]:
        marks.linear_limits(axes, [*numbers, marks.Point(0, 1, 0, True, False)], headroom=0.1)
    panels[0][0].set_ylabel(r"$\sigma$ (S cm$^{-1}$)")
    panels[1][0].set_ylabel("transference number")
    marks.legend(figure, _keys(chosen), 5)
    return figure, _caption(results, chosen, series)


def _parts(axes: Axes, sigma: Sequence[dict], parts: Sequence[dict], x: Callable) -> list[marks.Point]:
    axes.axhline(0, color=REFERENCE_COLOUR, linewidth=0.6, linestyle=":", zorder=1)
    drawn = marks.points(sigma, x, *_SIGMA, signed=True)
    marks.draw_points(axes, drawn, CONDUCTIVITY_COLOUR, "v")
    for name in dict.fromkeys(row["part"] for row in parts):
        made = marks.points([row for row in parts if row["part"] == name], x, *_SIGMA, signed=True)
        marks.draw_points(axes, made, part_colour(name), part_marker(name), "--", width=0.8)
        drawn += made
    return drawn


def _numbers(axes: Axes, rows: Sequence[dict], x: Callable) -> list[marks.Point]:
    for level in (0, 1):
        axes.axhline(level, color=REFERENCE_COLOUR, linewidth=0.6, linestyle=":", zorder=1)
    drawn = []
    for name in species_in(rows):
        made = marks.points([row for row in rows if row["species"] == name], x, *_NUMBER, signed=True)
        marks.draw_points(axes, made, species_colour(name), species_marker(name), "-.", width=0.8)
        drawn += made
    return drawn


def _keys(chosen: dict[str, list[dict]]) -> list:
    names = dict.fromkeys(row["part"] for row in chosen["conductivity_parts"])
    keys = [marks.key(r"$\sigma$ collective", CONDUCTIVITY_COLOUR, "v", "-")]
    keys += [marks.key(name, part_colour(name), part_marker(name), "--") for name in names]
    keys += [marks.key(f"$t$ of {name}", species_colour(name), species_marker(name), "-.")
             for name in species_in(chosen["transference"])]  # fmt: skip
    return keys + marks.open_key(chosen["conductivity_parts"])


def _caption(results: Results, chosen: dict[str, list[dict]], series: Series) -> str:
    rows = chosen["conductivity"] or chosen["conductivity_parts"]
    against = "inverse temperature" if series.scan is None else f"{series.scan}, a column per isotherm"
    text = (
        f"Collective conductivity of {series.name} and its parts (upper row), and transference numbers (lower row), "
        f"against {against}."
    )
    numbers = (
        "t_k = e² Σ_l z_k z_l L_kl/σ in the barycentric frame, not bound to 0 … 1 (dotted), and left out where σ is "
        "not resolved from zero."
    )
    formula = "Collective conductivity: eq. (5) of Phys. Rev. Lett. 134, 036303."
    parts = [text, formula, caption.COLLECTIVE_PARTS, numbers, caption.error_bars(chosen["conductivity"]), caption.OPEN]
    return " ".join([*parts, caption.conditions(results, rows)])
