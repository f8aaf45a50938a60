"""The network of one system against what is scanned: Qⁿ, anions by their bonds, edges shared, defects."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glasswf.figures import marks
from glasswf.figures.structure import scans, species, states
from glasswf.figures.style import OKABE_ITO, PAGE_MM, new_figure
from glasswf.figures.tables import Results

_ANIONS = {
    "triply_bonded": ("triply bonded", OKABE_ITO["orange"], "v"),
    "bridging": ("bridging", OKABE_ITO["black"], "s"),
    "non_bridging": ("non-bridging", OKABE_ITO["vermillion"], "o"),
    "free_anion": ("free", OKABE_ITO["sky"], "^"),
    "homopolar": ("homopolar", OKABE_ITO["purple"], "D"),
}
_FORMERS = {
    "edge_sharing_tetrahedra": ("edge-sharing", OKABE_ITO["blue"], "o"),
    "former_3fold": ("3-fold", OKABE_ITO["orange"], "v"),
    "former_4fold": ("4-fold", OKABE_ITO["black"], "s"),
    "former_5fold": ("5-fold", OKABE_ITO["purple"], "^"),
}
_UNITS = {name: (f"$Q^{name[1]}$", *look) for name, look in species.LOOKS.items()}
_PANELS = (("(a) formers by bridges", _UNITS), ("(b) anions", _ANIONS), ("(c) formers", _FORMERS))


def select(results: Results, system: str) -> dict[str, list[dict]]:
    """Shares of the network of a system."""
    shown = {name for _, looks in _PANELS for name in looks}
    keep = lambda row: row["quantity"] in shown and row["value"] is not None  # noqa: E731
    return {"network": states.of_system(results, "network", system, keep, "network shares")}


def paint(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Three panels side by side, with a legend of its own below each."""
    rows = chosen["network"]
    figure = new_figure(PAGE_MM, 88)
    panels = figure.subplots(1, 3, sharey=True)
    for axes, (title, looks) in zip(panels, _PANELS, strict=True):
        _panel(axes, results, rows, looks)
        axes.set_title(title, loc="left")
        scans.label_axis(axes, results, rows)
    panels[0].set(ylabel="share (%)", ylim=(-4, 104))
    marks.legend(figure, scans.threshold_key(results, rows))
    text = (
        f"Network of {rows[0]['system']}: (a) {species.DEFINITION} (b) Anions bonded to three formers or more, to two "
        "(bridging), to one and to none (free), and homopolar bonds per anion. (c) Formers that share an edge with "
        "another, and those with 3, 4 and 5 anions. Pale bars: with bonds up to a little shorter or longer."
    )
    return figure, states.finished(results, rows, [text, species.cutoff(rows)], states.BARS)


def _panel(axes: Axes, results: Results, rows: Sequence[dict], looks: dict[str, tuple]) -> None:
    by = states.variable(results, rows[0])
    present = {row["quantity"] for row in rows}
    for name, (_, colour, marker) in looks.items():
        mine = [row for row in rows if row["quantity"] == name]
        for row in mine:
            _sensitivity(axes, row, by, colour)
        marks.draw_points(axes, scans.points(mine, by, species.VALUE, species.PERCENT), colour, marker)
    keys = [marks.key(label, colour, marker, "-") for name, (label, colour, marker) in looks.items() if name in present]
    axes.legend(handles=keys, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)


def _sensitivity(axes: Axes, row: dict, by: str, colour: str) -> None:
    ends = [species.PERCENT * row[key] for key in ("value_shorter", "value_longer") if row[key] is not None]
    if len(ends) == 2 and row[by] is not None:
        axes.plot([row[by]] * 2, ends, "-", color=colour, linewidth=4, alpha=0.25, zorder=2, solid_capstyle="butt")
