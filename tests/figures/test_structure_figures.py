"""Figures of the structure: what is selected, what is drawn of it, what the caption says."""

import csv
import dataclasses
import inspect

import numpy as np
import pytest
from matplotlib.collections import EllipseCollection, LineCollection, PolyCollection
from matplotlib.lines import Line2D
from matplotlib.text import Text

from glasswf.errors import AnalysisError
from glasswf.figures import FIGURES, available, draw, load, registry, structure
from glasswf.figures.structure import states
from glasswf.results import TABLES
from tests.figures import synthetic_structure
from tests.figures.conftest import paint

SYSTEMS = ("NS9", "Na2S-SiS2")
# figure: table, what makes up one curve, abscissa, ordinate
TRIPLET = ("species_a", "centre", "species_b")
G = ("pair_correlation", ("part", "species_a", "species_b"), "r_a", "g")
S = ("structure_factor", ("convention", "species_a", "species_b"), "k_1_a", "value")
ANGLE = ("angles", TRIPLET, "angle_deg", "density_1_deg")
CURVES = dict.fromkeys(["fig_legrand_1b", "fig_legrand_7a", "fig_legrand_7b", "fig_legrand_11", "fig_structure_NS9"], G)
CURVES |= dict.fromkeys(["fig_legrand_1a", "fig_legrand_13a", "fig_factor_NS9"], S)
CURVES |= dict.fromkeys(
    ["fig_legrand_9a", "fig_legrand_9b", "fig_legrand_12a", "fig_legrand_12b", "fig_angles_NS9"], ANGLE
)
CURVES |= {"fig_rings_NS9": ("rings", ("criterion",), "size", "rings_per_former")}
# figure: table, ordinates (of the rows that have one), factor
POINTS = {
    "fig_legrand_8": ("network", ("value",), 100),
    "fig_network_NS9": ("network", ("value",), 100),
    "fig_fsdp_Na2S-SiS2": ("diffraction_peaks", ("k_1_a", "height"), 1),
}
SLABS = ("fig_legrand_10", "fig_prl_2")
OTHERS = ("fig_legrand_13b", "fig_constraints_NS9")
NAMES = [*CURVES, *POINTS, *SLABS, *OTHERS]


@pytest.fixture(scope="module")
def glass(tmp_path_factory):
    """Made-up tables of two systems, at 1000 and 300 K."""
    folder = synthetic_structure.write(
        tmp_path_factory.mktemp("structure"), m_scan=(2.0, 2.5, 3.1, 4.0), x_scan=(0.50, 0.66, 0.75, 0.80)
    )
    return load(folder)


@pytest.fixture(scope="module")
def pictures(glass):
    return {name: paint(name, glass) for name in NAMES}


def _altered(results, **changes):
    tables = {name: results.tables[name] for name in results.tables}
    for name, change in changes.items():
        tables[name] = [row for row in (change(dict(row)) for row in tables[name]) if row]
    return dataclasses.replace(results, tables=tables)


def test_everything_can_be_drawn(glass):
    package = lambda figure: inspect.getmodule(getattr(figure.paint, "func", figure.paint)).__package__  # noqa: E731
    ours = {figure.name: figure for figure in FIGURES.values() if package(figure) == structure.__name__}
    expected = {
        f"{name}_{system}" if figure.per_system else name for name, figure in ours.items() for system in SYSTEMS
    }
    assert set(available(glass)) & expected == expected
    shown = {name.removesuffix("_NS9").removesuffix("_Na2S-SiS2") for name in NAMES}
    assert set(ours) == shown


@pytest.mark.parametrize("name", CURVES)
def test_every_row_is_on_a_curve(pictures, name):
    chosen, canvas, _ = pictures[name]
    table, parts, along, value = CURVES[name]
    drawn = [tuple(line.get_xydata().ravel()) for line in canvas.findobj(Line2D)]
    curves = {}
    for row in chosen[table]:
        curves.setdefault((row["label"], *(row[part] for part in parts)), []).append((row[along], row[value]))
    assert curves
    for curve in curves.values():
        assert tuple(np.ravel(sorted(curve))) in drawn


def _bars(canvas):
    """Every value that carries an error bar, insets included."""
    places = [each for axes in canvas.axes for each in (axes, *axes.child_axes)]
    return np.sort([y for axes in places for bar in axes.containers for y in bar.lines[0].get_ydata()])


@pytest.mark.parametrize("name", POINTS)
def test_every_row_is_a_point(pictures, name):
    chosen, canvas, _ = pictures[name]
    table, values, factor = POINTS[name]
    expected = [factor * row[value] if row.get("quantity") != "mean_n" else row[value]
                for row in chosen[table] for value in values]  # fmt: skip
    assert len(expected) >= 4
    np.testing.assert_allclose(_bars(canvas), np.sort(expected), rtol=1e-12)


def test_mean_bridges_are_in_the_inset(pictures):
    chosen, canvas, _ = pictures["fig_legrand_8"]
    (inset,) = canvas.axes[0].child_axes
    expected = sorted((row["x"], row["value"]) for row in chosen["network"] if row["quantity"] == "mean_n")
    (bars,) = inset.containers
    assert bars.lines[0].get_xydata().tolist() == [list(pair) for pair in expected]


@pytest.mark.parametrize("name", NAMES)
def test_the_coldest_state_and_no_other(pictures, name):
    chosen, _, caption = pictures[name]
    assert {row["temperature_k"] for rows in chosen.values() for row in rows} == {300.0}
    assert "At 300 K, the coldest state" in caption
    assert "melt" not in caption


@pytest.mark.parametrize("name", NAMES)
def test_captions_and_letters(pictures, name):
    _, canvas, caption = pictures[name]
    for fact in ("N = 600 atoms", "2 replicas", "legrand2025", "charge compensation anion", "density 0.043 Å⁻³"):
        assert fact in caption
    assert "not recorded" not in caption
    assert "68 % interval" in caption or name in SLABS
    texts = [text for text in canvas.findobj(Text) if text.get_text()]
    assert min(text.get_fontsize() for text in texts) >= 8.0


def test_a_melt_is_called_one(glass):
    hot = _altered(glass, **{name: lambda row: row if row["temperature_k"] > 700 else None for name in TABLES
                             if glass.tables[name]})  # fmt: skip
    for name in ("fig_legrand_1a", "fig_legrand_9a", "fig_legrand_8", "fig_fsdp_NS9", "fig_constraints_NS9"):
        chosen, _, caption = paint(name, hot)
        assert {row["temperature_k"] for rows in chosen.values() for row in rows} == {1000.0}
        assert "At 1000 K, the coldest state of each composition in the tables. This is a melt, not a glass." in caption


def test_compositions_at_different_temperatures(glass):
    mixed = _altered(glass, network=lambda row: None if row["label"] == "x0.66" and row["temperature_k"] < 700 else row)
    chosen, _, caption = paint("fig_legrand_8", mixed)
    assert {(row["label"] == "x0.66", row["temperature_k"]) for row in chosen["network"]} == {
        (True, 1000),
        (False, 300),
    }
    assert "At 300-1000 K" in caption
    assert "Above 700 K it is a melt" in caption


def test_compositions_are_in_order_of_what_is_scanned(glass):
    rows = states.of_system(glass, "network", "NS9", lambda row: True, "shares")
    assert len({row["x"] for row in rows}) > 1  # rounded to whole atoms
    ms = [mine[0]["m"] for mine in states.by_composition(rows)]
    assert ms == sorted(ms)
    assert [mine[0]["label"] for mine in states.by_composition(rows, 3)] == ["m2.00", "m3.10", "m4.00"]


def test_sodium_sulfide_is_a_grey_area_where_it_is(pictures, glass):
    for name in ("fig_legrand_7a", "fig_legrand_11", "fig_legrand_12a", "fig_legrand_12b"):
        chosen, canvas, _ = pictures[name]
        assert any(states.pure(row) for rows in chosen.values() for row in rows)
        assert [text.get_text() for text in canvas.legends[0].get_texts()][-2:].count("Na$_2$S ($x$ = 1)") == 1
    without = _altered(glass, pair_correlation=lambda row: None if row["x"] == 1 else row)
    labels = [text.get_text() for text in paint("fig_legrand_7a", without)[1].legends[0].get_texts()]
    assert labels == ["x = 0.50", "x = 0.66", "x = 0.75", "x = 0.80", "published (text)"]
    assert "4.5 Å" not in paint("fig_legrand_7a", without)[2]


def test_printed_positions_are_drawn_where_the_composition_is(pictures, glass):
    def verticals(canvas):
        lines = [line for line in canvas.axes[0].lines if tuple(line.get_ydata()) == (0, 1)]
        return sorted(line.get_xdata()[0] for line in lines)

    assert verticals(pictures["fig_legrand_7b"][1]) == [3.03, 3.53]
    assert verticals(pictures["fig_legrand_1b"][1]) == [2.13, 2.91, 3.47]
    assert "2.13 Å" in pictures["fig_legrand_1b"][2]
    for name, words in {
        "fig_legrand_7b": {"ES", "CS"},
        "fig_legrand_9a": {"ES", "CS"},
        "fig_legrand_13a": {"FSDP"},
    }.items():
        assert words <= {text.get_text() for text in pictures[name][1].axes[0].texts}
    crosses = [line for line in pictures["fig_legrand_8"][1].axes[0].lines if line.get_marker() == "x"]
    assert sorted(line.get_ydata()[0] for line in crosses) == [11.0, 37.5, 50.0]
    elsewhere = _altered(glass, network=lambda row: None if row["label"] == "x0.66" else row)
    assert "published" not in str(
        [text.get_text() for text in paint("fig_legrand_8", elsewhere)[1].legends[0].get_texts()]
    )
    other = _altered(glass, pair_correlation=lambda row: row if row["system"] == "NS9" else None)
    chosen, _, caption = paint("fig_legrand_1b", other)
    assert {row["label"] for row in chosen["pair_correlation"]} == {"m2.00"}
    assert "Printed" not in caption


def test_maxima_are_those_of_the_table(pictures):
    chosen, canvas, caption = pictures["fig_legrand_1b"]
    expected = [row["r_a"] for row in chosen["pair_peaks"]]
    assert len(expected) >= 3
    assert sorted(x for bar in canvas.axes[0].containers for x in bar.lines[0].get_xdata()) == expected
    assert f"Maxima: {expected[0]:.2f} ± 0.01, " in caption
    assert "R = 0.0071 against measured.dat over 0.6-12 Å⁻¹" in pictures["fig_legrand_1a"][2]
    assert "x = 0.50: 89.0 ± 0.4, 108.0 ± 0.4" in pictures["fig_legrand_9a"][2]


def test_intensity_of_the_prepeak_and_where_there_is_none(pictures, glass):
    chosen, canvas, caption = pictures["fig_legrand_13b"]
    rows = chosen["diffraction_peaks"]
    assert [row["label"] for row in sorted(rows, key=lambda row: row["x"])] == ["x0.50", "x0.66", "x0.75", "x0.80"]
    found = [row for row in rows if row["k_1_a"] is not None and row["k_1_a"] < 1.7]
    assert 1 < len(found) < 4
    height, area = canvas.axes
    drawn = [[y for bar in axes.containers for y in bar.lines[0].get_ydata()] for axes in (height, area)]
    assert sorted(drawn[0]) == sorted(row["height"] for row in found)
    assert sorted(drawn[1]) == sorted([0.0] * (4 - len(found)) + [row["area"] for row in found])
    assert "no peak stands out" in caption
    none = _altered(glass, diffraction_peaks=lambda row: row | {"k_1_a": None, "height": None, "area": None})
    for axes in paint("fig_fsdp_NS9", none)[1].axes:
        assert any("no peak stands" in text.get_text() for text in axes.texts)
    assert len(paint("fig_legrand_13b", none)[0]["diffraction_peaks"]) == 4


def test_constraints_beside_the_mean_field(pictures):
    chosen, canvas, _ = pictures["fig_constraints_NS9"]
    rows = chosen["constraints"]
    (line,) = [line for line in canvas.axes[0].lines if line.get_linestyle() == "--" and len(line.get_xdata()) == 4]
    ideal = [(row["m"], row["mean_field"]) for row in rows if row["species"] == "all" and row["limit"] == 15]
    np.testing.assert_allclose(line.get_xydata(), sorted(ideal))
    totals = [row["constraints"] for row in rows if row["kind"] == "total" and row["limit"] == 15]
    parts = [row["constraints"] for row in rows if row["kind"] != "total" and row["limit"] in (0.07, 15)]
    for axes, expected in zip(canvas.axes[:2], (totals, parts), strict=True):
        drawn = [y for bar in axes.containers for y in bar.lines[0].get_ydata()]
        np.testing.assert_array_equal(np.sort(drawn), np.sort(expected))
    drawn = np.sort([y for axes in canvas.axes[2:] for bar in axes.containers for y in bar.lines[0].get_ydata()])
    np.testing.assert_array_equal(drawn, np.sort([row["deviation"] for row in chosen["excursions"]]))
    assert {row["species"] for row in chosen["excursions"]} == {"Si"}
    bars = [line for line in canvas.axes[0].lines if line.get_linewidth() == 4]
    ends = {tuple(line.get_ydata()) for line in bars}
    one = [row["constraints"] for row in rows if row["species"] == "all" and row["label"] == "m2.00"]
    assert (min(one), max(one)) in ends


def test_constraints_without_excursions_or_mean_field(glass):
    bare = _altered(glass, excursions=lambda row: None, constraints=lambda row: row | {"mean_field": None})
    _, canvas, caption = paint("fig_constraints_NS9", bare)
    assert len(canvas.axes) == 2
    assert "(c)" not in caption


@pytest.mark.parametrize("name", SLABS)
def test_every_atom_and_bond_of_a_slab_is_drawn(pictures, name):
    chosen, canvas, caption = pictures[name]
    groups = states.by_composition(chosen["slab"])
    assert len(groups) == len(canvas.axes) == (3 if name == "fig_prl_2" else 1)
    for axes, rows in zip(canvas.axes, groups, strict=True):
        kinds = {
            kind: [row for row in rows if row["kind"] == kind] for kind in ("atom", "bond", "homopolar", "tetrahedron")
        }
        discs = [
            tuple(xy) for each in axes.findobj(EllipseCollection) for xy in np.asarray(each.get_offsets()).tolist()
        ]
        assert {(row["x_a"], row["y_a"]) for row in kinds["atom"]} <= set(discs)
        assert len(discs) == 4 * len(kinds["atom"])
        sticks = sum(len(each.get_segments()) for each in axes.findobj(LineCollection))
        assert sticks == len(kinds["bond"]) + len(kinds["homopolar"])
        faces = sum(len(each.get_paths()) for each in axes.findobj(PolyCollection))
        assert faces == len(kinds["tetrahedron"]) > 0  # four corners, four faces
        assert axes.get_aspect() == 1
        assert any(text.get_text() == "10 Å" for text in axes.texts)
    assert "A slab of 6 Å" in caption or "Slabs of 6 Å" in caption


def test_nearer_atoms_cover_farther_ones(pictures):
    chosen, canvas, _ = pictures["fig_legrand_10"]
    order = {tuple(xy): each.get_zorder() for each in canvas.axes[0].findobj(EllipseCollection)
             for xy in np.asarray(each.get_offsets()).tolist()}  # fmt: skip
    atoms = sorted((row for row in chosen["slab"] if row["kind"] == "atom"), key=lambda row: row["depth_a"])
    levels = [order[row["x_a"], row["y_a"]] for row in atoms]
    for near, far in zip(levels, levels[10:], strict=False):
        assert near >= far - 0.5
    assert levels[0] > levels[-1] + 5


def test_most_modifier_and_least(pictures):
    assert {row["label"] for row in pictures["fig_legrand_10"][0]["slab"]} == {"x0.80"}
    labels = [rows[0]["label"] for rows in states.by_composition(pictures["fig_prl_2"][0]["slab"])]
    assert labels == ["m2.00", "m3.10", "m4.00"]
    assert (
        "There are no homopolar" in pictures["fig_legrand_10"][2] or "Bars: homopolar" in pictures["fig_legrand_10"][2]
    )
    assert "Bars: homopolar" in pictures["fig_prl_2"][2]


@pytest.mark.parametrize("name", ["fig_legrand_8", "fig_legrand_1b"])
def test_files_hold_the_rows_drawn(glass, tmp_path, name):
    sidecar = draw(name, glass, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{name}.{each}" for each in ("pdf", "svg", "png", "csv", "json")
    }
    assert sidecar["caption"]
    with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    chosen = registry._select(name, FIGURES[name], None, glass)
    assert len(rows) == sum(map(len, chosen.values()))
    for table, mine in chosen.items():
        written = [tuple(row[column] for column in TABLES[table]) for row in rows if row["table"] == table]
        assert written == [tuple("" if row[c] is None else str(row[c]) for c in TABLES[table]) for row in mine]


def test_one_replica_of_one_block(tmp_path):
    folder = synthetic_structure.write(
        tmp_path, errors=False, temperatures=(300.0,), m_scan=(2.0, 3.1), x_scan=(0.5, 0.8)
    )
    bare = load(folder)
    for name in ("fig_legrand_1a", "fig_legrand_1b", "fig_legrand_8", "fig_legrand_9b", "fig_legrand_13a", *OTHERS,
                 "fig_network_NS9", "fig_fsdp_NS9", "fig_rings_NS9"):  # fmt: skip
        _, canvas, _ = paint(name, bare)
        assert canvas.axes


def test_one_composition_without_provenance(tmp_path):
    folder = synthetic_structure.write(
        tmp_path, systems=(("one", "m", 0.5),), temperatures=(300.0,), m_scan=(2.0,), provenance=False
    )
    one = load(folder)
    names = available(one)
    kinds = ("structure", "factor", "angles", "network", "rings", "constraints", "fsdp")
    expected = {"fig_legrand_1a", "fig_legrand_1b", "fig_legrand_10", *(f"fig_{kind}_one" for kind in kinds)}
    assert set(names) == expected
    for name in ("fig_network_one", "fig_rings_one", "fig_constraints_one", "fig_fsdp_one"):
        assert "replicas per point" in paint(name, one)[2]


MISSING = {
    "fig_legrand_1a": r"no composition with m = 2 in tables/structure_factor\.csv",
    "fig_legrand_1b": r"no composition with m = 2 in tables/pair_correlation\.csv",
    "fig_legrand_7a": r"no partial g\(r\) of S-S in tables/pair_correlation\.csv",
    "fig_legrand_8": r"no Qⁿ species in tables/network\.csv",
    "fig_legrand_9a": r"no angles Si-S-Si in tables/angles\.csv",
    "fig_legrand_10": r"no slab at m = 2 in tables/slab\.csv",
    "fig_legrand_13a": r"no partial S\(k\) of Na-Na in tables/structure_factor\.csv",
    "fig_legrand_13b": r"no maxima of S_NaNa in tables/diffraction_peaks\.csv",
    "fig_prl_2": r"no slab in tables/slab\.csv",
    "fig_structure_NS9": r"no partial g\(r\) of NS9 in tables/pair_correlation\.csv",
    "fig_factor_NS9": r"no structure factors of NS9 in tables/structure_factor\.csv",
    "fig_angles_NS9": r"no angles of NS9 in tables/angles\.csv",
    "fig_network_NS9": r"no network shares of NS9 in tables/network\.csv",
    "fig_rings_NS9": r"no rings of NS9 in tables/rings\.csv",
    "fig_constraints_NS9": r"no constraints of NS9 in tables/constraints\.csv",
    "fig_fsdp_NS9": r"no maxima of S_X or S_NaNa of NS9 in tables/diffraction_peaks\.csv",
}


@pytest.mark.parametrize("name", MISSING)
def test_missing_rows_are_one_clear_line(glass, tmp_path, name):
    figure, _ = registry._resolve(name, glass)
    empty = _altered(glass, **dict.fromkeys(figure.needs, lambda row: None))
    with pytest.raises(AnalysisError, match=rf"^{name}: {MISSING[name]}$") as caught:
        draw(name, empty, tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_no_scan_is_one_clear_line(glass, tmp_path):
    no_x = _altered(glass, network=lambda row: row if row["system"] == "NS9" else None)
    with pytest.raises(AnalysisError, match=r"^fig_legrand_8: no system of these results is scanned over x"):
        draw("fig_legrand_8", no_x, tmp_path / "out")
    no_m = _altered(glass, slab=lambda row: row if row["system"] != "NS9" else None)
    with pytest.raises(AnalysisError, match=r"^fig_prl_2: no system of these results is scanned over m"):
        draw("fig_prl_2", no_m, tmp_path / "out")
