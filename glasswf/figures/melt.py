"""One melt at m = 2 against time and temperature: Legrand Figs. 2 and 3(a), at x = 0.50 or the nearest there is."""

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glasswf.errors import AnalysisError
from glasswf.figures import caption, fits, marks, references
from glasswf.figures.msd import draw_curves, log_log, window_keys
from glasswf.figures.scan import AXIS, inverse, isotherm_keys
from glasswf.figures.style import PAGE_MM, new_figure, species_colour, species_marker
from glasswf.figures.tables import Results, species_in, temperatures
from glasswf.landmarks import NS_X, disulfide, nearest

_MOBILE = "Na"


def composition_rows(results: Results, table: str, x: float = NS_X, within: float = 1.0, **where: object) -> list[dict]:
    """Rows of `table` of the one composition at m = 2 nearest to x; AnalysisError if none lies within."""
    rows = [row for row in results.rows(table, **where) if disulfide(row["m"])]
    own = nearest(((row["x"], row["m"]) for row in rows), x, within)
    if own is None:
        span = f" and x within {within:g} of {x:g}" if within < 1 else ""
        raise AnalysisError(f"no composition with m = 2{span} in tables/{table}.csv")
    first = next(row for row in rows if row["x"] == own)
    return [row for row in rows if (row["system"], row["label"]) == (first["system"], first["label"])]


def same(results: Results, table: str, row: dict) -> list[dict]:
    """Rows of another table for the composition of `row`."""
    return results.rows(table, system=row["system"], label=row["label"])


def select_msd(results: Results) -> dict[str, list[dict]]:
    """MSD of Na at every isotherm."""
    rows = composition_rows(results, "msd", species=_MOBILE)
    return {"msd": [row for row in rows if row["lag_ps"] and row["msd_a2"]]}


def paint_msd(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Legrand Fig. 2: MSD of Na, a curve per isotherm, the window of the fit drawn thick."""
    rows = chosen["msd"]
    figure = new_figure(0.7 * PAGE_MM, 95)
    axes = figure.subplots()
    draw_curves(axes, rows, temperatures(rows))
    log_log([axes], rows, 0.05)
    axes.set_xlabel("$t$ (ps)")
    axes.set_ylabel(r"$\langle r_{\mathrm{Na}}^2(t)\rangle$ (Å$^2$)")
    marks.legend(figure, isotherm_keys(rows, marked=False) + window_keys(), 4)
    text = (
        f"Mean-square displacement of Na in {caption.composition(rows[0])} at each temperature, averaged over time "
        "origins and replicas, drift of the centre of mass removed. Thick: window from which D is taken; no thick "
        "part: no diffusive window was found. Bands: 68 % interval. Dotted: slope 1."
    )
    points = same(results, "diffusivity", rows[0]) or rows
    return figure, f"{text} {caption.conditions(results, points)}"


def select_diffusivity(results: Results) -> dict[str, list[dict]]:
    """D of every species at every isotherm, and the fits."""
    rows = composition_rows(results, "diffusivity")
    found = [row for row in same(results, "arrhenius", rows[0]) if row["quantity"].startswith("D_")]
    return {"diffusivity": rows, "arrhenius": found}


def paint_diffusivity(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Legrand Fig. 3(a): D against 1000/T with the fits and the printed values."""
    rows, lines = chosen["diffusivity"], chosen["arrhenius"]
    first = rows[0]
    entries = references.of_composition("diffusivity", first["x"], first["m"])
    figure = new_figure(0.7 * PAGE_MM, 95)
    axes = figure.subplots()
    drawn = draw_diffusivities(axes, rows, lines, species_colour, until_k=_coldest(entries))
    for entry in entries:
        references.draw_reference(axes, 1000 / entry["temperature_k"], entry)
    marks.log_limits(axes, drawn + references.as_points(entries), headroom=0.05)
    axes.set_xlabel(AXIS[None])
    axes.set_ylabel("$D$ (cm$^2$ s$^{-1}$)")
    keys = [marks.key(name, species_colour(name), species_marker(name), "-") for name in species_in(rows)]
    keys += marks.open_key(rows) + ([references.reference_key()] if entries else [])
    marks.legend(figure, keys, 5)
    text = f"Diffusivities in {caption.composition(first)} against inverse temperature."
    parts = [text, caption.DIFFUSIVITY, caption.FITS, caption.FIT_BANDS, _extrapolated(entries, lines),
             _energies(lines, first), caption.error_bars(rows), caption.OPEN,
             references.reference_note(entries)]  # fmt: skip
    return figure, " ".join(filter(None, [*parts, caption.conditions(results, rows)]))


def draw_diffusivities(
    axes: Axes, rows: Sequence[dict], lines: Sequence[dict], colour: Callable, *, line: str = "-", until_k=None
) -> list[marks.Point]:
    """Draw D of every species of one composition against 1000/T, `colour(species)` each, and the fits.

    Returns what the axes must hold: the points and the ends of the lines.
    """
    drawn = []
    for name in species_in(rows):
        mine = [row for row in rows if row["species"] == name]
        made = marks.points(mine, inverse, "diffusivity_cm2_s", "diffusivity_err_cm2_s")
        marks.draw_points(axes, made, colour(name), species_marker(name), "none")
        for fit in (fit for fit in lines if fit["quantity"] == f"D_{name}"):
            end = fits.draw_fit(axes, fit, mine, colour(name), line=line, until_k=until_k)
            drawn += [marks.Point(0, end, 0, True, False)] if end else []
        drawn += made
    return drawn


def _coldest(entries: Sequence[dict]) -> float | None:
    return min((entry["temperature_k"] for entry in entries), default=None)


def _extrapolated(entries: Sequence[dict], lines: Sequence[dict]) -> str:
    coldest = _coldest(entries)
    if coldest is None or not any(fits.drawable(fit) and fit["temperature_min_k"] > coldest for fit in lines):
        return ""
    return f"Dotted: the fits extrapolated beyond the data, to the {coldest:g} K of the printed values."


def _energies(lines: Sequence[dict], first: dict) -> str:
    """E_A of each species beside the printed one."""
    parts = []
    for fit in lines:
        entries = references.of_composition("activation_energy", first["x"], first["m"], of=fit["quantity"])
        printed = f" (printed: {references.printed(entries[0])} eV)" if entries else ""
        parts.append(f"{fit['quantity'].removeprefix('D_')} {fits.energy(lines, fit['quantity'])}{printed}")
    return f"E_A of D: {'; '.join(parts)}." if parts else ""
