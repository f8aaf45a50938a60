"""Arrhenius plots of D_Na (upper row) and σ (lower row), a column per system, colour by composition."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glasswf.figures import activation, caption, fits, marks
from glasswf.figures.scan import AXIS, inverse
from glasswf.figures.style import PAGE_MM, composition_colour, new_figure
from glasswf.figures.tables import COLLECTIVE, Results, Series, all_series, compositions, thinned

_MOST_COMPOSITIONS = 7


def select(results: Results) -> dict[str, list[dict]]:
    """D_Na and collective σ of every system, and the fits."""
    diffusion = [row for row in results.tables["diffusivity"] if row["species"] == "Na"]
    charge = [row for row in results.tables["conductivity"] if row["kind"] == COLLECTIVE]
    kept = _kept(results, [*diffusion, *charge])
    tables = {"diffusivity": diffusion, "conductivity": charge, "arrhenius": activation.fits(results)}
    return {name: [row for row in rows if (row["system"], row["label"]) in kept] for name, rows in tables.items()}


def _kept(results: Results, rows: list[dict]) -> set[tuple[str, str]]:
    """(system, label) of at most seven compositions per system, evenly spread."""
    names = dict.fromkeys(row["system"] for row in rows)
    by_system = {name: compositions(results, [row for row in rows if row["system"] == name]) for name in names}
    return {(name, label) for name, labels in by_system.items() for label in thinned(labels, _MOST_COMPOSITIONS)}


def paint(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """D_Na (upper row) and σ (lower row) against 1000/T, a column per system, colour by composition."""
    present = {row["system"] for row in chosen["diffusivity"]}
    systems = [series for series in all_series(results) if series.name in present]
    figure = new_figure(PAGE_MM, 160)
    panels = marks.grid_by_row(figure, 2, len(systems))
    kinds = (("D_Na", chosen["diffusivity"], "diffusivity", "_cm2_s"),
             (f"sigma_{COLLECTIVE}", chosen["conductivity"], "conductivity", "_s_cm"))  # fmt: skip
    for row, (quantity, rows, name, unit) in zip(panels, kinds, strict=True):
        lines = [fit for fit in chosen["arrhenius"] if fit["quantity"] == quantity]
        drawn = []
        for axes, series in zip(row, systems, strict=True):
            mine = [each for each in rows if each["system"] == series.name]
            drawn += _panel(axes, results, mine, lines, series, (f"{name}{unit}", f"{name}_err{unit}"))
        marks.log_limits(row[0], drawn, headroom=0.1)
    _labels(panels, systems)
    return figure, _caption(results, chosen)


def _panel(
    axes: Axes, results: Results, rows: list[dict], lines: list[dict], series: Series, names: tuple[str, str]
) -> list[marks.Point]:
    labels = compositions(results, rows)
    drawn = []
    for index, label in enumerate(labels):
        colour = composition_colour(index, len(labels))
        mine = [row for row in rows if row["label"] == label]
        made = marks.points(mine, inverse, *names)
        marks.draw_points(axes, made, colour, "o", "none")
        for fit in (fit for fit in lines if fit["system"] == series.name and fit["label"] == label):
            fits.draw_fit(axes, fit, mine, colour, band=False)
        axes.plot([], [], "o-", color=colour, label=_composition_name(mine[0], series))
        drawn += made
    return drawn


def _composition_name(row: dict, series: Series) -> str:
    by = "x" if series.scan == "x" or row["m"] is None else "m"
    return f"{by} = {row[by]:.2f}"


def _labels(panels: list[list[Axes]], systems: Sequence[Series]) -> None:
    panels[0][0].set_ylabel("$D_{\\mathrm{Na}}$ (cm$^2$ s$^{-1}$)")
    panels[1][0].set_ylabel(r"$\sigma$, collective (S cm$^{-1}$)")
    for column, series in enumerate(systems):
        panels[0][column].set_title(series.name)
        panels[1][column].set_xlabel(AXIS[None])
        if panels[0][column].get_legend_handles_labels()[0]:  # in the corner that falling lines leave free
            panels[0][column].legend(loc="upper right", handlelength=1.0, borderaxespad=0.2)


def _caption(results: Results, chosen: dict[str, list[dict]]) -> str:
    rows = [*chosen["diffusivity"], *chosen["conductivity"]]
    text = (
        "Sodium diffusivity (upper row) and collective conductivity (lower row) against inverse temperature, "
        f"at most {_MOST_COMPOSITIONS} compositions of a system."
    )
    parts = [text, caption.FITS, caption.DIFFUSIVITY, caption.CONDUCTIVITY, caption.error_bars(rows), caption.OPEN]
    return " ".join([*parts, caption.conditions(results, rows)])
