import csv
import json

import matplotlib
import numpy as np
import pytest
from matplotlib.text import Text

from glasswf.errors import AnalysisError
from glasswf.figures import FIGURES, available, draw, load
from glasswf.figures.tables import all_series
from glasswf.results import MODEL_TABLES, STRUCTURE_TABLES, TABLES
from tests.figures import synthetic
from tests.figures.conftest import WRITTEN

NAMES = [
    "fig_prl_3a", "fig_prl_3b", "fig_prl_4", "fig_diffusivity_m", "fig_haven", "fig_legrand_2", "fig_legrand_3a",
    "fig_legrand_3b", "fig_legrand_4a", "fig_legrand_4b", "fig_legrand_5", "fig_legrand_6", "fig_legrand_14b",
    "fig_conductivity_ways", "fig_arrhenius",
]  # fmt: skip
KINDS = ["fig_msd", "fig_onsager", "fig_alpha2", "fig_van_hove", "fig_current"]
SYSTEMS = ["NS9", "NS", "Na2S-SiS2"]
PAINTED = [*NAMES, *(f"{kind}_NS" for kind in KINDS)]


def test_everything_can_be_drawn_from_complete_results(results):
    assert set(available(results)) == {*NAMES, *(f"{kind}_{system}" for kind in KINDS for system in SYSTEMS)}
    simulated = {name for name, figure in FIGURES.items() if not set(figure.needs) & {*MODEL_TABLES, *STRUCTURE_TABLES}}
    assert {*NAMES, *KINDS} == simulated  # others: test_theory_figures.py, test_structure_figures.py


@pytest.mark.parametrize("name", WRITTEN)
def test_files(drawn, name):
    folder, sidecars = drawn
    for suffix, magic in {"pdf": b"%PDF", "png": b"\x89PNG", "svg": b"<?xml"}.items():
        assert (folder / f"{name}.{suffix}").read_bytes().startswith(magic)
    assert json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) == sidecars[name]


@pytest.mark.parametrize("name", PAINTED)
def test_facts_in_the_caption(painted, name):
    caption = painted[name][2]
    for fact in ("N = 600 atoms", "2 replicas", "legrand2025", "charge compensation anion", "density 0.04 Å⁻³"):
        assert fact in caption
    assert "not recorded" not in caption


@pytest.mark.parametrize(
    "name",
    ["fig_prl_3b", "fig_prl_4", "fig_legrand_3b", "fig_legrand_6", "fig_legrand_14b", "fig_haven", "fig_arrhenius",
     "fig_conductivity_ways", "fig_onsager_NS"],
)  # fmt: skip
def test_conductivity_captions_name_the_formula(painted, name):
    assert "eq. (5) of Phys. Rev. Lett. 134, 036303" in painted[name][2]


@pytest.mark.parametrize(
    "name",
    ["fig_prl_3a", "fig_prl_3b", "fig_diffusivity_m", "fig_legrand_3a", "fig_legrand_4a", "fig_legrand_4b", "fig_haven",
     "fig_legrand_5", "fig_conductivity_ways", "fig_onsager_NS"],
)  # fmt: skip
def test_captions_explain_bars_and_open_symbols(painted, name):
    caption = painted[name][2]
    assert "Error bars: 68 % interval" in caption
    assert "Open symbols" in caption
    assert "upper bound" in caption


def test_published_numbers_only_where_their_state_point_is_drawn(painted):
    assert "Temperature not stated there" in painted["fig_prl_3a"][2]
    for name in ("fig_legrand_3a", "fig_legrand_4a", "fig_legrand_4b", "fig_legrand_5", "fig_diffusivity_m"):
        assert "L. Legrand et al. (2025)" in painted[name][2]
    assert "Crossed marks" not in painted["fig_haven"][2]


@pytest.mark.parametrize("name", WRITTEN)
def test_csv_holds_rows_of_the_tables_unchanged(results, drawn, name):
    with (drawn[0] / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert rows
    for table in {row["table"] for row in rows}:
        known = {_as_text(row, table) for row in results.tables[table]}
        mine = [tuple(row[column] for column in TABLES[table]) for row in rows if row["table"] == table]
        assert set(mine) <= known
        assert len(set(mine)) == len(mine)


def test_csv_of_the_anomaly_figure_is_all_of_its_system(results, drawn):
    with (drawn[0] / "fig_prl_3a.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) == len(results.rows("diffusivity", system="NS9")) == 5 * 2 * 3
    assert float(rows[0]["diffusivity_cm2_s"]) == results.rows("diffusivity", system="NS9")[0]["diffusivity_cm2_s"]


def _as_text(row, table):
    def text(value):
        if value is None:
            return ""
        return str(value).lower() if isinstance(value, bool) else str(value)

    return tuple(text(row[column]) for column in TABLES[table])


def test_same_input_gives_same_bytes(results, drawn, tmp_path):
    name = "fig_legrand_5"
    draw(name, results.folder, tmp_path)
    for suffix in ("pdf", "svg", "png", "csv", "json"):
        assert (tmp_path / f"{name}.{suffix}").read_bytes() == (drawn[0] / f"{name}.{suffix}").read_bytes()


def test_settings_of_the_caller_survive(results, tmp_path):
    with matplotlib.rc_context({"font.size": 23.0}):
        draw("fig_haven", results, tmp_path)
        assert matplotlib.rcParams["font.size"] == 23.0


@pytest.mark.parametrize("name", PAINTED)
def test_text_is_at_least_8_points(painted, name):
    texts = painted[name][1].findobj(Text)
    assert len(texts) > 10
    assert min(text.get_fontsize() for text in texts) >= 8.0


def test_a_missing_scan_is_one_clear_line(tmp_path):
    folder = synthetic.write(tmp_path, systems=synthetic.SYSTEMS[1:2], temperatures=(2000.0,), m_scan=(2, 3))
    with pytest.raises(AnalysisError, match=r"^fig_prl_3a: no system with x < 0.2 is scanned over m.*\(systems: NS\)$"):
        draw("fig_prl_3a", folder, tmp_path / "out")
    with pytest.raises(AnalysisError, match=r"^fig_legrand_4a: no system of these results is scanned over x"):
        draw("fig_legrand_4a", folder, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert "fig_prl_3a" not in available(load(folder))


def test_a_scan_without_any_fit_or_haven_ratio_still_draws_and_says_so(tmp_path):
    folder = synthetic.write(tmp_path, systems=synthetic.SYSTEMS[:1], temperatures=(2000.0,), m_scan=(2, 3))
    haven = folder / "tables" / "haven.csv"
    haven.write_text(haven.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    for name, words in {"fig_prl_4": "no activation energy", "fig_haven": "no Haven ratio"}.items():
        figure = FIGURES[name]
        canvas, caption = figure.paint(load(folder), figure.select(load(folder)))
        assert any(text.get_text().startswith(words) for text in canvas.texts)
        assert "N = 600 atoms" in caption


def test_unknown_figure_lists_the_known(results, tmp_path):
    with pytest.raises(AnalysisError, match=r"no figure 'fig_5'.*fig_prl_3a.*fig_msd_NS9"):
        draw("fig_5", results, tmp_path)


def test_an_absent_table_is_named(tmp_path):
    folder = synthetic.write(tmp_path, systems=synthetic.SYSTEMS[:1], temperatures=(2000.0,), m_scan=(2, 3))
    (folder / "tables" / "haven.csv").unlink()
    with pytest.raises(AnalysisError, match=r"^fig_haven: .*haven\.csv is absent"):
        draw("fig_haven", folder, tmp_path / "out")


def test_a_foreign_table_and_an_empty_folder_are_refused(tmp_path):
    with pytest.raises(AnalysisError, match="no result tables"):
        load(tmp_path)
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "haven.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(AnalysisError, match=r"haven\.csv: not a haven table"):
        load(tmp_path)


def test_series_are_recognised_without_provenance(tmp_path):
    folder = synthetic.write(tmp_path, provenance=False, temperatures=(2000.0,), m_scan=(2, 3, 4))
    series = {each.name: each for each in all_series(load(folder))}
    assert [each.scan for each in series.values()] == ["m", "m", "x"]
    np.testing.assert_allclose(series["NS9"].m_critical, 28 / 9, atol=0.05)
    assert series["NS"].m_critical is None
    assert series["Na2S-SiS2"].m_critical is None
