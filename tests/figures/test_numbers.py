import pytest

from glasswf.figures.numbers import duration, plain, plus_minus


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (3.54e-5, 4.1e-6, "(3.5 ± 0.4)·10⁻⁵"),
        (3.54e-5, 1.4e-6, "(3.54 ± 0.14)·10⁻⁵"),
        (0.439, 0.03, "0.44 ± 0.03"),
        (0.358, 0.0958, "0.36 ± 0.10"),
        (1493.2, 2.2, "1493 ± 2"),
        (1493.2, 120.0, "1493 ± 120"),
        (2e-7, 3e-6, "(0 ± 3)·10⁻⁶"),
        (-0.5, 0.2, "−0.5 ± 0.2"),
        (0.5, None, "0.5 (no error)"),
        (None, 0.1, "–"),
        (float("nan"), 0.1, "–"),
    ],
)
def test_digits_follow_the_error(value, error, text):
    assert plus_minus(value, error) == text


def test_plain_numbers_and_durations():
    assert [plain(value) for value in (0.000123, 12.0, 0, None)] == ["1.23·10⁻⁴", "12", "0", "–"]
    assert plain(9.996e-5) == "1·10⁻⁴"
    assert [duration(value) for value in (12.4, 200, 7500, None)] == [
        "12 s",
        "3 min 20 s",
        "2 h 05 min",
        "not recorded",
    ]
