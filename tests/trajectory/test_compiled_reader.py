"""The compiled reader of text gives what the one in Python gives, or leaves the frame to it."""

import numpy as np
import pytest
from dumps import dump_text, walk, write
from hypothesis import given, settings
from hypothesis import strategies as st

from glasswf import trajectory
from glasswf.errors import TrajectoryError
from glasswf.trajectory import kernel, lines
from glasswf.trajectory.formats import options

NUMBERS = ("{:.6g}", "{:.15g}", "{:.17g}", "{:.16e}", "{:.10f}", "{:+.3E}", "{!r}")


@pytest.fixture(autouse=True)
def compiled(monkeypatch):
    monkeypatch.setattr(options, "_COMPILED_BYTES", 0)
    monkeypatch.setattr(options, "_COMPILED_BYTES_LOADED", 0)


@pytest.fixture
def alone(monkeypatch):
    """No frame but the first may be read in Python."""
    slowly, seen = lines.AtomLines._slowly, []

    def once(self, frame):
        assert not seen, f"{frame.where} was left to Python"
        seen.append(frame)
        return slowly(self, frame)

    monkeypatch.setattr(lines.AtomLines, "_slowly", once)


def parsed(words):
    """The words as numbers by the kernel, or None if it does not find them clean."""
    text = "".join(f"{index + 1} Na {word} 7\n" for index, word in enumerate(words)).encode()
    ids, names = np.zeros(len(words), np.int64), np.zeros((1, len(words)), "S8")
    numbers = np.zeros((len(words), 1)).T
    uses = np.array([kernel.IDENTITY, kernel.WORD, kernel.NUMBER, kernel.SKIP])
    text = np.frombuffer(text, np.uint8)
    none = np.empty(0, np.uint8), np.zeros(len(words) + 1, np.int64)
    if not kernel.parse(text, uses, np.zeros(4, np.int64), ids, names.view(np.uint64), numbers, *none, 0):
        return None
    assert ids.tolist() == list(range(1, len(words) + 1))
    assert set(names[0]) == {b"Na"}
    return numbers[0]


@settings(max_examples=300, deadline=None)
@given(value=st.floats(-1e8, 1e8), form=st.sampled_from(NUMBERS))
def test_numbers_are_those_of_python(value, form):
    word = form.format(value)
    read = parsed([word])
    if read is not None:
        assert read[0] == float(word)
    else:  # left to Python: only what no coordinate looks like
        assert 0 < abs(value) < 1e-4


def test_printed_numbers_are_correctly_rounded():
    rng = np.random.default_rng(0)
    for form in NUMBERS:
        words = [form.format(value) for value in rng.normal(0, 40, 20_000).tolist()]
        np.testing.assert_array_equal(parsed(words), [float(word) for word in words], strict=True)


@pytest.mark.parametrize(
    "word",
    ["nan", "inf", "-inf", "1e", "1.2.3", "abc", "--1", "1,5", "1e400", "0x10", "1_0", ".", "-", "1e+", "123456789" * 3]
)  # fmt: skip
def test_words_that_are_not_clean_are_left_to_python(word):
    assert parsed(["1.5", word]) is None
    assert parsed(["1.5", ".5", "5.", "+5", "-0", "1E2", "007"]).tolist() == [1.5, 0.5, 5, 5, 0, 100, 7]


@pytest.mark.parametrize(
    "columns", ["id type element q xu yu zu", "zu element yu xu q id type", "id element x y z ix iy iz"]
)
@pytest.mark.parametrize("mixed", [False, True])
def test_files_are_read_alike(tmp_path, alone, columns, mixed):
    order = np.random.default_rng(1).permutation(9) if mixed else None
    path = write(tmp_path / "d", dump_text(walk(), columns=columns, order=order))
    read = trajectory.open(path)
    np.testing.assert_allclose(read.positions, walk(), atol=1e-12)
    if "xu" in columns:
        np.testing.assert_array_equal(read.positions, walk())


TEXT = dump_text(walk())


@pytest.mark.parametrize(
    ("row", "old", "new", "match"),
    [
        (-1, "S ", "Na ", r"\(step 500\): another element for some atoms"),
        (-1, "9 3 S", "9 2 S", r"\(step 500\): another type for some atoms"),
        (-1, "9 3", "12 3", r"\(step 500\): other atom ids \(such as 9\)"),
        (-4, " S", " S 4", r"line 119 \(step 500\): 8 columns where 7 belong"),
        (-4, "-1.2", "", r"6 columns where 7 belong"),
        (-2, "\n", "e\n", r"line 121 \(step 500\): '.*e' in column zu is not a number"),
        (-2, " 2.4 ", " 2.4 nan ", r"line 121 \(step 500\): 8 columns"),
    ],
)
def test_faults_are_explained_as_without_it(tmp_path, monkeypatch, row, old, new, match):
    rows = TEXT.splitlines(keepends=True)
    assert old in rows[row]
    rows[row] = rows[row].replace(old, new, 1)
    path = write(tmp_path / "bad", "".join(rows))
    messages = []
    for limit in (0, 10**9):
        monkeypatch.setattr(options, "_COMPILED_BYTES_LOADED", limit)
        with pytest.raises(TrajectoryError, match=match) as caught:
            trajectory.open(path)
        messages.append(str(caught.value))
    assert messages[0] == messages[1]


def test_nan_in_a_later_frame_is_explained(tmp_path):
    rows = TEXT.splitlines()
    rows[-4] = " ".join([*rows[-4].split()[:-1], "nan"])
    path = write(tmp_path / "bad", "\n".join(rows) + "\n")
    with pytest.raises(TrajectoryError, match=r"line 119 \(step 500\): zu is nan"):
        trajectory.open(path)


def test_small_files_do_not_pay_for_it(tmp_path, monkeypatch):
    monkeypatch.undo()
    path = write(tmp_path / "d", TEXT)
    assert not options._pays([path])
