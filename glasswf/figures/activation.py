"""Activation energies of Na diffusion and of σ against m: PRL Fig. 4."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glasswf.figures import caption, marks, references
from glasswf.figures.scan import scan_series
from glasswf.figures.style import (
    CONDUCTIVITY_COLOUR,
    PAGE_MM,
    new_figure,
    species_colour,
)
from glasswf.figures.tables import COLLECTIVE, Results, Series

# name in the legend, colour, marker, published name; sodium diffusion and the conductivity of eq. (5)
_QUANTITIES = {
    "D_Na": ("$D_{\\mathrm{Na}}$", species_colour("Na"), "o", "D_Na"),
    f"sigma_{COLLECTIVE}": ("$\\sigma$ (collective)", CONDUCTIVITY_COLOUR, "D", "sigma"),
}


def select(results: Results) -> dict[str, list[dict]]:
    """Activation energies of D_Na and σ of every system scanned over m."""
    names = {series.name for series in scan_series(results, results.tables["arrhenius"], "m")}
    return {"arrhenius": [row for row in fits(results) if row["system"] in names]}


def paint(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """PRL Fig. 4: E_A of Na diffusion and of σ against m."""
    rows = chosen["arrhenius"]
    systems = scan_series(results, rows, "m")
    figure = new_figure(PAGE_MM if len(systems) > 1 else 0.7 * PAGE_MM, 80)
    (panels,) = marks.grid(figure, 1, len(systems))
    entries = []
    for axes, series in zip(panels, systems, strict=True):
        mine = [row for row in rows if row["system"] == series.name]
        entries += _energy_panel(axes, mine, series)
        marks.name_panel(axes, series.name)
        axes.set_xlabel("$m$")
    if any(row["activation_energy_ev"] is not None for row in rows):
        _energy_limits(panels[0], rows, entries)
    else:
        marks.note(figure, "no activation energy:\ntoo few diffusive temperatures")
    for axes, series in zip(panels, systems, strict=True):
        marks.threshold(axes, series.m_critical)
    panels[0].set_ylabel("$E_A$ (eV)")
    keys = [marks.key(label, colour, marker, "-") for label, colour, marker, _ in _QUANTITIES.values()]
    keys += [marks.key(**marks.THRESHOLD_KEY)] if any(series.m_critical for series in systems) else []
    keys += [references.reference_key()] if entries else []
    marks.legend(figure, keys, 4)
    return figure, _energy_caption(results, rows, entries)


def fits(results: Results) -> list[dict]:
    """Arrhenius fits of D_Na and of the collective conductivity."""
    return [row for row in results.tables["arrhenius"] if row["quantity"] in _QUANTITIES]


def _energy_panel(axes: Axes, rows: Sequence[dict], series: Series) -> list[dict]:
    entries = []
    for quantity, (_, colour, marker, published) in _QUANTITIES.items():
        mine = [row for row in rows if row["quantity"] == quantity]
        made = marks.points(mine, lambda row: row["m"], "activation_energy_ev", "activation_energy_err_ev")
        marks.draw_points(axes, made, colour, marker)
        for entry in references.found("activation_energy", series.x, None, of=published)[:1]:
            references.draw_reference(axes, entry["m"], entry, colour, marker)
            entries.append(entry)
    return entries


def _energy_limits(axes: Axes, rows: Sequence[dict], entries: Sequence[dict]) -> None:
    """Hold all values and published numbers, and error bars as far as they are no longer than the spread of values."""
    rows = [row for row in rows if row["activation_energy_ev"] is not None]
    values = [row["activation_energy_ev"] for row in rows] + [entry["value"] for entry in entries]
    span = max(max(values) - min(values), 0.1)
    bars = [(row["activation_energy_ev"], min(row["activation_energy_err_ev"] or 0.0, span)) for row in rows]
    low, high = min([*values, *(value - bar for value, bar in bars)]), max([*values, *(sum(bar) for bar in bars)])
    axes.set_ylim(low - 0.08 * span, high + 0.2 * span)


def _energy_caption(results: Results, rows: list[dict], entries: list[dict]) -> str:
    count = caption.spread(row["n_temperatures"] for row in rows)
    text = (
        "Activation energies of Na diffusion and of the collective conductivity against m, from weighted fits of "
        f"ln D (ln σ) against 1/k_BT over {count} temperatures. Error bars: 68 % interval of the fit."
    )
    points = results.tables["diffusivity"] or rows
    parts = [text, caption.CONDUCTIVITY, "Points that are not diffusive are left out of the fits.",
             caption.THRESHOLD, references.reference_note(entries), caption.conditions(results, points)]  # fmt: skip
    return " ".join(filter(None, parts))
