"""What is kept of a finished run's frames."""

import subprocess
import time

import numpy as np
import pytest

from glasswf import config as configuration
from glasswf import plan as planning
from glasswf import trajectory
from glasswf.errors import ConfigError
from glasswf.lammps import storage
from glasswf.results import read_json
from tests.lammps.conftest import Bench

pytestmark = pytest.mark.lammps


@pytest.fixture
def kept(bench, one_point):
    """Run an isotherm of one quench with other ways to keep its frames; the trajectories by file name."""
    bench.run("quench")

    def run(**output):
        one_point["output"] |= output
        other = Bench(bench.folder, one_point)
        other.run("T2200")
        folder = other.run_folder("T2200")
        charges = read_json(folder / "record.json")["charges"]
        assert storage.names(read_json(other.spec_file("T2200"))["dump"])[0] == planning.trajectory_name(other.plan)
        return {path.name: trajectory.open(path, charges=charges) for path in sorted(folder.glob("trajectory.*"))}

    return run


@pytest.mark.parametrize(("compression", "suffix"), [("zstd", ".zst"), ("gzip", ".gz"), ("none", "")])
def test_both_hold_the_same_frames(kept, compression, suffix):
    found = kept(trajectory="both", dump_compression=compression)
    assert list(found) == ["trajectory.h5md", f"trajectory.lammpstrj{suffix}"]
    binary, text = found.values()
    np.testing.assert_array_equal(binary.positions, text.positions)
    np.testing.assert_array_equal(binary.steps, text.steps)
    np.testing.assert_allclose(binary.times_ps, text.times_ps)
    np.testing.assert_array_equal(binary.charges, text.charges)
    assert binary.n_frames == 81


def test_the_dump_is_dropped_where_h5md_is_kept_rounded_as_asked(kept):
    whole = kept()["trajectory.lammpstrj.zst"]
    rounded = kept(trajectory="h5md", precision_a=0.01)
    assert list(rounded) == ["trajectory.h5md"]
    apart = np.abs(rounded["trajectory.h5md"].positions - whole.positions).max()
    assert 0.001 < apart <= 0.005 + 1e-6


def test_velocities_are_kept_as_well(kept):
    found = kept(trajectory="both", dump_content=["velocities"])
    opened = [trajectory.open(each.source[0], velocities=True) for each in found.values()]
    np.testing.assert_allclose(opened[0].velocities, opened[1].velocities, rtol=1e-6)


def test_killed_while_the_frames_are_put_away(bench, one_point):
    """LAMMPS is done, the outputs are not in place: the next start needs no dynamics and leaves the same."""
    bench.run("quench")
    one_point["output"] |= {"trajectory": "both", "dump_every_fs": 2}
    slow = Bench(bench.folder, one_point)
    slow.run("T2200")
    folder = slow.run_folder("T2200")
    wanted = {path.name: frames(path) for path in folder.glob("trajectory.*")}
    for path in folder.iterdir():
        path.unlink()

    process = subprocess.Popen(slow.command("T2200"), cwd=slow.folder, stderr=subprocess.DEVNULL)
    while not (folder / "final.data").exists():
        assert process.poll() is None
        time.sleep(0.005)
    process.kill()
    process.wait()
    assert not (folder / "record.json").exists()
    record = slow.run("T2200")
    assert record["frames"] == 801 and record["same_bits_as_uninterrupted"]
    found = {path.name: frames(path) for path in folder.glob("trajectory.*")}
    assert sorted(found) == sorted(wanted) == ["trajectory.h5md", "trajectory.lammpstrj.zst"]
    for name in found:
        np.testing.assert_array_equal(found[name], wanted[name])


def frames(path):
    return np.array(trajectory.open(path).positions)


def test_specifications_of_plain_dumps_are_as_they_were(tiny):
    plan = planning.make(configuration.from_mapping(tiny))
    assert plan.run(plan.points[0], 1, "T2200").spec["dump"] == {"every": 10, "content": [], "compression": "zstd"}


def test_rounding_what_is_not_kept_is_refused(tiny):
    tiny["output"]["precision_a"] = 0.001
    with pytest.raises(ConfigError, match="precision_a rounds what is kept as H5MD; set trajectory to h5md or both"):
        configuration.from_mapping(tiny)
