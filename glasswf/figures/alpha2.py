"""Non-Gaussian parameter against the lag: rows are compositions, columns species, colour by isotherm."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glasswf.errors import AnalysisError
from glasswf.figures import caption, curves
from glasswf.figures.scan import rows_at
from glasswf.figures.style import REFERENCE_COLOUR, temperature_colour
from glasswf.figures.tables import Results, compositions, temperatures, thinned

_MOST_COMPOSITIONS = 3


def select(results: Results, system: str) -> dict[str, list[dict]]:
    """Rows of `system`, at most three compositions, evenly spread over the scan."""
    rows = [row for row in results.rows("non_gaussian", system=system) if row["lag_ps"] and row["alpha2"] is not None]
    if not rows:
        raise AnalysisError(f"no non-Gaussian parameter of {system} in tables/non_gaussian.csv")
    kept = set(thinned(compositions(results, rows), _MOST_COMPOSITIONS))
    return {"non_gaussian": [row for row in rows if row["label"] in kept]}


def paint(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """α₂(t) of every species."""
    rows = chosen["non_gaussian"]
    figure, panels = curves.grid(results, rows, _draw, [])
    lags, values = ([row[key] for row in rows] for key in ("lag_ps", "alpha2"))
    span = max(max(values) - min(*values, 0.0), 0.1)
    panels[0][0].set_ylim(min(*values, 0.0) - 0.06 * span, max(values) + 0.3 * span)
    for line in panels:
        line[0].set_ylabel(r"$\alpha_2$")
        for axes in line:
            axes.set_xscale("log")
            axes.set_xlim(min(lags), max(lags) * 1.05)
            axes.axhline(0, color=REFERENCE_COLOUR, linewidth=0.6, linestyle=":", zorder=1)
    return figure, _caption(results, rows)


def _draw(axes: Axes, rows: Sequence[dict], isotherms: Sequence[float]) -> None:
    for temperature in temperatures(rows):
        mine = sorted(rows_at(rows, temperature), key=lambda row: row["lag_ps"])
        lag, value, error = (np.array([row[key] or 0.0 for row in mine]) for key in ("lag_ps", "alpha2", "alpha2_err"))
        colour = temperature_colour(temperature, isotherms)
        axes.fill_between(lag, value - error, value + error, color=colour, alpha=0.2, linewidth=0)
        axes.plot(lag, value, "-", color=colour)


def _caption(results: Results, rows: list[dict]) -> str:
    system = rows[0]["system"]
    part = curves.part_of(results.rows("non_gaussian", system=system), compositions(results, rows))
    text = (
        f"Non-Gaussian parameter α₂(t) = 3⟨Δr⁴⟩/(5⟨Δr²⟩²) − 1 in {system}{part}: zero (dotted) for Gaussian "
        "displacements, largest where some atoms have left their cages and others have not. Bands: 68 % interval, "
        "where there are two or more replicas."
    )
    return f"{text} {caption.conditions(results, results.rows('diffusivity', system=system) or rows)}"
