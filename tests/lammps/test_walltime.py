"""Jobs that may not run as long as they would: they stop in order, and what follows is as if they had not."""

import shutil
import time

import pytest

from glasswf.errors import LammpsError
from glasswf.lammps import run as running
from glasswf.lammps import walltime
from glasswf.trajectory import dump
from tests.lammps.conftest import Bench

pytestmark = pytest.mark.lammps


@pytest.fixture
def long_run(bench, one_point):
    """A run of some seconds, with a checkpoint each few tenths of one."""
    bench.run("quench")
    one_point["protocol"]["isotherms"]["duration_ps"] = 8
    return Bench(bench.folder, one_point)


@pytest.fixture
def a_second(monkeypatch):
    """Jobs of one second each, whatever they have done before."""
    monkeypatch.setattr(walltime, "limit_s", lambda _: 1.0)


def run_in_pieces(bench, name):
    """Start again and again until it is done; what was said each time, and the record."""
    said = []
    for _ in range(20):
        try:
            return said, bench.run(name)
        except LammpsError as error:
            said.append(str(error))
    raise AssertionError(said)


def test_pieces_end_in_the_bits_of_the_whole(long_run, one_point, tmp_path_factory, monkeypatch):
    other = tmp_path_factory.mktemp("whole")
    shutil.copytree(long_run.folder / "runs", other / "runs")
    whole = Bench(other, one_point)
    assert whole.run("T2200")["same_bits_as_uninterrupted"]

    monkeypatch.setattr(walltime, "limit_s", lambda _: 1.0)
    said, record = run_in_pieces(long_run, "T2200")
    assert said and all("the time of this job was up; the next start goes on from step" in line for line in said)
    assert all("\n" not in line for line in said)
    folder = long_run.run_folder("T2200")
    assert record["restarts_used"] == len(said) and record["same_bits_as_uninterrupted"]
    assert list(dump.steps(next(folder.glob("trajectory.*")))) == list(range(50, 4051, 10))
    assert (folder / "final.data").read_text() == (whole.run_folder("T2200") / "final.data").read_text()
    assert not list(folder.glob("checkpoint.*"))


def test_a_job_too_short_for_a_regular_checkpoint_still_gets_on(bench, one_point, a_second):
    bench.run("quench")
    one_point["protocol"]["isotherms"]["duration_ps"] = 8
    one_point["output"]["checkpoint_every_ps"] = 8
    slow = Bench(bench.folder, one_point)
    said, record = run_in_pieces(slow, "T2200")
    assert said and not record["same_bits_as_uninterrupted"]
    assert list(dump.steps(next(slow.run_folder("T2200").glob("trajectory.*")))) == list(range(50, 4051, 10))


def test_a_quench_that_is_cut_leaves_no_restart_of_a_temperature_it_did_not_reach(bench, one_point, a_second):
    one_point["protocol"]["quench"][0]["duration_ps"] = 8
    slow = Bench(bench.folder, one_point)
    with pytest.raises(LammpsError, match="the time of this job was up"):
        slow.run("quench")
    assert not list(slow.run_folder("quench").glob("*T2*.restart"))
    run_in_pieces(slow, "quench")
    assert {path.name for path in slow.run_folder("quench").glob("T*.restart")} == {"T2600.restart", "T2200.restart"}


def test_limit_is_what_is_left_less_the_time_to_stop(monkeypatch):
    monkeypatch.delenv(walltime.END_VARIABLE, raising=False)
    monkeypatch.delenv(walltime.WALL_VARIABLE, raising=False)
    now = time.monotonic()
    assert walltime.limit_s(now) is None
    monkeypatch.setenv(walltime.WALL_VARIABLE, "10")
    assert walltime.limit_s(now - 60) == pytest.approx(0.9 * 540, abs=1)
    monkeypatch.setenv(walltime.END_VARIABLE, str(time.time() + 60))
    assert walltime.limit_s(now) == pytest.approx(54, abs=1)
    monkeypatch.setenv(walltime.WALL_VARIABLE, "6000")
    monkeypatch.setenv(walltime.END_VARIABLE, str(time.time() + 86400))
    assert walltime.limit_s(now) == pytest.approx(86400 - 120, abs=1)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("1:00", 60), ("59:59", 3599), ("2:00:00", 7200), ("1-00:00:10", 86410), ("UNLIMITED", None), ("INVALID", None)],
)
def test_squeue_is_asked_where_the_environment_does_not_say(monkeypatch, tmp_path, said, seconds):
    asked = tmp_path / "squeue"
    asked.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\necho {said}\n')
    asked.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.delenv(walltime.END_VARIABLE, raising=False)
    monkeypatch.delenv(walltime.WALL_VARIABLE, raising=False)
    assert walltime.limit_s(time.monotonic()) is None and not (tmp_path / "arguments").exists()
    monkeypatch.setenv(walltime.JOB_VARIABLE, "17")
    found = walltime.limit_s(time.monotonic())
    assert found == (None if seconds is None else pytest.approx(seconds - min(max(0.1 * seconds, 5), 120)))
    assert "--jobs 17" in (tmp_path / "arguments").read_text()


def test_no_time_left_is_said(monkeypatch):
    monkeypatch.setenv(walltime.END_VARIABLE, str(time.time() + 2))
    with pytest.raises(LammpsError, match="the time of this job is up before LAMMPS starts"):
        walltime.limit_s(time.monotonic())


@pytest.mark.parametrize("text", ["soon", "0", "-3"])
def test_a_limit_that_is_no_time_is_refused(bench, monkeypatch, text):
    monkeypatch.setenv(walltime.WALL_VARIABLE, text)
    with pytest.raises(LammpsError, match=f"GLASSWF_WALL_MINUTES: '{text}' is no number above zero"):
        running.walltime.limit_s(time.monotonic())
