"""Structure factors: Legrand Figs. 1(a) and 13(a), and all of a system."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from glasswf.figures import caption, marks
from glasswf.figures.melt import composition_rows
from glasswf.figures.structure import curves, published, states, total
from glasswf.figures.style import PAGE_MM, REFERENCE_COLOUR, new_figure
from glasswf.figures.tables import Results

PARTIAL, XRAY, NEUTRON = "faber-ziman", "xray", "neutron"
_CURVE, _PEAK = ("k_1_a", "value", "value_err"), ("k_1_a", "k_err_1_a")
_TOTALS = {XRAY: "total, X-rays", NEUTRON: "total, neutrons"}
_ORDER = (*_TOTALS, PARTIAL)
_AXIS = "$k$ (Å$^{-1}$)"
_DIRECT = "Summed directly over the wave vectors of the box."
_FABER_ZIMAN = "Partials as Faber and Ziman define them: 1 (dotted) at large k."


def select_total(results: Results) -> dict[str, list[dict]]:
    """S_X(k) of the composition at m = 2 nearest to x = 0.50, its maxima, and the Wright parameter."""
    where = {"convention": XRAY, "method": "direct"}
    rows = states.coldest(composition_rows(results, "structure_factor", **where))
    peaks = [row for row in total.beside(results, "diffraction_peaks", rows[0], **where) if row["k_1_a"] is not None]
    wright = total.beside(results, "wright", rows[0], quantity="S_X")
    return {"structure_factor": rows, "diffraction_peaks": peaks, "wright": wright}


def paint_total(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Legrand Fig. 1(a): X-ray structure factor with the positions of its maxima."""
    rows, peaks = chosen["structure_factor"], chosen["diffraction_peaks"]
    found = published.entries("s_peak", [XRAY, "all", "all"], rows[:1])
    figure = total.draw(rows, _CURVE, peaks, _PEAK, found, (0, max(row["k_1_a"] for row in rows)))
    figure.axes[0].set(xlabel=_AXIS, ylabel="$S_X(k)$")
    text = f"X-ray structure factor of {caption.composition(rows[0])}. {_DIRECT}"
    parts = [text, total.maxima(peaks, _PEAK, "Å⁻¹"), _wright(chosen["wright"]), published.note(found)]
    return figure, states.finished(results, rows, parts)


def select_sodium(results: Results) -> dict[str, list[dict]]:
    """Partial S(k) of Na-Na along x."""
    keep = lambda row: _is_partial(row) and _kind(row)[1:] == ("Na", "Na") and not states.pure(row)  # noqa: E731
    return {"structure_factor": states.along_x(results, "structure_factor", keep, "partial S(k) of Na-Na")}


def paint_sodium(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Legrand Fig. 13(a): S_NaNa(k), a curve per x."""
    rows = chosen["structure_factor"]
    found = published.entries("s_peak", [PARTIAL, "Na", "Na"], rows)
    figure = new_figure(0.7 * PAGE_MM, 88)
    axes = figure.subplots()
    curves.compositions(axes, rows, _CURVE, curves.colours(rows))
    published.draw_positions(axes, found, {entry["id"]: "FSDP" for entry in found})
    axes.axhline(1, color=REFERENCE_COLOUR, linewidth=0.6, linestyle=":", zorder=1)
    curves.limits(axes, rows, _CURVE, (0, min(8.0, max(row["k_1_a"] for row in rows))))
    axes.set(xlabel=_AXIS, ylabel=r"$S_{\mathrm{NaNa}}(k)$")
    marks.legend(figure, curves.keys(results, rows) + published.position_key(found), 4)
    text = f"Partial structure factor of Na-Na in {rows[0]['system']} against x. {_DIRECT} {_FABER_ZIMAN}"
    return figure, states.finished(results, rows, [text, published.note(found)])


def select_all(results: Results, system: str) -> dict[str, list[dict]]:
    """Partials and both totals of a system, at six compositions at most."""
    keep = lambda row: _is_partial(row) or _is_total(row)  # noqa: E731
    rows = states.of_system(results, "structure_factor", system, keep, "structure factors")
    return {"structure_factor": states.few(rows)}


def paint_all(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """A panel per partial and per total, a curve per composition."""
    rows = chosen["structure_factor"]
    kinds = sorted({_kind(row) for row in rows}, key=lambda kind: (_ORDER.index(kind[0]), kind[1] != kind[2], kind))
    figure = new_figure(PAGE_MM, 24 + 42 * -(-len(kinds) // 3))
    found = curves.colours(rows)
    for axes, kind in zip(curves.panels(figure, len(kinds)), kinds, strict=True):
        mine = [row for row in rows if _kind(row) == kind]
        curves.compositions(axes, mine, _CURVE, found)
        axes.axhline(1, color=REFERENCE_COLOUR, linewidth=0.6, linestyle=":", zorder=1)
        curves.limits(axes, mine, _CURVE, (0, max(row["k_1_a"] for row in mine)), headroom=0.12)
        marks.name_panel(axes, "-".join(kind[1:]) if kind[0] == PARTIAL else _TOTALS[kind[0]], right=True)
    figure.supxlabel(_AXIS, fontsize=8)
    figure.supylabel("$S(k)$", fontsize=8)
    marks.legend(figure, curves.keys(results, rows), 6)
    text = (
        f"Structure factors of {rows[0]['system']}: totals as X-rays and neutrons weigh them, and partials. {_DIRECT}"
    )
    return figure, states.finished(results, rows, [text, _FABER_ZIMAN])


def _is_partial(row: dict) -> bool:
    return row["convention"] == PARTIAL and row["method"] == "direct" and row["value"] is not None


def _is_total(row: dict) -> bool:
    return row["convention"] in _TOTALS and row["method"] == "direct" and row["value"] is not None


def _kind(row: dict) -> tuple[str, str, str]:
    return row["convention"], row["species_a"], row["species_b"]


def _wright(rows: Sequence[dict]) -> str:
    listed = "; ".join(
        f"R = {row['value']:.4f} against {row['file']} over {row['range_start']:g}-{row['range_stop']:g} Å⁻¹ "
        f"(definition: {row['definition']})" for row in rows
    )  # fmt: skip
    return f"Wright parameter: {listed}." if rows else ""
