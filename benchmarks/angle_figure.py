"""Figure and table of the angle-term study from docs/angle-term/scan.csv: python benchmarks/angle_figure.py."""

import csv
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from structure import ANGLE_BINS, maxima

OUT = Path(__file__).resolve().parent.parent / "docs" / "angle-term"
LIMIT_EV_PS = 1e-4
TIMESTEPS_FS = (1, 2, 3)
SHOWN = ("abrupt", "95 deg, 0.6 A, 3 A", "105 deg, 0.3 A, 3 A", "90 deg, 0.3 A, 3 A", "95 deg, 0.15 A, 2.7 A")


def label(row: dict) -> str:
    name = row["candidate"].replace(" deg", "°").replace(" A", " Å")
    slow = f" ({1700 / float(row['quench_ps']):.0f} K/ps)" if float(row["quench_ps"]) > 40 else ""
    again = f", start {row['seed']}" if row["seed"] != "1" else ""
    return name + slow + again


def draw(rows: list[dict]) -> plt.Figure:
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 4.6), layout="constrained")
    colours = {label(row): f"C{number % 10}" for number, row in enumerate(rows)}
    draw_drift(left, rows, colours)
    draw_angles(middle, [row for row in rows if row["candidate"] in SHOWN], colours)
    draw_coordination(right, rows)
    return figure


def draw_drift(axes, rows: list[dict], colours: dict) -> None:
    for number, row in enumerate(rows):
        shift = 1 + 0.015 * (number - len(rows) / 2)
        drift = np.abs([float(row[f"drift_{step}fs_ev_ps"]) for step in TIMESTEPS_FS])
        error = [float(row[f"drift_{step}fs_err_ev_ps"]) for step in TIMESTEPS_FS]
        axes.errorbar(
            np.array(TIMESTEPS_FS) * shift,
            drift,
            np.minimum(error, 0.9 * drift),
            fmt="o",
            ms=4,
            color=colours[label(row)],
        )
    axes.axhline(LIMIT_EV_PS, color="grey", ls="--", lw=1)
    axes.text(1.0, LIMIT_EV_PS * 1.2, "limit held by the tests", fontsize=8, color="grey")
    axes.set(
        yscale="log", xlabel="timestep (fs)", ylabel="|energy drift| in NVE at 2000 K (eV/atom/ps)", xticks=TIMESTEPS_FS
    )


def draw_angles(axes, rows: list[dict], colours: dict) -> None:
    centres = (ANGLE_BINS[1:] + ANGLE_BINS[:-1]) / 2
    for row in rows:
        counts = np.array(row["angle_histogram"].split(), dtype=float)
        density = counts / counts.sum() / np.diff(ANGLE_BINS)
        axes.plot(
            centres, density, label=label(row), color=colours[label(row)], lw=2 if row["candidate"] == "abrupt" else 1.2
        )
    for maximum in (88, 108):
        axes.axvline(maximum, color="grey", ls=":", lw=1)
    axes.set(xlim=(65, 160), xlabel="Si-S-Si angle at 300 K (°), published maxima dotted", ylabel="density (1/°)")
    axes.legend(fontsize=7)


def draw_coordination(axes, rows: list[dict]) -> None:
    position = np.arange(len(rows))
    four, five = (np.array([float(row[key]) for row in rows]) for key in ("four_fold", "five_fold"))
    axes.barh(position, four, color="0.35", label="4")
    axes.barh(position, five, left=four, color="0.65", label="5")
    axes.barh(position, 1 - four - five, left=four + five, color="0.85", label="3 or fewer")
    axes.axvline(0.9, color="C3", ls="--", lw=1)
    axes.set_yticks(position, [label(row) for row in rows], fontsize=8)
    axes.invert_yaxis()
    axes.set(xlabel="Si with this number of S within 2.7 Å", xlim=(0, 1))
    axes.legend(fontsize=7, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)


def table_row(row: dict) -> str:
    """One line of the table in docs/angle-term.md."""
    drifts = [
        f"{1e6 * float(row[f'drift_{step}fs_ev_ps']):.0f} ± {1e6 * float(row[f'drift_{step}fs_err_ev_ps']):.0f}"
        for step in TIMESTEPS_FS
    ]
    low, high = maxima(np.array(row["angle_histogram"].split(), dtype=float))
    cells = [
        label(row),
        *drifts,
        f"{float(row['nvt_offset_k']):.0f} ± {float(row['nvt_offset_err_k']):.0f}",
        f"{float(row['si_s_a']):.2f}",
        *(f"{100 * float(row[key]):.0f}" for key in ("four_fold", "five_fold")),
        f"{low:.0f}, {high:.0f}",
        f"{100 * (1 - float(row['angles_below_97'])):.0f}",
        f"{float(row['ss_prepeak']):.2f}",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    with (OUT / "scan.csv").open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    print(*map(table_row, rows), sep="\n")
    figure = draw(rows)
    for suffix in ("png", "svg"):
        figure.savefig(OUT / f"angle-term.{suffix}", dpi=130, metadata={"Date": None} if suffix == "svg" else None)


if __name__ == "__main__":
    main()
