"""Activation energies against m (PRL Fig. 4) and the Arrhenius plots they come from."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glasswf.errors import AnalysisError
from glasswf.figures import caption, marks, references
from glasswf.figures.diffusivity import scan_series
from glasswf.figures.style import (
    CONDUCTIVITY_COLOUR,
    PAGE_MM,
    composition_colour,
    new_figure,
    species_colour,
)
from glasswf.figures.tables import COLLECTIVE, Results, Series, all_series, compositions, thinned
from glasswf.units import BOLTZMANN_EV_K

# name in the legend, colour, marker, published name; sodium diffusion and the conductivity of eq. (5)
_QUANTITIES = {
    "D_Na": ("$D_{\\mathrm{Na}}$", species_colour("Na"), "o", "D_Na"),
    f"sigma_{COLLECTIVE}": ("$\\sigma$ (collective)", CONDUCTIVITY_COLOUR, "D", "sigma"),
}
_MOST_COMPOSITIONS = 7


def select_energies(results: Results) -> dict[str, list[dict]]:
    """Activation energies of D_Na and σ of every system scanned over m."""
    names = {series.name for series in scan_series(results, results.tables["arrhenius"], "m")}
    rows = [row for row in _fits(results) if row["system"] in names and row["activation_energy_ev"] is not None]
    if not rows:
        raise AnalysisError("no activation energy of D_Na or σ (two temperatures with diffusive points are needed)")
    return {"arrhenius": rows}


def paint_energies(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
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
    _energy_limits(panels[0], rows, entries)
    for axes, series in zip(panels, systems, strict=True):
        marks.threshold(axes, series.m_critical)
    panels[0].set_ylabel("$E_A$ (eV)")
    keys = [marks.key(label, colour, marker, "-") for label, colour, marker, _ in _QUANTITIES.values()]
    keys += [marks.key(**marks.THRESHOLD_KEY)] if any(series.m_critical for series in systems) else []
    keys += [references.reference_key()] if entries else []
    marks.legend(figure, keys, 4)
    return figure, _energy_caption(results, rows, entries)


def select_arrhenius(results: Results) -> dict[str, list[dict]]:
    """D_Na and collective σ of every system at more than one temperature, and the fits."""
    diffusion = [row for row in results.tables["diffusivity"] if row["species"] == "Na"]
    charge = [row for row in results.tables["conductivity"] if row["kind"] == COLLECTIVE]
    if len({row["temperature_k"] for row in [*diffusion, *charge]}) < 2:
        raise AnalysisError("an Arrhenius plot needs at least two temperatures")
    return {"diffusivity": diffusion, "conductivity": charge, "arrhenius": _fits(results)}


def paint_arrhenius(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """D_Na (upper row) and σ (lower row) against 1000/T, a column per system, colour by composition."""
    present = {row["system"] for row in chosen["diffusivity"]}
    systems = [series for series in all_series(results) if series.name in present]
    figure = new_figure(PAGE_MM, 160)
    panels = marks.grid_by_row(figure, 2, len(systems))
    kinds = (("D_Na", chosen["diffusivity"], "diffusivity", "_cm2_s"),
             (f"sigma_{COLLECTIVE}", chosen["conductivity"], "conductivity", "_s_cm"))  # fmt: skip
    for line, (quantity, rows, name, unit) in zip(panels, kinds, strict=True):
        fits = [row for row in chosen["arrhenius"] if row["quantity"] == quantity]
        drawn = []
        for axes, series in zip(line, systems, strict=True):
            mine = [row for row in rows if row["system"] == series.name]
            drawn += _arrhenius_panel(axes, results, mine, fits, series, (f"{name}{unit}", f"{name}_err{unit}"))
        marks.log_limits(line[0], drawn, headroom=0.1)
    _arrhenius_labels(panels, systems)
    return figure, _arrhenius_caption(results, chosen)


def _fits(results: Results) -> list[dict]:
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


def _arrhenius_panel(
    axes: Axes, results: Results, rows: list[dict], fits: list[dict], series: Series, names: tuple[str, str]
) -> list[marks.Point]:
    labels = thinned(compositions(results, rows), _MOST_COMPOSITIONS)
    drawn = []
    for index, label in enumerate(labels):
        colour = composition_colour(index, len(labels))
        mine = [row for row in rows if row["label"] == label]
        made = marks.points(mine, lambda row: 1000 / row["temperature_k"], *names)
        marks.draw_points(axes, made, colour, "o", "none")
        for fit in (fit for fit in fits if fit["system"] == series.name and fit["label"] == label):
            _fit_line(axes, fit, colour)
        axes.plot([], [], "o-", color=colour, label=_composition_name(mine[0], series))
        drawn += made
    axes.legend(loc="upper right", handlelength=1.0, borderaxespad=0.2)  # where a falling line leaves room
    return drawn


def _composition_name(row: dict, series: Series) -> str:
    by = "x" if series.scan == "x" or row["m"] is None else "m"
    return f"{by} = {row[by]:.2f}"


def _fit_line(axes: Axes, fit: dict, colour) -> None:
    if fit["activation_energy_ev"] is None or fit["prefactor"] is None or fit["prefactor"] <= 0:
        return
    inverse = np.linspace(1000 / fit["temperature_max_k"], 1000 / fit["temperature_min_k"], 20)
    exponent = -fit["activation_energy_ev"] * inverse / (1000 * BOLTZMANN_EV_K)
    axes.plot(inverse, np.exp(math.log(fit["prefactor"]) + exponent), "-", color=colour, linewidth=0.8, zorder=2)


def _arrhenius_labels(panels: list[list[Axes]], systems: Sequence[Series]) -> None:
    panels[0][0].set_ylabel("$D_{\\mathrm{Na}}$ (cm$^2$ s$^{-1}$)")
    panels[1][0].set_ylabel(r"$\sigma$, collective (S cm$^{-1}$)")
    for column, series in enumerate(systems):
        panels[0][column].set_title(series.name)
        panels[1][column].set_xlabel("1000/$T$ (K$^{-1}$)")
        panels[1][column].get_legend().remove()


def _arrhenius_caption(results: Results, chosen: dict[str, list[dict]]) -> str:
    rows = [*chosen["diffusivity"], *chosen["conductivity"]]
    text = (
        "Sodium diffusivity (upper row) and collective conductivity (lower row) against inverse temperature; "
        "lines: Arrhenius fits through the diffusive points."
    )
    parts = [text, caption.DIFFUSIVITY, caption.CONDUCTIVITY, caption.error_bars(rows), caption.OPEN]
    return " ".join([*parts, caption.conditions(results, rows)])
