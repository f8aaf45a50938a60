"""Wright parameter by hand, and the reader of measured files."""

import string

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glasswf.errors import AnalysisError
from glasswf.results import TABLES
from glasswf.structure.averages import Sampled
from glasswf.structure.factor_rows import wright_rows
from glasswf.structure.measured import Measured, read
from glasswf.structure.wright import compare, parameter

X = np.linspace(0.5, 12, 116)


def curve(k):
    return 1 + np.sin(3 * k) / k


def fixed(values):
    return Sampled(np.asarray(values, dtype=float)[None, None])


def test_a_curve_against_itself_is_zero():
    measured = Measured(X, curve(X), None, "self")
    assert [found.value for found in compare(measured, X, fixed(curve(X)), (0.6, 12.0))] == [0.0, 0.0]


@pytest.mark.parametrize(("definition", "value"), [("legrand", 1 / 3), ("review", 1 / 5)])
def test_by_hand(definition, value):
    """Measured 1, 2, 2 against 1, 1, 2: sum of squares 9, sum 5."""
    assert parameter(definition, np.array([1.0, 2, 2]), np.array([1.0, 1, 2])) == pytest.approx(value)


def test_points_twice_as_dense_change_only_the_definition_of_the_review():
    measured, ours = curve(X), curve(X) + 0.1
    for definition, ratio in (("legrand", 1), ("review", 0.5**0.5)):
        once, twice = (parameter(definition, np.tile(measured, n), np.tile(ours, n)) for n in (1, 2))
        assert twice / once == pytest.approx(ratio)


def test_ours_is_interpolated_and_the_range_is_what_both_know():
    measured = Measured(np.array([0.1, 1.05, 2.05, 3.05, 12.5]), np.array([9.0, 2.05, 3.05, 5.05, 9.0]), None, "five")
    x = np.arange(0.5, 12.01, 0.1)
    found = compare(measured, x, fixed(x + 1), (0.0, 20.0))[0]
    assert (found.n_points, found.start, found.stop) == (3, 1.05, 3.05)
    assert found.value == pytest.approx(1 / np.sqrt(2.05**2 + 3.05**2 + 5.05**2))
    assert np.isnan(found.error)
    narrow = compare(measured, x, fixed(x + 1), (1.05, 2.05))[0]
    assert (narrow.n_points, narrow.value) == (2, pytest.approx(0, abs=1e-12))


def test_the_error_is_that_of_ours():
    """Where ours is off by an offset that blocks know to some error, R is off by that in units of the measured."""
    offsets = np.random.default_rng(0).normal(0.5, 0.1, (2, 5, 1))
    measured = Measured(X, np.full(len(X), 2.0), None, "flat")
    found = compare(measured, X, Sampled(2.0 + offsets + 0 * X), (0.6, 12))[0]
    expected = Sampled(offsets[..., 0])
    assert found.value == pytest.approx(expected.mean / 2)
    assert found.error == pytest.approx(expected.error / 2)


def test_rows_fill_their_table():
    measured = Measured(X, curve(X), None, "glass.txt")
    rows = wright_rows(measured, "S_X", (0.6, 12), X, fixed(curve(X) * 1.01))
    assert {key for row in rows for key in row} <= set(TABLES["wright"])
    assert [row["definition"] for row in rows] == ["legrand", "review"]
    assert rows[0]["value"] == pytest.approx(0.01)
    assert (rows[0]["file"], rows[0]["quantity"], rows[0]["n_points"]) == ("glass.txt", "S_X", (X >= 0.6).sum())


@pytest.mark.parametrize(
    ("y", "span", "message"),
    [
        (curve(X), (20.0, 30.0), "measured from 0.5 to 12, ours known from 0.5 to 12; 0 points in the range 20 to 30"),
        (np.tile([1.0, -1.0], 58), (0, 20.0), "glass.txt: values from 0.5 to 12 add up to zero"),
    ],
)
def test_what_cannot_be_compared_is_one_line(y, span, message):
    with pytest.raises(AnalysisError, match=message) as caught:
        compare(Measured(X, y, None, "glass.txt"), X, fixed(curve(X)), span)
    assert "\n" not in str(caught.value)


def test_unknown_definitions_are_refused():
    with pytest.raises(AnalysisError, match="no definition 'chi' of the Wright parameter; there are legrand"):
        parameter("chi", np.ones(2), np.ones(2))


def test_a_file_with_everything_in_it(tmp_path):
    path = tmp_path / "s.txt"
    path.write_bytes("\ufeff# k S error\r\n\r\n0.5, 1e-1, .01\r\n 1.0\t+2.5  0 # peak\r\n1.5 , 3 , 0.2\r\n".encode())
    found = read(path)
    assert found.x == pytest.approx([0.5, 1.0, 1.5])
    assert found.y == pytest.approx([0.1, 2.5, 3])
    assert found.error == pytest.approx([0.01, 0, 0.2])
    assert found.source == str(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "0 lines with numbers; at least two"),
        ("# only\n1 2\n", "1 lines with numbers"),
        ("1 2\n2 3\n\n2 4\n", "line 4: 2 follows 2; the first column must rise"),
        ("k S\n1 2\n2 3\n", "line 1: 'k' is not a number; comments begin with #"),
        ("1 2\n2 nan\n", "line 2: 'nan' is not a number"),
        ("1 2\n2 3 0.1\n", "line 2: 3 columns; 2 are expected"),
        ("1\n2\n", "line 1: 1 columns; 2 or 3 are expected"),
        ("1 2 3 4\n", "line 1: 4 columns"),
        ("1,,2\n", "line 1: '' is not a number"),
        ("-1 2\n1 2\n", "line 1: -1 in the first column"),
        ("1 2 0.1\n2 2 -0.1\n", "line 2: an error of -0.1"),
        ("1;2\n", "line 1: '1;2' is not a number"),
        ("1_0 2\n", "line 1: '1_0' is not a number"),
    ],
)
def test_faults_name_file_and_line(tmp_path, content, message):
    path = tmp_path / "s.txt"
    path.write_text(content)
    with pytest.raises(AnalysisError, match=message) as caught:
        read(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_files_that_are_none(tmp_path):
    with pytest.raises(AnalysisError, match=r"nothing\.txt: cannot be read \(No such file"):
        read(tmp_path / "nothing.txt")
    with pytest.raises(AnalysisError, match=r"cannot be read \(Is a directory"):
        read(tmp_path)
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    with pytest.raises(AnalysisError, match="not a text file"):
        read(tmp_path / "binary")


_NUMBER = st.floats(-1e6, 1e6).map(lambda value: round(value, 6))
_AXIS = st.lists(st.integers(0, 10**6), min_size=2, max_size=12, unique=True).map(
    lambda x: [v / 1e4 for v in sorted(x)]
)
_SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_SETTINGS
@given(
    axis=_AXIS,
    values=st.lists(st.tuples(_NUMBER, st.floats(0, 1e3)), min_size=12, max_size=12),
    separator=st.sampled_from([" ", "\t", ",", " , ", "   ", ", "]),
    end=st.sampled_from(["\n", "\r\n", " # note\n", "\n\n#\n"]),
    with_errors=st.booleans(),
)
def test_what_is_written_is_read(tmp_path, axis, values, separator, end, with_errors):
    rows = [(x, y, error)[: 3 if with_errors else 2] for x, (y, error) in zip(axis, values, strict=False)]
    path = tmp_path / "s.txt"
    path.write_text("".join(separator.join(map(repr, row)) + end for row in rows), newline="")
    found = read(path)
    assert np.column_stack((found.x, found.y)).tolist() == [list(row[:2]) for row in rows]
    assert (found.error.tolist() == [row[2] for row in rows]) if with_errors else found.error is None


@_SETTINGS
@given(st.text(alphabet=string.digits + " .,-+e#\n\tnaif\u2028\x0b;", max_size=60))
def test_any_text_is_read_or_refused_in_one_line(tmp_path, text):
    path = tmp_path / "s.txt"
    path.write_text(text, encoding="utf-8")
    try:
        found = read(path)
    except AnalysisError as fault:
        assert str(path) in str(fault) and "\n" not in str(fault)
    else:
        assert len(found.x) == len(found.y) >= 2
        assert np.isfinite(found.y).all() and (np.diff(found.x) > 0).all()
