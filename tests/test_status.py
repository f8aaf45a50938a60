"""States of runs, from what lies in their folders."""

import fcntl
import json

import pytest

from glasswf import cli, cost, status
from glasswf import config as configuration
from glasswf import plan as planning
from tests.conftest import write_config

LOG = "LAMMPS (22 Jul 2025)\nStep Time Temp Press PotEng KinEng TotEng Econserve Volume\n{step} 0 0 0 0 0 0 0 0\n"


@pytest.fixture
def scan(tiny, tmp_path):
    """A plan whose specifications are written, and its folder."""
    plan = planning.make(configuration.from_mapping(tiny))
    planning.write_specs(plan, tmp_path)
    return plan, tmp_path


def _start(run, folder, share, ending=""):
    place = folder / run.folder
    place.mkdir(parents=True)
    step = int(share * run.spec["segments"][-1]["stop_step"])
    (place / "started.json").write_text(json.dumps({"identity": "", "attempts": [{"from_step": 0}]}))
    (place / "log.1.lammps").write_text(LOG.format(step=step) + ending)
    (place / "run.lock").touch()
    return place


def states(plan, folder):
    found = status.survey(plan, folder)
    return {str(run.folder): each for run, each in zip(plan.md_runs, found.runs, strict=True)}


def test_nothing_begun_is_waiting(scan):
    found = status.survey(*scan)
    assert found.count("waiting") == len(found.runs) == 30
    assert found.core_hours_left == pytest.approx(cost.estimate(*scan).core_hours)


def test_every_state_is_told_apart(scan):
    plan, folder = scan
    done, running, failed, stopped, *_ = plan.md_runs
    (_start(done, folder, 1.0) / "record.json").write_text(json.dumps({"counts": done.spec["counts"], "steps": 1}))
    _start(failed, folder, 0.25, "ERROR: Lost atoms: original 60 current 59\n")
    _start(stopped, folder, 0.75)
    with (_start(running, folder, 0.5) / "run.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = states(plan, folder)
        assert [found[str(run.folder)].state for run in (done, running, failed, stopped)] == [
            "done", "running", "failed", "interrupted"]  # fmt: skip
        assert found[str(running.folder)].fraction == pytest.approx(0.5, abs=0.01)
        lines = status.text(status.survey(plan, folder), 2)
    assert any("failed: " in line and "Lost atoms" in line for line in lines)
    assert lines[-1].startswith("30 runs: 1 done, 1 running, 1 failed, 1 interrupted, 26 waiting; some ")


def test_steps_done_take_no_more_time(scan):
    plan, folder = scan
    before = status.survey(plan, folder).core_hours_left
    run = plan.md_runs[0]
    _start(run, folder, 0.5)
    saved = cost.atom_steps(run) * 0.5 / cost.CORE_RATE / 3600
    assert status.survey(plan, folder).core_hours_left == pytest.approx(before - saved, rel=1e-3)


def test_results_of_another_configuration_do_not_count(scan, tiny):
    plan, folder = scan
    place = _start(plan.md_runs[0], folder, 1.0)
    (place / "record.json").write_text("{}")
    assert states(plan, folder)[str(plan.md_runs[0].folder)].state == "done"
    tiny["protocol"]["timestep_fs"] = 1.0
    other = planning.make(configuration.from_mapping(tiny))
    assert states(other, folder)[str(plan.md_runs[0].folder)].state == "waiting"


def test_the_command(tiny, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_config(tmp_path, tiny)
    assert cli.main(["status", "--cores", "4"]) == 0
    assert "30 runs: 30 waiting; some" in capsys.readouterr().out
    assert cli.main(["status", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["runs"]) == 30
    assert cli.main(["status", "--configfile", "gone.yaml"]) == 1
    assert "gone.yaml: no such file" in capsys.readouterr().err
