"""What each figure draws is what it selected: values read back from the canvas."""

import dataclasses

import numpy as np
import pytest
from matplotlib.lines import Line2D

from glasswf.errors import AnalysisError
from glasswf.figures import available, draw, ends, fits, load, registry, ways
from glasswf.figures.tables import all_series
from tests.figures import synthetic
from tests.figures.conftest import paint

D, SIGMA, PART = "diffusivity_cm2_s", "conductivity_s_cm", "conductivity_s_cm"
# figure: {table: column drawn as points with bars}
POINTS = {
    "fig_prl_3a": {"diffusivity": D},
    "fig_prl_3b": {"conductivity": SIGMA},
    "fig_prl_4": {"arrhenius": "activation_energy_ev"},
    "fig_diffusivity_m": {"diffusivity": D},
    "fig_haven": {"haven": "haven_ratio"},
    "fig_arrhenius": {"diffusivity": D, "conductivity": SIGMA},
    "fig_legrand_3a": {"diffusivity": D},
    "fig_legrand_3b": {"conductivity": SIGMA, "conductivity_parts": PART},
    "fig_legrand_4a": {"diffusivity": D},
    "fig_legrand_4b": {"diffusivity": D},
    "fig_legrand_6": {"conductivity": SIGMA},
    "fig_legrand_14b": {"conductivity": SIGMA, "conductivity_parts": PART},
    "fig_conductivity_ways": {"conductivity": SIGMA, "haven": "ionicity"},
    "fig_onsager_NS": {"conductivity": SIGMA, "conductivity_parts": PART, "transference": "transference_number"},
}
SIGNED = {"fig_onsager_NS"}
CURVES = {
    "fig_legrand_2": ("msd", ["msd_a2"]),
    "fig_msd_NS": ("msd", ["msd_a2"]),
    "fig_alpha2_NS": ("non_gaussian", ["alpha2"]),
    "fig_van_hove_NS": ("van_hove", ["value"]),
    "fig_current_NS": ("current", ["autocorrelation", "integral_s_cm"]),
}


def _bars(canvas):
    """Every value that carries an error bar."""
    return np.sort([y for axes in canvas.axes for bar in axes.containers for y in bar.lines[0].get_ydata()])


def _expected(chosen, columns, signed):
    values = []
    for table, column in columns.items():
        for row in chosen[table]:
            caged = row.get("diffusive") is False and row.get("upper_bound_cm2_s") is not None
            value = row["upper_bound_cm2_s"] if caged else row[column]
            if value is not None and (signed or value > 0):
                values.append(value)
    return np.sort(values)


@pytest.mark.parametrize("name", POINTS)
def test_every_row_is_one_point(painted, name):
    chosen, canvas, _ = painted[name]
    expected = _expected(chosen, POINTS[name], name in SIGNED)
    assert len(expected) >= 5
    np.testing.assert_array_equal(_bars(canvas), expected)


@pytest.mark.parametrize("name", CURVES)
def test_every_row_is_on_a_curve(painted, name):
    chosen, canvas, _ = painted[name]
    table, columns = CURVES[name]
    drawn = [tuple(line.get_ydata()) for line in canvas.findobj(Line2D)]
    where = [column for column in ("label", "temperature_k", "species", "part", "species_a", "species_b")
             if column in chosen[table][0]] + (["lag_ps"] if table == "van_hove" else [])  # fmt: skip
    curves = {}
    for row in chosen[table]:
        curves.setdefault(tuple(row[column] for column in where), []).append(row)
    along = "r_a" if table == "van_hove" else "lag_ps"
    for rows in curves.values():
        for column in columns:
            assert tuple(row[column] for row in sorted(rows, key=lambda row: row[along])) in drawn


def _altered(results, **changes):
    """The results with each row of the tables named passed through a function; None drops it."""
    tables = {name: results.tables[name] for name in results.tables}
    for name, change in changes.items():
        tables[name] = [row for row in (change(dict(row)) for row in tables[name]) if row]
    return dataclasses.replace(results, tables=tables)


def test_a_melt_is_the_nearest_to_the_published_one(painted, tmp_path):
    for name, table in {
        "fig_legrand_2": "msd",
        "fig_legrand_3a": "diffusivity",
        "fig_legrand_3b": "conductivity",
    }.items():
        assert {(row["system"], row["label"]) for row in painted[name][0][table]} == {("NS", "m2.00")}
    assert {row["label"] for row in painted["fig_legrand_14b"][0]["conductivity"]} == {"x0.60"}
    folder = synthetic.write(tmp_path, systems=synthetic.SYSTEMS[:1], temperatures=(2000.0,), m_scan=(2, 3))
    names = available(load(folder))
    assert "fig_legrand_2" in names
    assert "fig_legrand_14b" not in names
    chosen, _, caption = paint("fig_legrand_3a", load(folder))
    assert {row["label"] for row in chosen["diffusivity"]} == {"m2.00"}
    assert "NS9 (x = 0.10, m = 2.00)" in caption
    assert "printed" not in caption


def test_printed_numbers_stand_beside_ours(painted):
    for energy in ("0.439", "0.600", "0.647"):
        assert f"(printed: {energy} eV)" in painted["fig_legrand_3a"][2]
    assert "(printed: 0.274 eV)" in painted["fig_legrand_3b"][2]
    assert "(printed: 2.7 at 750 K)" in painted["fig_legrand_3b"][2]
    assert "x = 0.50: " in painted["fig_legrand_5"][2]
    assert "(printed: 0.438 eV)" in painted["fig_legrand_5"][2]
    assert "(printed: 0.482 eV)" in painted["fig_legrand_5"][2]
    assert "printed" not in painted["fig_legrand_14b"][2]
    marks = [line for line in painted["fig_legrand_3a"][1].axes[0].lines if line.get_marker() == "x"]
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in marks] == [(1.0, 3.54e-5)]


def test_ratio_of_the_parts_is_that_of_the_table(painted):
    chosen, _, caption = painted["fig_legrand_3b"]
    parts = {row["part"]: row[PART] for row in chosen["conductivity_parts"]
             if row["route"] == "self" and row["temperature_k"] == 2000}  # fmt: skip
    assert f"σ_network/σ_Na of the self parts is {parts['network'] / parts['Na']:.2g} at 2000 K" in caption


def test_the_inset_holds_the_ratio_of_diffusivities(painted):
    chosen, canvas, _ = painted["fig_legrand_5"]
    (inset,) = canvas.axes[0].child_axes
    rows = [row for row in chosen["diffusivity"] if row["temperature_k"] == 2000]
    made = ends.ratios(rows)
    assert [point.x for point in made] == sorted({row["x"] for row in rows})
    d = {row["species"]: row for row in rows if row["label"] == "x0.60"}
    value = (d["Si"][D] + d["S"][D]) / 2 / d["Na"][D]
    found = made[1]
    assert found.value == pytest.approx(value)
    err = "diffusivity_err_cm2_s"
    spread = np.hypot(np.hypot(d["Si"][err], d["S"][err]) / (d["Si"][D] + d["S"][D]), d["Na"][err] / d["Na"][D])
    assert found.error == pytest.approx(value * spread)
    drawn = [y for bar in inset.containers for y in bar.lines[0].get_ydata()]
    assert len(drawn) == 2 * len(made)
    assert found.value in drawn


def test_onsager_parts_add_up_to_the_collective_conductivity(results, painted):
    series = all_series(results)[1]
    rows = results.rows("onsager", system="NS", temperature_k=2000.0)
    sigma = results.rows("conductivity", system="NS", temperature_k=2000.0, kind="collective")
    expected = sorted((row["m"], row[SIGMA]) for row in sigma)
    np.testing.assert_allclose(ways.totals(rows, series), expected, rtol=1e-6)
    crosses = [
        line for axes in painted["fig_conductivity_ways"][1].axes for line in axes.lines if line.get_marker() == "x"
    ]
    assert sum(len(line.get_xdata()) for line in crosses) == len(results.rows("conductivity", kind="collective"))


def test_untrusted_points_are_open_in_every_figure_of_points(results):
    fails = lambda row: row | {"gates_passed": False}  # noqa: E731
    tables = ("diffusivity", "conductivity", "conductivity_parts", "transference", "haven", "onsager")
    doubtful = _altered(results, **dict.fromkeys(tables, fails))
    for name in sorted(set(POINTS) - {"fig_prl_4"}):
        _, canvas, _ = paint(name, doubtful)
        bars = [bar for axes in canvas.axes for bar in axes.containers]
        assert bars
        assert {bar.lines[0].get_markerfacecolor() for bar in bars} == {"white"}


def test_negative_parts_are_shown_with_their_sign_or_counted(results):
    turned = _altered(
        results,
        conductivity_parts=lambda row: row | {SIGMA: -abs(row[SIGMA])} if row["part"] == "Na-network" else row,
    )
    chosen, canvas, _ = paint("fig_onsager_NS", turned)
    assert len(_bars(canvas)) == sum(map(len, chosen.values()))
    low = min(row[SIGMA] for row in chosen["conductivity_parts"])
    assert min(axes.get_ylim()[0] for axes in canvas.axes) < low < 0
    assert "2 values that are not positive within this run" in paint("fig_legrand_3b", turned)[2]


def test_one_replica_without_errors(results):
    def bare(row):
        return row | {name: None for name in row if "_err" in name}

    plain = _altered(results, **dict.fromkeys(results.tables, bare))
    for name in ["fig_legrand_3a", "fig_legrand_3b", "fig_legrand_5", "fig_onsager_NS", *CURVES]:
        chosen, canvas, _ = paint(name, plain)
        assert any(chosen.values())
        assert canvas.findobj(Line2D)


def test_one_temperature_has_points_and_no_lines(results):
    at = lambda row: row if row["temperature_k"] == 2000 else None  # noqa: E731
    short = {name: at for name in results.tables if name not in ("arrhenius", "extrapolation", "gates")}
    no_fit = {"arrhenius": lambda row: row | {"activation_energy_ev": None, "prefactor": None}}
    single = _altered(results, **short, **no_fit)
    for name in sorted(set(POINTS) - {"fig_prl_4"}):
        chosen, canvas, _ = paint(name, single)
        np.testing.assert_array_equal(_bars(canvas), _expected(chosen, POINTS[name], name in SIGNED))
    assert "Na no fit (printed: 0.439 eV)" in paint("fig_legrand_3a", single)[2]


def test_without_silicon_there_is_no_ratio(results):
    bare = _altered(results, diffusivity=lambda row: None if row["species"] == "Si" else row)
    _, canvas, _ = paint("fig_legrand_5", bare)
    assert not canvas.axes[0].child_axes[0].containers
    assert {row["species"] for row in paint("fig_legrand_4b", bare)[0]["diffusivity"]} == {"S"}


def test_unresolved_conductivity_leaves_transference_out(results):
    empty = _altered(results, transference=lambda row: None)
    chosen, canvas, _ = paint("fig_onsager_NS", empty)
    assert not chosen["transference"]
    assert len(_bars(canvas)) == len(chosen["conductivity"]) + len(chosen["conductivity_parts"])


def test_a_system_that_is_not_scanned_is_drawn_against_temperature(tmp_path):
    folder = synthetic.write(
        tmp_path, systems=(("one", "m", 0.50),), temperatures=(2500.0, 2000.0, 1500.0), m_scan=(2,), provenance=False,
    )  # fmt: skip
    single = load(folder)
    chosen, canvas, caption = paint("fig_onsager_one", single)
    assert canvas.axes[1].get_xlabel() == "1000/$T$ (K$^{-1}$)"
    assert "against inverse temperature" in caption
    assert {row["temperature_k"] for row in chosen["conductivity_parts"]} == {2500, 2000, 1500}
    assert "fig_conductivity_ways" not in available(single)
    assert "fig_current_one" not in available(single)


@pytest.mark.parametrize(
    ("name", "table", "message"),
    [
        ("fig_legrand_2", "msd", r"no composition with m = 2 in tables/msd\.csv"),
        ("fig_legrand_3a", "diffusivity", r"no composition with m = 2 in tables/diffusivity\.csv"),
        ("fig_legrand_3b", "conductivity_parts", r"no composition with m = 2 in tables/conductivity_parts\.csv"),
        ("fig_legrand_14b", "conductivity_parts", r"no composition with m = 2 and x within 0.02 of 0.6"),
        ("fig_conductivity_ways", "conductivity", "no system with conductivities is scanned"),
        ("fig_onsager_NS", "conductivity_parts", r"no collective parts of σ of NS in tables/conductivity_parts\.csv"),
        ("fig_alpha2_NS", "non_gaussian", r"no non-Gaussian parameter of NS in tables/non_gaussian\.csv"),
        ("fig_van_hove_NS", "van_hove", r"no van Hove functions of NS in tables/van_hove\.csv"),
        (
            "fig_current_NS",
            "current",
            r"no current autocorrelation of NS in tables/current\.csv \(it needs velocities\)",
        ),
    ],
)
def test_missing_rows_are_one_clear_line(results, tmp_path, name, table, message):
    empty = _altered(results, **{table: lambda row: None})
    with pytest.raises(AnalysisError, match=rf"^{name}: {message}") as caught:
        draw(name, empty, tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()
    assert name not in available(empty)


def test_one_x_is_no_scan_to_compare(results, tmp_path):
    single = _altered(results, diffusivity=lambda row: row if row["label"] == "x0.50" else None)
    with pytest.raises(AnalysisError, match=r"^fig_legrand_5: Na2S-SiS2 has one x only"):
        draw("fig_legrand_5", single, tmp_path / "out")


def test_curves_are_read_only_when_wanted(results):
    read = load(results.folder)
    assert registry._can_draw("fig_prl_3a", read)
    assert not {"msd", "van_hove", "current", "non_gaussian"} & set(read.tables._read)
    assert len(read.tables["van_hove"]) == len(results.tables["van_hove"])


FIT = {"quantity": "D_Na", "activation_energy_ev": 0.4, "activation_energy_err_ev": 0.02, "prefactor": 5e-4,
       "prefactor_log_err": 0.1, "prefactor_energy_covariance_ev": 0.0015, "temperature_min_k": 1000.0,
       "temperature_max_k": 2000.0, "preferred": "arrhenius"}  # fmt: skip


def test_the_band_of_a_fit_is_its_covariance():
    values, error = fits._arrhenius(FIT, np.array([1500.0]))
    beta = 1 / (8.617333e-5 * 1500)
    assert values[0] == pytest.approx(5e-4 * np.exp(-0.4 * beta), rel=1e-4)
    draws = np.random.default_rng(1).multivariate_normal([0, 0], [[0.01, 0.0015], [0.0015, 0.0004]], 20000)
    assert error[0] == pytest.approx(np.std(draws @ [1, -beta]), rel=0.03)


def test_a_preferred_vtf_fit_is_drawn_through_its_points():
    law = lambda t: 2e-4 * np.exp(-0.1 / (8.617333262e-5 * (t - 600)))  # noqa: E731
    rows = [{"temperature_k": t, D: law(t), "diffusivity_err_cm2_s": 0.1 * law(t), "diffusive": True}
            for t in (1000.0, 1500.0, 2000.0)]  # fmt: skip
    bent = FIT | {"preferred": "vtf", "vtf_b_ev": 0.1, "vtf_t0_k": 600.0}
    at = np.array([1100.0, 1800.0, 590.0])
    found = fits._vtf(bent, rows, at)
    np.testing.assert_allclose(found[:2], law(at[:2]), rtol=1e-6)
    assert np.isnan(found[2])
    assert fits._vtf(FIT, rows, at) is None
