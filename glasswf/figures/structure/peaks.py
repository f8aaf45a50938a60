"""The first sharp diffraction peak (FSDP) against composition: Legrand Fig. 13(b), and that of S_X of a system."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glasswf.figures import marks, references
from glasswf.figures.structure import published, scans, states
from glasswf.figures.structure.factor import PARTIAL, XRAY
from glasswf.figures.style import OKABE_ITO, PAGE_MM, new_figure, species_colour, species_marker
from glasswf.figures.tables import Results

BELOW_1_A = 1.7  # the principal peaks begin near 2 1/Å
_POSITION, _HEIGHT, _AREA = ("k_1_a", "k_err_1_a"), ("height", "height_err"), ("area", "area_err")
_SODIUM, _TOTAL = (PARTIAL, "Na", "Na"), (XRAY, "all", "all")
_LOOKS = {
    _TOTAL: ("$S_X$", OKABE_ITO["black"], "s"),
    _SODIUM: ("Na-Na", species_colour("Na"), species_marker("Na")),
}
_DEFINITION = f"First sharp diffraction peak: the first maximum of S(k) below {BELOW_1_A:g} Å⁻¹."


def select_sodium(results: Results) -> dict[str, list[dict]]:
    """First maximum of S_NaNa along x; where none stands out, what the table says instead."""
    keep = lambda row: _kind(row) == _SODIUM and row["method"] == "direct" and not states.pure(row)  # noqa: E731
    return {"diffraction_peaks": _first(states.along_x(results, "diffraction_peaks", keep, "maxima of S_NaNa"))}


def paint_sodium(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Legrand Fig. 13(b): height and area of the Na-Na FSDP against x."""
    rows = chosen["diffraction_peaks"]
    figure = new_figure(PAGE_MM, 80)
    panels = figure.subplots(1, 2)
    colour, marker = _LOOKS[_SODIUM][1:]
    for axes, names, label in zip(panels, (_HEIGHT, _AREA), ("height", "area (Å$^{-1}$)"), strict=True):
        made = scans.points([row for row in rows if _is_peak(row)], "x", names)
        if names == _AREA:
            made += [marks.Point(row["x"], 0.0, 0.0, False, False) for row in rows if not _is_peak(row)]
        marks.draw_points(axes, made, colour, marker)
        if any(point.value for point in made):
            marks.linear_limits(axes, made)
        axes.set_ylabel(f"FSDP of $S_{{\\mathrm{{NaNa}}}}$: {label}")
        scans.label_axis(axes, results, rows)
    missing = any(not _is_peak(row) for row in rows)
    marks.legend(figure, [marks.key("no peak found", colour, marker, filled=False)] if missing else [])
    text = (
        f"Intensity of the Na-Na first sharp diffraction peak in {rows[0]['system']} against x: its height, and its "
        f"area. {_DEFINITION}"
    )
    none = "Open symbols at zero: no peak stands out of the noise." if missing else ""
    return figure, states.finished(results, rows, [text, none], states.BARS)


def select(results: Results, system: str) -> dict[str, list[dict]]:
    """First maximum of S_X and of S_NaNa of a system."""
    keep = lambda row: _kind(row) in _LOOKS and row["method"] == "direct"  # noqa: E731
    rows = _first(states.of_system(results, "diffraction_peaks", system, keep, "maxima of S_X or S_NaNa"))
    return {"diffraction_peaks": [row for row in rows if _is_peak(row)] or rows}


def paint(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """(a) Position, (b) height against what is scanned."""
    rows = chosen["diffraction_peaks"]
    figure = new_figure(PAGE_MM, 80)
    position, height = figure.subplots(1, 2)
    drawn, entries = _lines(position, results, rows, _POSITION), _printed(position, results, rows)
    if values := [point.value for point in drawn + references.as_points(entries)]:
        room = max(0.05, 0.2 * (max(values) - min(values)))
        position.set_ylim(min(values) - room, max(values) + room)
    if heights := _lines(height, results, rows, _HEIGHT):
        marks.linear_limits(height, heights)
    position.set_ylabel("position of the FSDP (Å$^{-1}$)")
    height.set_ylabel("height of the FSDP")
    for axes in (position, height):
        scans.label_axis(axes, results, rows)
        if not drawn:
            axes.text(0.5, 0.5, "no peak stands\nout of the noise", transform=axes.transAxes, ha="center", va="center")
    present = {_kind(row) for row in rows if _is_peak(row)}
    keys = [
        marks.key(label, colour, marker, "-") for kind, (label, colour, marker) in _LOOKS.items() if kind in present
    ]
    keys += [references.reference_key()] if entries else []
    marks.legend(figure, keys + scans.threshold_key(results, rows))
    text = f"First sharp diffraction peak of the X-ray structure factor and of S_NaNa in {rows[0]['system']}."
    parts = [text, _DEFINITION, published.note(entries)]
    return figure, states.finished(results, rows, parts, states.BARS)


def _kind(row: dict) -> tuple[str, str, str]:
    return row["convention"], row["species_a"], row["species_b"]


def _is_peak(row: dict) -> bool:
    return row["k_1_a"] is not None and row["k_1_a"] < BELOW_1_A


def _first(rows: Sequence[dict]) -> list[dict]:
    """The lowest maximum of each curve and composition, or the row that says that there is none."""
    found: dict[tuple, dict] = {}
    for row in sorted(rows, key=lambda row: (row["k_1_a"] is None, row["k_1_a"] or 0.0)):
        found.setdefault((row["system"], row["label"], _kind(row)), row)
    return list(found.values())


def _lines(axes: Axes, results: Results, rows: Sequence[dict], names: scans.Names) -> list[marks.Point]:
    peaks = [row for row in rows if _is_peak(row)]
    looks = {kind: look[1:] for kind, look in _LOOKS.items()}
    return scans.series(axes, peaks, states.variable(results, rows[0]), names, looks, _kind)


def _printed(axes: Axes, results: Results, rows: Sequence[dict]) -> list[dict]:
    """Draw the printed positions, and return them."""
    found = []
    for kind, (_, colour, marker) in _LOOKS.items():
        entries = published.entries("s_peak", list(kind), rows)
        entries = [entry for entry in entries if entry["value"] < BELOW_1_A]
        for entry in entries:
            references.draw_reference(axes, entry[states.variable(results, rows[0])], entry, colour, marker)
        found += entries
    return found
