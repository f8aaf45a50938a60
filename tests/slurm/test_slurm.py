"""The real pipeline on a real SLURM cluster, undisturbed and through all that can befall a job."""

import copy
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from glasswf import trajectory
from glasswf.lammps.walltime import WALL_VARIABLE
from glasswf.results import read_json
from tests.conftest import TINY, write_config
from tests.slurm.conftest import Scan

pytestmark = pytest.mark.pipeline

WALL_MINUTES = 0.6
LONG_PS, EVERY_FS = 8.0, 20  # of each isotherm that is disturbed: some seconds, with several checkpoints
# What befalls each isotherm of the rough scan.
LIMIT, CANCELLED, TIMER, LOST = RUNS = ("T2600", "T2400", "T2300", "T2200")
# The LAMMPS of a site as a script. In the first attempt of a run it stops dead at the first checkpoint, on any machine
# and however fast, so that what shall befall the job finds it there.
FREEZING_LAMMPS = """\
#!{python}
import os, signal, sys, threading, time
from pathlib import Path
from glasswf.lammps.engine import main


def freeze():
    while not list(Path().glob("checkpoint.*.restart")):
        time.sleep(0.01)
    Path("frozen").write_text(str(os.getpid()))
    os.kill(os.getpid(), signal.SIGSTOP)


if "log.1.lammps" in sys.argv:
    threading.Thread(target=freeze, daemon=True).start()
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return tmp_path_factory.mktemp("scans")


@pytest.fixture(scope="module")
def calm(slurm, folders):
    """A scan of one point, from nothing to the report, with two MPI ranks in its quench; left to itself."""
    data = copy.deepcopy(TINY) | {"replicas": 1}
    data["systems"] = [{"name": "NS", "series": "NS", "scan": {"m": [2.0]}}]
    ranks = {"tasks": 2, "mpi": "srun", "launcher": "srun --mpi=pmi2", "mem_mb_per_cpu": 500}
    site = {"default-resources": {"constraint": "near"}, "set-resources": {"quench": ranks}}
    with Scan(slurm, folders / "calm", data, site | {"slurm-array-jobs": "isotherm"}) as scan:
        scan.start()
        yield scan


@pytest.fixture(scope="module")
def rough(calm, slurm, folders):
    """A scan begun on this machine, each isotherm of which is stopped in another way; beside the calm one."""
    folder = folders / "rough"
    data = copy.deepcopy(TINY) | {"replicas": 1}
    data["systems"] = [{"name": "NS", "series": "NS", "scan": {"m": [2.0]}}]
    data["protocol"]["isotherms"] |= {"temperatures_k": [int(name[1:]) for name in RUNS], "duration_ps": LONG_PS}
    with Scan(slurm, folder, data, {"set-resources": {"isotherm": _machine(folder)}}) as scan:
        quench = [sys.executable, "-m", "glasswf", "run", "--cores", "1", "runs/NS/m2/r1/quench/record.json"]
        subprocess.run(quench, cwd=folder, capture_output=True, check=True)
        shutil.copytree(folder / "runs", folder / "undisturbed/runs")
        records = [f"runs/NS/m2/r1/{name}/record.json" for name in RUNS]
        scan.start(*records, **{WALL_VARIABLE: str(WALL_MINUTES)})
        scan.wait_for(lambda: all(_frozen(scan, name) for name in RUNS))
        _strike(scan)
        assert scan.finish() == 0, scan.said
        yield scan


def _machine(folder: Path) -> dict:
    """Resources of the isotherms: the LAMMPS of the site, a minute for one of them, and a node for another."""
    lammps = folder / "lmp_site"
    lammps.parent.mkdir()
    lammps.write_text(FREEZING_LAMMPS.format(python=sys.executable))
    lammps.chmod(0o755)
    return {
        "lammps": str(lammps),
        "runtime": f"1 if wildcards.run == '{LIMIT}' else 10",
        "constraint": f"'far' if wildcards.run == '{LOST}' else 'near'",
    }


def _frozen(scan: Scan, name: str) -> bool:
    return (scan.folder / f"runs/NS/m2/r1/{name}/frozen").is_file()


def _strike(scan: Scan) -> None:
    """Cancel a job, lose a node and bring it back, and let another run go on only when its own time is up."""
    time_is_up = time.monotonic() + WALL_MINUTES * 60
    scan.slurm.run("scancel", _jobs_of(scan, CANCELLED)[0]["job"])
    scan.slurm.lose("far")
    scan.wait_for(lambda: _jobs_of(scan, LOST)[0]["state"] == "PENDING")
    scan.slurm.bring_back("far")
    time.sleep(max(0.0, time_is_up - time.monotonic()))
    os.kill(int((scan.folder / f"runs/NS/m2/r1/{TIMER}/frozen").read_text()), signal.SIGCONT)


def _jobs_of(scan: Scan, name: str) -> list[dict[str, str]]:
    return [job for job in scan.jobs if job["comment"].endswith(name)]


def _states(scan: Scan, name: str) -> list[str]:
    return [job["state"] for job in _jobs_of(scan, name)]


def test_job_at_its_time_limit_is_submitted_again(rough):
    assert _states(rough, LIMIT) == ["TIMEOUT", "COMPLETED"]


def test_cancelled_job_is_submitted_again(rough):
    assert _states(rough, CANCELLED) == ["CANCELLED", "COMPLETED"]


def test_run_that_stops_before_the_limit_is_submitted_again(rough):
    assert _states(rough, TIMER) == ["FAILED", "COMPLETED"]
    logs = rough.folder / f".snakemake/slurm_logs/rule_isotherm/NS_m2_1_{TIMER}"
    assert "the time of this job was up" in (logs / f"{_jobs_of(rough, TIMER)[0]['job']}.log").read_text()


def test_job_of_a_lost_node_is_started_again_by_slurm(rough):
    (job,) = _jobs_of(rough, LOST)
    assert (job["state"], job["node"]) == ("COMPLETED", "far")
    assert "Restarts=1 " in rough.slurm.run("scontrol", "show", "job", job["job"])


@pytest.mark.parametrize("name", RUNS)
def test_every_frame_is_there_once(rough, name):
    folder = rough.folder / "runs/NS/m2/r1" / name
    record = read_json(folder / "record.json")
    assert record["restarts_used"] == 1
    steps = trajectory.open(folder / "trajectory.lammpstrj.zst").steps
    every = round(EVERY_FS / TINY["protocol"]["timestep_fs"])
    assert np.array_equal(np.diff(steps), np.full(round(LONG_PS * 1000 / EVERY_FS), every))


def test_same_bits_as_undisturbed(rough):
    spec = Path("runs/NS/m2/r1/T2400.json")
    folder = rough.folder / "undisturbed"
    shutil.copy(rough.folder / spec, folder / spec)
    subprocess.run([sys.executable, "-m", "glasswf.lammps.run", str(spec)], cwd=folder, check=True, capture_output=True)
    dump = spec.with_suffix("") / "trajectory.lammpstrj.zst"
    once, twice = (trajectory.open(where / dump) for where in (folder, rough.folder))
    assert np.array_equal(once.positions, twice.positions)


def test_from_nothing_to_the_report(calm):
    assert calm.finish() == 0, calm.said
    assert (calm.folder / "results/report.html").stat().st_size > 100_000


def test_small_jobs_share_submissions(calm):
    """Of thirteen jobs the analysis makes one submission, and the way from tables to report another."""
    assert {job["state"] for job in calm.jobs} == {"COMPLETED"}
    kinds = Counter(job["comment"].split("_")[1] for job in calm.jobs)
    assert kinds == {"cells": 1, "quench": 1, "isotherm": 2, "analysis": 1, "small": 1}
    assert "14 of 14 steps (100%) done" in calm.said  # with the one that only asks for everything


def test_isotherms_that_are_ready_together_are_an_array(calm):
    numbers = [job["job"] for job in calm.jobs if "rule_isotherm" in job["comment"]]
    assert all(re.fullmatch(r"\d+_\d+", number) for number in numbers)


def test_ranks_of_mpi(calm):
    record = read_json(calm.folder / "runs/NS/m2/r1/quench/record.json")
    assert record["engine"]["tasks"] == 2
    assert "1 by 1 by 2 MPI processor grid" in (calm.folder / "runs/NS/m2/r1/quench/log.1.lammps").read_text()
    assert {job["cpus"] for job in calm.jobs if "rule_quench" in job["comment"]} == {"2"}


def test_interrupted_scan_cancels_its_jobs(slurm, folders):
    data = copy.deepcopy(TINY) | {"systems": [{"name": "NS", "series": "NS", "scan": {"m": [2.0]}}]}
    with Scan(slurm, folders / "interrupted", data, {}) as scan:
        scan.start()
        scan.wait_for(lambda: "submitted with SLURM jobid" in scan.said)
        scan.interrupt()
        assert scan.finish() != 0
        assert "interrupted; start again to continue" in scan.said and "Traceback" not in scan.said
        assert {job["state"] for job in scan.jobs} == {"CANCELLED"}


def test_pipeline_inside_one_job(slurm, folders):
    """With the default profile, as for sites that give whole nodes; the job has two cores here."""
    folder = folders / "inside"
    folder.mkdir()
    data = copy.deepcopy(TINY) | {"replicas": 2}
    data["systems"] = [{"name": "NS", "series": "NS", "scan": {"m": [2.0]}}]
    write_config(folder, data)
    records = [f"runs/NS/m2/r{replica}/quench/record.json" for replica in (1, 2)]
    command = f"{shlex.join([sys.executable, '-m', 'glasswf'])} run --cores $SLURM_CPUS_ON_NODE {shlex.join(records)}"
    slurm.run("sbatch", "--wait", "--ntasks=1", "--cpus-per-task=2", f"--chdir={folder}", "--wrap", command)
    assert all((folder / record).is_file() for record in records), list(folder.iterdir())
