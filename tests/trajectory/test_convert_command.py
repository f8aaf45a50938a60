import json

import numpy as np
import pytest
import zstandard

from glasswf import trajectory
from glasswf.cli import main
from glasswf.results import write_json
from tests.trajectory.dumps import CHARGES, dump_text, walk, write


@pytest.fixture
def dumped(tmp_path):
    """A dump as a run of ours leaves it."""
    path = tmp_path / "trajectory.lammpstrj.zst"
    path.write_bytes(zstandard.compress(dump_text(walk(), columns="id type element xu yu zu").encode()))
    write_json(tmp_path / "record.json", {"charges": CHARGES})
    return path


def test_the_same_trajectory_and_the_dump_stays(dumped, capsys):
    assert main(["convert", str(dumped)]) == 0
    assert "trajectory.h5md: 6 frames" in capsys.readouterr().out
    new, old = trajectory.open(dumped.with_name("trajectory.h5md")), trajectory.open(dumped, charges=CHARGES)
    np.testing.assert_array_equal(new.positions, old.positions)
    np.testing.assert_array_equal(new.charges, old.charges)


def test_rounded_and_dropped(dumped, capsys):
    before = np.array(trajectory.open(dumped).positions)
    assert main(["convert", str(dumped), "--precision", "0.01", "--drop", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["frames"] == 6 and told["dropped"] and not dumped.exists()
    apart = np.abs(trajectory.open(told["file"]).positions - before).max()
    assert 0 < apart <= 0.005 + 1e-6


def test_nothing_is_overwritten_and_nothing_dropped(dumped, capsys):
    (dumped.with_name("trajectory.h5md")).write_text("mine")
    assert main(["convert", str(dumped), "--drop"]) == 1
    assert "trajectory.h5md: is there already" in capsys.readouterr().err
    assert dumped.exists()


def test_a_damaged_dump_is_kept_and_told(tmp_path, capsys):
    path = write(tmp_path / "a.lammpstrj", dump_text(walk())[:-200])
    assert main(["convert", str(path), "--drop"]) == 1
    said = capsys.readouterr().err
    assert "cut short" in said and said.count("\n") == 1
    assert path.exists() and not path.with_suffix(".h5md").exists()
