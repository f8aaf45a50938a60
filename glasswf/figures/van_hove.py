"""Van Hove functions of one system: self parts, a row per state point, a column per species; distinct parts below."""

from collections.abc import Iterable, Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glasswf.errors import AnalysisError
from glasswf.figures import caption, marks
from glasswf.figures.curves import composition_name
from glasswf.figures.scan import rows_at
from glasswf.figures.style import PAGE_MM, REFERENCE_COLOUR, new_figure
from glasswf.figures.tables import Results, compositions, temperatures, thinned

_MOST_COMPOSITIONS = _MOST_TEMPERATURES = 2
_PAIRS_IN_A_ROW = 3
_ORDER = ("Na", "Li", "Si", "S")

State = tuple[str, float]  # label, temperature


def select(results: Results, system: str) -> dict[str, list[dict]]:
    """Self parts at two compositions and two temperatures of `system`, and the distinct parts of the last of these."""
    rows = [row for row in results.rows("van_hove", system=system) if row["value"] is not None]
    own = [row for row in rows if row["part"] == "self"]
    if not own:
        raise AnalysisError(f"no van Hove functions of {system} in tables/van_hove.csv")
    labels = thinned(compositions(results, own), _MOST_COMPOSITIONS)
    levels = thinned(temperatures(own), _MOST_TEMPERATURES)
    chosen = [row for row in own if row["label"] in labels and row["temperature_k"] in levels]
    last = _states(results, chosen)[-1]
    return {"van_hove": chosen + [row for row in rows if row["part"] == "distinct" and _state(row) == last]}


def _state(row: dict) -> State:
    return row["label"], row["temperature_k"]


def _states(results: Results, rows: Sequence[dict]) -> list[State]:
    present = {_state(row) for row in rows}
    labels = compositions(results, rows)
    return [(label, t) for label in labels for t in temperatures(rows) if (label, t) in present]


def paint(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """4πr²G_s(r, t), and G_d(r, t)/ρ where it was computed."""
    rows = chosen["van_hove"]
    own, distinct = ([row for row in rows if row["part"] == part] for part in ("self", "distinct"))
    states, pairs = _states(results, own), _pairs(distinct)
    species = [first for first, _ in _pairs(own)]
    below = -(-len(pairs) // _PAIRS_IN_A_ROW)
    figure = new_figure(PAGE_MM, 22 + 36 * (len(states) + below))
    upper, *lower = figure.subfigures(
        2 if pairs else 1, 1, squeeze=False, height_ratios=[len(states), below][: 1 + bool(pairs)]
    ).ravel()
    _self_panels(upper, own, states, species)
    for part in lower:
        _distinct_panels(part, distinct, pairs, below)
    return figure, _caption(results, own, distinct)


def _pairs(rows: Iterable[dict]) -> list[tuple[str, str]]:
    rank = lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER)  # noqa: E731
    return sorted({(row["species_a"], row["species_b"]) for row in rows}, key=lambda pair: (*map(rank, pair), pair))


def _self_panels(figure: Figure, rows: Sequence[dict], states: Sequence[State], species: Sequence[str]) -> None:
    panels = figure.subplots(len(states), len(species), sharex="col", squeeze=False).tolist()
    for line, (label, temperature) in zip(panels, states, strict=True):
        here = [row for row in rows_at(rows, temperature) if row["label"] == label]
        for axes, name in zip(line, species, strict=True):
            _curves(axes, [row for row in here if row["species_a"] == name], 0.25)
            marks.name_panel(axes, f"{name}, {composition_name(rows, label)}, {temperature:g} K", right=True)
        _lag_legend(line[-1], here)
        line[0].set_ylabel(r"$4\pi r^2 G_s$ (Å$^{-1}$)")
    for axes, name in zip(panels[-1], species, strict=True):
        axes.set_xlim(0, _reach([row for row in rows if row["species_a"] == name]))
        axes.set_xlabel("$r$ (Å)")


def _distinct_panels(figure: Figure, rows: Sequence[dict], pairs: Sequence[tuple[str, str]], lines: int) -> None:
    panels = marks.wrapped(figure, len(pairs), _PAIRS_IN_A_ROW)
    for axes, (a, b) in zip(panels, pairs, strict=True):
        _curves(axes, [row for row in rows if (row["species_a"], row["species_b"]) == (a, b)], 0.35)
        axes.axhline(1, color=REFERENCE_COLOUR, linewidth=0.6, linestyle=":", zorder=1)
        axes.set_xlim(0, max(row["r_a"] for row in rows))
        marks.name_panel(axes, f"{a}-{b}", right=True)
    for axes in panels[:: -(-len(panels) // lines)]:
        axes.set_ylabel(r"$G_d/\rho$")
    figure.supxlabel("$r$ (Å)", fontsize=8)


def _lag_colour(rank: int, count: int):
    return matplotlib.colormaps["cividis"](0.85 * rank / max(count - 1, 1))


def _lags(rows: Iterable[dict]) -> list[float]:
    return sorted({row["lag_ps"] for row in rows})


def _curves(axes: Axes, rows: Sequence[dict], headroom: float) -> None:
    """One curve with its band per lag, from the shortest (dark) to the longest (light)."""
    lags = _lags(rows)
    for rank, lag in enumerate(lags):
        mine = sorted((row for row in rows if row["lag_ps"] == lag), key=lambda row: row["r_a"])
        r, value, error = (np.array([row[key] or 0.0 for row in mine]) for key in ("r_a", "value", "value_err"))
        colour = _lag_colour(rank, len(lags))
        axes.fill_between(r, value - error, value + error, color=colour, alpha=0.25, linewidth=0)
        axes.plot(r, value, "-", color=colour, linewidth=0.9)
    highest = max((row["value"] for row in rows), default=1.0)
    axes.set_ylim(0, (1 + headroom) * highest)


def _reach(rows: Sequence[dict]) -> float:
    """Where the curves end: the largest r at which any of them is a hundredth of the highest."""
    highest = max((row["value"] for row in rows), default=0.0)
    return max((row["r_a"] for row in rows if row["value"] > 0.01 * highest), default=1.0)


def _lag_legend(axes: Axes, rows: Sequence[dict]) -> None:
    lags = _lags(rows)
    keys = [marks.key(f"{lag:.3g} ps", _lag_colour(rank, len(lags)), line="-") for rank, lag in enumerate(lags)]
    axes.legend(handles=keys, loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=1.0, borderaxespad=0.2)


def _caption(results: Results, own: list[dict], distinct: list[dict]) -> str:
    system = own[0]["system"]
    text = (
        f"Self part of the van Hove function of {system}, 4πr²G_s(r, t): how far an atom has moved after the lags "
        "named beside each row, from dark (short) to light (long). A peak that stays marks jumps."
    )
    below = ""
    if distinct:
        label, temperature = _state(distinct[0])
        below = (
            f"Lower block: distinct part G_d(r, t)/ρ at {composition_name(distinct, label)}, {temperature:g} K, "
            "colours as in the row above; 1 (dotted) without correlation."
        )
    points = results.rows("diffusivity", system=system) or own
    parts = [text, below, "Bands: 68 % interval, where there are two or more replicas."]
    return " ".join(filter(None, [*parts, caption.conditions(results, points)]))
