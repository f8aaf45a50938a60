"""Files cut short, numbers that are none, and a clock that was put back."""

import os
import re
import shutil
import subprocess
import time

import pytest

from tests.faults.conftest import COMMAND, assert_same, bits, finish, kill_everything, start, wait_for

pytestmark = pytest.mark.pipeline


@pytest.fixture
def copied(undisturbed, tmp_path):
    """A finished scan to damage."""
    shutil.copytree(undisturbed, tmp_path, dirs_exist_ok=True, copy_function=shutil.copy2)
    return tmp_path


def cut(path):
    os.truncate(path, path.stat().st_size // 2)


def fail(folder) -> list[str]:
    """Run, which must not end well; the lines that say why."""
    done = subprocess.run(COMMAND, cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    return [line for line in done.stderr.splitlines() if line.startswith("error: ")]


def assert_made_again(damaged, folder, undisturbed):
    """Deleted as the message says, it comes back, and everything is as if nothing had been."""
    damaged.unlink()
    finish(folder)
    assert_same(bits(folder), bits(undisturbed))


def remove(folder, *patterns):
    for path in (path for pattern in patterns for path in folder.glob(pattern)):
        path.unlink()


def test_a_restart_cut_short_is_named_and_made_again(copied, undisturbed):
    restart = next(copied.glob("runs/*/*/r1/quench/T2200.restart"))
    cut(restart)
    remove(copied, "runs/*/*/r1/T2200/record.json", "results/tables/*.csv")
    said = fail(copied)
    assert any(re.search(r"r1 T2200: .*restart.*delete it", line) for line in said), said
    assert_made_again(restart, copied, undisturbed)


def test_a_dump_cut_short_is_named_and_made_again(copied, undisturbed):
    trajectory = next(copied.glob("runs/*/*/r1/T2200/trajectory.*"))
    cut(trajectory)
    said = fail(copied)
    assert any(str(trajectory.relative_to(copied)) in line and "cut short" in line for line in said), said
    assert_made_again(trajectory, copied, undisturbed)


@pytest.mark.parametrize("name", ["diffusivity", "network"])
def test_a_table_cut_short_is_named_and_made_again(copied, undisturbed, name):
    table = copied / "results" / "tables" / f"{name}.csv"
    cut(table)
    said = fail(copied)
    assert any(f"tables/{name}.csv" in line and "delete it" in line for line in said), said
    assert_made_again(table, copied, undisturbed)


def test_a_result_cut_short_is_named_and_made_again(copied, undisturbed):
    result = next(copied.glob("results/points/*/*/T2200.json"))
    cut(result)
    said = fail(copied)
    assert any("T2200.json: not valid JSON" in line and "delete it and start again" in line for line in said), said
    assert_made_again(result, copied, undisturbed)


def test_dynamics_that_turn_into_nan_stop_with_one_line(scan):
    """Two atoms in one place: forces without a direction."""
    process = start(scan)
    assert wait_for(lambda: len(list(scan.glob("runs/*/*/*/quench/checkpoint.*.restart"))) >= 2, process)
    kill_everything(process)
    for path in scan.glob("runs/*/*/*/cell/cell.data"):
        text = path.read_text()
        positions = re.findall(r"^ *\d+ +\d+ +\S+ +(\S+ +\S+ +\S+)$", text, re.MULTILINE)
        path.write_text(text.replace(positions[-1], positions[-2]))
    said = fail(scan)
    assert len(said) >= 2
    assert all("quench" in line and "(" in line for line in said), said  # the remedy is in brackets
    assert not list(scan.glob("runs/*/*/*/quench/record.json"))


def test_a_clock_put_back(scan, undisturbed):
    """What was made before has time stamps of tomorrow."""
    process = start(scan)
    assert wait_for(lambda: list(scan.glob("runs/*/*/*/T*/checkpoint.*")), process)
    kill_everything(process)
    tomorrow = time.time() + 86400
    for path in scan.rglob("*"):
        os.utime(path, (tomorrow, tomorrow))
    said = finish(scan)
    assert "files had time stamps of the future" in said
    assert_same(bits(scan), bits(undisturbed))
