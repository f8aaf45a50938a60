import errno
import os

import numpy as np
import pytest

from glasswf import files, results
from glasswf.errors import AnalysisError, GlasswfError
from glasswf.statistics import mean_and_error, slope_and_error

ROW = {"system": "80", "label": "m2", "replica": 1, "run": "T2000", "gate": "pressure", "value": 0.1 + 0.2,
       "error": float("nan"), "unit": "bar, or so", "passed": np.bool_(True)}  # fmt: skip


def test_table_round_trip(tmp_path):
    results.write_table(tmp_path / "gates.csv", "gates", [ROW])
    (back,) = results.read_table(tmp_path / "gates.csv", "gates")
    assert back["system"] == "80" and back["replica"] == 1 and back["passed"] is True
    assert back["value"] == pytest.approx(0.3) and back["error"] is None and back["unit"] == "bar, or so"


def test_tables_that_are_not_ours(tmp_path):
    with pytest.raises(AnalysisError, match=r"unknown columns \['colour'\]"):
        results.write_table(tmp_path / "gates.csv", "gates", [{"colour": 1}])
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(AnalysisError, match="not a gates table"):
        results.read_table(tmp_path / "x.csv", "gates")
    results.write_table(tmp_path / "cut.csv", "gates", [ROW, ROW])
    text = (tmp_path / "cut.csv").read_text()
    (tmp_path / "cut.csv").write_text(text[:-30])
    with pytest.raises(AnalysisError, match=r"cut\.csv, line 3: ends in the middle; delete it"):
        results.read_table(tmp_path / "cut.csv", "gates")


def test_json_keeps_no_nan_and_names_broken_files(tmp_path):
    results.write_json(tmp_path / "a.json", {"x": np.array([1.0, np.nan])})
    assert results.read_json(tmp_path / "a.json") == {"x": [1.0, None]}
    (tmp_path / "b.json").write_text('{"x": ')
    with pytest.raises(AnalysisError, match=r"b\.json: not valid JSON"):
        results.read_json(tmp_path / "b.json")


def test_a_reader_never_sees_half_a_file(tmp_path):
    path = tmp_path / "file.txt"
    files.write_text(path, "old")
    with pytest.raises(RuntimeError), files.replacing(path) as temporary:
        temporary.write_text("half of the n")
        raise RuntimeError
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["file.txt"]  # noqa: PTH208


def test_full_disk_is_one_line(tmp_path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_text", full)
    with pytest.raises(GlasswfError, match=r"cannot write .*: the disk is full"):
        files.write_text(tmp_path / "file.txt", "x")


def test_unchanged_text_is_not_written_again(tmp_path):
    path = tmp_path / "file.txt"
    assert files.write_if_changed(path, "a")
    before = path.stat().st_mtime_ns
    assert not files.write_if_changed(path, "a")
    assert path.stat().st_mtime_ns == before and files.write_if_changed(path, "b")


def correlated(generator, length, memory):
    noise = generator.normal(size=length)
    series = np.empty(length)
    series[0] = noise[0]
    for i in range(1, length):
        series[i] = memory * series[i - 1] + np.sqrt(1 - memory**2) * noise[i]
    return series


def test_errors_of_correlated_series_cover_the_truth():
    """One standard error covers about two thirds of the cases (Student's t with 7 degrees of freedom: 65 %)."""
    generator = np.random.default_rng(5)
    times = np.arange(800.0)
    inside = np.zeros((300, 2), dtype=bool)
    for case in inside:
        series = correlated(generator, 800, 0.8)
        mean, mean_error = mean_and_error(series)
        slope, slope_error = slope_and_error(times, series)
        case[:] = abs(mean) < mean_error, abs(slope) < slope_error
    assert np.all(np.abs(inside.mean(axis=0) - 0.655) < 0.105)


def test_too_short_series_have_no_error():
    assert np.isnan(mean_and_error([1.0, 2.0])[1]) and mean_and_error([1.0, 2.0])[0] == 1.5
    assert np.isnan(slope_and_error([0, 1], [1.0, 2.0])).all()
