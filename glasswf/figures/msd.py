"""Mean-square displacements on log-log axes with the window used for D: rows are compositions, columns species."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from glasswf.errors import AnalysisError
from glasswf.figures import caption, curves, marks
from glasswf.figures.scan import rows_at
from glasswf.figures.style import REFERENCE_COLOUR, temperature_colour
from glasswf.figures.tables import Results, compositions, temperatures, thinned

_MOST_COMPOSITIONS = 5


def select(results: Results, system: str) -> dict[str, list[dict]]:
    """MSD rows of `system`, at most five compositions, evenly spread over the scan."""
    rows = [row for row in results.rows("msd", system=system) if row["lag_ps"] and row["msd_a2"]]
    if not rows:
        raise AnalysisError(f"no mean-square displacements of {system} in tables/msd.csv")
    kept = set(thinned(compositions(results, rows), _MOST_COMPOSITIONS))
    return {"msd": [row for row in rows if row["label"] in kept]}


def paint(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Draw one panel per composition and species, colour by isotherm, the diffusive window as a thick line."""
    rows = chosen["msd"]
    figure, panels = curves.grid(results, rows, draw_curves, window_keys())
    log_log([axes for line in panels for axes in line], rows, 0.25)
    for line in panels:
        line[0].set_ylabel("MSD (Å$^2$)")
    return figure, _caption(results, rows, compositions(results, rows))


def draw_curves(axes: Axes, rows: Sequence[dict], isotherms: Sequence[float]) -> None:
    """Draw the MSD of one species at every temperature, with its band, thick where it was fitted."""
    for temperature in temperatures(rows):
        mine = sorted(rows_at(rows, temperature), key=lambda row: row["lag_ps"])
        lag, msd, error = (np.array([row[key] or 0.0 for row in mine]) for key in ("lag_ps", "msd_a2", "msd_err_a2"))
        colour = temperature_colour(temperature, isotherms)
        axes.fill_between(lag, np.maximum(msd - error, msd / 3), msd + error, color=colour, alpha=0.2, linewidth=0)
        axes.plot(lag, msd, "-", color=colour, linewidth=0.8)
        used = np.where([bool(row["in_window"]) for row in mine], msd, np.nan)
        axes.plot(lag, used, "-", color=colour, linewidth=2.6, solid_capstyle="butt")


def window_keys() -> list[Line2D]:
    """Legend entries of the window and of the guide."""
    return [
        marks.key("window used", REFERENCE_COLOUR, line="-", linewidth=3),
        marks.key("slope 1", REFERENCE_COLOUR, line=":"),
    ]


def log_log(panels: Sequence[Axes], rows: Sequence[dict], headroom: float) -> None:
    """Logarithmic axes over all rows, `headroom` of the upper one left free, and a guide of slope one."""
    lags, values = ([row[key] for row in rows] for key in ("lag_ps", "msd_a2"))
    low, high = min(values) / 1.5, max(values)
    for axes in panels:
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.minorticks_off()  # half of the drawing time, and no help at this size
        axes.set_xlim(min(lags), max(lags) * 1.05)
        axes.set_ylim(low, 1.3 * high * (high / low) ** headroom)
        # anchored below the data's upper right corner, so that it crosses none of the labels
        guide = np.array([max(lags) / 30, max(lags)])
        axes.plot(guide, low * 2 * guide / guide[0], ":", color=REFERENCE_COLOUR, linewidth=0.8, zorder=1)


def _caption(results: Results, rows: list[dict], labels: list[str]) -> str:
    system = rows[0]["system"]
    part = curves.part_of(results.rows("msd", system=system), labels)
    text = (
        f"Mean-square displacements in {system}{part}, averaged over time origins and replicas, drift of the centre of "
        "mass removed. Thick: window from which D is taken; no thick part: no diffusive window was found. "
        "Bands: 68 % interval. Dotted: slope 1."
    )
    return f"{text} {caption.conditions(results, results.rows('diffusivity', system=system) or rows)}"
