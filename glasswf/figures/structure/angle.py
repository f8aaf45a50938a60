"""Bond angle distributions: Legrand Figs. 9 and 12, and all of a system."""

from collections.abc import Sequence
from functools import partial

from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from glasswf.figures import marks
from glasswf.figures.structure import curves, published, states
from glasswf.figures.style import PAGE_MM, new_figure
from glasswf.figures.tables import Results

_CURVE = ("angle_deg", "density_1_deg", "density_err_1_deg")
_TRIPLET = ("species_a", "centre", "species_b")
_DEFINITION = "Density per degree, normalised to one, not divided by sin θ."


def select_triplet(results: Results, triplet: tuple[str, str, str]) -> dict[str, list[dict]]:
    """Distribution of one angle along x, and its fitted maxima."""
    keep = lambda row: _triplet(row) == triplet and row["density_1_deg"] is not None  # noqa: E731
    rows = states.along_x(results, "angles", keep, f"angles {'-'.join(triplet)}")
    drawn = {_state(row) for row in rows}
    peaks = [row for row in results.tables["angle_peaks"] if _triplet(row) == triplet and _state(row) in drawn]
    return {"angles": rows, "angle_peaks": peaks}


def paint_triplet(results: Results, chosen: dict[str, list[dict]], names: dict[str, str]) -> tuple[Figure, str]:
    """One angle, a curve per x, printed maxima marked."""
    rows = chosen["angles"]
    triplet = _triplet(rows[0])
    found = published.entries("angle_maximum", list(triplet), rows)
    figure = new_figure(0.7 * PAGE_MM, 88)
    axes = figure.subplots()
    curves.compositions(axes, rows, _CURVE, curves.colours(rows))
    published.draw_positions(axes, found, names)
    curves.limits(axes, rows, _CURVE, _span(rows))
    axes.set(xlabel=f"{'-'.join(triplet)} angle (degrees)", ylabel="probability (1/degree)")
    axes.xaxis.set_major_locator(MultipleLocator(30))
    marks.legend(figure, curves.keys(results, rows) + published.position_key(found), 4)
    text = f"Distribution of the angle {'-'.join(triplet)} in {rows[0]['system']} against x. {_DEFINITION}"
    parts = [text, _fitted(results, chosen["angle_peaks"]), published.note(found)]
    return figure, states.finished(results, rows, parts)


def triplet(a: str, centre: str, b: str, names: dict[str, str] | None = None) -> tuple:
    """select and paint of one angle; `names`: of the printed maxima, by id."""
    return partial(select_triplet, triplet=(a, centre, b)), partial(paint_triplet, names=names or {})


def select_all(results: Results, system: str) -> dict[str, list[dict]]:
    """Every angle of a system, at six compositions at most."""
    keep = lambda row: row["density_1_deg"] is not None  # noqa: E731
    rows = states.of_system(results, "angles", system, keep, "angles")
    return {"angles": states.few(rows)}


def paint_all(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """A panel per angle, a curve per composition."""
    rows = chosen["angles"]
    kinds = list(dict.fromkeys(map(_triplet, rows)))
    figure = new_figure(PAGE_MM, 26 + 50 * -(-len(kinds) // 2))
    found = curves.colours(rows)
    for axes, kind in zip(curves.panels(figure, len(kinds), across=2), kinds, strict=True):
        mine = [row for row in rows if _triplet(row) == kind]
        curves.compositions(axes, mine, _CURVE, found)
        curves.limits(axes, mine, _CURVE, _span(rows), headroom=0.18)
        axes.xaxis.set_major_locator(MultipleLocator(30))
        marks.name_panel(axes, "-".join(kind))
    figure.supxlabel("angle (degrees)", fontsize=8)
    figure.supylabel("probability (1/degree)", fontsize=8)
    marks.legend(figure, curves.keys(results, rows), 6)
    return figure, states.finished(results, rows, [f"Bond angle distributions of {rows[0]['system']}. {_DEFINITION}"])


def _triplet(row: dict) -> tuple[str, str, str]:
    return tuple(row[key] for key in _TRIPLET)


def _state(row: dict) -> tuple:
    return row["system"], row["label"], row["temperature_k"]


def _span(rows: Sequence[dict]) -> tuple[float, float]:
    """From the first angle with a hundredth of the highest density, in steps of 30°."""
    highest = max(row["density_1_deg"] for row in rows)
    return 30 * (min(row["angle_deg"] for row in rows if row["density_1_deg"] >= 0.01 * highest) // 30), 180


def _fitted(results: Results, peaks: Sequence[dict]) -> str:
    listed = "; ".join(
        f"{states.named(results, mine[0])}: " + ", ".join(
            f"{row['angle_deg']:.1f} ± {row['angle_err_deg'] or 0:.1f}" for row in mine)
        for mine in states.by_composition([row for row in peaks if row["angle_deg"] is not None])
    )  # fmt: skip
    return f"Fitted maxima (degrees): {listed}." if listed else ""
