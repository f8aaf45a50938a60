"""The two forms of the angle term side by side: python benchmarks/angle_forms_figure.py FOLDER.

Reads FOLDER/conservative/results, FOLDER/abrupt/results and docs/angle-term/thermostats.csv (`make angle-study` makes
all of them); writes forms.csv (diffusivities and their ratio), forms-structure.csv and forms.png into
docs/angle-term, and prints the tables of docs/angle-term.md.
"""

import csv
import math
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import numpy as np
from angle_forms import FORMS, OUT, THERMOSTATS
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from glasswf.data import published
from glasswf.figures import load
from glasswf.figures.style import OKABE_ITO, PAGE_MM, new_figure, species_colour, species_marker, styled
from glasswf.figures.tables import Results

NETWORK = ("Si", "S")
LOOK = {"conservative": ("-", "full", OKABE_ITO["blue"]), "abrupt": ("--", "none", OKABE_ITO["vermillion"])}
GLASS_K = 300
SHOWN = ("former_4fold", "q0", "q1", "q2", "q3", "q4", "mean_n", "bridging", "non_bridging", "free_anion",
         "edge_sharing_tetrahedra", "corner_sharing_links", "edge_sharing_links", "mobile_coordination")  # fmt: skip


def ratios(results: Results) -> list[dict]:
    """D_Na over the mean of D_Si and D_S at each temperature, for points that are diffusive."""
    rows = results.tables["diffusivity"]
    found = []
    for temperature in sorted({row["temperature_k"] for row in rows if row["temperature_k"] > GLASS_K}):
        here = {row["species"]: row for row in rows if row["temperature_k"] == temperature}
        value = {name: here[name]["diffusivity_cm2_s"] for name in here}
        if None in value.values():
            continue
        error = {name: here[name]["diffusivity_err_cm2_s"] or 0.0 for name in here}
        network = sum(value[name] for name in NETWORK) / 2
        spread = math.hypot(*(error[name] for name in NETWORK)) / 2
        ratio = value["Na"] / network
        found.append({"temperature_k": temperature, "ratio": ratio,
                      "ratio_err": ratio * math.hypot(error["Na"] / value["Na"], spread / network),
                      "reached": all(here[name]["diffusive"] for name in here)})  # fmt: skip
    return found


def draw(results: dict[str, Results], thermostats: list[dict]) -> Figure:
    figure = new_figure(PAGE_MM, 150)
    panels = figure.subplots(2, 3).ravel()
    draw_thermostats(panels[0], thermostats, "heat_ev_atom_ps", "heat_err_ev_atom_ps", 1e3)
    panels[0].set_yscale("symlog", linthresh=1)
    panels[0].set_ylim(-20, 3000)
    panels[0].set_ylabel("heat taken out (meV/atom/ps)")
    draw_thermostats(panels[1], thermostats, "offset_k", "offset_err_k", 1.0)
    panels[1].set_yscale("symlog", linthresh=10)
    panels[1].set_ylim(-200, 20000)
    panels[1].set_ylabel("temperature offset (K)")
    draw_diffusivities(panels[2], results)
    draw_ratios(panels[3], results)
    draw_curves(panels[4], results, "angles", "angle_deg", "density_1_deg", species_a="Si", centre="S", species_b="Si")
    panels[4].set(xlim=(60, 160), xlabel="Si-S-Si angle at 300 K (°)", ylabel="density (1/°)")
    draw_curves(panels[5], results, "pair_correlation", "r_a", "g", part="partial", species_a="Si", species_b="Si")
    panels[5].set(xlim=(2.4, 5), xlabel="r (Å)", ylabel="$g_{SiSi}$ at 300 K")
    for axes, letter in zip(panels, "abcdef", strict=True):
        axes.set_title(f"({letter})", loc="left")
    for axes, marks in ((panels[4], (88, 108)), (panels[5], (3.03, 3.53))):
        for mark in marks:
            axes.axvline(mark, color="grey", linestyle=":", linewidth=0.8)
    figure.legend(handles=keys(), loc="outside upper center", ncols=5)
    return figure


def keys() -> list[Line2D]:
    forms = [Line2D([], [], color=LOOK[form][2], linestyle=LOOK[form][0], label=form) for form in FORMS]
    grey = {"color": "grey", "linestyle": ""}
    others = [Line2D([], [], marker=marker, label=label, **grey)
              for marker, label in (("o", "2000 K"), ("s", "1000 K"), ("*", "published"))]  # fmt: skip
    species = [Line2D([], [], color=species_colour(name), marker=species_marker(name), linestyle="", label=name)
               for name in ("Na", *NETWORK)]  # fmt: skip
    return forms + others + species


def draw_thermostats(axes: Axes, rows: list[dict], value: str, error: str, factor: float) -> None:
    names = list(THERMOSTATS) if value.startswith("heat") else [name for name in THERMOSTATS if "NVE" not in name]
    for form in FORMS:
        for temperature, marker in (("2000", "o"), ("1000", "s")):
            here = {
                row["thermostat"]: row for row in rows if row["form"] == form and row["temperature_k"] == temperature
            }
            place = [names.index(name) + 0.12 * (marker == "s") for name in names if name in here]
            values = [[factor * float(here[name][key]) for name in names if name in here] for key in (value, error)]
            axes.errorbar(place, *values, fmt=marker, fillstyle=LOOK[form][1], color=LOOK[form][2],
                          label=f"{form}, {temperature} K")  # fmt: skip
    axes.axhline(0, color="grey", linewidth=0.6)
    short = [name.replace("Nosé-Hoover", "N-H").replace("stochastic rescaling", "CSVR") for name in names]
    axes.set_xticks(range(len(names)), short, rotation=40, ha="right", rotation_mode="anchor")


def draw_diffusivities(axes: Axes, results: dict[str, Results]) -> None:
    for form, found in results.items():
        for name in ("Na", *NETWORK):
            rows = [row for row in found.rows("diffusivity", species=name)
                    if row["temperature_k"] > GLASS_K and row["diffusivity_cm2_s"]]  # fmt: skip
            draw_bounds(axes, rows, name)
            axes.errorbar([1000 / row["temperature_k"] for row in rows], [row["diffusivity_cm2_s"] for row in rows],
                          [row["diffusivity_err_cm2_s"] or 0 for row in rows], fmt=species_marker(name) + LOOK[form][0],
                          fillstyle=LOOK[form][1], color=species_colour(name), label=f"{name}, {form}")  # fmt: skip
    for entry in published()["values"]:
        if entry["id"] in ("legrand-d-na", "legrand-d-si", "legrand-d-s"):
            low, high = entry.get("range", [entry.get("value")] * 2)
            axes.plot([1.0, 1.0], [low, high], "*-", color=species_colour(entry["species"]), markersize=7, zorder=5)
    axes.set(yscale="log", xlabel="1000/T (1/K)", ylabel="D (cm²/s), stars: published")


def draw_bounds(axes: Axes, rows: list[dict], name: str) -> None:
    """Arrows from the upper bounds of points that are not diffusive."""
    bounds = [row for row in rows if not row["diffusive"] and row["upper_bound_cm2_s"]]
    axes.errorbar([1000 / row["temperature_k"] for row in bounds], [row["upper_bound_cm2_s"] for row in bounds],
                  [0.4 * row["upper_bound_cm2_s"] for row in bounds], fmt="none", uplims=True, capsize=2,
                  ecolor=species_colour(name), elinewidth=0.7)  # fmt: skip


def draw_ratios(axes: Axes, results: dict[str, Results]) -> None:
    for form, found in results.items():
        rows = ratios(found)
        axes.plot([row["temperature_k"] for row in rows], [row["ratio"] for row in rows], LOOK[form][0],
                  color=LOOK[form][2], linewidth=0.7)  # fmt: skip
        for reached, marker in ((True, "o"), (False, "x")):
            mine = [row for row in rows if row["reached"] == reached]
            columns = [[row[key] for row in mine] for key in ("temperature_k", "ratio", "ratio_err")]
            if mine:
                axes.errorbar(*columns, fmt=marker, fillstyle=LOOK[form][1], color=LOOK[form][2],
                              label=form if reached else f"{form}, network not diffusive")  # fmt: skip
    axes.plot([1000], [7.0], "*", color="black", markersize=8, label="published")
    axes.set(xlabel="T (K)", ylabel="$D_{Na}$ over $D$ of the network", ylim=(0, 20))


def draw_curves(axes: Axes, results: dict[str, Results], table: str, x: str, y: str, **where: str) -> None:
    for form, found in results.items():
        rows = found.rows(table, temperature_k=GLASS_K, **where)
        at, value, error = (np.array([row[key] or 0.0 for row in rows]) for key in (x, y, f"{y}_err" if y == "g" else
                                                                                    "density_err_1_deg"))  # fmt: skip
        axes.fill_between(at, value - error, value + error, color=LOOK[form][2], alpha=0.25, linewidth=0)
        axes.plot(at, value, LOOK[form][0], color=LOOK[form][2], label=form)


def write(name: str, rows: list[dict]) -> None:
    with (OUT / name).open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        for row in rows:
            writer.writerow({key: f"{value:.4g}" if isinstance(value, float) else value for key, value in row.items()})
            print("|", " | ".join(f"{v:.3g}" if isinstance(v, float) else str(v) for v in row.values()), "|")


def diffusivity_rows(results: dict[str, Results]) -> list[dict]:
    keys = ("temperature_k", "species", "diffusivity_cm2_s", "diffusivity_err_cm2_s", "exponent", "diffusive")
    rows = []
    for form, found in results.items():
        ratio = {row["temperature_k"]: row for row in ratios(found)}
        for row in found.tables["diffusivity"]:
            if row["temperature_k"] > GLASS_K:
                keys = (
                    "temperature_k",
                    "species",
                    "diffusivity_cm2_s",
                    "diffusivity_err_cm2_s",
                    "exponent",
                    "diffusive",
                )
                here = ratio.get(row["temperature_k"], {})
                rows.append({"form": form} | {key: row[key] for key in keys}
                            | {key: here.get(key) for key in ("ratio", "ratio_err")})  # fmt: skip
    return rows


def structure_rows(results: dict[str, Results]) -> list[dict]:
    rows = [
        {"quantity": row["quantity"], "form": form, "value": row["value"], "value_err": row["value_err"]}
        for form, found in results.items()
        for row in found.rows("network", temperature_k=GLASS_K)
        if row["quantity"] in SHOWN
    ]
    rows += [
        {"quantity": f"{what} {number + 1} of {name}", "form": form, "value": row[key], "value_err": row[error]}
        for form, found in results.items()
        for what, table, key, error, name, where in (
            ("maximum", "angle_peaks", "angle_deg", "angle_err_deg", "Si-S-Si (°)",
             {"species_a": "Si", "centre": "S", "species_b": "Si"}),
            ("weight", "angle_peaks", "weight", "weight_err", "Si-S-Si",
             {"species_a": "Si", "centre": "S", "species_b": "Si"}),
            ("peak", "pair_peaks", "r_a", "r_err_a", "Si-Si (Å)",
             {"species_a": "Si", "species_b": "Si", "kind": "peak"}),
            ("peak", "pair_peaks", "r_a", "r_err_a", "S-S (Å)",
             {"species_a": "S", "species_b": "S", "kind": "peak"}),
            ("peak", "diffraction_peaks", "k_1_a", "k_err_1_a", "S_X (1/Å)",
             {"convention": "xray", "method": "direct"}),
        )
        for number, row in enumerate(found.rows(table, temperature_k=GLASS_K, **where)[:3])
        if row[key] is not None
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row["quantity"])


def main() -> None:
    folder = Path(sys.argv[1])
    results = {form: load(folder / form / "results") for form in FORMS}
    with (OUT / "thermostats.csv").open(newline="", encoding="utf-8") as handle:
        thermostats = list(csv.DictReader(handle))
    write("forms.csv", diffusivity_rows(results))
    write("forms-structure.csv", structure_rows(results))
    with styled():
        figure = draw(results, thermostats)
        figure.savefig(OUT / "forms.png", dpi=200)


if __name__ == "__main__":
    main()
