"""The rigidity and hopping theory: Fig. 1 of the PRL, the readings side by side, and maps over composition."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from glasswf.errors import AnalysisError
from glasswf.figures.style import OKABE_ITO, PAGE_MM, REFERENCE_COLOUR, new_figure
from glasswf.figures.tables import Results, thinned

DRAWN = "self-organised"
_CLASSES = {"stressed": (OKABE_ITO["black"], "-"), "isostatic": (OKABE_ITO["sky"], "-"),
            "flexible": (OKABE_ITO["vermillion"], "-")}  # fmt: skip
_M_COLOURS = (OKABE_ITO["green"], OKABE_ITO["orange"], OKABE_ITO["purple"])
_M = (2.0, 3.0, 4.0)  # of the paper
_ZERO = 1e-7  # of f, as far as a table tells
_CONDUCTIVITY = "σ (per formula unit)"
_SOURCE = "Micoulaut, Phys. Rev. Lett. 134, 036303 (2025)"
_READING = {
    "literal": "literal: p_jk ∝ W_jk p_j p_k, as printed",
    "conserving": "conserving: random pairs that conserve the composition",
    "self-organised": "self-organised: as many isostatic clusters as the composition allows",
}


def select(results: Results) -> dict[str, list[dict]]:
    """Rows of the drawn reading at m = 2, 3 and 4, or at both ends and the middle of the table if it lacks these."""
    rows = results.rows("rigidity", reading=DRAWN)
    if not rows:
        raise AnalysisError(f"no rows of the {DRAWN} reading in tables/rigidity.csv")
    ms = drawn_m(rows)
    return {"rigidity": [row for row in rows if row["m"] in ms]}


def paint(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Cluster probabilities for each m, and the conductivity with the degrees of freedom of flexible clusters."""
    rows = chosen["rigidity"]
    ms = sorted({row["m"] for row in rows})
    lines = len(ms) // 2 + 1
    figure = new_figure(PAGE_MM, 12 + 50 * lines)
    panels = figure.subplots(lines, 2).ravel()
    for axes, m, letter in zip(panels, ms, "abc", strict=False):
        _probabilities(axes, _at(rows, m), f"({letter}) $m$ = {m:g}")
    for axes in panels[len(ms) + 1 :]:
        axes.set_visible(False)
    last = "abcd"[len(ms)]
    _conductivity(panels[len(ms)], rows, ms, f"({last})")
    keys = [Line2D([], [], color=colour, linestyle=line, label=name) for name, (colour, line) in _CLASSES.items()]
    keys += [Line2D([], [], color=_colour(m, ms), label=f"σ, $m$ = {m:g}") for m in ms]
    keys += [Line2D([], [], color="black", linestyle=":", label="$f^{(2)}$"), *_threshold_key(rows)]
    figure.legend(handles=keys, loc="outside upper center", ncols=4)
    return figure, (
        f"Rigidity and hopping theory of {_SOURCE}, eqs. (1) to (4), Fig. 1. Probabilities of stressed rigid, "
        f"isostatic and flexible clusters against x. ({last}) Conductivity σ = 2x exp(−⟨E_c⟩/k_BT) exp(Δ f⁽²⁾/k_BT), "
        f"in units of one free cation per formula unit, and f⁽²⁾ (dotted, right axis). {_thresholds(rows)} Reading "
        f"drawn: {_READING[DRAWN]}; the others are in fig_rigidity_readings."
    )


def select_readings(results: Results) -> dict[str, list[dict]]:
    """Rows of all readings at the first two m of `select`."""
    rows = results.rows("rigidity")
    if len({row["reading"] for row in rows}) < 2:
        raise AnalysisError("fewer than two readings in tables/rigidity.csv")
    ms = drawn_m(rows)[:2]
    return {"rigidity": [row for row in rows if row["m"] in ms]}


def paint_readings(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Flexible clusters, their degrees of freedom and σ against x for every reading."""
    rows = chosen["rigidity"]
    ms = sorted({row["m"] for row in rows})
    readings = list(dict.fromkeys(row["reading"] for row in rows))
    figure = new_figure(PAGE_MM, 45 + 42 * len(ms))
    panels = figure.subplots(len(ms), 3, squeeze=False, sharex=True)
    columns = {"flexible": "$p$ of flexible clusters", "flexible_freedom": "$f^{(2)}$",
               "conductivity": _CONDUCTIVITY}  # fmt: skip
    lines = dict(zip(readings, ("-", "--", ":"), strict=False))
    for line, m in zip(panels, ms, strict=True):
        for axes, (column, label) in zip(line, columns.items(), strict=True):
            for reading in readings:
                mine = [row for row in _at(rows, m) if row["reading"] == reading]
                axes.plot(_column(mine, "x"), _column(mine, column), lines[reading], color=OKABE_ITO["blue"])
            _mark_threshold(axes, _at(rows, m))
            axes.set_ylabel(label)
            axes.set_title(f"$m$ = {m:g}", loc="left")
    for axes in panels[-1]:
        axes.set_xlabel("$x$")
    keys = [Line2D([], [], color=OKABE_ITO["blue"], linestyle=lines[name], label=name) for name in readings]
    figure.legend(handles=[*keys, *_threshold_key(rows)], loc="outside upper center", ncols=4)
    return figure, (
        f"Readings of the cluster probabilities that {_SOURCE} leaves open: "
        f"{'; '.join(_READING[name] for name in readings)}. Only in the self-organised limit do flexible clusters "
        f"vanish below x_c. {_thresholds(rows)} σ in units of one free cation per formula unit; with the Δ of this "
        f"table the readings differ by at most {100 * _spread(rows):.2g} % in it."
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
    named = {"freedom": "$f$", "flexible_freedom": "$f^{(2)}$", "conductivity": _CONDUCTIVITY}
    grids = {column: _grid(rows, xs, ms, column) for column in named}
    for axes, (column, label) in zip(panels, named.items(), strict=True):
        drawn = axes.contourf(xs, ms, grids[column], 12, cmap="cividis")
        if grids["freedom"].min() < 0 < grids["freedom"].max():
            axes.contour(xs, ms, grids["freedom"], [0.0], colors="white", linestyles="--", linewidths=1.2)
        figure.colorbar(drawn, ax=axes, orientation="horizontal", label=label, ticks=drawn.levels[::4])
        axes.set_xlabel("$x$")
    panels[0].set_ylabel("$m$")
    return figure, (
        "Degrees of freedom f of eq. (1), f⁽²⁾ of the flexible clusters of eq. (2), and conductivity of eq. (3) of "
        f"{_SOURCE} over composition; broken line, where there is one: f = 0, rigid below and flexible above. Reading "
        f"drawn: {_READING[DRAWN]}."
    )


def drawn_m(rows: Sequence[dict]) -> list[float]:
    """The paper's m where the table has them all, else its lowest, middle and highest."""
    ms = sorted({row["m"] for row in rows})
    return list(_M) if set(_M) <= set(ms) else thinned(ms, len(_M))


def threshold(rows: Sequence[dict]) -> float | None:
    """x at which f of eq. (1) vanishes, from rows of one m sorted by x; None if it does not on these rows.

    Both constraints and atoms per formula unit are linear in x, so that f times atoms is interpolated without error.
    """
    x, m, freedom = (np.array(_column(rows, name), dtype=float) for name in ("x", "m", "freedom"))
    freedom[np.abs(freedom) < _ZERO] = 0.0
    if not freedom.min() <= 0.0 <= freedom.max():
        return None
    return float(np.interp(0.0, freedom * (1 + 2 * x + m * (1 - x)), x))


def _probabilities(axes: Axes, rows: Sequence[dict], title: str) -> None:
    for name, (colour, line) in _CLASSES.items():
        axes.plot(_column(rows, "x"), _column(rows, name), line, color=colour)
    _mark_threshold(axes, rows)
    axes.set(xlabel="$x$", ylabel="probability", ylim=(-0.03, 1.05))
    axes.set_title(title, loc="left")


def _conductivity(axes: Axes, rows: Sequence[dict], ms: Sequence[float], title: str) -> None:
    right = axes.twinx()
    for m in ms:
        mine = _at(rows, m)
        axes.plot(_column(mine, "x"), _column(mine, "conductivity"), color=_colour(m, ms))
        right.plot(_column(mine, "x"), _column(mine, "flexible_freedom"), ":", color=_colour(m, ms))
        _mark_threshold(axes, mine)
    low, high = axes.get_ylim()
    top = 1.5 * max(_column(rows, "flexible_freedom")) or 1.0  # dotted lines below the others, zeros at one height
    right.set(ylabel="$f^{(2)}$", ylim=(top * low / high, top))
    axes.set(xlabel="$x$", ylabel=_CONDUCTIVITY)
    axes.set_title(title, loc="left")


def _mark_threshold(axes: Axes, rows: Sequence[dict]) -> None:
    position = threshold(_of_one_reading(rows))
    if position is not None:
        axes.axvline(position, color=REFERENCE_COLOUR, linewidth=0.8, linestyle=(0, (4, 2)), zorder=1)


def _threshold_key(rows: Sequence[dict]) -> list[Line2D]:
    if not _found(rows):
        return []
    return [Line2D([], [], color=REFERENCE_COLOUR, linestyle=(0, (4, 2)), label="$x_c$")]


def _thresholds(rows: Sequence[dict]) -> str:
    found = [f"{x:.3f} (m = {m:g})" for m, x in _found(rows).items()]
    return f"Broken lines: x_c, where f of eq. (1) vanishes: {', '.join(found)}." if found else "f vanishes nowhere."


def _found(rows: Sequence[dict]) -> dict[float, float]:
    ms = sorted({row["m"] for row in rows})
    found = {m: threshold(_of_one_reading(_at(rows, m))) for m in ms}
    return {m: x for m, x in found.items() if x is not None}


def _of_one_reading(rows: Sequence[dict]) -> list[dict]:
    return [row for row in rows if row["reading"] == rows[0]["reading"]]  # f is the same in all


def _spread(rows: Sequence[dict]) -> float:
    """Largest ratio of σ at one composition between readings, less one."""
    values: dict[tuple[float, float], list[float]] = {}
    for row in rows:
        values.setdefault((row["x"], row["m"]), []).append(row["conductivity"])
    return max((max(found) / min(found) - 1 for found in values.values() if min(found) > 0), default=0.0)


def _at(rows: Sequence[dict], m: float) -> list[dict]:
    return sorted((row for row in rows if row["m"] == m), key=lambda row: row["x"])


def _column(rows: Sequence[dict], name: str) -> list[float]:
    return [row[name] for row in rows]


def _colour(m: float, ms: Sequence[float]) -> str:
    return _M_COLOURS[ms.index(m) % len(_M_COLOURS)]


def _grid(rows: Sequence[dict], xs: Sequence[float], ms: Sequence[float], column: str) -> np.ndarray:
    values = {(row["x"], row["m"]): row[column] for row in rows}
    return np.array([[values[x, m] for x in xs] for m in ms], dtype=float)
