"""The rigidity and hopping theory: Fig. 1 of the PRL, the readings side by side, and maps over composition."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from glasswf.errors import AnalysisError
from glasswf.figures.style import OKABE_ITO, PAGE_MM, REFERENCE_COLOUR, new_figure
from glasswf.figures.tables import Results

DRAWN = "self-organised"
_CLASSES = {"stressed": (OKABE_ITO["black"], "-"), "isostatic": (OKABE_ITO["sky"], "-"),
            "flexible": (OKABE_ITO["vermillion"], "-")}  # fmt: skip
_M_COLOURS = (OKABE_ITO["green"], OKABE_ITO["orange"], OKABE_ITO["purple"])
_M = (2.0, 3.0, 4.0)
_SOURCE = "Micoulaut, Phys. Rev. Lett. 134, 036303 (2025)"
_READING = {
    "literal": "literal: p_jk ∝ W_jk p_j p_k, as printed",
    "conserving": "conserving: random pairs that conserve the composition",
    "self-organised": "self-organised: as many isostatic clusters as the composition allows",
}


def select(results: Results) -> dict[str, list[dict]]:
    """Rows of the drawn reading at m = 2, 3 and 4 (those that are there)."""
    rows = [row for row in results.rows("rigidity", reading=DRAWN) if row["m"] in _M]
    if not rows:
        raise AnalysisError("no rows at m = 2, 3 or 4 in tables/rigidity.csv")
    return {"rigidity": rows}


def paint(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Cluster probabilities for each m, and the conductivity with the degrees of freedom of flexible clusters."""
    rows = chosen["rigidity"]
    ms = sorted({row["m"] for row in rows})
    figure = new_figure(PAGE_MM, 112)
    panels = figure.subplots(2, 2).ravel()
    for axes, m, letter in zip(panels, ms, "abc", strict=False):
        _probabilities(axes, _at(rows, m), f"({letter}) $m$ = {m:g}")
    for axes in panels[len(ms) : -1]:
        axes.set_visible(False)
    _conductivity(panels[-1], rows, ms)
    keys = [Line2D([], [], color=colour, linestyle=line, label=name) for name, (colour, line) in _CLASSES.items()]
    keys += [Line2D([], [], color=_colour(m, ms), label=f"σ, $m$ = {m:g}") for m in ms]
    keys += [Line2D([], [], color="black", linestyle=":", label="$f^{(2)}$"), _threshold_key()]
    figure.legend(handles=keys, loc="outside upper center", ncols=4)
    return figure, (
        f"Rigidity and hopping theory of {_SOURCE}, eqs. (1) to (4), Fig. 1. (a)-(c) Probabilities of stressed rigid, "
        f"isostatic and flexible clusters against x. (d) Conductivity σ = 2x exp(−⟨E_c⟩/k_BT) exp(Δ f⁽²⁾/k_BT), in "
        f"units of one free cation per formula unit, and f⁽²⁾ (dotted, right axis). Broken lines: x_c = (4−m)/(12−m), "
        f"where the constraint count vanishes. Reading drawn: {_READING[DRAWN]}; the others are in "
        "fig_rigidity_readings."
    )


def select_readings(results: Results) -> dict[str, list[dict]]:
    """Rows of all readings at m = 2 and 3."""
    rows = [row for row in results.rows("rigidity") if row["m"] in _M[:2]]
    if len({row["reading"] for row in rows}) < 2:
        raise AnalysisError("fewer than two readings in tables/rigidity.csv")
    return {"rigidity": rows}


def paint_readings(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Flexible clusters, their degrees of freedom and σ against x for every reading."""
    rows = chosen["rigidity"]
    ms = sorted({row["m"] for row in rows})
    readings = list(dict.fromkeys(row["reading"] for row in rows))
    figure = new_figure(PAGE_MM, 45 + 42 * len(ms))
    panels = figure.subplots(len(ms), 3, squeeze=False, sharex=True)
    columns = {"flexible": "$p$ of flexible clusters", "flexible_freedom": "$f^{(2)}$", "conductivity": "σ"}
    lines = dict(zip(readings, ("-", "--", ":"), strict=False))
    for line, m in zip(panels, ms, strict=True):
        for axes, (column, label) in zip(line, columns.items(), strict=True):
            for reading in readings:
                mine = [row for row in _at(rows, m) if row["reading"] == reading]
                axes.plot(_column(mine, "x"), _column(mine, column), lines[reading], color=OKABE_ITO["blue"])
            _mark_threshold(axes, m)
            axes.set_ylabel(label)
            axes.set_title(f"$m$ = {m:g}", loc="left")
    for axes in panels[-1]:
        axes.set_xlabel("$x$")
    keys = [Line2D([], [], color=OKABE_ITO["blue"], linestyle=lines[name], label=name) for name in readings]
    figure.legend(handles=[*keys, _threshold_key()], loc="outside upper center", ncols=4)
    return figure, (
        f"Readings of the cluster probabilities that {_SOURCE} leaves open: "
        f"{'; '.join(_READING[name] for name in readings)}. Only in the self-organised limit do flexible clusters "
        "vanish below x_c (broken line). σ in units of one free cation per formula unit."
    )


def select_maps(results: Results) -> dict[str, list[dict]]:
    """Rows of the drawn reading on the whole grid of x and m."""
    rows = results.rows("rigidity", reading=DRAWN)
    if len({row["m"] for row in rows}) < 3:
        raise AnalysisError("fewer than three m in tables/rigidity.csv")
    return {"rigidity": rows}


def paint_maps(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Contours of f, f⁽²⁾ and σ over x and m."""
    rows = chosen["rigidity"]
    xs, ms = (sorted({row[key] for row in rows}) for key in ("x", "m"))
    figure = new_figure(PAGE_MM, 68)
    panels = figure.subplots(1, 3, sharey=True)
    named = {"freedom": "$f$", "flexible_freedom": "$f^{(2)}$", "conductivity": "σ"}
    grids = {column: _grid(rows, xs, ms, column) for column in named}
    for axes, (column, label) in zip(panels, named.items(), strict=True):
        drawn = axes.contourf(xs, ms, grids[column], 12, cmap="cividis")
        axes.contour(xs, ms, grids["freedom"], [0.0], colors="white", linestyles="--", linewidths=1.2)
        figure.colorbar(drawn, ax=axes, orientation="horizontal", label=label, ticks=drawn.levels[::4])
        axes.set_xlabel("$x$")
    panels[0].set_ylabel("$m$")
    return figure, (
        "Degrees of freedom f of eq. (1), f⁽²⁾ of the flexible clusters of eq. (2), and conductivity of eq. (3) of "
        f"{_SOURCE} over composition; broken line: f = 0, rigid below and flexible above. Reading drawn: "
        f"{_READING[DRAWN]}."
    )


def _probabilities(axes: Axes, rows: Sequence[dict], title: str) -> None:
    for name, (colour, line) in _CLASSES.items():
        axes.plot(_column(rows, "x"), _column(rows, name), line, color=colour)
    _mark_threshold(axes, rows[0]["m"])
    axes.set(xlabel="$x$", ylabel="probability", ylim=(-0.03, 1.05))
    axes.set_title(title, loc="left")


def _conductivity(axes: Axes, rows: Sequence[dict], ms: Sequence[float]) -> None:
    right = axes.twinx()
    for m in ms:
        mine = _at(rows, m)
        axes.plot(_column(mine, "x"), _column(mine, "conductivity"), color=_colour(m, ms))
        right.plot(_column(mine, "x"), _column(mine, "flexible_freedom"), ":", color=_colour(m, ms))
        _mark_threshold(axes, m)
    axes.set(xlabel="$x$", ylabel="σ")
    axes.set_title("(d)", loc="left")
    right.set_ylabel("$f^{(2)}$")


def _mark_threshold(axes: Axes, m: float) -> None:
    threshold = (4 - m) / (12 - m)
    if threshold >= 0:
        axes.axvline(threshold, color=REFERENCE_COLOUR, linewidth=0.8, linestyle=(0, (4, 2)), zorder=1)


def _threshold_key() -> Line2D:
    return Line2D([], [], color=REFERENCE_COLOUR, linestyle=(0, (4, 2)), label="$x_c$")


def _at(rows: Sequence[dict], m: float) -> list[dict]:
    return sorted((row for row in rows if row["m"] == m), key=lambda row: row["x"])


def _column(rows: Sequence[dict], name: str) -> list[float]:
    return [row[name] for row in rows]


def _colour(m: float, ms: Sequence[float]) -> str:
    return _M_COLOURS[ms.index(m) % len(_M_COLOURS)]


def _grid(rows: Sequence[dict], xs: Sequence[float], ms: Sequence[float], column: str) -> np.ndarray:
    values = {(row["x"], row["m"]): row[column] for row in rows}
    return np.array([[values[x, m] for x in xs] for m in ms], dtype=float)
