"""H5MD as we write it, as others read it, and as others write it."""

import subprocess
import sys

import h5py
import numpy as np
import pytest
from dumps import CHARGES, dump_text, species, walk, write

from glasswf import trajectory, transport
from glasswf.errors import TrajectoryError
from glasswf.trajectory import h5md

COLUMNS = "id type element q xu yu zu vx vy vz"
N_FRAMES = 37  # more than two chunks hold
ARRAYS = ("steps", "times_ps", "box_lengths_a", "ids", "types", "elements", "charges", "masses")


@pytest.fixture
def dump(tmp_path):
    frames = (
        dump_text([frame], first=100 * index, columns=COLUMNS, velocities=frame / 3)
        for index, frame in enumerate(walk(N_FRAMES))
    )
    return write(tmp_path / "dump.lammpstrj", "".join(frames))


@pytest.fixture
def kept(dump):
    target = dump.with_suffix(".h5md")
    h5md.from_dump(dump, target, velocities=True)
    return target


def refused(match, path, **options):
    with pytest.raises(TrajectoryError, match=match) as caught:
        trajectory.open(path, **options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("precision", [None, 1e-5, 1e-3, 3e-2])
def test_what_was_dumped_comes_back_within_half_the_precision(dump, precision):
    target = dump.with_suffix(".h5md")
    assert h5md.from_dump(dump, target, precision, velocities=True) == N_FRAMES
    expected, found = (trajectory.open(path, velocities=True) for path in (dump, target))
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    for name in ("positions", "velocities"):
        gap = np.abs(getattr(found, name) - getattr(expected, name)).max()
        assert gap <= (precision or 0) / 2
        assert precision is None or gap > precision / 8  # it is used
    with h5py.File(target) as file:
        assert file["particles/trajectory/position/value"].attrs.get("precision") == precision


def test_a_trajectory_and_its_dump_give_the_same_file(dump, kept, tmp_path):
    h5md.write(tmp_path / "other.h5", trajectory.open(dump, velocities=True))
    assert (tmp_path / "other.h5").read_bytes() == kept.read_bytes()


def test_parts_that_overlap_give_every_frame_once(tmp_path):
    positions = walk(40)
    parts = [
        write(tmp_path / "a", dump_text(positions[:21])),
        write(tmp_path / "b", dump_text(positions[20:], first=2000)),
    ]
    assert h5md.from_dump(parts, tmp_path / "all.h5") == 40
    np.testing.assert_array_equal(trajectory.open(tmp_path / "all.h5").positions, positions)
    halves = [tmp_path / "1.h5", tmp_path / "2.h5"]
    for part, half in zip(parts, halves, strict=True):
        h5md.from_dump(part, half)
    np.testing.assert_array_equal(trajectory.open(halves).steps, 100 * np.arange(40))


def test_what_the_dump_does_not_say_is_given(tmp_path):
    path = write(tmp_path / "dump", dump_text(walk(), columns="id type x y z ix iy iz"))
    charges = CHARGES | {"S": -1.0}
    h5md.from_dump(
        path, tmp_path / "a.h5", elements=["Na", "Si", "S"], charges=charges, masses=dict.fromkeys(CHARGES, 9.0)
    )
    found = trajectory.open(tmp_path / "a.h5")
    np.testing.assert_allclose(found.positions, walk(), atol=1e-12)
    assert found.elements.tolist() == species(9)
    np.testing.assert_array_equal(found.charges, [charges[name] for name in species(9)])
    np.testing.assert_array_equal(found.masses, 9.0)
    assert trajectory.open(tmp_path / "a.h5", masses=dict.fromkeys(CHARGES, 2.0)).masses[0] == 2.0


def test_analyses_agree_within_the_precision(tmp_path):
    path = write(tmp_path / "dump", dump_text(walk(60, n_atoms=30)))
    h5md.from_dump(path, tmp_path / "a.h5", 1e-3)
    results = [transport.analyse(trajectory.open(each), 1000.0) for each in (path, tmp_path / "a.h5")]
    values = [[item.diffusivity.value for item in result.diffusion] + [result.haven.ratio.value] for result in results]
    np.testing.assert_allclose(*values, rtol=1e-3)


def test_mdanalysis_reads_it(dump, kept):
    mdanalysis = pytest.importorskip("MDAnalysis")
    universe = mdanalysis.Universe(str(kept), to_guess=())
    expected = trajectory.open(dump, velocities=True)
    assert len(universe.trajectory) == N_FRAMES
    for index, step in enumerate(universe.trajectory):
        np.testing.assert_allclose(step.positions, expected.positions[index], rtol=1e-6)
        np.testing.assert_allclose(step.velocities, expected.velocities[index], rtol=1e-6)
        np.testing.assert_allclose(step.dimensions, [10, 10, 10, 90, 90, 90])
        assert step.time == pytest.approx(expected.times_ps[index])


# Files of others


def foreign(path, change=None, n_frames=5):
    """A file as other programs write it: nm, numbers for species, images, atoms in any order, one box for all."""
    with h5py.File(path, "w") as file:
        file.create_group("h5md").attrs["version"] = [1, 1]
        group = file.create_group("particles/all")
        order = np.array([3, 1, 2, 9, 8, 7, 6, 5, 4])
        positions = walk(n_frames)[:, order - 1]
        group["id"], group["species"] = order, np.arange(9)[order - 1] % 3 + 1
        images = np.floor(positions / 10)
        group["position/value"], group["image/value"] = (positions - 10 * images) / 10, images.astype(int)
        group["position/value"].attrs["unit"] = "nm"
        group["position/step"], group["position/time"] = 50, 0.1
        group["position/time"].attrs.update({"unit": "fs", "offset": 7.0})
        box = group.create_group("box")
        box.attrs.update({"dimension": 3, "boundary": ["periodic"] * 3})
        box["edges"] = np.eye(3)
        box["edges"].attrs["unit"] = "nm"
        if change:
            change(file, group)
    return path


def test_files_of_others(tmp_path):
    found = trajectory.open(foreign(tmp_path / "a.h5"), elements=["Na", "Si", "S"])
    np.testing.assert_allclose(found.positions, walk(5), atol=1e-12)
    np.testing.assert_allclose(found.times_ps, 7e-3 + 1e-4 * np.arange(5))
    np.testing.assert_array_equal(found.steps, 50 * np.arange(5))
    np.testing.assert_array_equal(found.box_lengths_a, 10.0)
    assert found.elements.tolist() == species(9)


def _unit(name, unit):
    return lambda _, group: group[name].attrs.__setitem__("unit", unit)


def _triclinic(_, group):
    group["box/edges"][0, 1] = 0.1


def _second_group(file, _):
    file.create_group("particles/solvent")


def _open_box(_, group):
    group["box"].attrs["boundary"] = ["periodic", "periodic", "none"]


def _moving_species(_, group):
    del group["species"]
    group["species/value"] = np.ones((5, 9), dtype=int)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_unit("position/value", "furlong"), "position in furlong; one of Angstrom"),
        (_unit("position/time", "year"), "time in year; one of ps"),
        (_triclinic, "the box is triclinic"),
        (_open_box, "not periodic along every axis"),
        (_second_group, r"2 groups in particles \(all, solvent\)"),
        (_moving_species, "species changes in time"),
        (lambda _, group: group["position/value"].attrs.clear(), "position in no unit"),
        (lambda _, group: group.__delitem__("box"), "not a complete H5MD file .*box"),
        (lambda file, _: file.__delitem__("h5md"), "HDF5, but not H5MD"),
        (lambda file, _: file.__delitem__("particles"), "0 groups in particles"),
    ],
)
def test_files_that_cannot_be_read_say_why(tmp_path, change, message):
    refused(f"a.h5: .*{message}", foreign(tmp_path / "a.h5", change), elements=["Na", "Si", "S"])


def test_velocities_that_are_not_there(tmp_path):
    refused("no velocity in /particles/all", foreign(tmp_path / "a.h5"), velocities=True)


def test_every_cut_and_every_flipped_byte_is_one_line(kept):
    whole, rng = kept.read_bytes(), np.random.default_rng(0)
    expected = trajectory.open(kept).positions
    for stop in rng.integers(1, len(whole) - 1, 15).tolist():
        kept.write_bytes(whole[:stop])
        refused("dump.h5md", kept)
    for place in rng.integers(0, len(whole), 30).tolist():
        kept.write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
        try:
            np.testing.assert_array_equal(trajectory.open(kept).positions, expected)
        except TrajectoryError as error:
            assert "\n" not in str(error)


# Writing


@pytest.mark.parametrize("precision", [0.0, -1e-3, float("nan"), float("inf")])
def test_precisions_that_are_none(dump, precision):
    with pytest.raises(TrajectoryError, match="it must be positive"):
        h5md.from_dump(dump, dump.with_suffix(".h5md"), precision)
    assert not dump.with_suffix(".h5md").exists()


def test_a_dump_cut_short_leaves_nothing(dump, tmp_path):
    dump.write_bytes(dump.read_bytes()[:-100])
    with pytest.raises(TrajectoryError, match="cut short"):
        h5md.from_dump(dump, tmp_path / "out" / "a.h5")
    assert not list((tmp_path / "out").iterdir())


def test_formats_that_do_not_say_what_is_wrapped_are_refused(tmp_path):
    frames = [f'9\nLattice="10 0 0 0 10 0 0 0 10" Properties=species:S:1:pos:R:3 Step={i}\n' + "Na 1 1 1\n" * 9
              for i in range(2)]  # fmt: skip
    with pytest.raises(TrajectoryError, match="does not say whether coordinates are wrapped"):
        h5md.from_dump(write(tmp_path / "a.xyz", "".join(frames)), tmp_path / "a.h5", timestep_fs=1.0)


_FULL = """
import resource, signal, sys
from glasswf.errors import GlasswfError
from glasswf.trajectory import h5md
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    h5md.from_dump(sys.argv[1], sys.argv[2])
except GlasswfError as error:
    print(error)
"""


def test_a_disk_that_is_full_is_one_line(dump, tmp_path):
    command = [sys.executable, "-c", _FULL, str(dump), str(tmp_path / "out" / "a.h5")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("cannot write") and done.stdout.count("\n") == 1, done
    assert not list((tmp_path / "out").iterdir())
