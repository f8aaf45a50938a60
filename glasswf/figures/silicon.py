"""PRL Fig. 3(a): D of every species against the number of Si atoms, one panel per isotherm, m on the upper axis."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glasswf.composition import Composition
from glasswf.errors import AnalysisError
from glasswf.figures import marks, references
from glasswf.figures.diffusivity import LABEL, describe, draw_species, keys
from glasswf.figures.scan import rows_at
from glasswf.figures.style import PAGE_MM, new_figure
from glasswf.figures.tables import Results, Series, all_series, temperatures

_PAPER_ATOMS = 3000
_TICKS = (2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8)


def select(results: Results) -> dict[str, list[dict]]:
    """Rows of the first system scanned over m whose rigidity threshold lies above m = 2."""
    return {"diffusivity": results.rows("diffusivity", system=_series(results).name)}


def paint(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """D_k against N_Si."""
    rows, series = chosen["diffusivity"], _series(results)
    isotherms = [rows_at(rows, temperature) for temperature in temperatures(rows)]
    figure = new_figure(PAGE_MM, 80 * -(-len(isotherms) // 4))
    panels = marks.wrapped(figure, len(isotherms))
    points, entries = [], []
    for axes, part in zip(panels, isotherms, strict=True):
        points += draw_species(axes, part, lambda row: row["n_si"])
        entries += _references(axes, series, part)
    marks.log_limits(panels[0], points + references.as_points(entries), headroom=0.1)
    for axes, part in zip(panels, isotherms, strict=True):
        _upper_axis(axes, series, part)
        marks.name_panel(axes, f"{part[0]['temperature_k']:g} K", right=True)
    figure.supxlabel("$N_{\\mathrm{Si}}$", fontsize=8)
    figure.supylabel(LABEL, fontsize=8)
    marks.legend(figure, keys(rows, True, bool(entries)), 6)
    text = f"Diffusivities in {series.name} (x = {series.x:g}) against the number of Si atoms; upper axis: m."
    return figure, describe(text, results, rows, entries, True)


def _series(results: Results) -> Series:
    names = {row["system"] for row in results.tables["diffusivity"]}
    for series in all_series(results):
        if series.scan == "m" and series.m_critical and series.name in names:
            return series
    listed = ", ".join(series.name for series in all_series(results))
    raise AnalysisError(
        f"no system with x < 0.2 is scanned over m, so none crosses a threshold m_c > 2 (systems: {listed})"
    )


def _references(axes: Axes, series: Series, rows: list[dict]) -> list[dict]:
    """Draw the published numbers inside the panel, their N_Si scaled to this N; return them."""
    low, high = axes.get_xlim()
    scale = rows[0]["n_atoms"] / _PAPER_ATOMS
    entries = references.found("diffusivity", series.x, rows[0]["temperature_k"])
    inside = [entry for entry in entries if low <= entry.get("n_si", -1) * scale <= high]
    for entry in inside:
        references.draw_reference(axes, entry["n_si"] * scale, entry)
    return inside


def _upper_axis(axes: Axes, series: Series, rows: Sequence[dict]) -> None:
    """Put m on the upper axis and the threshold in the panel, where N and x are fixed so that N_Si tells m."""
    counts, contents = {row["n_atoms"] for row in rows}, [row["x"] for row in rows]
    if len(counts) > 1 or max(contents) - min(contents) > 0.02:
        return
    scale = counts.pop() * (1 - series.x)
    marks.threshold(axes, scale / Composition(series.x, series.m_critical).atoms_per_unit)
    places = {m: scale / Composition(series.x, m).atoms_per_unit for m in _TICKS}
    low, high = axes.get_xlim()
    inside = {m: place for m, place in places.items() if low < place < high}
    upper = axes.secondary_xaxis("top")
    upper.set_xticks(list(inside.values()), [f"{m:g}" for m in inside])
    upper.set_xlabel("$m$")
    upper.minorticks_off()
    axes.tick_params(axis="x", which="both", top=False)
