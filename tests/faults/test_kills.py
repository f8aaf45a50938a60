"""Killed at twenty random moments, over every stage; what comes out is what would have come out anyway."""

import random
import time

import pytest

from glasswf.results import read_json
from tests.faults.conftest import assert_same, attempts, bits, command_lines, finish, kill_everything, start, wait_for

pytestmark = pytest.mark.pipeline

# What a stage shows in the list of processes, the longest moment after its start to kill at (s), and how often.
STAGES = [
    ("scripts/cell.py", 0.6, 2),
    ("r1/quench.json", 1.5, 5),
    ("/T2600.json", 1.5, 3),
    ("/T2200.json", 1.5, 4),
    ("scripts/transport.py", 0.7, 2),
    ("scripts/structure.py", 1.5, 2),
    ("scripts/tables.py", 0.4, 1),
    ("scripts/figures.py", 2.0, 1),
]


def test_twenty_kills_leave_no_trace(scan, undisturbed):
    """Everything dies at once, Snakemake and its lock too; the next start needs no help."""
    assert sum(times for *_, times in STAGES) == 20
    generator = random.Random(20)
    struck = []
    for shown, longest, times in STAGES:
        for _ in range(times):
            struck.append((shown, kill_in(scan, shown, generator.uniform(0, longest))))
    finish(scan)
    assert_same(bits(scan), bits(undisturbed))
    # a stage may be over sooner than expected; most kills must have struck all the same, and dynamics among them
    assert sum(hit for _, hit in struck) >= 15, struck
    assert attempts(scan) > attempts(undisturbed)
    records = [read_json(path) for path in scan.glob("runs/*/*/*/*/record.json")]
    assert all(record["same_bits_as_uninterrupted"] for record in records)
    assert (scan / "results" / "report.html").is_file()


def kill_in(folder, shown, after) -> bool:
    """Start, wait for a stage, and kill everything `after` seconds into it; whether there was still such a process."""
    process = start(folder)

    def running():
        return any(shown in line for line in command_lines(process.pid))

    if not wait_for(running, process):
        process.communicate()
        return False
    time.sleep(after)
    hit = running()
    kill_everything(process)
    return hit
