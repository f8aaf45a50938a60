"""The theory and landscape blocks: configuration, commands, tables and the workflow around them."""

import copy
import json
import subprocess
import sys

import pytest
import yaml

from glasswf import config as configuration
from glasswf import plan as planning
from glasswf import theories
from glasswf.cli import main
from glasswf.errors import ConfigError
from glasswf.landscape.tables import Study
from glasswf.paths import workflow_root
from glasswf.results import MODEL_TABLES, read_table, write_table
from glasswf.theory.tables import tables as theory_tables
from tests.conftest import write_config

SMALL = yaml.safe_load("""
title: Small landscapes
theory: {points: 7, map_points: 3}
landscape:
  series:
    - {name: lithium, y: 0.33, v0_ev: 0.64, sigma: 0.42, attempt_hz: 4.0e+14}
    - {name: sodium, y: 0.40, v0_ev: 0.93, sigma: 0.25, attempt_hz: 4.0e+14}
  activation: {size: 10, samples: 2, x_step: 0.5}
  conductivity: {size: 6, samples: 2, x_step: 0.5}
  temperatures_k: [400]
  arrhenius: {x: [0.4], from_k: 400, to_k: 500, step_k: 100}
  sizes: [6, 8]
  picture_size: 8
  kmc: {size: 6, samples: 2, temperatures_k: [3000], frames: 200}
""")


@pytest.fixture
def small() -> dict:
    return copy.deepcopy(SMALL)


def specs(data, folder):
    return theories.specs(configuration.from_mapping(data), folder)


def test_tables_hold_exactly_the_known_columns(small, tmp_path):
    found = theory_tables(specs(small, tmp_path)["theory.json"])
    found |= Study(specs(small, tmp_path)["landscape/lithium.json"]).tables()
    assert set(found) == set(MODEL_TABLES)
    for name, rows in found.items():
        write_table(tmp_path / f"{name}.csv", name, rows)
        assert len(read_table(tmp_path / f"{name}.csv", name)) == len(rows) > 0


def test_only_the_first_series_shows_the_method(small, tmp_path):
    both = specs(small, tmp_path)
    assert both["landscape/lithium.json"]["method"]["sizes"] == [6, 8]
    assert both["landscape/sodium.json"]["method"] is None
    assert Study(both["landscape/sodium.json"]).tables()["landscape_sites"] == []


def test_a_study_is_the_same_with_more_processes(small, tmp_path):
    spec = specs(small, tmp_path)["landscape/lithium.json"]
    assert Study(spec).tables() == Study(spec, processes=2).tables()


def test_measurements_are_shown_and_fitted(small, tmp_path):
    (tmp_path / "data.csv").write_text(
        "x,temperature_k,activation_energy_ev,activation_energy_err_ev,conductivity_s_cm\n"
        "0,,0.80,0.01,\n1,,0.70,0.01,\n0.5,400,,,1e-6\n"
    )
    small["landscape"]["series"] = [small["landscape"]["series"][0] | {"data": "data.csv", "fit": "ends"}]
    made = Study(specs(small, tmp_path)["landscape/lithium.json"]).tables()
    energies = {row["x"]: row["activation_energy_ev"] for row in made["landscape_energy"] if row["kind"] == "curve"}
    assert all(row["v0_err_ev"] > 0 for row in made["landscape_energy"] if row["kind"] == "curve")
    assert energies[0.0] == pytest.approx(0.80, abs=0.02)
    assert energies[1.0] == pytest.approx(0.70, abs=0.02)
    assert [row["x"] for row in made["landscape_energy"] if row["kind"] == "experiment"] == [0.0, 1.0]
    adapted = [row for row in made["landscape_conductivity"] if row["kind"] == "adapted"]
    assert [(row["x"], row["conductivity_s_cm"]) for row in adapted] == [(0.5, pytest.approx(1e-6))]


def test_units_given_by_the_user(small, tmp_path):
    small["landscape"]["series"][0]["units"] = {0.5: {"B4": 0.4, "B3": 0.1, "P2": 0.0925373, "P3": 0.4074627}}
    small["landscape"]["arrhenius"]["x"] = [0.5]
    spec = specs(small, tmp_path)["landscape/lithium.json"]
    rows = Study(json.loads(json.dumps(spec))).tables()["landscape_units"]
    assert {row["x"] for row in rows} == {0.5}
    assert {row["unit"]: row["fraction"] for row in rows}["B4"] == pytest.approx(0.4)


BAD = {
    "too little alkali": ("y", 0.2, r"landscape\.series\[0\] \(lithium\): y = 0\.2"),
    "negative energy": ("v0_ev", -1, r"landscape\.series\[0\]\.v0_ev"),
    "unknown unit": ("units", {0.5: {"P4": 1.0}}, "no unit 'P4'"),
    "units that do not balance": ("units", {0.5: {"B4": 0.1, "B3": 0.9}}, "carry 0.1000 charges"),
    "fit of nothing": ("fit", "ends", "no measurements to fit"),
    "data that is not there": ("data", "nowhere.csv", "nowhere.csv: cannot be read"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_series(small, tmp_path, case):
    key, value, message = BAD[case]
    small["landscape"]["series"][0][key] = value
    with pytest.raises(ConfigError, match=message) as caught:
        planning.make(configuration.from_mapping(small), tmp_path)
    assert "\n" not in str(caught.value)


def test_other_bad_blocks(small, tmp_path):
    small["theory"] = {"m": [1.5]}
    with pytest.raises(ConfigError, match=r"theory\.m: 1\.5 is below 2"):
        planning.make(configuration.from_mapping(small), tmp_path)
    with pytest.raises(ConfigError, match="nothing to do"):
        configuration.from_mapping({"title": "empty"})
    small["landscape"]["series"][1]["name"] = "lithium"
    with pytest.raises(ConfigError, match="two series are called 'lithium'"):
        configuration.from_mapping(small)
    (tmp_path / "data.csv").write_text("x,conductivity_s_cm\n0.1,one\n")
    small["landscape"]["series"][0] |= {"data": "data.csv"}
    small["landscape"]["series"][1]["name"] = "sodium"
    small["theory"] = {}
    with pytest.raises(ConfigError, match=r"data\.csv, line 2: not numbers"):
        planning.make(configuration.from_mapping(small), tmp_path)


def test_theory_command(capsys, tmp_path):
    assert main(["theory", "--m", "2", "--x", "0.2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    organised = next(row for row in found["rigidity"] if row["reading"] == "self-organised")
    assert organised["isostatic"] == pytest.approx(1.0)
    assert main(["theory", "--x", "0.2", "--out", str(tmp_path / "out")]) == 0
    assert "x_c(2) = 0.2000" in capsys.readouterr().out
    assert (tmp_path / "out/tables/rigidity.csv").is_file()
    assert (tmp_path / "out/figures/fig_prl_1.pdf").is_file()


def test_landscape_command(capsys):
    assert (
        main(["landscape", "--y", "0.33", "--x", "0.4", "--size", "8", "--samples", "2", "--temperature", "500"]) == 0
    )
    out = capsys.readouterr().out
    assert "E_a = " in out and "σ_dc = " in out


@pytest.mark.parametrize(("arguments", "message"), [
    (["theory", "--x", "0.5"], "x = 0.5"),
    (["theory", "--m", "1"], "m = 1"),
    (["theory", "--coordination", "2"], "at least 3 bonds"),
    (["landscape"], "give a configuration"),
    (["landscape", "--y", "0.2"], r"P(4)"),
    (["landscape", "--y", "0.33", "--v0", "-1"], "V0 = -1"),
    (["landscape", "--y", "0.33", "--size", "3"], "at least 4"),
    (["landscape", "nowhere.yaml"], "nowhere.yaml"),
])  # fmt: skip
def test_mistakes_on_the_command_line(capsys, arguments, message):
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1


@pytest.mark.pipeline
def test_workflow_without_dynamics(small, tmp_path):
    write_config(tmp_path, small)
    command = [
        sys.executable, "-m", "snakemake", "--snakefile", str(workflow_root() / "Snakefile"),
        "--directory", str(tmp_path), "--configfile", str(tmp_path / "config.yaml"), "--cores", "2",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    figures = {path.stem for path in (tmp_path / "results/figures").glob("*.pdf")}
    plan = planning.make(configuration.from_mapping(small), tmp_path)
    wanted = theories.theory_figures(plan.config.theory) + theories.landscape_figures(plan.config.landscape)
    assert figures == set(wanted) and {"fig_prl_1", "fig_bosi_4", "fig_landscape_slice"} <= figures
    assert not (tmp_path / "results/report.html").exists()
