"""σ in every way it was obtained, side by side: a column per system, a row per isotherm, and the ionicity below."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glasswf.errors import AnalysisError
from glasswf.figures import caption, marks
from glasswf.figures.scan import AXIS, abscissa, isotherm_keys, isotherms, rows_at
from glasswf.figures.style import OKABE_ITO, PAGE_MM, REFERENCE_COLOUR, new_figure
from glasswf.figures.tables import (
    COLLECTIVE,
    GREEN_KUBO,
    NERNST_EINSTEIN,
    Results,
    Series,
    all_series,
    temperatures,
    thinned,
)

_MOST_ISOTHERMS = 3
_VALUE = ("conductivity_s_cm", "conductivity_err_s_cm")
# kind, name, colour, marker
_WAYS = (
    (NERNST_EINSTEIN, "Nernst-Einstein", OKABE_ITO["orange"], "^"),
    (COLLECTIVE, "collective", OKABE_ITO["blue"], "o"),
    (GREEN_KUBO, "Green-Kubo", OKABE_ITO["purple"], "s"),
)
_SUM_COLOUR = OKABE_ITO["black"]


def select(results: Results) -> dict[str, list[dict]]:
    """σ of every kind, Onsager parts and ionicity of every scanned system, at three isotherms of each at most."""
    names = [series.name for series in _systems(results)]
    if not names:
        raise AnalysisError("no system with conductivities is scanned over m or x")
    kept = {(name, t) for name in names for t in _levels(results, name)}
    return {
        table: [row for row in results.tables[table] if (row["system"], row["temperature_k"]) in kept]
        for table in ("conductivity", "onsager", "haven")
    }


def _systems(results: Results) -> list[Series]:
    present = {row["system"] for row in results.tables["conductivity"]}
    return [series for series in all_series(results) if series.scan and series.name in present]


def _levels(results: Results, system: str) -> list[float]:
    return thinned(temperatures(results.rows("conductivity", system=system)), _MOST_ISOTHERMS)


def paint(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """σ in all ways against what is scanned, and the ionicity."""
    systems = _systems(results)
    levels = {series.name: temperatures(_of(chosen["conductivity"], series)) for series in systems}
    lines = max(map(len, levels.values()))
    figure = new_figure(PAGE_MM if len(systems) > 1 else 0.75 * PAGE_MM, 34 + 38 * (lines + 1))
    panels = figure.subplots(lines + 1, len(systems), sharex="col", squeeze=False).T.tolist()
    for column, series in zip(panels, systems, strict=True):
        _column(column, series, levels[series.name], chosen)
        column[-1].set_xlabel(AXIS[series.scan])
    for axes in panels[0][:-1]:
        axes.set_ylabel(r"$\sigma$ (S cm$^{-1}$)")
    panels[0][-1].set_ylabel(r"ionicity $\sigma/\sigma_{\mathrm{NE}}$")
    marks.legend(figure, _keys(chosen), 5)
    return figure, _caption(results, chosen)


def _of(rows: Sequence[dict], series: Series) -> list[dict]:
    return [row for row in rows if row["system"] == series.name]


def _column(column: list[Axes], series: Series, levels: Sequence[float], chosen: dict[str, list[dict]]) -> None:
    sigma, onsager, haven = (_of(chosen[table], series) for table in ("conductivity", "onsager", "haven"))
    for axes, temperature in zip(column, levels, strict=False):
        drawn = _ways(axes, rows_at(sigma, temperature), rows_at(onsager, temperature), series)
        marks.log_limits(axes, drawn, headroom=0.2)
        marks.name_panel(axes, f"{series.name}, {temperature:g} K")
    for axes in column[len(levels) : -1]:
        axes.set_axis_off()
    every = temperatures([row for rows in chosen.values() for row in rows])
    drawn = isotherms(column[-1], haven, abscissa(series), ("ionicity", "ionicity_err"), every)
    marks.linear_limits(column[-1], [*drawn, marks.Point(0, 1, 0, True, False)], headroom=0.3)
    column[-1].axhline(1, color=REFERENCE_COLOUR, linewidth=0.6, linestyle=":", zorder=1)
    marks.name_panel(column[-1], series.name)


def _ways(axes: Axes, sigma: Sequence[dict], onsager: Sequence[dict], series: Series) -> list[marks.Point]:
    drawn = []
    for kind, _, colour, marker in _WAYS:
        made = marks.points([row for row in sigma if row["kind"] == kind], abscissa(series), *_VALUE)
        marks.draw_points(axes, made, colour, marker, width=0.8)
        drawn += made
    summed = totals(onsager, series)
    axes.plot(*zip(*summed, strict=True) if summed else ((), ()), "x", color=_SUM_COLOUR, markersize=3.5, zorder=5)
    return drawn


def totals(rows: Sequence[dict], series: Series) -> list[tuple[float, float]]:
    """(place, σ) of the sum of all Onsager parts of every composition, where it is positive."""
    sums: dict[float, float] = {}
    for row in rows:
        place = abscissa(series)(row)
        sums[place] = sums.get(place, 0.0) + (row["conductivity_s_cm"] or 0.0)
    return sorted((place, total) for place, total in sums.items() if total > 0)


def _keys(chosen: dict[str, list[dict]]) -> list:
    present = {row["kind"] for row in chosen["conductivity"]}
    keys = [marks.key(name, colour, marker, "-") for kind, name, colour, marker in _WAYS if kind in present]
    keys += [marks.key("sum of Onsager parts", _SUM_COLOUR, "x")] if chosen["onsager"] else []
    every = [row for rows in chosen.values() for row in rows]
    return keys + marks.open_key(every) + isotherm_keys(every)


def _caption(results: Results, chosen: dict[str, list[dict]]) -> str:
    rows = chosen["conductivity"]
    kinds = {row["kind"] for row in rows}
    text = (
        "Conductivity in every way it was obtained, side by side, at three temperatures of each system at most, and "
        "below the ionicity σ/σ_NE (1, dotted, for charges that move independently)."
    )
    parts = [text, caption.CONDUCTIVITY, caption.GREEN_KUBO if GREEN_KUBO in kinds else ""]
    parts += ["Crosses: Σ e² z_k z_l L_kl over all pairs of species, which must agree with the collective σ."]
    parts += [caption.error_bars(rows), caption.OPEN, caption.unseen(rows, "conductivity_s_cm")]
    return " ".join(filter(None, [*parts, caption.conditions(results, rows)]))
