"""Every figure by name: which can be drawn from given results, and drawing one with all the files beside it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from matplotlib.figure import Figure as Canvas

from glasswf.errors import AnalysisError
from glasswf.figures import (
    activation,
    alpha2,
    arrhenius,
    conductivity,
    current,
    diffusivity,
    ends,
    glasses,
    melt,
    modifier,
    msd,
    onsager,
    parts,
    rigidity,
    silicon,
    van_hove,
    ways,
)
from glasswf.figures.save import save
from glasswf.figures.structure import angle, constraints, correlation, factor, network, peaks, rings, snapshots, species
from glasswf.figures.style import styled
from glasswf.figures.tables import Results, all_series, load


@dataclass(frozen=True)
class Figure:
    """One figure: `select` gives what it shows as {table: rows} or raises AnalysisError; `paint` draws exactly that.

    paint returns the canvas and the caption. A figure with `per_system` exists once per system of the results; one of
    `curves` shows what the numbers of the others were made of.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    select: Callable[..., dict[str, list[dict]]]
    paint: Callable[..., tuple[Canvas, str]]
    per_system: bool = field(default=False)
    curves: bool = field(default=False)


FIGURES: dict[str, Figure] = {
    figure.name: figure
    for figure in (
        Figure("fig_prl_3a", "Diffusivities against the number of Si atoms", ("diffusivity",),
               silicon.select, silicon.paint),
        Figure("fig_prl_3b", "Conductivity against the flexibility index", ("conductivity",),
               conductivity.select_m, conductivity.paint_m),
        Figure("fig_prl_4", "Activation energies against the flexibility index", ("arrhenius",),
               activation.select, activation.paint),
        Figure("fig_diffusivity_m", "Diffusivities against the flexibility index, every system", ("diffusivity",),
               diffusivity.select, diffusivity.paint),
        Figure("fig_haven", "Haven ratio against the flexibility index", ("haven", "diffusivity"),
               conductivity.select_haven, conductivity.paint_haven),
        Figure("fig_legrand_2", "Mean-square displacement of Na in a melt", ("msd",), melt.select_msd, melt.paint_msd),
        Figure("fig_legrand_3a", "Diffusivities in a melt against temperature", ("diffusivity", "arrhenius"),
               melt.select_diffusivity, melt.paint_diffusivity),
        Figure("fig_legrand_3b", "Conductivity of a melt and its parts against temperature",
               ("conductivity", "conductivity_parts", "arrhenius"), parts.select, parts.paint),
        Figure("fig_legrand_4a", "Diffusivity of Na against the modifier content", ("diffusivity",),
               modifier.select_mobile, modifier.paint_mobile),
        Figure("fig_legrand_4b", "Diffusivity of the network against the modifier content", ("diffusivity",),
               modifier.select_network, modifier.paint_network),
        Figure("fig_legrand_5", "Diffusivities at lowest and highest modifier content", ("diffusivity", "arrhenius"),
               ends.select, ends.paint),
        Figure("fig_legrand_6", "Conductivity against the modifier content", ("conductivity",),
               conductivity.select_x, conductivity.paint_x),
        Figure("fig_legrand_14b", "Conductivity at x = 0.60 and its parts against temperature",
               ("conductivity", "conductivity_parts", "arrhenius"), parts.select_depolymerised, parts.paint),
        Figure("fig_conductivity_ways", "Conductivity in every way, side by side", ("conductivity", "onsager", "haven"),
               ways.select, ways.paint),
        Figure("fig_onsager", "What carries the current", ("conductivity", "conductivity_parts", "transference"),
               onsager.select, onsager.paint, per_system=True),
        Figure("fig_arrhenius", "Arrhenius plots of sodium diffusion and conductivity",
               ("diffusivity", "conductivity", "arrhenius"), arrhenius.select, arrhenius.paint),
        Figure("fig_msd", "Mean-square displacements and the windows used", ("msd",),
               msd.select, msd.paint, per_system=True, curves=True),
        Figure("fig_alpha2", "Non-Gaussian parameter", ("non_gaussian",),
               alpha2.select, alpha2.paint, per_system=True, curves=True),
        Figure("fig_van_hove", "Van Hove functions", ("van_hove",),
               van_hove.select, van_hove.paint, per_system=True, curves=True),
        Figure("fig_legrand_1a", "X-ray structure factor of a glass", ("structure_factor",),
               factor.select_total, factor.paint_total),
        Figure("fig_legrand_1b", "Total pair correlation function of a glass", ("pair_correlation",),
               correlation.select_total, correlation.paint_total),
        Figure("fig_legrand_7a", "Pair correlation function of S-S against the modifier content", ("pair_correlation",),
               *correlation.pair("S", "S")),
        Figure("fig_legrand_7b", "Pair correlation function of Si-Si against the modifier content",
               ("pair_correlation",),
               *correlation.pair("Si", "Si", {"legrand-sisi-es": "ES", "legrand-sisi-cs": "CS"},
                                 "ES, CS: tetrahedra that share an edge or a corner.")),
        Figure("fig_legrand_8", "Network units against the modifier content", ("network",),
               species.select, species.paint),
        Figure("fig_legrand_9a", "Si-S-Si angles against the modifier content", ("angles",),
               *angle.triplet("Si", "S", "Si", {"legrand-sissi-es": "ES", "legrand-sissi-cs": "CS"})),
        Figure("fig_legrand_9b", "S-Si-S angles against the modifier content", ("angles",),
               *angle.triplet("S", "Si", "S")),
        Figure("fig_legrand_10", "A slab of the glass with most modifier", ("slab",),
               snapshots.select_depolymerised, snapshots.paint_depolymerised),
        Figure("fig_legrand_11", "Pair correlation function of Na-Na against the modifier content",
               ("pair_correlation",), *correlation.pair("Na", "Na")),
        Figure("fig_legrand_12a", "Na-S-Na angles against the modifier content", ("angles",),
               *angle.triplet("Na", "S", "Na")),
        Figure("fig_legrand_12b", "S-Na-S angles against the modifier content", ("angles",),
               *angle.triplet("S", "Na", "S")),
        Figure("fig_legrand_13a", "Partial structure factor of Na-Na against the modifier content",
               ("structure_factor",), factor.select_sodium, factor.paint_sodium),
        Figure("fig_legrand_13b", "Intensity of the Na-Na first sharp diffraction peak", ("diffraction_peaks",),
               peaks.select_sodium, peaks.paint_sodium),
        Figure("fig_prl_2", "Slabs of the glass against the flexibility index", ("slab",),
               snapshots.select_flexible, snapshots.paint_flexible),
        Figure("fig_network", "Network", ("network",), network.select, network.paint, per_system=True),
        Figure("fig_constraints", "Constraints counted from the dynamics", ("constraints",),
               constraints.select, constraints.paint, per_system=True),
        Figure("fig_fsdp", "First sharp diffraction peak", ("diffraction_peaks",),
               peaks.select, peaks.paint, per_system=True),
        Figure("fig_rings", "Rings and clusters", ("rings",), rings.select, rings.paint, per_system=True),
        Figure("fig_structure", "Partial pair correlation functions", ("pair_correlation",),
               correlation.select_all, correlation.paint_all, per_system=True, curves=True),
        Figure("fig_factor", "Structure factors", ("structure_factor",),
               factor.select_all, factor.paint_all, per_system=True, curves=True),
        Figure("fig_angles", "Bond angles", ("angles",),
               angle.select_all, angle.paint_all, per_system=True, curves=True),
        Figure("fig_prl_1", "Rigidity and ion hopping", ("rigidity",), rigidity.select, rigidity.paint),
        Figure("fig_rigidity_readings", "Rigidity: readings of the cluster probabilities", ("rigidity",),
               rigidity.select_readings, rigidity.paint_readings),
        Figure("fig_rigidity_maps", "Rigidity: degrees of freedom and conductivity over composition", ("rigidity",),
               rigidity.select_maps, rigidity.paint_maps),
        Figure("fig_bosi_4", "Activation energy, y = 0.33", ("landscape_energy",), *glasses.energy(0.33)),
        Figure("fig_bosi_5", "Conductivity, y = 0.33", ("landscape_conductivity",), *glasses.conductivity(0.33)),
        Figure("fig_bosi_6", "Activation energy, y = 0.35", ("landscape_energy",), *glasses.energy(0.35)),
        Figure("fig_bosi_7", "Arrhenius plots, y = 0.35", ("landscape_conductivity", "landscape_energy"),
               *glasses.arrhenius(0.35)),
        Figure("fig_bosi_8", "Conductivity, y = 0.35", ("landscape_conductivity",), *glasses.conductivity(0.35)),
        Figure("fig_bosi_9", "Activation energy, y = 0.40", ("landscape_energy",), *glasses.energy(0.40)),
        Figure("fig_bosi_10", "Conductivity, y = 0.40", ("landscape_conductivity",), *glasses.conductivity(0.40)),
        Figure("fig_landscape_size", "Activation energy and the size of the lattice", ("landscape_energy",),
               glasses.select_size, glasses.paint_size),
        Figure("fig_landscape_slice", "A landscape and its percolating path", ("landscape_sites",),
               glasses.select_slice, glasses.paint_slice),
        Figure("fig_landscape_kmc", "Kinetic Monte Carlo against the network", ("landscape_conductivity",),
               glasses.select_kmc, glasses.paint_kmc),
        Figure("fig_current", "Current autocorrelation and Green-Kubo integral", ("current", "conductivity"),
               current.select, current.paint, per_system=True, curves=True),
    )
}  # fmt: skip


def slug(system: str) -> str:
    """A system's name as part of a file name."""
    return re.sub(r"[^\w.+-]", "_", system)


def available(results: Results) -> list[str]:
    """Names of the figures that these results can fill, per-system ones as fig_msd_<system>."""
    names = [name for figure in FIGURES.values() for name in _names(figure, results)]
    return [name for name in names if _can_draw(name, results)]


def shows_curves(name: str, results: Results) -> bool:
    """Whether a figure shows what the numbers of the others were made of. AnalysisError for an unknown name."""
    return _resolve(name, results)[0].curves


def draw(name: str, results: Path | str | Results, out: Path | str) -> dict:
    """Write out/name.{pdf,svg,png,csv,json} and return what the JSON holds (name, title, caption, files, digests).

    The CSV is the data drawn, as columns of the result tables with the table's name first. Same input, same bytes.
    Raises AnalysisError with one line if the results lack what the figure shows.
    """
    results = results if isinstance(results, Results) else load(results)
    figure, system = _resolve(name, results)
    chosen = _select(name, figure, system, results)
    with styled():
        canvas, caption = figure.paint(results, chosen)
        title = f"{figure.title}: {system}" if system else figure.title
        inputs = results.digests({*figure.needs, *chosen})
        return save(Path(out), name, canvas, {"title": title, "caption": caption}, chosen, inputs)


def _names(figure: Figure, results: Results) -> list[str]:
    if not figure.per_system:
        return [figure.name]
    return [f"{figure.name}_{slug(series.name)}" for series in all_series(results)]


def _can_draw(name: str, results: Results) -> bool:
    try:
        _select(name, *_resolve(name, results), results)
    except AnalysisError:
        return False
    return True


def _resolve(name: str, results: Results) -> tuple[Figure, str | None]:
    if name in FIGURES and not FIGURES[name].per_system:
        return FIGURES[name], None
    for figure in FIGURES.values():
        for series in all_series(results) if figure.per_system else ():
            if name == f"{figure.name}_{slug(series.name)}":
                return figure, series.name
    known = [each for figure in FIGURES.values() for each in _names(figure, results)]
    raise AnalysisError(f"no figure {name!r} for these results; known: {', '.join(known)}")


def _select(name: str, figure: Figure, system: str | None, results: Results) -> dict[str, list[dict]]:
    if missing := [table for table in figure.needs if table not in results.present]:
        raise AnalysisError(f"{name}: {results.folder}/tables/{missing[0]}.csv is absent; finish the analysis")
    try:
        return figure.select(results, system) if system else figure.select(results)
    except AnalysisError as error:
        raise AnalysisError(f"{name}: {error}") from None
