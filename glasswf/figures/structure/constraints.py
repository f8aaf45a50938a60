"""Constraints counted from the dynamics against composition, beside the mean-field count of the PRL, eq. (1)."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from glasswf.figures import marks
from glasswf.figures.structure import curves, scans, states
from glasswf.figures.style import OKABE_ITO, PAGE_MM, REFERENCE_COLOUR, new_figure, species_colour, species_marker
from glasswf.figures.tables import Results, species_in

_VALUE = ("constraints", "constraints_err")
_LIMIT_DEG = 15.0  # of the literature; others are drawn as pale bars
_TOTALS = {
    "all": ("bonds and angles of the network", OKABE_ITO["black"], "s"),
    "all, every bond": ("modifier bonds as counted", OKABE_ITO["blue"], "o"),
}
_MEAN_FIELD = "eq. (1): mean field"
_DEFINITION = (
    "A bond is a constraint where its length, an angle where its size, hardly changes along the trajectory (radial: "
    f"deviation below a set part of the length; angular: below {_LIMIT_DEG:g}°, pale bars: from the smallest to the "
    "largest limit in the table)."
)


def select(results: Results, system: str) -> dict[str, list[dict]]:
    """Constraints of a system, and excursions at six compositions at most."""
    keep = lambda row: row["constraints"] is not None  # noqa: E731
    rows = states.of_system(results, "constraints", system, keep, "constraints")
    drawn = {(row["label"], row["temperature_k"]) for row in rows}
    swings = [row for row in results.rows("excursions", system=system)
              if (row["label"], row["temperature_k"]) in drawn and row["species"] == _former(rows)
              and row["deviation"] is not None]  # fmt: skip
    return {"constraints": rows, "excursions": states.few(swings)}


def paint(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """(a) Total per atom; (b) by species; (c), (d) how far bonds and angles of the network former swing."""
    rows, swings = chosen["constraints"], chosen["excursions"]
    figure = new_figure(PAGE_MM, 158 if swings else 88)
    panels = figure.subplots(2 if swings else 1, 2, squeeze=False).ravel().tolist()
    _totals(panels[0], results, rows)
    _by_species(panels[1], results, rows)
    for axes in panels[:2]:
        scans.label_axis(axes, results, rows)
    for axes, kind in zip(panels[2:], ("radial", "angular"), strict=False):
        _swings(axes, [row for row in swings if row["kind"] == kind], swings)
    for axes, letter in zip(panels, "abcd", strict=False):
        axes.set_title(f"({letter})", loc="left")
    keys = curves.keys(results, swings) if swings else []
    marks.legend(figure, keys + scans.threshold_key(results, rows), 7)
    return figure, states.finished(results, rows, _parts(rows, bool(swings)), states.BARS)


def _parts(rows: Sequence[dict], swings: bool) -> list[str]:
    lower = (
        f"(c), (d) Standard deviation in time of the distances from {_former(rows)} to its neighbours, nearest first, "
        "and of the angles between pairs of them, stiffest first, colour by composition." if swings else ""
    )  # fmt: skip
    return [
        f"Constraints counted along the trajectories in {rows[0]['system']}: (a) per atom, beside the mean-field count "
        "n_c = 3 − f of Phys. Rev. Lett. 134, 036303, eq. (1); dotted: three, the degrees of freedom of an atom. "
        "(b) By species, bonds (full) and angles (broken).",
        lower,
        _DEFINITION,
    ]


def _former(rows: Sequence[dict]) -> str | None:
    """The species with most angular constraints."""
    angular = [row for row in rows if row["kind"] == "angular"]
    return max(angular, key=lambda row: row["constraints"])["species"] if angular else None


def _totals(axes: Axes, results: Results, rows: Sequence[dict]) -> None:
    by = states.variable(results, rows[0])
    totals = [row for row in rows if row["kind"] == "total"]
    for name, (_, colour, _) in _TOTALS.items():
        _sensitivity(axes, [row for row in totals if row["species"] == name], by, colour)
    drawn = _series(axes, totals, by, {name: look[1:] for name, look in _TOTALS.items()}, "-")
    ideal = [row for mine in states.by_composition(totals) for row in _at_limit(mine) if row["species"] == "all"]
    x, value = curves.columns(ideal, by, "mean_field")
    axes.plot(x, value, "--", color=OKABE_ITO["orange"], linewidth=1.6)
    axes.axhline(3, color=REFERENCE_COLOUR, linewidth=0.8, linestyle=":", zorder=1)
    highest = max(3.2, *(point.value + point.error for point in drawn), *value[np.isfinite(value)])
    axes.set(ylabel="constraints per atom", ylim=(0, 1.45 * highest))
    present = {row["species"] for row in totals}
    keys = [
        marks.key(label, colour, marker, "-") for name, (label, colour, marker) in _TOTALS.items() if name in present
    ]
    keys += [marks.key(_MEAN_FIELD, OKABE_ITO["orange"], line="--")] if np.isfinite(value).any() else []
    _legend(axes, keys, 1)


def _by_species(axes: Axes, results: Results, rows: Sequence[dict]) -> None:
    by = states.variable(results, rows[0])
    single = [row for row in rows if row["kind"] != "total"]
    names = species_in(single)
    looks = {name: (species_colour(name), species_marker(name)) for name in names}
    drawn = []
    for kind, line in (("radial", "-"), ("angular", "--")):
        drawn += _series(axes, [row for row in single if row["kind"] == kind], by, looks, line)
    highest = max((point.value + point.error for point in drawn), default=1.0)
    axes.set(ylabel="constraints per atom of the species", ylim=(0, 1.35 * highest))
    keys = [marks.key(name, *look) for name, look in looks.items()]
    keys += [marks.key("bonds", line="-"), marks.key("angles", line="--")]
    _legend(axes, keys, 2)


def _legend(axes: Axes, keys: list, across: int) -> None:
    """In the room left above the data, over the line of the threshold."""
    axes.legend(handles=keys, loc="upper left", ncols=across, frameon=True, edgecolor="none", framealpha=1.0)


def _at_limit(rows: Sequence[dict]) -> list[dict]:
    return [row for row in rows if row["kind"] == "radial" or row["limit"] == _LIMIT_DEG]


def _series(axes: Axes, rows: Sequence[dict], by: str, looks: dict, line: str) -> list[marks.Point]:
    return scans.series(axes, _at_limit(rows), by, _VALUE, looks, lambda row: row["species"], line=line)


def _sensitivity(axes: Axes, rows: Sequence[dict], by: str, colour) -> None:
    """Pale bar from the smallest to the largest count of one composition, whatever the limit of the angles."""
    for mine in states.by_composition(rows):
        values = [row["constraints"] for row in mine]
        if mine[0][by] is not None:
            axes.plot([mine[0][by]] * 2, [min(values), max(values)], "-", color=colour, linewidth=4, alpha=0.25,
                      zorder=2, solid_capstyle="butt")  # fmt: skip


def _swings(axes: Axes, rows: Sequence[dict], all_rows: Sequence[dict]) -> None:
    for mine in states.by_composition(rows):
        colour = curves.colours(all_rows).get(mine[0]["label"], REFERENCE_COLOUR)
        number, value, error = curves.columns(mine, "number", "deviation", "deviation_err")
        axes.errorbar(number, value, [0.0 if e != e else e for e in error], fmt="o-", markersize=3, color=colour)
    radial = bool(rows) and rows[0]["kind"] == "radial"
    axes.set(xlabel="neighbour" if radial else "pair of neighbours", ylim=(0, None),
             ylabel="deviation of the distance (Å)" if radial else "deviation of the angle (degrees)")  # fmt: skip
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
