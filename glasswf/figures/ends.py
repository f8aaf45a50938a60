"""D against 1000/T at both ends of a scan over x, and the ratio of network to Na diffusion: Legrand Fig. 5, inset."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glasswf.errors import AnalysisError
from glasswf.figures import caption, fits, marks, references
from glasswf.figures.melt import draw_diffusivities
from glasswf.figures.scan import AXIS, isotherm_keys, rows_at, scan_series
from glasswf.figures.style import (
    OKABE_ITO,
    PAGE_MM,
    REFERENCE_COLOUR,
    new_figure,
    species_marker,
    temperature_colour,
    temperature_marker,
)
from glasswf.figures.tables import Results, compositions, species_in, temperatures, trusted

_COLOURS = (OKABE_ITO["blue"], OKABE_ITO["orange"])  # lowest and highest x
_LINES = ("-", "--")
_NETWORK = ("Si", "S")
_HEADROOM = 0.55  # of the height of the data, left free for the inset


def select(results: Results) -> dict[str, list[dict]]:
    """D of the first system scanned over x, and the fits at its ends."""
    table = results.tables["diffusivity"]
    name = scan_series(results, table, "x")[0].name
    rows = results.rows("diffusivity", system=name)
    ends = _ends(results, rows)
    if len(ends) < 2:
        raise AnalysisError(f"{name} has one x only; the figure compares the lowest with the highest")
    lines = [row for row in results.rows("arrhenius", system=name)
             if row["label"] in ends and row["quantity"].startswith("D_")]  # fmt: skip
    return {"diffusivity": rows, "arrhenius": lines}


def _ends(results: Results, rows: Sequence[dict]) -> list[str]:
    labels = compositions(results, rows)
    return list(dict.fromkeys([labels[0], labels[-1]]))


def paint(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Legrand Fig. 5 with its inset."""
    rows, lines = chosen["diffusivity"], chosen["arrhenius"]
    ends = _ends(results, rows)
    figure = new_figure(PAGE_MM, 125)
    axes = figure.subplots()
    drawn, entries = [], []
    for label, colour, line in zip(ends, _COLOURS, _LINES, strict=True):
        mine = [row for row in rows if row["label"] == label]
        own = [fit for fit in lines if fit["label"] == label]
        drawn += draw_diffusivities(axes, mine, own, lambda _, colour=colour: colour, line=line)
        entries += _references(axes, mine, colour)
    marks.log_limits(axes, drawn + references.as_points(entries), headroom=_HEADROOM)
    axes.set_xlabel(AXIS[None])
    axes.set_ylabel("$D$ (cm$^2$ s$^{-1}$)")
    inset = axes.inset_axes([0.42, 0.63, 0.56, 0.35])
    _inset(inset, rows)
    keys = [marks.key(_name(rows, label), *look) for label, look in zip(ends, _looks(), strict=True)]
    keys += [marks.key(name, REFERENCE_COLOUR, species_marker(name)) for name in species_in(rows)]
    keys += marks.open_key(rows) + ([references.reference_key()] if entries else [])
    marks.legend(figure, keys + isotherm_keys(rows), 6)
    return figure, _caption(results, rows, lines, ends, entries)


def _looks() -> list[tuple]:
    return [(colour, "", line) for colour, line in zip(_COLOURS, _LINES, strict=True)]


def _name(rows: Sequence[dict], label: str) -> str:
    return f"x = {next(row['x'] for row in rows if row['label'] == label):.2f}"


def _references(axes: Axes, rows: Sequence[dict], colour: str) -> list[dict]:
    entries = references.of_composition("diffusivity", rows[0]["x"], rows[0]["m"])
    for entry in entries:
        references.draw_reference(axes, 1000 / entry["temperature_k"], entry, colour)
    return entries


def _inset(axes: Axes, rows: Sequence[dict]) -> None:
    levels, drawn = temperatures(rows), []
    for temperature in levels:
        made = ratios(rows_at(rows, temperature))
        colour, marker = temperature_colour(temperature, levels), temperature_marker(temperature, levels)
        marks.draw_points(axes, made, colour, marker)
        drawn += made
    if drawn:
        top = max(point.value + min(point.error, point.value) for point in drawn)
        axes.set_ylim(0, 1.1 * top)
    axes.set_xlabel(AXIS["x"], labelpad=1)
    axes.set_ylabel(r"$D_{\mathrm{N}}/D_{\mathrm{Na}}$", labelpad=2)


def ratios(rows: Sequence[dict]) -> list[marks.Point]:
    """D of the network (mean of Si and S) over D of Na at every composition of one isotherm, errors independent."""
    by_label: dict[str, dict[str, dict]] = {}
    for row in rows:
        by_label.setdefault(row["label"], {})[row["species"]] = row
    made = [_ratio(found) for found in by_label.values() if {"Na", *_NETWORK} <= set(found)]
    return sorted((point for point in made if point), key=lambda point: point.x)


def _ratio(found: dict[str, dict]) -> marks.Point | None:
    parts = [found[name] for name in ("Na", *_NETWORK)]
    if any((row["diffusivity_cm2_s"] or 0) <= 0 for row in parts):
        return None
    sodium, *network = ((row["diffusivity_cm2_s"], row["diffusivity_err_cm2_s"] or 0.0) for row in parts)
    mean, spread = sum(value for value, _ in network) / 2, math.hypot(*(error for _, error in network)) / 2
    ratio = mean / sodium[0]
    error = ratio * math.hypot(spread / mean, sodium[1] / sodium[0])
    return marks.Point(parts[0]["x"], ratio, error, all(map(trusted, parts)), False)


def _caption(results: Results, rows: list[dict], lines: list[dict], ends: list[str], entries: list[dict]) -> str:
    text = (
        f"Diffusivities in {rows[0]['system']} against inverse temperature at the lowest and the highest x. Inset: "
        "network over Na diffusion, D_N being the mean of Si and S, against x; errors taken as independent."
    )
    energies = "; ".join(f"{_name(rows, label)}: {_energy(rows, lines, label)}" for label in ends)
    parts = [text, caption.DIFFUSIVITY, caption.FITS, caption.FIT_BANDS, f"E_A of D_Na: {energies}.",
             caption.error_bars(rows), caption.OPEN, references.reference_note(entries)]  # fmt: skip
    return " ".join(filter(None, [*parts, caption.conditions(results, rows)]))


def _energy(rows: Sequence[dict], lines: Sequence[dict], label: str) -> str:
    first = next(row for row in rows if row["label"] == label)
    found = references.of_composition("activation_energy", first["x"], first["m"], of="D_Na")
    here = [entry for entry in found if "Fig. 5" in entry["place"]]
    printed = f" (printed: {references.printed(here[0])} eV)" if here else ""
    return fits.energy([fit for fit in lines if fit["label"] == label], "D_Na") + printed
