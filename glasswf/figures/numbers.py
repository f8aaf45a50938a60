"""Numbers as text: values with errors, rounded to what the error allows."""

import math

NOT_RECORDED = "not recorded"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def plus_minus(value: float | None, error: float | None) -> str:
    """Format 3.54e-5 and 4.1e-6 as "(3.5 ± 0.4)·10⁻⁵"; two digits of the error where its first is 1, else one.

    Without an error three digits are given and the missing error is named; None is "–".
    """
    if value is None or not math.isfinite(value):
        return "–"
    if not error or not math.isfinite(error):
        return f"{plain(value)} (no error)"
    power = _power(max(abs(value), error))
    scaled, spread = value / 10.0**power, error / 10.0**power
    digits = max(0, _error_digits(spread))
    text = f"{scaled:.{digits}f} ± {spread:.{digits}f}".replace("-", "−")
    return f"({text}){_times_ten(power)}" if power else text


def plain(value: float | None, digits: int = 3) -> str:
    """Format a number with `digits` significant digits, powers of ten written out; None is "–"."""
    if value is None or not math.isfinite(value):
        return "–"
    value = float(f"{value:.{digits - 1}e}")  # rounded before the power is taken, so that 9.996 becomes 1·10
    power = _power(abs(value))
    return f"{value / 10.0**power:.{digits}g}".replace("-", "−") + _times_ten(power)


def duration(seconds: float | None) -> str:
    """Format seconds as "2 h 05 min", "3 min 20 s" or "12 s"."""
    if seconds is None:
        return NOT_RECORDED
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def _power(size: float) -> int:
    """Power of ten to take out: none for numbers people read at a glance."""
    if size == 0 or 1e-2 <= size < 1e4:
        return 0
    return math.floor(math.log10(size))


def _times_ten(power: int) -> str:
    return f"·10{str(power).translate(_SUPERSCRIPT)}" if power else ""


def _error_digits(spread: float) -> int:
    """Decimals that show the error's first digit once rounded, or two digits if that is 1."""
    rounded = f"{spread:.0e}"
    return -math.floor(math.log10(float(rounded))) + (rounded[0] == "1")
