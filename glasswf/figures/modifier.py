"""D against the modifier content, colour by isotherm: Legrand Figs. 4(a), Na, and 4(b), the network."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glasswf.errors import AnalysisError
from glasswf.figures import caption, marks, references
from glasswf.figures.scan import abscissa, columns, finish, isotherms, scan_rows, scan_series
from glasswf.figures.style import REFERENCE_COLOUR, species_marker, temperature_colour
from glasswf.figures.tables import Results, species_in, temperatures

MOBILE, NETWORK = ("Na",), ("Si", "S")
_VALUE = ("diffusivity_cm2_s", "diffusivity_err_cm2_s")
_LINES = ("-", "--")


def select_mobile(results: Results) -> dict[str, list[dict]]:
    """D of Na in every system scanned over x."""
    return _select(results, MOBILE)


def paint_mobile(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Legrand Fig. 4(a): D of Na against x."""
    return _paint(results, chosen["diffusivity"], "$D_{\\mathrm{Na}}$ (cm$^2$ s$^{-1}$)")


def select_network(results: Results) -> dict[str, list[dict]]:
    """D of Si and S in every system scanned over x."""
    return _select(results, NETWORK)


def paint_network(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Legrand Fig. 4(b): D of the network species against x."""
    return _paint(results, chosen["diffusivity"], "$D_{\\mathrm{N}}$ (cm$^2$ s$^{-1}$)")


def _select(results: Results, species: Sequence[str]) -> dict[str, list[dict]]:
    rows = [row for row in scan_rows(results, "diffusivity", "x") if row["species"] in species]
    if not rows:
        raise AnalysisError(f"no diffusivity of {' or '.join(species)} in the systems scanned over x")
    return {"diffusivity": rows}


def _paint(results: Results, rows: list[dict], label: str) -> tuple[Figure, str]:
    systems, present = scan_series(results, rows, "x"), species_in(rows)
    figure, panels = columns(systems)
    drawn, entries = [], []
    for axes, series in zip(panels, systems, strict=True):
        for name, line in zip(present, _LINES, strict=False):
            mine = [row for row in rows if row["system"] == series.name and row["species"] == name]
            marker = species_marker(name) if len(present) > 1 else ""
            drawn += isotherms(axes, mine, abscissa(series), _VALUE, temperatures(rows), line, marker)
            entries += _references(axes, mine, name, temperatures(rows))
    marks.log_limits(panels[0], drawn + references.as_points(entries), headroom=0.08)
    panels[0].set_ylabel(label)
    more = [marks.key(name, REFERENCE_COLOUR, species_marker(name), line)
            for name, line in zip(present, _LINES, strict=False)] if len(present) > 1 else []  # fmt: skip
    more += [references.reference_key()] if entries else []
    finish(figure, panels, systems, rows, "x", more, marked=len(present) == 1)
    text = (
        f"Diffusivity of {' and '.join(present)} against x in {', '.join(s.name for s in systems)}, colour by isotherm."
    )
    parts = [text, caption.DIFFUSIVITY, caption.error_bars(rows), caption.OPEN, references.reference_note(entries)]
    return figure, " ".join(filter(None, [*parts, caption.conditions(results, rows)]))


def _references(axes: Axes, rows: Sequence[dict], species: str, levels: Sequence[float]) -> list[dict]:
    """Draw the printed numbers at the state points of `rows` in the colour of their isotherm."""
    found = references.beside(rows, species=species)
    for x, _, entry in found:
        colour = temperature_colour(entry["temperature_k"], levels)
        references.draw_reference(axes, x, entry, colour, species_marker(species))
    return [entry for _, _, entry in found]
