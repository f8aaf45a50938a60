"""Pair correlation functions: Legrand Figs. 1(b), 7 and 11, and all partial g(r) of a system."""

from functools import partial

from matplotlib.figure import Figure

from glasswf.figures import caption, marks
from glasswf.figures.melt import composition_rows
from glasswf.figures.structure import curves, published, states, total
from glasswf.figures.style import PAGE_MM, REFERENCE_COLOUR, new_figure
from glasswf.figures.tables import Results

_CURVE, _PEAK = ("r_a", "g", "g_err"), ("r_a", "r_err_a")
_REACH_A = 8.0
_SPAN = (1.5, _REACH_A)
_DEFINITION = "g_ab(r) = V n_ab(r)/(N_a N_b 4πr²dr), 1 (dotted) without correlation."


def select_total(results: Results) -> dict[str, list[dict]]:
    """X-ray g(r) of the composition at m = 2 nearest to x = 0.50, and its peaks."""
    rows = states.coldest(composition_rows(results, "pair_correlation", part="xray"))
    peaks = total.beside(results, "pair_peaks", rows[0], part="xray", kind="peak")
    return {"pair_correlation": _near(rows), "pair_peaks": _near(peaks)}


def paint_total(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Legrand Fig. 1(b): total X-ray g(r) with the positions of its peaks."""
    rows, peaks = chosen["pair_correlation"], chosen["pair_peaks"]
    found = published.entries("g_peak", ["xray", "all", "all"], rows[:1])
    figure = total.draw(rows, _CURVE, peaks, _PEAK, found, _SPAN)
    figure.axes[0].set(xlabel="$r$ (Å)", ylabel="$g_X(r)$")
    text = f"Total pair correlation function of {caption.composition(rows[0])}, weighted as X-rays weigh it."
    parts = [text, total.maxima(peaks, _PEAK, "Å"), published.note(found)]
    return figure, states.finished(results, rows, parts)


def select_pair(results: Results, a: str, b: str) -> dict[str, list[dict]]:
    """Partial g(r) of one pair along x."""
    keep = lambda row: _is_partial(row) and (row["species_a"], row["species_b"]) == (a, b) and row["r_a"] <= _REACH_A  # noqa: E731
    return {"pair_correlation": states.along_x(results, "pair_correlation", keep, f"partial g(r) of {a}-{b}")}


def paint_pair(results: Results, chosen: dict[str, list[dict]], names: dict[str, str], text: str) -> tuple[Figure, str]:
    """One partial g(r), a curve per x, printed positions marked."""
    rows = chosen["pair_correlation"]
    a, b = rows[0]["species_a"], rows[0]["species_b"]
    found = published.entries("g_peak", ["partial", a, b], rows)
    figure = new_figure(0.7 * PAGE_MM, 88)
    axes = figure.subplots()
    curves.compositions(axes, rows, _CURVE, curves.colours(rows))
    published.draw_positions(axes, found, names)
    axes.axhline(1, color=REFERENCE_COLOUR, linewidth=0.6, linestyle=":", zorder=1)
    curves.limits(axes, rows, _CURVE, (2.0, _REACH_A))
    axes.set(xlabel="$r$ (Å)", ylabel=rf"$g_{{\mathrm{{{a}{b}}}}}(r)$")
    marks.legend(figure, curves.keys(results, rows) + published.position_key(found), 4)
    first = f"Pair correlation function of {a}-{b} in {rows[0]['system']} against x."
    return figure, states.finished(results, rows, [first, text, _DEFINITION, published.note(found)])


def pair(a: str, b: str, names: dict[str, str] | None = None, text: str = "") -> tuple:
    """select and paint of one pair; `names`: of the printed positions, by id."""
    return partial(select_pair, a=a, b=b), partial(paint_pair, names=names or {}, text=text)


def select_all(results: Results, system: str) -> dict[str, list[dict]]:
    """Every partial g(r) of a system, at six compositions at most."""
    rows = states.of_system(results, "pair_correlation", system, _is_partial, "partial g(r)")
    return {"pair_correlation": states.few(rows)}


def paint_all(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """A panel per pair, a curve per composition."""
    rows = chosen["pair_correlation"]
    pairs = sorted({(row["species_a"], row["species_b"]) for row in rows}, key=lambda pair: (pair[0] != pair[1], pair))
    figure = new_figure(PAGE_MM, 24 + 46 * -(-len(pairs) // 3))
    found = curves.colours(rows)
    for axes, (a, b) in zip(curves.panels(figure, len(pairs)), pairs, strict=True):
        mine = [row for row in rows if (row["species_a"], row["species_b"]) == (a, b)]
        curves.compositions(axes, mine, _CURVE, found)
        axes.axhline(1, color=REFERENCE_COLOUR, linewidth=0.6, linestyle=":", zorder=1)
        curves.limits(axes, mine, _CURVE, (_SPAN[0], max(row["r_a"] for row in mine)), headroom=0.15)
        marks.name_panel(axes, f"{a}-{b}", right=True)
    figure.supxlabel("$r$ (Å)", fontsize=8)
    figure.supylabel("$g(r)$", fontsize=8)
    marks.legend(figure, curves.keys(results, rows), 6)
    return figure, states.finished(
        results, rows, [f"Partial pair correlation functions of {rows[0]['system']}.", _DEFINITION]
    )


def _is_partial(row: dict) -> bool:
    return row["part"] == "partial" and row["g"] is not None


def _near(rows: list[dict]) -> list[dict]:
    return [row for row in rows if row["r_a"] <= _REACH_A]
