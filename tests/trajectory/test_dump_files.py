"""Compression, line ends, continuation, the cache, and cutting a dump back to a checkpoint."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest
import zstandard
from dumps import dump_text, frame_text, walk, write

from glasswf import trajectory
from glasswf.errors import TrajectoryError
from glasswf.trajectory import dump

POSITIONS = walk()
TEXT = dump_text(POSITIONS)


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress], ids=["gz", "zst"])
@pytest.mark.parametrize("members", [1, 2])
def test_compressed_is_the_same_as_plain(tmp_path, compress, members):
    path = tmp_path / "packed"
    data = TEXT.encode()
    half = len(data) // members
    path.write_bytes(b"".join(compress(part) for part in (data[:half], data[half:]) if part))
    np.testing.assert_array_equal(trajectory.open(path).positions, POSITIONS)
    assert dump.steps(path).tolist() == [0, 100, 200, 300, 400, 500]


@pytest.mark.parametrize("text", [TEXT.replace("\n", "\r\n"), TEXT + "\n", TEXT + "\n  \n", "\n" + TEXT])
def test_foreign_line_ends_and_blank_lines_do_no_harm(tmp_path, text):
    np.testing.assert_array_equal(trajectory.open(write(tmp_path / "d", text)).positions, POSITIONS)


def test_frames_larger_than_a_read_and_many_frames_per_read(tmp_path, monkeypatch):
    path = write(tmp_path / "d", TEXT)
    for size in (7, 100, 1 << 20):
        monkeypatch.setattr("glasswf.trajectory.stream._CHUNK", size)
        np.testing.assert_array_equal(trajectory.open(path).positions, POSITIONS)


def test_parts_that_continue_each_other_are_one_run(tmp_path):
    whole = trajectory.open(write(tmp_path / "whole", TEXT))
    parts = [
        write(tmp_path / "a", dump_text(POSITIONS[:3])),
        write(tmp_path / "b", dump_text(POSITIONS[2:], first=200)),
    ]
    seen = []
    joined = trajectory.open(parts, progress=lambda done, total: seen.append((done, total)))
    np.testing.assert_array_equal(joined.positions, whole.positions)
    np.testing.assert_array_equal(joined.steps, whole.steps)
    assert joined.timestep == whole.timestep
    assert seen[-1][0] == seen[-1][1] == sum(part.stat().st_size for part in parts)
    with pytest.raises(
        TrajectoryError, match=r"a, .*\(step 0\): .*b ends at step 500, so this file does not continue it"
    ):
        trajectory.open(parts[::-1])


def test_a_repeated_frame_with_other_positions_is_another_run(tmp_path):
    other = dump_text(POSITIONS[2:] + 1.0, first=200)
    with pytest.raises(TrajectoryError, match=r"b, line 14 \(step 200\): not the same as in .*a \(up to 1 Å apart\)"):
        trajectory.open([write(tmp_path / "a", dump_text(POSITIONS[:3])), write(tmp_path / "b", other)])


def test_cache_is_used_and_never_stale(tmp_path, monkeypatch):
    path, cache = write(tmp_path / "d", TEXT), tmp_path / "cache"
    trajectory.open(path, cache=cache)
    with monkeypatch.context() as patch:
        patch.setattr("glasswf.trajectory.reader.convert", None)  # reading again would fail
        np.testing.assert_array_equal(trajectory.open(path, cache=cache).positions, POSITIONS)
    write(path, dump_text(POSITIONS + 1))
    os.utime(path, ns=(1, 1))  # the same size, another time
    np.testing.assert_array_equal(trajectory.open(path, cache=cache).positions, POSITIONS + 1)
    assert len(list(cache.iterdir())) == 1


def test_a_failed_read_leaves_no_cache_entry(tmp_path):
    path, cache = write(tmp_path / "d", TEXT[:-20]), tmp_path / "cache"
    with pytest.raises(TrajectoryError, match="cut short"):
        trajectory.open(path, cache=cache)
    assert list(cache.iterdir()) == []


def test_a_dump_that_grows_while_it_is_read_is_refused(tmp_path):
    path = write(tmp_path / "d", TEXT)

    def grow(done, total):
        if done == total:  # the reader has seen the end
            with path.open("a") as handle:
                handle.write(frame_text(POSITIONS[0], 600))

    with pytest.raises(TrajectoryError, match="changed while it was read"):
        trajectory.open(path, progress=grow)


def test_positions_outlive_the_temporary_file_and_are_read_only(tmp_path):
    read = trajectory.open(write(tmp_path / "d", TEXT))
    assert not Path(read.positions.filename).exists()
    assert read.positions.sum() == pytest.approx(POSITIONS.sum())
    with pytest.raises(ValueError, match="read-only"):
        read.positions[0] = 0


def test_spaces_and_other_letters_in_paths(tmp_path):
    folder = tmp_path / "Läufe für Na₂S"
    folder.mkdir()
    path = write(folder / "d ü.lammpstrj", TEXT)
    assert trajectory.open(path, cache=folder / "ein Cache").n_frames == 6


@pytest.mark.parametrize(("step", "kept"), [(-1, 0), (0, 1), (250, 3), (300, 4), (10**6, 6)])
@pytest.mark.parametrize("tail", [0, 1, 5, 37, 400])
def test_truncate_keeps_the_frames_up_to_a_checkpoint(tmp_path, step, kept, tail):
    half = frame_text(walk(seed=3)[0], 600)[:tail]
    path = write(tmp_path / "d", TEXT + half)
    assert dump.steps(path).tolist() == [0, 100, 200, 300, 400, 500]
    assert dump.truncate_after(path, step).tolist() == [100 * i for i in range(kept)]
    assert path.read_text() == dump_text(POSITIONS[:kept])


def test_truncate_then_continue_is_the_uninterrupted_dump(tmp_path):
    path = write(tmp_path / "d", TEXT[: len(TEXT) * 3 // 4])
    kept = dump.truncate_after(path, 250)
    with path.open("a") as handle:
        handle.write(dump_text(POSITIONS[len(kept) :], first=int(kept[-1]) + 100))
    np.testing.assert_array_equal(trajectory.open(path).positions, POSITIONS)


def test_truncate_removes_a_tail_of_zeros_left_by_a_crash(tmp_path):
    path = tmp_path / "d"
    path.write_bytes(TEXT.encode() + b"\0" * 500)
    assert len(dump.truncate_after(path, 10**9)) == 6
    assert path.read_text() == TEXT


def test_truncate_of_an_empty_a_missing_and_a_compressed_dump(tmp_path):
    assert dump.truncate_after(write(tmp_path / "d", ""), 100).tolist() == []
    with pytest.raises(TrajectoryError, match="no such file"):
        dump.truncate_after(tmp_path / "nowhere", 100)
    packed = tmp_path / "d.gz"
    packed.write_bytes(gzip.compress(TEXT.encode()))
    with pytest.raises(TrajectoryError, match="cannot be cut in place"):
        dump.truncate_after(packed, 100)
