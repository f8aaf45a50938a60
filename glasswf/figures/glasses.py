"""The site-energy landscape model: Figs. 4 to 10 of Bosi and Maass (2021), finite sizes, a landscape and its path."""

import math
from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from glasswf.errors import AnalysisError
from glasswf.figures.style import COLUMN_MM, OKABE_ITO, PAGE_MM, REFERENCE_COLOUR, new_figure, temperature_colour
from glasswf.figures.tables import Results, temperatures
from glasswf.units import BOLTZMANN_EV_K

_SAME_Y = 0.005
_SAME_X = 1e-6
_COLOURS = (OKABE_ITO["black"], OKABE_ITO["orange"], OKABE_ITO["blue"], OKABE_ITO["green"])
_STYLES = ("-", "--", ":", "-.")
_SOURCE = "Bosi and Maass (2021)"
_ERRORS = "Error bars: 68 % interval of the mean over random landscapes."


def select_energy(results: Results, y: float) -> dict[str, list[dict]]:
    """E_a of every series of this alkali fraction, and measurements of it."""
    return {"landscape_energy": _chosen(results, "landscape_energy", y, ("curve", "experiment"), "curve")}


def paint_energy(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """E_a against the borate fraction; the band is the scatter of single landscapes."""
    rows = chosen["landscape_energy"]
    figure = new_figure(1.2 * COLUMN_MM, 78)
    axes = figure.subplots()
    curves = [row for row in rows if row["kind"] == "curve"]
    keys = []
    for index, name in enumerate(_series(curves)):
        mine = _sorted(curves, name)
        x, value, error, deviation = _columns(
            mine, "x", "activation_energy_ev", "activation_energy_err_ev", "deviation_ev"
        )
        colour = _COLOURS[index % len(_COLOURS)]
        axes.errorbar(x, value, error, color=colour, linestyle=_STYLES[index % len(_STYLES)], linewidth=1.0)
        axes.fill_between(x, value - deviation, value + deviation, color=colour, alpha=0.15, linewidth=0)
        keys.append(Line2D([], [], color=colour, linestyle=_STYLES[index % len(_STYLES)], label=_parameters(mine[0])))
    keys += _measured(axes, rows, "activation_energy_ev", "activation_energy_err_ev")
    axes.set(xlabel="$x$ (borate fraction)", ylabel="$E_a$ (eV)", xlim=(-0.02, 1.02))
    figure.legend(handles=keys, loc="outside upper center", ncols=1)
    first = curves[0]
    return figure, (
        f"Conductivity activation energy of {_formula(first['y'])} against x: critical percolation barrier of the "
        f"site-energy landscape model of {_SOURCE}, eqs. (8b) and (9), {_samples(first)}. {_ERRORS} Bands: standard "
        f"deviation of a single landscape. {_experiment(rows)}"
    )


def select_conductivity(results: Results, y: float) -> dict[str, list[dict]]:
    """σ(x) of the first series of this alkali fraction, with fixed and adapted ν, and measurements."""
    rows = _chosen(results, "landscape_conductivity", y, ("curve", "adapted", "experiment"), "curve")
    first = _series(rows)[0]
    return {"landscape_conductivity": [row for row in rows if row["series"] == first]}


def paint_conductivity(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """(a) σ against x at each temperature; (b) the attempt frequencies."""
    rows = chosen["landscape_conductivity"]
    figure = new_figure(PAGE_MM, 78)
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    isotherms = temperatures(rows)
    keys = [Line2D([], [], color=temperature_colour(t, isotherms), label=f"{t:g} K") for t in isotherms]
    for kind, line in (("curve", "--"), ("adapted", "-")):
        for temperature in isotherms:
            mine = [row for row in rows if row["kind"] == kind and row["temperature_k"] == temperature]
            _sigma(left, sorted(mine, key=lambda row: row["x"]), "x", temperature_colour(temperature, isotherms), line)
        _frequencies(right, [row for row in rows if row["kind"] == kind], line)
    for row in (row for row in rows if row["kind"] == "experiment"):
        left.plot(
            [row["x"]], [row["conductivity_s_cm"]], "o", color=temperature_colour(row["temperature_k"], isotherms)
        )
    keys.append(Line2D([], [], color="black", linestyle="--", label="fixed ν"))
    if any(row["kind"] == "adapted" for row in rows):
        keys.append(Line2D([], [], color="black", linestyle="-", label="ν of each composition"))
    for axes, letter, label in ((left, "(a)", "σ$_{dc}$ (S cm$^{-1}$)"), (right, "(b)", "ν (Hz)")):
        axes.set(xlabel="$x$ (borate fraction)", ylabel=label, yscale="log", xlim=(-0.02, 1.02))
        axes.set_title(letter, loc="left")
    figure.legend(handles=keys, loc="outside upper center", ncols=5)
    first = next(row for row in rows if row["kind"] == "curve")
    return figure, (
        f"(a) Conductivity of {_formula(first['y'])} against x from Kirchhoff's equations on the network of "
        f"conductances (eqs. (7), (12) of {_SOURCE}), {_samples(first)}. (b) Attempt frequencies. {_ERRORS} The "
        f"temperatures of the paper's figure are not printed; these are a choice. {_experiment(rows)}"
    )


def select_arrhenius(results: Results, y: float) -> dict[str, list[dict]]:
    """σ(T) of the first series of this alkali fraction, and its E_a at these x, where the curve has them."""
    rows = _chosen(results, "landscape_conductivity", y, ("arrhenius",), "arrhenius")
    first = _series(rows)[0]
    rows = [row for row in rows if row["series"] == first]
    energies = results.rows("landscape_energy", series=first, kind="curve")
    xs = {row["x"] for row in rows}
    same = [row for row in energies if any(abs(row["x"] - x) < _SAME_X for x in xs)]
    return {"landscape_conductivity": rows, "landscape_energy": same}


def paint_arrhenius(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """T σ against 1000/T, with lines whose slope is the critical percolation barrier."""
    rows, energies = chosen["landscape_conductivity"], chosen["landscape_energy"]
    xs = sorted({row["x"] for row in rows})
    figure = new_figure(PAGE_MM, 76)
    panels = figure.subplots(1, len(xs), squeeze=False, sharey=True)[0]
    for axes, x, letter in zip(panels, xs, "abcdef", strict=False):
        mine = sorted((row for row in rows if row["x"] == x), key=lambda row: row["temperature_k"])
        t, sigma, error = _columns(mine, "temperature_k", "conductivity_s_cm", "conductivity_err_s_cm")
        axes.errorbar(1000 / t, t * sigma, t * error, fmt="o", color=OKABE_ITO["blue"], markerfacecolor="white")
        _slope(axes, t, sigma, energies, x)
        axes.set(xlabel="1000/$T$ (K$^{-1}$)", yscale="log")
        axes.set_title(f"({letter}) $x$ = {x:g}, ν = {mine[0]['attempt_hz']:.2g} Hz", loc="left")
    panels[0].set_ylabel("$T$σ$_{dc}$ (K S cm$^{-1}$)")
    first = rows[0]
    return figure, (
        f"Arrhenius plots of Tσ of {_formula(first['y'])} (Fig. 7 of {_SOURCE}): Kirchhoff's equations, "
        f"{_samples(first)} (circles); lines: slope of the critical percolation barrier E_a, through the middle of the "
        f"points, where E_a was computed at this x. {_ERRORS}"
    )


def select_size(results: Results) -> dict[str, list[dict]]:
    """Rows of the finite-size study."""
    rows = results.rows("landscape_energy", kind="size")
    if not rows:
        raise AnalysisError("no finite-size study in tables/landscape_energy.csv")
    return {"landscape_energy": rows}


def paint_size(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """E_a and its scatter against the size of the lattice."""
    rows = sorted(chosen["landscape_energy"], key=lambda row: row["size"])
    size, value, error, deviation = _columns(
        rows, "size", "activation_energy_ev", "activation_energy_err_ev", "deviation_ev"
    )
    figure = new_figure(PAGE_MM, 70)
    left, right = figure.subplots(1, 2)
    left.errorbar(size, value, error, fmt="o-", color=OKABE_ITO["blue"])
    left.set(xlabel="$N_L$", ylabel="$E_a$ (eV)")
    right.plot(size, deviation, "s-", color=OKABE_ITO["vermillion"])
    right.set(xlabel="$N_L$", ylabel="standard deviation of $E_a$ (eV)", ylim=(0, None))
    return figure, (
        f"Finite-size study of {rows[0]['series']} at x = {rows[0]['x']:g}: critical barrier of {rows[0]['n_samples']} "
        f"landscapes of N_L³ sites, mean (left) and standard deviation of a single landscape (right). {_ERRORS}"
    )


def select_slice(results: Results) -> dict[str, list[dict]]:
    """Sites of the slice and of the path."""
    rows = results.rows("landscape_sites")
    if not rows:
        raise AnalysisError("no sites in tables/landscape_sites.csv")
    return {"landscape_sites": rows}


def paint_slice(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """Energies of a lattice plane, the percolating cluster in it, and the best path projected."""
    rows = chosen["landscape_sites"]
    plane = [row for row in rows if row["part"] == "slice"]
    path = [row for row in rows if row["part"] == "path"]
    size = max(row["a"] for row in plane) + 1
    energies = np.full((size, size), np.nan)
    inside = np.zeros((size, size))
    for row in plane:
        energies[row["b"], row["a"]] = np.nan if row["energy_ev"] is None else row["energy_ev"]
        inside[row["b"], row["a"]] = row["in_cluster"]
    figure = new_figure(1.35 * COLUMN_MM, 96)
    axes = figure.subplots()
    drawn = axes.imshow(energies, origin="lower", cmap="cividis", interpolation="nearest")
    b, a = np.nonzero(inside)
    axes.plot(a, b, ".", color=OKABE_ITO["vermillion"], markersize=2.4)
    for part in _unbroken(path):
        axes.plot([row["a"] for row in part], [row["b"] for row in part], "-", color="black", linewidth=1.2)
    figure.colorbar(drawn, ax=axes, label="site energy (eV)", shrink=0.8)
    axes.set(xlabel="$a$ (along the field)", ylabel="$b$")
    keys = [Line2D([], [], color="black", label="a best path, projected")]
    keys.append(Line2D([], [], color=OKABE_ITO["vermillion"], marker=".", linestyle="", label="percolating cluster"))
    figure.legend(handles=keys, loc="outside upper center", ncols=2)
    return figure, (
        f"One lattice plane of a landscape of {rows[0]['series']} at x = {rows[0]['x']:g}, {size}³ sites: site "
        "energies (white: blocked sites), sites that links up to the critical barrier join to the electrode, and a "
        "path that crosses the sample at the critical barrier, projected on the plane."
    )


def select_kmc(results: Results) -> dict[str, list[dict]]:
    """σ by kinetic Monte Carlo and of the network on the same landscapes."""
    rows = [row for row in results.rows("landscape_conductivity") if row["kind"] in ("kmc", "network")]
    if not any(row["kind"] == "kmc" for row in rows):
        raise AnalysisError("no kinetic Monte Carlo in tables/landscape_conductivity.csv")
    return {"landscape_conductivity": rows}


def paint_kmc(results: Results, chosen: dict[str, list[dict]]) -> tuple[Figure, str]:
    """T σ of both methods, and their ratio."""
    rows = sorted(chosen["landscape_conductivity"], key=lambda row: row["temperature_k"])
    figure = new_figure(PAGE_MM, 72)
    left, right = figure.subplots(1, 2)
    looks = {"network": ("s--", OKABE_ITO["black"]), "kmc": ("o", OKABE_ITO["vermillion"])}
    for kind, (style, colour) in looks.items():
        t, sigma, error = _columns([row for row in rows if row["kind"] == kind], "temperature_k", "conductivity_s_cm",
                                   "conductivity_err_s_cm")  # fmt: skip
        left.errorbar(1000 / t, t * sigma, t * error, fmt=style, color=colour, label=kind, markerfacecolor="white")
    left.set(xlabel="1000/$T$ (K$^{-1}$)", ylabel="$T$σ (K S cm$^{-1}$)", yscale="log")
    for temperature in temperatures(rows):
        walk, net = (next(row for row in rows if row["kind"] == kind and row["temperature_k"] == temperature)
                     for kind in ("kmc", "network"))  # fmt: skip
        ratio = walk["conductivity_s_cm"] / net["conductivity_s_cm"]
        relative = math.hypot(*((row["conductivity_err_s_cm"] or 0) / row["conductivity_s_cm"] for row in (walk, net)))
        right.errorbar([1000 / temperature], [ratio], [ratio * relative], fmt="o", color=OKABE_ITO["vermillion"])
    right.axhline(1, color=REFERENCE_COLOUR, linestyle=":", linewidth=0.8)
    right.set(xlabel="1000/$T$ (K$^{-1}$)", ylabel="KMC over network")
    figure.legend(loc="outside upper center", ncols=2)
    return figure, (
        "Kinetic Monte Carlo of the hops with site exclusion against the network of conductances, on the same "
        f"{_samples(rows[0])} of {rows[0]['series']}, x = {rows[0]['x']:g}, repeated periodically for the network. The "
        f"network leaves out correlations between occupations. {_ERRORS} The ratio's bars take both as independent, "
        "which is too much: they share the landscapes."
    )


def energy(y: float) -> tuple:
    """select and paint of E_a(x) of one alkali fraction."""
    return partial(select_energy, y=y), paint_energy


def conductivity(y: float) -> tuple:
    """select and paint of σ(x) of one alkali fraction."""
    return partial(select_conductivity, y=y), paint_conductivity


def arrhenius(y: float) -> tuple:
    """select and paint of the Arrhenius plots of one alkali fraction."""
    return partial(select_arrhenius, y=y), paint_arrhenius


def _chosen(results: Results, table: str, y: float, kinds: Sequence[str], needed: str) -> list[dict]:
    rows = [row for row in results.rows(table) if abs(row["y"] - y) < _SAME_Y and row["kind"] in kinds]
    if not any(row["kind"] == needed for row in rows):
        raise AnalysisError(f"no series with y = {y:.2f} in tables/{table}.csv")
    return rows


def _series(rows: Sequence[dict]) -> list[str]:
    return list(dict.fromkeys(row["series"] for row in rows))


def _sorted(rows: Sequence[dict], series: str) -> list[dict]:
    return sorted((row for row in rows if row["series"] == series), key=lambda row: row["x"])


def _columns(rows: Sequence[dict], *names: str) -> list[np.ndarray]:
    return [np.array([np.nan if row[name] is None else row[name] for row in rows], dtype=float) for name in names]


def _sigma(axes: Axes, rows: Sequence[dict], x: str, colour, line: str) -> None:
    if rows:
        at, value, error = _columns(rows, x, "conductivity_s_cm", "conductivity_err_s_cm")
        axes.errorbar(at, value, error, color=colour, linestyle=line, marker=".", markersize=4)


def _frequencies(axes: Axes, rows: Sequence[dict], line: str) -> None:
    found = dict(sorted({row["x"]: row["attempt_hz"] for row in rows}.items()))
    axes.plot(list(found), list(found.values()), line, color="black", marker="." if line == "-" else "")


def _slope(axes: Axes, t: np.ndarray, sigma: np.ndarray, energies: Sequence[dict], x: float) -> None:
    barrier = next((row["activation_energy_ev"] for row in energies if abs(row["x"] - x) < _SAME_X), None)
    if barrier is None:
        return
    inverse = 1 / (BOLTZMANN_EV_K * t)
    middle = np.mean(np.log(t * sigma) + barrier * inverse)
    axes.plot(1000 / t, np.exp(middle - barrier * inverse), "-", color="black", label=f"$E_a$ = {barrier:.3f} eV")
    axes.legend(loc="upper right")


def _measured(axes: Axes, rows: Sequence[dict], value: str, error: str) -> list[Line2D]:
    found = [row for row in rows if row["kind"] == "experiment" and row[value]]
    for row in found:
        axes.errorbar([row["x"]], [row[value]], [row[error] or 0.0], fmt="o", color=OKABE_ITO["vermillion"])
    return [Line2D([], [], color=OKABE_ITO["vermillion"], marker="o", linestyle="", label="measured")] if found else []


def _experiment(rows: Sequence[dict]) -> str:
    found = any(row["kind"] == "experiment" for row in rows)
    return (
        "Circles: measurements given by the user." if found else "The paper prints no measured numbers; none are drawn."
    )


def _parameters(row: dict) -> str:
    errors = (f" ± {row[name]:.2f}" if row[name] else "" for name in ("v0_err_ev", "sigma_err"))
    v0, sigma = (f"{row[name]:.2f}{error}" for name, error in zip(("v0_ev", "sigma"), errors, strict=True))
    return f"{row['series']}: $V_0$ = {v0} eV, $σ_ε$ = {sigma}"


def _formula(y: float) -> str:
    return f"{y:.2f}M₂O-{1 - y:.2f}[xB₂O₃-(1−x)P₂O₅]"


def _samples(row: dict) -> str:
    return f"{row['n_samples']} landscapes of {row['size']}³ sites"


def _unbroken(path: Sequence[dict]) -> list[list[dict]]:
    """The path in pieces, cut where it leaves the picture on one side and comes back on the other."""
    pieces: list[list[dict]] = [[]]
    for row in path:
        last = pieces[-1][-1] if pieces[-1] else row
        if max(abs(row[axis] - last[axis]) for axis in ("a", "b")) > 1:
            pieces.append([])
        pieces[-1].append(row)
    return pieces
