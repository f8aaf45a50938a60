"""Everything that can be wrong with a dump gives one clear line that says where."""

import gzip

import numpy as np
import pytest
import zstandard
from dumps import dump_text, frame_text, walk, write

from glasswf import trajectory
from glasswf.errors import TrajectoryError

POSITIONS = walk()
TEXT = dump_text(POSITIONS)


def refused(path, match, **options):
    with pytest.raises(TrajectoryError, match=match) as caught:
        trajectory.open(path, **options)
    assert "\n" not in str(caught.value)


def changed(old, new, count=1, text=TEXT):
    assert old in text
    return text.replace(old, new, count)


def line_of(number, text=TEXT):
    return text.splitlines()[number - 1]


# The first frame has 2 + 2 + 2 + 2 + 4 + 1 lines of header, so its atoms stand on lines 14 to 22.
COUNT = "ITEM: NUMBER OF ATOMS\n9"
BOX = "ITEM: BOX BOUNDS pp pp pp"


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", r"bad: the file is empty"),
        ("\n \n", r"bad: the file is empty"),
        ("hello\nworld\n", r"bad, line 1: not a trajectory of a known format \(starts with 'hello'"),
        ("\x00\x01\x02" * 50, r"bad, line 1: not a trajectory of a known format"),
        (changed(COUNT, COUNT[:-1] + "nine"), r"line 7 \(ITEM: NUMBER OF ATOMS\): 'nine' is not a number"),
        (changed(COUNT, COUNT[:-1] + "0"), r"line 7 .*0 atoms; a frame needs at least one"),
        (changed(COUNT, COUNT[:-1] + "8"), r"line 23: the frame of step 0 has 9 atom lines .*says 8"),
        (changed(COUNT, COUNT[:-1] + "10"), r"line 23: the frame of step 0 has 9 of 10 atom lines"),
        (changed("TIMESTEP\n0", "TIMESTEP\n0.5"), r"line 5 .*'0.5' is not a number"),
        (changed("ITEM: TIMESTEP\n0\n", ""), r"line 1 \(ITEM: TIMESTEP\): 0 lines where 1 belong"),
        (changed(BOX, "ITEM: BOX BOUNDS xy xz yz pp pp pp"), r"line 9 .*the box is triclinic; only orthogonal"),
        (changed(BOX, "ITEM: BOX BOUNDS pp pp ff"), r"line 9 .*boundaries pp pp ff; only periodic"),
        (changed("0.0 10.0", "10.0 0.0"), r"line 9 .*lower < upper"),
        (changed("0.0 10.0", "0.0 nan"), r"line 9 .*lower < upper"),
        (changed("0.0 10.0", "0.0 ten"), r"line 9 .*'0.0 ten' is not a pair of numbers"),
        (changed("ITEM: UNITS\nmetal", "ITEM: UNITS\nreal"), r"step 0: units real; only LAMMPS metal"),
        (changed("id type", "di type"), r"line 13 .*no id column"),
        (changed("xu yu zu", "xu yu fz"), r"line 13 .*no coordinates; one of 'xu yu zu'"),
        (changed("2 2 Si", "1 2 Si"), r"step 0: atom id 1 stands twice"),
        (changed("2 2 Si", "b 2 Si"), r"line 15 \(step 0\): 'b' in column id is not a number"),
        (changed(" Si 2.4 ", " Si abc "), r"line 15 \(step 0\): 'abc' in column q is not a number"),
        (changed(" 2.4 ", " 2.4 7 "), r"line 15 \(step 0\): 8 columns where 7 belong"),
        (changed(line_of(17).split()[-1], "1.2.3"), r"line 17 \(step 0\): '1.2.3' in column zu is not a number"),
        (changed(line_of(18).split()[-2], "nan"), r"line 18 \(step 0\): yu is nan"),
        (changed(line_of(18).split()[-2], "-inf"), r"line 18 \(step 0\): yu is -inf"),
        (changed("TIMESTEP\n200", "TIMESTEP\n100"), r"\(step 100\): comes after step 100; steps must increase"),
        (changed("TIMESTEP\n300", "TIMESTEP\n50"), r"\(step 50\): comes after step 200; steps must increase"),
    ],
)
def test_one_clear_line(tmp_path, text, match):
    refused(write(tmp_path / "bad", text), match)


@pytest.mark.parametrize(
    ("second", "match"),
    [
        (frame_text(POSITIONS[1][:8], 100), r"\(step 100\): 8 atoms where 9 belongs"),
        (frame_text(POSITIONS[1], 100, columns="id xu yu zu"), r"\(step 100\): columns 'id xu yu zu' where 'id type"),
        (frame_text(POSITIONS[1], 100).replace("\n9 3", "\n12 3"), r"\(step 100\): other atom ids \(such as 9\)"),
        (frame_text(POSITIONS[1], 100).replace("\n9 3", "\n8 3"), r"\(step 100\): other atom ids \(such as 9\)"),
        (frame_text(POSITIONS[1], 100).replace("\n9 3 S", "\n9 3 Na"), r"\(step 100\): another element for some atoms"),
    ],
)  # fmt: skip
def test_atoms_that_change_between_frames(tmp_path, second, match):
    refused(write(tmp_path / "bad", frame_text(POSITIONS[0], 0) + second), match, timestep_fs=1.0)


def test_cut_anywhere_is_noticed(tmp_path):
    text = dump_text(POSITIONS[:2, :3])
    complete = {len(frame_text(POSITIONS[0, :3], 0, time=0.0, units="metal")), len(text)}
    for size in range(1, len(text)):
        if size in complete:
            continue
        with pytest.raises(TrajectoryError):
            trajectory.open(write(tmp_path / "bad", text[:size]))


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress], ids=["gz", "zst"])
def test_compressed_stream_cut_short(tmp_path, compress):
    path = tmp_path / "bad"
    packed = compress(TEXT.encode())
    path.write_bytes(packed[:-3])
    refused(path, r"bad: the compressed stream ends too early")
    path.write_bytes(packed[:40] + b"\0\0\0\0\0\0\0\0" + packed[48:])
    refused(path, r"bad: corrupt compressed data|bad, line")


def test_missing_file_and_no_file(tmp_path):
    refused(tmp_path / "nowhere.dump", r"nowhere.dump: no such file; give the path of a trajectory")
    refused([], r"no trajectory given")
    refused(tmp_path, r"cannot be read \(Is a directory\)")


def test_wrong_number_in_a_later_frame(tmp_path):
    lines = TEXT.splitlines()
    row = max(i for i, line in enumerate(lines) if line.startswith("4 1 Na"))
    lines[row] = lines[row].rsplit(" ", 1)[0] + " 1e"
    refused(write(tmp_path / "bad", "\n".join(lines) + "\n"), rf"line {row + 1} \(step 500\): '1e' in column zu")


def test_time_is_known_or_asked_for(tmp_path):
    bare = write(tmp_path / "bare", "".join(frame_text(frame, 100 * i) for i, frame in enumerate(POSITIONS)))
    refused(bare, r"bare: no ITEM: TIME in metal units; give the MD timestep")
    refused(bare, r"timestep 0 fs; it must be positive", timestep_fs=0)
    np.testing.assert_allclose(trajectory.open(bare, timestep_fs=2.0).times_ps, 0.2 * np.arange(6))
    timed = write(tmp_path / "timed", TEXT)
    refused(timed, r"a timestep of 2.0 fs contradicts the times in the file", timestep_fs=2.0)
    assert trajectory.open(timed, timestep_fs=1.0).timestep == pytest.approx(0.1)


def test_elements_charges_and_masses_that_are_missing_or_wrong(tmp_path):
    path = write(tmp_path / "bad", dump_text(POSITIONS, columns="id type xu yu zu"))
    refused(path, r"no element column; give the element of each type")
    refused(path, r"no element given for type 3", elements=["Na", "Si"])
    refused(path, r"no charge given for S", elements=["Na", "Si", "S"], charges={"Na": 1, "Si": 1})
    refused(path, r"no mass given for S", elements=["Na", "Si", "S"], masses={"Na": 1, "Si": 1})
    refused(path, r"masses must be positive", elements=["Na", "Si", "S"], masses={"Na": 1, "Si": 1, "S": 0})
    refused(path, r"'Q' is no chemical element", elements=["Na", "Si", "Q"])
    refused(
        write(tmp_path / "bad2", dump_text(POSITIONS, columns="id element xu yu zu")),
        r"no type column",
        elements=["Na"],
    )
    unnamed = dump_text(POSITIONS).replace(" Na ", " C ").replace(" Si ", " C ").replace(" S ", " C ")
    refused(write(tmp_path / "bad3", unnamed), r"every type is element C, which LAMMPS writes when")
    refused(write(tmp_path / "bad4", TEXT), r"no velocities; dump vx vy vz", velocities=True)


def test_one_frame_and_uneven_frames_have_no_spacing(tmp_path):
    one = trajectory.open(write(tmp_path / "one", dump_text(POSITIONS[:1])))
    with pytest.raises(TrajectoryError, match=r"one: one frame only"):
        one.timestep  # noqa: B018
    frames = [frame_text(frame, step) for frame, step in zip(POSITIONS, (0, 10, 20, 40, 50, 60), strict=True)]
    uneven = trajectory.open(write(tmp_path / "uneven", "".join(frames)), timestep_fs=1.0)
    with pytest.raises(TrajectoryError, match=r"uneven: frames are not evenly spaced: 0.01 ps from step 0 to 10"):
        uneven.timestep  # noqa: B018
    with pytest.raises(TrajectoryError, match=r"uneven: no Li atoms; the dump has Na, S, Si"):
        uneven.indices("Li")
