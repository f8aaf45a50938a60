"""Qⁿ species against the modifier content with the mean number of bridging anions: Legrand Fig. 8."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glasswf.figures import marks, references
from glasswf.figures.structure import published, scans, states
from glasswf.figures.style import OKABE_ITO, PAGE_MM, new_figure
from glasswf.figures.tables import Results

PERCENT = 100.0
VALUE = ("value", "value_err")
LOOKS = {
    "q0": (OKABE_ITO["vermillion"], "o"),
    "q1": (OKABE_ITO["orange"], "s"),
    "q2": (OKABE_ITO["green"], "^"),
    "q3": (OKABE_ITO["blue"], "D"),
    "q4": (OKABE_ITO["black"], "v"),
}
_MEAN = "mean_n"
DEFINITION = "Qⁿ: share of the network formers with n bridging anions; ⟨n⟩: their mean number."


def select(results: Results) -> dict[str, list[dict]]:
    """Shares of the Qⁿ and ⟨n⟩ along x; without a network former there are none."""
    keep = lambda row: row["quantity"] in (*LOOKS, _MEAN) and row["value"] is not None and not states.pure(row)  # noqa: E731
    return {"network": states.along_x(results, "network", keep, "Qⁿ species")}


def paint(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Shares in per cent, ⟨n⟩ in an inset, printed shares as crossed marks."""
    rows = chosen["network"]
    figure = new_figure(0.7 * PAGE_MM, 100)
    axes = figure.subplots()
    scans.series(axes, rows, "x", VALUE, LOOKS, lambda row: row["quantity"], PERCENT)
    found = [(name, entry) for name in LOOKS for entry in published.entries("q_species", name, rows)]
    for name, entry in found:
        references.draw_reference(axes, entry["x"], entry, *LOOKS[name])
    axes.set(ylabel="share of network formers (%)", ylim=(-3, 165))
    axes.set_yticks(range(0, 101, 20))
    scans.label_axis(axes, results, rows)
    _inset(axes, [row for row in rows if row["quantity"] == _MEAN])
    marks.legend(figure, keys(rows) + ([references.reference_key()] if found else []), 6)
    text = f"Network units in {rows[0]['system']} against x. {DEFINITION} Inset: ⟨n⟩."
    note = references.reference_note([entry for _, entry in found])
    return figure, states.finished(results, rows, [text, cutoff(rows), note], states.BARS)


def keys(rows: list[dict]) -> list:
    """Legend entries of the Qⁿ that occur."""
    present = {row["quantity"] for row in rows}
    return [marks.key(f"$Q^{name[1]}$", *look, "-") for name, look in LOOKS.items() if name in present]


def cutoff(rows: list[dict]) -> str:
    """Caption sentence on the bond length used."""
    lengths = sorted({round(row["cutoff_a"], 2) for row in rows if row["cutoff_a"] is not None})
    if not lengths:
        return ""
    span = f"{lengths[0]:.2f}" if len(lengths) == 1 else f"{lengths[0]:.2f}-{lengths[-1]:.2f}"
    return f"Bonded: closer than {span} Å."


def _inset(axes: Axes, rows: list[dict]) -> None:
    inset = axes.inset_axes((0.55, 0.69, 0.42, 0.28))
    made = scans.points(rows, "x", VALUE)
    marks.draw_points(inset, made, "black", "o")
    inset.set(xlabel="$x$", ylabel=r"$\langle n\rangle$", xlim=axes.get_xlim())
    marks.linear_limits(inset, made, headroom=0.15)
