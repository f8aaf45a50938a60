"""Real LAMMPS in tiny cells: running, resuming, and what is said when it fails."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from glasswf.errors import GlasswfError, LammpsError
from glasswf.lammps.engine import Engine
from glasswf.results import read_json, write_json
from glasswf.trajectory import dump
from tests.lammps.conftest import Bench

pytestmark = pytest.mark.lammps


@pytest.fixture
def quenched(bench):
    bench.run("quench")
    return bench


def steps_of(folder):
    return list(dump.steps(next(folder.glob("trajectory.lammpstrj*"))))


def change_spec(bench, name, **changes):
    write_json(bench.spec_file(name), read_json(bench.spec_file(name)) | changes)


def test_quench_leaves_a_restart_at_each_temperature(bench):
    record = bench.run("quench")
    folder = bench.run_folder("quench")
    assert {p.name for p in folder.glob("*.restart")} == {"T2600.restart", "T2200.restart"}
    assert record["steps"] == 400 and record["restarts_used"] == 0
    assert {g["gate"] for g in record["gates"]} == {
        "temperature_offset", "energy_drift", "pressure", "shortest_distance", "restarts_used"
    }  # fmt: skip
    assert "ns/day" in bench.progress.getvalue() and "left" in bench.progress.getvalue()


def test_isotherm_records_every_frame_and_its_temperature(quenched):
    record = quenched.run("T2200")
    assert list(steps_of(quenched.run_folder("T2200"))) == list(range(50, 851, 10))
    assert record["frames"] == 81 and record["temperature_k"] == 2200
    thermo = np.loadtxt(quenched.run_folder("T2200") / "thermo.csv", delimiter=",", skiprows=1)
    assert thermo[:, 0].tolist() == sorted(set(thermo[:, 0])) and thermo[-1, 0] == 850
    assert abs(thermo[:, 2].mean() - 2200) < 300


def test_input_runs_by_hand_in_its_own_folder(quenched):
    quenched.run("T2200")
    folder = quenched.run_folder("T2200")
    lmp = shutil.which("lmp", path=Path(sys.executable).parent)
    done = subprocess.run([lmp, "-in", "in.lammps"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-500:]
    assert list(dump.steps(folder / "dump.lammpstrj")) == steps_of(folder)


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_run_ends_like_an_uninterrupted_one(quenched, one_point, tmp_path_factory, seed):
    """Killed at a random moment with no chance to clean up, twice; same frames, and here even the same bits."""
    one_point["protocol"]["isotherms"]["duration_ps"] = 8
    bench = Bench(quenched.folder, one_point)
    other = tmp_path_factory.mktemp("uninterrupted")
    shutil.copytree(quenched.folder / "runs", other / "runs")
    undisturbed = Bench(other, one_point)
    undisturbed.run("T2200")

    generator = random.Random(seed)
    kill_between_frames(bench, generator)
    kill_between_frames(bench, generator)
    record = bench.run("T2200")
    assert record["restarts_used"] == 2
    assert steps_of(bench.run_folder("T2200")) == steps_of(undisturbed.run_folder("T2200"))
    assert final_atoms(bench) == final_atoms(undisturbed)


def kill_between_frames(bench, generator):
    """Start the run as the workflow does, wait for it to get on, and SIGKILL it."""
    process = subprocess.Popen(bench.command("T2200"), cwd=bench.folder, stderr=subprocess.DEVNULL)
    folder = bench.run_folder("T2200")
    before = {path.name for path in folder.glob("checkpoint.*.restart")}
    deadline = time.monotonic() + 60
    while {path.name for path in folder.glob("checkpoint.*.restart")} <= before and time.monotonic() < deadline:
        assert process.poll() is None, "ended before it could be killed"
        time.sleep(0.01)
    time.sleep(generator.uniform(0, 0.3))
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def test_a_hung_lammps_is_stopped_and_the_run_goes_on(quenched, one_point):
    """LAMMPS is frozen in the middle: stopped by the limit, and the next start has every frame once."""
    one_point["protocol"]["isotherms"]["duration_ps"] = 8
    bench = Bench(quenched.folder, one_point)
    process = subprocess.Popen(
        bench.command("T2200"), cwd=bench.folder, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"GLASSWF_STALL_MINUTES": "0.05"},
    )  # fmt: skip
    folder = bench.run_folder("T2200")
    while not list(folder.glob("checkpoint.*.restart")):
        assert process.poll() is None, "ended before it could be frozen"
        time.sleep(0.01)
    (lammps,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(lammps), signal.SIGSTOP)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "LAMMPS wrote nothing for 0.05 minutes and was stopped" in said
    assert "Traceback" not in said
    assert not Path(f"/proc/{lammps}").exists()
    record = bench.run("T2200")
    assert record["restarts_used"] == 1
    assert steps_of(folder) == list(range(50, 4051, 10))


def test_a_checkpoint_of_another_version_is_refused_and_kept(quenched, one_point):
    one_point["protocol"]["isotherms"]["duration_ps"] = 8
    bench = Bench(quenched.folder, one_point)
    kill_between_frames(bench, random.Random(3))
    folder = bench.run_folder("T2200")
    log_file = folder / "log.1.lammps"
    written = log_file.read_text()
    log_file.write_text("LAMMPS (1 Jan 2020)\n" + written.split("\n", 1)[1])
    kept = {path.name for path in folder.iterdir()}
    with pytest.raises(
        LammpsError, match=r"its checkpoints are of LAMMPS 1 Jan 2020, this is .*20\d\d.*; use that"
    ) as caught:
        bench.run("T2200")
    assert "\n" not in str(caught.value)
    assert {path.name for path in folder.iterdir()} == kept
    log_file.write_text("")  # killed before it said anything
    assert bench.run("T2200")["restarts_used"] == 1


@pytest.mark.parametrize("text", ["soon", "0", "-1"])
def test_a_limit_that_is_no_time_is_refused(bench, monkeypatch, text):
    monkeypatch.setenv("GLASSWF_STALL_MINUTES", text)
    with pytest.raises(LammpsError, match=f"GLASSWF_STALL_MINUTES: '{text}' is no number of minutes above zero"):
        bench.run("quench")


def final_atoms(bench):
    return (bench.run_folder("T2200") / "final.data").read_text()


def test_changed_specification_starts_afresh(quenched):
    first = quenched.run("T2200")
    change_spec(quenched, "T2200", seed=123, thermo_every=20)
    second = quenched.run("T2200")
    assert second["restarts_used"] == 0 and second["seed"] != first["seed"]


def test_finished_run_started_again_is_a_fresh_one(quenched):
    quenched.run("T2200")
    again = quenched.run("T2200")
    assert again["restarts_used"] == 0
    assert {path.name for path in quenched.run_folder("T2200").glob("log.*")} == {"log.1.lammps"}


def test_damaged_checkpoint_falls_back_to_the_one_before(quenched, one_point):
    one_point["protocol"]["isotherms"]["duration_ps"] = 8
    bench = Bench(quenched.folder, one_point)
    kill_between_frames(bench, random.Random(0))
    kill_between_frames(bench, random.Random(1))
    folder = bench.run_folder("T2200")
    newest = max(folder.glob("checkpoint.*.restart"), key=lambda path: int(path.name.split(".")[1]))
    newest.write_bytes(newest.read_bytes()[:100])
    record = bench.run("T2200")
    assert record["restarts_used"] >= 2
    assert len(steps_of(folder)) == 401


def test_frames_that_never_reached_the_disk_are_made_again(quenched, one_point):
    """As after a power cut: the checkpoint is there, the end of the dump is not."""
    one_point["protocol"]["isotherms"]["duration_ps"] = 8
    bench = Bench(quenched.folder, one_point)
    kill_between_frames(bench, random.Random(0))
    kill_between_frames(bench, random.Random(1))
    dumped = bench.run_folder("T2200") / "dump.lammpstrj"
    os.truncate(dumped, dumped.stat().st_size * 2 // 3)
    record = bench.run("T2200")
    assert steps_of(bench.run_folder("T2200")) == list(range(50, 4051, 10))
    assert record["frames"] == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"thermostat": {"kind": "csvr", "damping_ps": 0.1, "chain": 3}},
        {"thermostat": {"kind": "langevin", "damping_ps": 0.1, "chain": 3}},
        {"ensemble": "npt"},
        {"ensemble": "npt", "thermostat": {"kind": "csvr", "damping_ps": 0.1, "chain": 3}},
    ],
)
def test_every_thermostat_and_ensemble(quenched, changes):
    spec = read_json(quenched.spec_file("T2200"))
    ensemble = changes.pop("ensemble", "nvt")
    for segment in spec["segments"]:
        segment |= {"ensemble": ensemble, "pressure_bar": 60000.0}
    write_json(quenched.spec_file("T2200"), spec | changes)
    quenched.run("T2200")
    thermo = np.loadtxt(quenched.run_folder("T2200") / "thermo.csv", delimiter=",", skiprows=1)
    assert abs(thermo[:, 2].mean() - 2200) < 400
    assert (np.ptp(thermo[:, 8]) > 1) == (ensemble == "npt")


def test_two_ranks_under_the_launcher(quenched):
    record = quenched.run("T2200", Engine(tasks=2))
    log = (quenched.run_folder("T2200") / "log.1.lammps").read_text()
    assert "on 2 procs" in log and record["frames"] == 81


def test_copies_instead_of_ranks_are_noticed(bench, tmp_path):
    """A launcher of another MPI starts as many separate runs, all in one folder."""
    launcher = tmp_path / "launcher"
    launcher.write_text('#!/bin/sh\nshift 2\n"$@" &\npid=$!\ntrap "kill -9 $pid" TERM\nwait\n')
    launcher.chmod(0o755)
    with pytest.raises(LammpsError, match=r"on 1 MPI ranks where 2 are asked for.*correct resource `launcher`"):
        bench.run("quench", Engine(tasks=2, launcher=str(launcher)))


def test_site_command(quenched):
    record = quenched.run("T2200", Engine(lammps="lmp -sf opt"))
    assert record["frames"] == 81 and record["engine"]["lammps"] == "lmp -sf opt"


@pytest.mark.parametrize(
    ("engine", "message"),
    [
        (Engine(lammps="lmp_of_nowhere"), "LAMMPS command 'lmp_of_nowhere' was not found"),
        (Engine(tasks=2, launcher="srun_of_nowhere"), "MPI launcher 'srun_of_nowhere' was not found"),
        (Engine(lammps="module -sf gpu"), r"without GPU package.*drop that option from resource `lammps`"),
    ],
)
def test_unusable_engines(bench, engine, message):
    with pytest.raises(LammpsError, match=message) as caught:
        bench.run("quench", engine)
    assert "\n" not in str(caught.value)


def test_missing_style_is_named_with_the_input_line(bench, monkeypatch):
    from glasswf.lammps import coefficients

    monkeypatch.setattr(coefficients, "_include", lambda *a: "pair_style gauss/of/nowhere 1\n")
    with pytest.raises(LammpsError, match=r"NS .* quench: .*gauss/of/nowhere.*built without a package it needs"):
        bench.run("quench")


def test_blown_up_dynamics_are_explained(bench):
    spec = read_json(bench.spec_file("quench"))
    write_json(bench.spec_file("quench"), spec | {"timestep_fs": 60.0})
    with pytest.raises(LammpsError, match="smaller timestep"):
        bench.run("quench")


def test_missing_start_is_named(bench):
    with pytest.raises(LammpsError, match=r"T2200\.restart: the file this run starts from is missing"):
        bench.run("T2200")


def test_a_second_run_in_the_same_folder_is_refused(bench, monkeypatch):
    from glasswf.lammps import workspace

    monkeypatch.setattr(workspace, "_LOCK_WAIT_S", 0.2)
    process = subprocess.Popen(bench.command("quench"), cwd=bench.folder, stderr=subprocess.DEVNULL)
    lock = bench.run_folder("quench") / "started.json"
    while not lock.exists():
        time.sleep(0.01)
    try:
        with pytest.raises(LammpsError, match="another process runs LAMMPS here"):
            bench.run("quench")
    finally:
        process.kill()
        process.wait()


def test_full_disk(bench, monkeypatch):
    """No space left while the outputs are put into place: one line, and the next start finishes."""
    import errno

    from glasswf.lammps import workspace

    bench.run("quench")

    def no_space(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(workspace.shutil, "copyfileobj", no_space)
        with pytest.raises(GlasswfError, match="disk is full"):
            bench.run("T2200")
    assert bench.run("T2200")["restarts_used"] == 1
    assert len(steps_of(bench.run_folder("T2200"))) == 81


def test_folder_that_cannot_be_written(bench, monkeypatch):
    """Permissions as root mean nothing, so the refusal is simulated where the system would give it."""

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(GlasswfError, match="no permission to write there"):
        bench.run("quench")
