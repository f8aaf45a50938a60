"""The real pipeline, through real Snakemake and LAMMPS, as a person would use it."""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from tests.conftest import TINY, write_config

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.pipeline


def glasswf(*arguments, folder, **more):
    command = [sys.executable, "-m", "glasswf", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False, **more)


def jobs(done):
    """Rules and how often each would run, from the statistics Snakemake prints."""
    table = re.search(r"Job stats:\njob +count\n[- ]+\n(.*?)\n\n", done.stdout + done.stderr, re.DOTALL)
    return {name: int(count) for name, count in re.findall(r"^(\S+) +(\d+)$", table[1], re.MULTILINE)} if table else {}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A finished tiny scan, in a folder whose name has a space and letters beyond ASCII."""
    folder = tmp_path_factory.mktemp("Prüfung über α")
    write_config(folder, TINY)
    done = glasswf("run", "--cores", 2, folder=folder)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


def test_everything_is_there(finished):
    results = finished / "results"
    for name in ("fig_prl_2", "fig_prl_3a", "fig_prl_3b", "fig_prl_4", "fig_diffusivity_m", "fig_msd_NS9", "fig_msd_NS",
                 "fig_network_NS9", "fig_structure_NS"):  # fmt: skip
        for ending in ("pdf", "svg", "png", "csv"):
            assert (results / "figures" / f"{name}.{ending}").stat().st_size > 100, name
    page = (results / "report.html").read_text(encoding="utf-8")
    assert "NS9" in page and "legrand2025" in page
    assert not re.search(r'(src|href)="https?://[^"]+\.(js|css|png)"', page)


def test_every_number_is_traceable(finished):
    with (finished / "results/tables/diffusivity.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    points = {(row["system"], row["label"], row["temperature_k"]) for row in rows}
    assert len(points) == 5 * 2 and len(rows) == 5 * 2 * 3
    assert all(row["diffusivity_err_cm2_s"] and row["error_method"] for row in rows)
    provenance = json.loads((finished / "results/provenance.json").read_text())
    assert len(provenance["runs"]) == 5 * 2 * 3
    assert len({run["seed"] for run in provenance["runs"]}) == len(provenance["runs"])
    assert provenance["forcefield"]["sha256"] and provenance["packages"]["numpy"] and provenance["lammps"]["version"]


def test_nothing_runs_twice(finished):
    done = glasswf("run", "--cores", 2, folder=finished)
    assert done.returncode == 0 and "Nothing to be done" in done.stdout + done.stderr


def test_an_edit_of_the_analysis_never_repeats_dynamics(finished):
    done = glasswf("run", "--dry-run", "--", "--forcerun", "transport", folder=finished)
    found = jobs(done)
    assert found["transport"] == 10 and found["report"] == 1
    assert not {"cell", "quench", "isotherm"} & set(found)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda c: c.update(title="Another title"), {"quench": 0, "isotherm": 0, "provenance": 1}),
        (lambda c: c["systems"][1]["scan"]["m"].append(3.6), {"cell": 2, "quench": 2, "isotherm": 4}),
        (lambda c: c["protocol"]["isotherms"].update(duration_ps=2.0), {"cell": 0, "quench": 0, "isotherm": 20}),
        (lambda c: c.update(replicas=3), {"cell": 5, "quench": 5, "isotherm": 10}),
    ],
)
def test_only_what_changed_runs_again(finished, tmp_path, change, expected):
    folder = tmp_path / "copy"
    shutil.copytree(finished, folder, ignore=shutil.ignore_patterns("*.glasswf.lock"))
    data = yaml.safe_load((folder / "config.yaml").read_text())
    change(data)
    write_config(folder, data)
    found = jobs(glasswf("run", "--dry-run", folder=folder))
    assert {name: found.get(name, 0) for name in expected} == expected


def test_snakemake_alone_with_a_figure_as_target(finished):
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile"), "--cores", "1", "--forcerun",
               "fig_prl_3a", "--", "fig_prl_3a"]  # fmt: skip
    done = subprocess.run(command, cwd=finished, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "1 of 1 steps (100%) done" in done.stdout + done.stderr


def test_configuration_named_on_the_command_line_stands_alone(finished, tmp_path, tiny):
    """Nothing of config.yaml in the working folder leaks into another configuration."""
    del tiny["numerics"]
    tiny["cell"]["n_atoms"] = 400
    tiny["systems"] = tiny["systems"][:1]
    write_config(tmp_path, TINY)
    write_config(tmp_path, tiny, "other.yaml")
    done = glasswf("run", "--dry-run", "--configfile", "other.yaml", folder=tmp_path)
    assert jobs(done)["quench"] == 6
    assert json.loads((tmp_path / "runs/plan.json").read_text())["settings"]["numerics"]["cutoff_a"] is None


def test_killed_pipeline_goes_on(tmp_path, tiny):
    """Everything killed at once, as in a power cut: the next start needs no help and loses nothing."""
    tiny["systems"] = [{"name": "NS", "series": "NS", "m": 2.0}]
    write_config(tmp_path, tiny)
    process = subprocess.Popen(
        [sys.executable, "-m", "glasswf", "run", "--cores", "2", "results/tables/diffusivity.csv"],
        cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("runs/*/*/*/T*/log.1.lammps")):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    done = glasswf("run", "--cores", 2, "results/tables/diffusivity.csv", folder=tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    assert all(json.loads(p.read_text())["frames"] == 81 for p in tmp_path.glob("runs/*/*/*/T*/record.json"))


def test_two_pipelines_in_one_folder(tmp_path, tiny):
    write_config(tmp_path, tiny)
    first = subprocess.Popen([sys.executable, "-m", "glasswf", "run", "--cores", "1"], cwd=tmp_path,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
    try:
        while not (tmp_path / ".glasswf.lock").exists():
            time.sleep(0.02)
        time.sleep(0.2)
        second = glasswf("run", folder=tmp_path)
        assert second.returncode == 1
        assert second.stderr.strip().endswith("another `glasswf run` works here; wait for it or stop it")
        assert "Traceback" not in second.stderr
    finally:
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()


def test_ranks_are_counted_as_cores(tmp_path, tiny):
    """Two runs of two ranks each take turns on two cores."""
    tiny["systems"] = [{"name": "NS", "series": "NS", "m": 2.0}]
    write_config(tmp_path, tiny)
    write_config(tmp_path, {"set-resources": {"quench": {"tasks": 2}}}, "profile/config.yaml")
    targets = [f"runs/NS/x0.5_m2/r{replica}/quench/record.json" for replica in (1, 2)]
    done = glasswf("run", "--cores", 2, "--profile", "profile", *targets, folder=tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    records = [tmp_path / target for target in targets]
    assert all(json.loads(path.read_text())["engine"]["tasks"] == 2 for path in records)
    first, second = sorted(records, key=lambda path: path.stat().st_mtime)
    assert second.stat().st_mtime - first.stat().st_mtime > json.loads(second.read_text())["wall_s"]


def test_a_profile_that_is_not_there_is_told(tmp_path, tiny):
    write_config(tmp_path, tiny)
    done = glasswf("run", "--profile", "nowhere", "--dry-run", folder=tmp_path)
    assert done.returncode == 1 and "nowhere: no folder with a Snakemake profile" in done.stderr


def test_mistake_in_the_configuration_is_one_line(tmp_path, tiny):
    tiny["cell"]["densitty"] = 1
    write_config(tmp_path, tiny)
    for command in (["validate"], ["run"], ["run", "--dry-run"]):
        done = glasswf(*command, folder=tmp_path)
        assert done.returncode == 1
        assert done.stderr.strip() == (
            f"error: {'config.yaml' if command[0] == 'validate' else tmp_path / 'config.yaml'}: cell.densitty: "
            "unknown key; see docs/configuration.md for the keys there are"
        )
    raw = subprocess.run(
        [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile"), "-n"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert raw.returncode != 0 and "Traceback" not in raw.stderr
    assert "cell.densitty: unknown key" in raw.stderr


def test_damaged_dump_is_named(finished, tmp_path):
    shutil.copytree(finished / "runs/NS/m2/r1/T2200", tmp_path / "T2200")
    dump = tmp_path / "T2200" / "trajectory.lammpstrj.zst"
    shutil.rmtree(tmp_path / "T2200" / "cache", ignore_errors=True)
    dump.write_bytes(dump.read_bytes()[:-200])
    script = ROOT / "workflow/scripts/transport.py"
    done = subprocess.run(
        [sys.executable, script, tmp_path / "out.json", dump], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert str(dump) in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "out.json").exists()


def test_init_makes_a_folder_and_overwrites_nothing(tmp_path):
    done = glasswf("init", "scan", folder=tmp_path)
    assert done.returncode == 0 and (tmp_path / "scan/config.yaml").is_file()
    assert glasswf("validate", "--json", folder=tmp_path / "scan").returncode == 0
    profile = tmp_path / "scan/profiles/default/config.yaml"
    profile.write_text(profile.read_text() + "set-resources: {quench: {lammps: lmp_of_this_site}}\n")
    first = glasswf("run", "--cores", 1, "runs/NS/m2/r1/quench/record.json", folder=tmp_path / "scan")
    assert first.returncode == 1 and "LAMMPS command 'lmp_of_this_site' was not found" in first.stderr
    again = glasswf("init", "scan", folder=tmp_path)
    assert again.returncode == 1 and "overwrites nothing" in again.stderr


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["init"],
        ["validate"],
        ["tune"],
        ["run"],
        ["status"],
        ["analyze"],
        ["convert"],
        ["report"],
        ["export"],
        ["check"],
    ],
)
def test_help_has_an_example(command, tmp_path):
    done = glasswf(*command, "--help", folder=tmp_path)
    assert done.returncode == 0 and re.search(r"examples?:", done.stdout)
