"""Figures of the two theories, from tables that the models themselves make."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from glasswf import figures
from glasswf.errors import AnalysisError
from glasswf.figures import glasses, rigidity
from glasswf.results import MODEL_TABLES, write_table
from glasswf.theory.constraints import Network
from glasswf.theory.hopping import Hopping
from glasswf.theory.tables import rigidity_rows
from glasswf.theory.tables import tables as theory_tables

THEORY = {"coordination": 4, "m": [2.0, 3.0, 4.0], "points": 9, "map_points": 5, "coulomb_kt": 0.0002, "floppy_kt": 0.2,
          "energies": {"stressed": 0.0, "isostatic": 0.0, "flexible": 0.0}}  # fmt: skip
POINT = {"series": "0.35Na2O", "y": 0.35}


def energy(kind, x, size=100, error=0.001):
    value = 0.8 - 0.15 * x
    return POINT | {"kind": kind, "x": x, "activation_energy_ev": value, "activation_energy_err_ev": error,
                    "deviation_ev": 0.5 / size, "size": size, "n_samples": 20, "v0_ev": 0.76, "sigma": 0.3}  # fmt: skip


def conductivity(kind, x, temperature, hz=4e14):
    value = 1e4 * np.exp(-9000 / temperature) * (1 + x)
    return POINT | {"kind": kind, "x": x, "temperature_k": temperature, "conductivity_s_cm": value, "size": 35,
                    "conductivity_err_s_cm": 0.1 * value, "deviation_s_cm": 0.3 * value, "attempt_hz": hz,
                    "n_samples": 30}  # fmt: skip


def sites():
    rng = np.random.default_rng(0)
    plane = [(a, b) for a in range(6) for b in range(6)]
    rows = [POINT | {"x": 0.4, "part": "slice", "a": a, "b": b, "c": 2, "in_cluster": bool(b == 3),
                     "energy_ev": None if rng.random() < 0.3 else rng.normal()} for a, b in plane]  # fmt: skip
    return rows + [POINT | {"x": 0.4, "part": "path", "a": a, "b": 3, "c": 2, "in_cluster": True, "energy_ev": 0.1}
                   for a in range(6)]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("theories")
    xs = np.linspace(0, 1, 6).round(3).tolist()
    rows = theory_tables(THEORY) | {
        "landscape_energy": [energy("curve", x) for x in xs] + [energy("size", 0.4, n) for n in (20, 40, 80)]
        + [energy("experiment", 0.5, error=None)],
        "landscape_conductivity": [conductivity("curve", x, t) for x in xs for t in (303, 403)]
        + [conductivity("adapted", 0.4, t, 1e14) for t in (303, 403)]
        + [conductivity("arrhenius", x, t) for x in (0.2, 0.4) for t in (303, 403, 503)]
        + [conductivity(kind, 0.4, t) for kind in ("kmc", "network") for t in (1500, 2000)]
        + [conductivity("experiment", 0.2, 303) | {"conductivity_err_s_cm": None}],
        "landscape_sites": sites(),
    }  # fmt: skip
    for name, found in rows.items():
        write_table(out / "tables" / f"{name}.csv", name, found)
    return out


NAMES = ["fig_bosi_6", "fig_bosi_7", "fig_bosi_8", "fig_landscape_kmc", "fig_landscape_size", "fig_landscape_slice",
         "fig_prl_1", "fig_rigidity_maps", "fig_rigidity_readings"]  # fmt: skip


def test_what_can_be_drawn_is_offered(folder):
    assert sorted(figures.available(figures.load(folder))) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_with_its_rows(folder, tmp_path, name):
    drawn = figures.draw(name, folder, tmp_path)
    assert drawn["caption"].endswith(".")
    with (tmp_path / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert rows and {row["table"] for row in rows} <= set(MODEL_TABLES)
    first = (tmp_path / f"{name}.png").read_bytes()
    figures.draw(name, folder, tmp_path)
    assert (tmp_path / f"{name}.png").read_bytes() == first


def test_only_rows_of_the_figure_are_in_its_data(folder, tmp_path):
    figures.draw("fig_bosi_7", folder, tmp_path)
    with (tmp_path / "fig_bosi_7.csv").open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert {row["kind"] for row in rows} == {"arrhenius", "curve"}
    assert sum(row["kind"] == "arrhenius" for row in rows) == 6


def test_a_slope_is_that_of_the_same_x(folder):
    loaded = figures.load(folder)
    chosen = glasses.select_arrhenius(loaded, 0.35)
    assert [row["x"] for row in chosen["landscape_energy"]] == [0.2, 0.4]
    fewer = [row for row in loaded.tables["landscape_energy"] if row["x"] != 0.2]
    loaded = replace(loaded, tables={**loaded.tables, "landscape_energy": fewer})
    assert [row["x"] for row in glasses.select_arrhenius(loaded, 0.35)["landscape_energy"]] == [0.4]


def test_missing_series_are_refused(folder, tmp_path):
    with pytest.raises(AnalysisError, match=r"fig_bosi_4: no series with y = 0\.33"):
        figures.draw("fig_bosi_4", folder, tmp_path)


def scan(coordination, *ms):
    return rigidity_rows(Hopping(Network(coordination)), np.linspace(0, 1 / 3, 5), ms)


def of_literal(rows):
    return [row for row in rows if row["reading"] == "literal"]


@pytest.mark.parametrize(("coordination", "m"), [(4, 2.0), (4, 3.0), (4, 4.0), (3, 1.5), (5, 3.0), (5, 5.0), (6, 7.5)])
def test_threshold_is_found_between_the_rows(coordination, m):
    expected = Network(coordination).critical_x(m)
    assert rigidity.threshold(of_literal(scan(coordination, m))) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("coordination", "m"), [(3, 2.0), (4, 4.5), (6, 3.0)])
def test_no_threshold_where_f_keeps_its_sign(coordination, m):
    assert rigidity.threshold(of_literal(scan(coordination, m))) is None


@pytest.mark.parametrize(
    ("ms", "expected"),
    [((2, 2.2, 3, 3.7, 4), [2, 3, 4]), ((2.5, 2.75, 3, 3.25, 3.5), [2.5, 3, 3.5]), ((1.5, 1.8), [1.5, 1.8])],
)
def test_m_of_the_paper_or_else_of_the_table(ms, expected):
    assert rigidity.drawn_m([{"m": float(m)} for m in ms]) == expected


@pytest.mark.parametrize(("coordination", "ms", "panels"), [(3, (1.8, 2.0), 3), (4, (2.0,), 2)])
def test_other_networks_and_m_are_drawn_with_their_own_threshold(tmp_path, coordination, ms, panels):
    write_table(tmp_path / "tables" / "rigidity.csv", "rigidity", scan(coordination, *ms))
    results = figures.load(tmp_path)
    figure, caption = rigidity.paint(results, rigidity.select(results))
    shown = [axes for axes in figure.axes if axes.get_visible() and axes.get_title(loc="left")]
    assert len(shown) == panels
    vertical = {line.get_xdata()[0] for axes in shown for line in axes.lines if len(line.get_xdata()) == 2}
    expected = [0.2] if coordination == 4 else []
    assert sorted(vertical) == pytest.approx(expected, abs=1e-6)
    assert ("0.200 (m = 2)" in caption) == bool(expected)


def test_maps_without_a_threshold_have_no_line(tmp_path):
    write_table(tmp_path / "tables" / "rigidity.csv", "rigidity", scan(3, 1.8, 1.9, 2.0))
    results = figures.load(tmp_path)
    figure, _ = rigidity.paint_maps(results, rigidity.select_maps(results))  # a contour that is not there warns
    assert len(figure.axes) == 6
