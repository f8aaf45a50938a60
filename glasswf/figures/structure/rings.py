"""Rings and clusters of the network of one system."""

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from glasswf.figures import marks
from glasswf.figures.structure import curves, states
from glasswf.figures.style import PAGE_MM, new_figure
from glasswf.figures.tables import Results

_RINGS = ("size", "rings_per_former", "rings_per_former_err")
_CLUSTERS = ("size", "fraction", "fraction_err")
_MARKERS = "osD^vP"


def select(results: Results, system: str) -> dict[str, list[dict]]:
    """Rings of a system and, where they are, clusters, at six compositions at most."""
    rows = states.few(
        states.of_system(results, "rings", system, lambda row: row["rings_per_former"] is not None, "rings")
    )
    drawn = {(row["label"], row["temperature_k"]) for row in rows}
    clusters = [row for row in results.rows("clusters", system=system)
                if (row["label"], row["temperature_k"]) in drawn and row["fraction"]]  # fmt: skip
    return {"rings": rows, "clusters": clusters}


def paint(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """(a) Rings per former by size; (b) share of the network's atoms in clusters of each size."""
    rows, clusters = chosen["rings"], chosen["clusters"]
    figure = new_figure(PAGE_MM if clusters else 0.7 * PAGE_MM, 82)
    panels = figure.subplots(1, 2 if clusters else 1, squeeze=False)[0]
    _lines(panels[0], rows, rows, _RINGS)
    panels[0].set(xlabel="formers in the ring", ylabel="rings per former", ylim=(0, None))
    panels[0].xaxis.set_major_locator(MaxNLocator(integer=True))
    if clusters:
        _lines(panels[1], clusters, rows, _CLUSTERS, line="")
        panels[1].set(xlabel="atoms in the cluster", ylabel="share of formers and anions", xscale="log", ylim=(0, 1.05))
        for axes, letter in zip(panels, "ab", strict=True):
            axes.set_title(f"({letter})", loc="left")
    keys = [marks.key(states.named(results, mine[0]), curves.colours(rows)[mine[0]["label"]], _MARKERS[index], "-")
            for index, mine in enumerate(states.by_composition(rows))]  # fmt: skip
    marks.legend(figure, keys, 6)
    text = f"{'(a) ' if clusters else ''}Rings in the network of {rows[0]['system']}, criterion {rows[0]['criterion']}."
    more = "(b) Formers and anions in clusters of this size; a free anion is a cluster of one." if clusters else ""
    return figure, states.finished(results, rows, [text, more], states.BARS)


def _lines(axes, rows: list[dict], all_rows: list[dict], names: curves.Names, line: str = "-") -> None:
    found = curves.colours(all_rows)
    order = [mine[0]["label"] for mine in states.by_composition(all_rows)]
    for mine in states.by_composition(rows):
        x, value, error = curves.columns(sorted(mine, key=lambda row: row["size"]), *names)
        label = mine[0]["label"]
        axes.errorbar(x, value, [0.0 if e != e else e for e in error], color=found[label], linestyle=line,
                      marker=_MARKERS[order.index(label)])  # fmt: skip
