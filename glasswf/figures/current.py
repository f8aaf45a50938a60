"""Autocorrelation of the charge current and its running integral: Green-Kubo in one system."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glasswf.errors import AnalysisError
from glasswf.figures import caption, marks
from glasswf.figures.curves import composition_name, part_of
from glasswf.figures.scan import isotherm_keys, rows_at
from glasswf.figures.style import PAGE_MM, REFERENCE_COLOUR, new_figure, temperature_colour
from glasswf.figures.tables import GREEN_KUBO, Results, compositions, temperatures, thinned, trusted

_MOST_COMPOSITIONS = 3


def select(results: Results, system: str) -> dict[str, list[dict]]:
    """Curves of three compositions at most, and the Green-Kubo conductivities made of them."""
    rows = [row for row in results.rows("current", system=system) if row["lag_ps"]]
    if not rows:
        raise AnalysisError(f"no current autocorrelation of {system} in tables/current.csv (it needs velocities)")
    kept = set(thinned(compositions(results, rows), _MOST_COMPOSITIONS))
    sigma = results.rows("conductivity", system=system, kind=GREEN_KUBO)
    return {"current": [row for row in rows if row["label"] in kept],
            "conductivity": [row for row in sigma if row["label"] in kept]}  # fmt: skip


def paint(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Upper row: the autocorrelation over its initial value; lower row: the integral; a column per composition."""
    rows, sigma = chosen["current"], chosen["conductivity"]
    labels, isotherms = compositions(results, rows), temperatures(rows)
    figure = new_figure(PAGE_MM if len(labels) > 1 else 0.7 * PAGE_MM, 118)
    panels = figure.subplots(2, len(labels), sharex=True, sharey="row", squeeze=False)
    for (upper, lower), label in zip(panels.T.tolist(), labels, strict=True):
        _column(upper, lower, [row for row in rows if row["label"] == label], isotherms)
        _plateaus(lower, [row for row in sigma if row["label"] == label], isotherms)
        marks.name_panel(upper, composition_name(rows, label), right=True)
        lower.set_xlabel("$t$ (ps)")
    _limits(panels, rows)
    panels[0][0].set_ylabel(r"$\langle J(0)J(t)\rangle/\langle J^2\rangle$")
    panels[1][0].set_ylabel(r"$\sigma(t)$ (S cm$^{-1}$)")
    keys = isotherm_keys(rows, marked=False)
    keys += [marks.key("plateau", REFERENCE_COLOUR, line="-", linewidth=3),
             marks.key("plateau, not trusted", REFERENCE_COLOUR, line=":", linewidth=2)]  # fmt: skip
    marks.legend(figure, keys, 6 if len(labels) > 1 else 3)
    return figure, _caption(results, chosen)


def _column(upper: Axes, lower: Axes, rows: Sequence[dict], isotherms: Sequence[float]) -> None:
    for axes in (upper, lower):
        axes.axhline(0, color=REFERENCE_COLOUR, linewidth=0.6, linestyle=":", zorder=1)
    for temperature in temperatures(rows):
        mine = sorted(rows_at(rows, temperature), key=lambda row: row["lag_ps"])
        names = ("lag_ps", "autocorrelation", "integral_s_cm", "integral_err_s_cm")
        lag, correlation, integral, error = (np.array([row[name] or 0.0 for row in mine]) for name in names)
        colour = temperature_colour(temperature, isotherms)
        upper.plot(lag, correlation, "-", color=colour, linewidth=0.8)
        lower.fill_between(lag, integral - error, integral + error, color=colour, alpha=0.2, linewidth=0)
        lower.plot(lag, integral, "-", color=colour, linewidth=0.8)


def _plateaus(axes: Axes, sigma: Sequence[dict], isotherms: Sequence[float]) -> None:
    for row in sigma:
        if row["conductivity_s_cm"] is None or row["temperature_k"] not in isotherms:
            continue
        span, look = [row["window_start_ps"], row["window_stop_ps"]], ("-", 2.8) if trusted(row) else (":", 2.0)
        colour = temperature_colour(row["temperature_k"], isotherms)
        axes.plot(span, [row["conductivity_s_cm"]] * 2, look[0], color=colour, linewidth=look[1], solid_capstyle="butt")


def _limits(panels: np.ndarray, rows: Sequence[dict]) -> None:
    lags = [row["lag_ps"] for row in rows]
    panels[0][0].set_xscale("log")
    panels[0][0].set_xlim(min(lags), max(lags))
    panels[0][0].set_ylim(top=1.08)
    values = [row["integral_s_cm"] for row in rows if row["integral_s_cm"] is not None]
    if values:
        low, high = min(*values, 0.0), max(*values, 0.0)
        panels[1][0].set_ylim(low - 0.15 * (high - low), high + 0.15 * (high - low))


def _caption(results: Results, chosen: dict[str, list[dict]]) -> str:
    rows, sigma = chosen["current"], chosen["conductivity"]
    system = rows[0]["system"]
    part = part_of(results.rows("current", system=system), compositions(results, rows))
    text = (
        f"Autocorrelation of the charge current in {system}{part} over its initial value (upper row) and the running "
        "Green-Kubo integral (lower row). Thick: the plateau over which σ is averaged; dotted: the last one tried, "
        "where none is trusted."
    )
    bands = "Bands: 68 % interval, where there are two or more replicas or blocks."
    points = sigma or results.rows("diffusivity", system=system) or rows
    return " ".join([text, caption.GREEN_KUBO, bands, caption.conditions(results, points)])
