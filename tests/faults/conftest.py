"""A tiny scan, what an undisturbed run of it leaves, and ways to disturb another."""

import copy
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from glasswf.results import read_json
from glasswf.trajectory import dump
from tests.conftest import TINY, write_config

SMALL = copy.deepcopy(TINY)
SMALL["systems"] = [{"name": "NS", "series": "NS", "m": 2.0}]
COMMAND = [sys.executable, "-m", "glasswf", "run", "--cores", "2"]


def start(folder: Path) -> subprocess.Popen:
    """The pipeline in a process group of its own."""
    return subprocess.Popen(COMMAND, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
                            start_new_session=True)  # fmt: skip


def finish(folder: Path) -> str:
    """Run to the end, which must be good; what was said."""
    done = subprocess.run(COMMAND, cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Traceback" not in done.stderr
    return done.stderr


def kill_everything(process: subprocess.Popen) -> None:
    """As a power cut does: the command, Snakemake, its jobs and LAMMPS, none with a chance to clean up."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stderr.close()


def command_lines(group: int) -> list[str]:
    """Command lines of the processes of a group."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getpgid(int(entry.name)) == group:
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def wait_for(what, process: subprocess.Popen, seconds: float = 120) -> bool:
    """Wait until `what()` holds; False if the process ends before."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        if process.poll() is not None:
            return False
        time.sleep(0.02)
    return True


def bits(folder: Path) -> dict[str, object]:
    """What must not depend on how often a scan was interrupted: last states, frames, and every table."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("runs/*/*/*/*/final.data")}
    found |= {
        str(path.relative_to(folder)): [(frame.step, frame.body) for frame in dump.frames(path)]
        for path in folder.glob("runs/*/*/*/*/trajectory.*")
    }
    tables = folder.glob("results/tables/*.csv")
    return found | {path.name: path.read_text() for path in tables if path.name != "gates.csv"}


def assert_same(found: dict, wanted: dict) -> None:
    """Name by name, so that a difference is told by its name and not by megabytes."""
    assert sorted(found) == sorted(wanted)
    assert [name for name in wanted if found[name] != wanted[name]] == []


def attempts(folder: Path) -> int:
    """How often LAMMPS was started, over all runs."""
    return sum(1 + read_json(path)["restarts_used"] for path in folder.glob("runs/*/*/*/*/record.json"))


@pytest.fixture
def scan(tmp_path) -> Path:
    write_config(tmp_path, SMALL)
    return tmp_path


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("undisturbed")
    write_config(folder, SMALL)
    finish(folder)
    return folder
