"""Slabs of the glass: Legrand Fig. 10 and PRL Fig. 2."""

from matplotlib.figure import Figure

from glasswf.errors import AnalysisError
from glasswf.figures import caption, marks
from glasswf.figures.scan import scan_series
from glasswf.figures.structure import slabs, states
from glasswf.figures.style import COLUMN_MM, PAGE_MM, new_figure
from glasswf.figures.tables import Results
from glasswf.landmarks import disulfide

_MOST = 3
_DRAWN = (
    "Spheres: atoms, paler the deeper; translucent: tetrahedra around fourfold network formers; thin lines: bonds to "
    "network formers, cut at the faces of box and slab."
)


def select_depolymerised(results: Results) -> dict[str, list[dict]]:
    """The slab of the composition at m = 2 with most modifier; AnalysisError if there is none."""
    rows = [row for row in states.coldest(results.tables["slab"]) if disulfide(row["m"])]
    if not rows:
        raise AnalysisError("no slab at m = 2 in tables/slab.csv")
    return {"slab": states.by_composition(rows)[-1]}


def paint_depolymerised(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Legrand Fig. 10: one slab."""
    rows = chosen["slab"]
    figure = new_figure(1.3 * COLUMN_MM, 1.3 * COLUMN_MM + 12)
    axes = figure.subplots()
    slabs.draw(axes, rows)
    marks.legend(figure, slabs.keys(rows), 3)
    text = (
        f"A slab of {rows[0]['thickness_a']:g} Å of {caption.composition(rows[0])}. {_DRAWN} An anion without a bond "
        "belongs to no tetrahedron."
    )
    return figure, _finished(results, rows, [text, _homopolar(rows)])


def select_flexible(results: Results) -> dict[str, list[dict]]:
    """Slabs at lowest, intermediate and highest m of the system scanned over m with least modifier."""
    rows = states.coldest(results.tables["slab"])
    if not rows:
        raise AnalysisError("no slab in tables/slab.csv")
    system = min(scan_series(results, rows, "m"), key=lambda series: series.x).name
    return {"slab": states.few([row for row in rows if row["system"] == system], _MOST)}


def paint_flexible(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """PRL Fig. 2: slabs side by side, homopolar bonds as bars."""
    rows = chosen["slab"]
    groups = states.by_composition(rows)
    figure = new_figure(PAGE_MM, PAGE_MM / len(groups) + 20)
    for axes, mine in zip(figure.subplots(1, len(groups), squeeze=False)[0], groups, strict=True):
        slabs.draw(axes, mine)
        axes.set_title(f"$m$ = {mine[0]['m']:.2f}", loc="center")
    marks.legend(figure, slabs.keys(rows), 6)
    text = (
        f"Slabs of {rows[0]['thickness_a']:g} Å of {rows[0]['system']} (x = {rows[0]['x']:.2f}) at "
        f"{len(groups)} values of m. {_DRAWN}"
    )
    return figure, _finished(results, rows, [text, _homopolar(rows)])


def _homopolar(rows: list[dict]) -> str:
    found = any(row["kind"] == "homopolar" for row in rows)
    return "Bars: homopolar bonds, anions close to each other without a common network former." if found else (
        "There are no homopolar bonds in what is drawn.")  # fmt: skip


def _finished(results: Results, rows: list[dict], parts: list[str]) -> str:
    return states.finished(results, rows, parts, "One frame of one replica.")
