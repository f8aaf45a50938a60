"""Atom lines to numbers, compiled: one pass over the bytes, no copies.

Only clean lines are read (digits, sign, point, exponent, single-byte separators); for anything else the caller reads
the frame again by the slow way, which can say what is wrong.
"""

import numpy as np
from numba import njit

SKIP, IDENTITY, WORD, NUMBER = 0, 1, 2, 3

_SPACE, _TAB, _NEWLINE, _RETURN, _PLUS, _MINUS, _POINT, _ZERO = 32, 9, 10, 13, 43, 45, 46, 48
_LARGEST = 22  # 10^22 is the largest power of ten that is a double
_POWERS = 10.0 ** np.arange(_LARGEST + 1)
_EXACT = np.uint64(2**53)
_MAX_DIGITS = np.uint64(19)  # what a uint64 holds
# Positions are unsigned (no test for negative indices), and unsigned stays unsigned only among its like.
_NONE, _ONE, _EIGHT, _TEN = np.uint64(0), np.uint64(1), np.uint64(8), np.uint64(10)
_SPLIT = 134217729.0  # 2^27 + 1, Dekker's splitting constant


@njit(cache=True, inline="always")
def _digit(byte):
    return np.uint8(byte - np.uint8(48))  # above 9 if it is none


@njit(cache=True, inline="always")
def _product_error(a, b, product):
    """Rounding error of a·b (Dekker 1971)."""
    c = _SPLIT * a
    a1 = c - (c - a)
    c = _SPLIT * b
    b1 = c - (c - b)
    a2, b2 = a - a1, b - b1
    return a2 * b2 - (((product - a1 * b1) - a2 * b1) - a1 * b2)


@njit(cache=True, inline="always")
def _scaled(mantissa, exponent):
    """mantissa · 10^exponent for |exponent| <= 22: exact operands for up to 15 digits, else with a correction."""
    high = float(mantissa)
    power = _POWERS[abs(exponent)]
    if mantissa < _EXACT:
        return high / power if exponent < 0 else high * power
    rounded = np.uint64(high)
    low = float(mantissa - rounded) if mantissa >= rounded else -float(rounded - mantissa)
    if exponent < 0:
        quotient = high / power
        product = quotient * power
        return quotient + ((high - product) - _product_error(quotient, power, product) + low) / power
    product = high * power
    return product + (_product_error(high, power, product) + low * power)


@njit(cache=True, inline="always")
def _number(text, pos):
    """Value and position behind it; position 0 if this is not a plain decimal number."""
    negative = text[pos] == _MINUS
    if negative or text[pos] == _PLUS:
        pos += _ONE
    start = pos
    pos, mantissa = _digits(text, pos, np.uint64(0))
    digits, exponent = pos - start, np.int64(0)
    if text[pos] == _POINT:
        pos += _ONE
        point = pos
        pos, mantissa = _digits(text, pos, mantissa)
        digits += pos - point
        exponent = -np.int64(pos - point)
    if digits > _MAX_DIGITS:  # zeros in front do not count
        digits -= min(_leading_zeros(text, start), digits - _ONE)
    if digits == _NONE or digits > _MAX_DIGITS:
        return 0.0, _NONE
    if text[pos] > _SPACE:
        power, pos = _exponent(text, pos)
        exponent += power
    if abs(exponent) > _LARGEST:
        return 0.0, _NONE
    if mantissa < _EXACT and exponent <= 0:  # both exact: one rounding
        value = np.float64(mantissa) / _POWERS[-exponent]
    else:
        value = _scaled(mantissa, exponent)
    return -value if negative else value, pos


@njit(cache=True)
def _leading_zeros(text, pos):
    zeros = _NONE
    while text[pos] == _ZERO or text[pos] == _POINT:
        zeros += np.uint64(text[pos] == _ZERO)
        pos += _ONE
    return zeros


@njit(cache=True, inline="always")
def _digits(text, pos, value):
    digit = _digit(text[pos])
    while digit < 10:
        value = value * _TEN + np.uint64(digit)
        pos += _ONE
        digit = _digit(text[pos])
    return pos, value


@njit(cache=True, inline="always")
def _exponent(text, pos):
    letter = text[pos] == 101 or text[pos] == 69  # e or E
    pos += _ONE
    negative = text[pos] == _MINUS
    if negative or text[pos] == _PLUS:
        pos += _ONE
    start = pos
    pos, power = _digits(text, pos, np.uint64(0))
    if not letter or pos == start or pos - start > 4 or text[pos] > _SPACE:
        return np.int64(0), _NONE
    return (-np.int64(power) if negative else np.int64(power)), pos


@njit(cache=True, inline="always")
def _identity(text, pos):
    start = pos
    pos, value = _digits(text, pos, np.uint64(0))
    clean = pos > start and pos - start < _MAX_DIGITS and text[pos] <= _SPACE
    return np.int64(value), (pos if clean else _NONE)


@njit(cache=True, inline="always")
def _word(text, pos):
    """Up to eight bytes as they lie in memory."""
    value, start, shift = np.uint64(0), pos, np.uint64(0)
    while text[pos] > _SPACE and pos - start < _EIGHT + _ONE:
        if pos - start < _EIGHT:
            value |= np.uint64(text[pos]) << shift
        shift += _EIGHT
        pos += _ONE
    return value, (pos if pos > start and pos - start <= _EIGHT else _NONE)


@njit(cache=True)
def parse(text, uses, slots, ids, words, numbers, known, stops, first):  # noqa: C901  (one loop: calls would cost a third of the speed)
    """Read len(ids) lines of len(uses) columns; whether `text` holds exactly these and all of them are clean.

    text: (n,) uint8, ending with a newline. uses: (n_columns,) SKIP, IDENTITY, WORD or NUMBER; slots: (n_columns,) row
    of `words` (uint64) or `numbers` (float64) each goes to. Filled in: ids (N,), words (., N), numbers (., N).
    known: (stops[-1],) uint8, what the `first` leading columns of every line must be, byte for byte, instead of being
    read; stops: (N + 1,) where in `known` each line starts.
    """
    pos, size = np.uint64(0), np.uint64(len(text))
    for atom in range(len(ids)):
        if pos >= size:
            return False
        for index in range(stops[atom], stops[atom + 1]):
            if text[pos] != known[index]:  # at the end of a line at the latest, for there is none in `known`
                return False
            pos += _ONE
        for column in range(first, len(uses)):
            while text[pos] == _SPACE or text[pos] == _TAB:
                pos += _ONE
            use = uses[column]
            if use == NUMBER:
                numbers[slots[column], atom], pos = _number(text, pos)
            elif use == SKIP:
                start = pos
                while text[pos] > _SPACE:
                    pos += _ONE
                pos = _NONE if pos == start else pos
            elif use == WORD:
                words[slots[column], atom], pos = _word(text, pos)
            else:
                ids[atom], pos = _identity(text, pos)
            if pos == _NONE:
                return False
        while text[pos] == _SPACE or text[pos] == _TAB or text[pos] == _RETURN:
            pos += _ONE
        if text[pos] != _NEWLINE:
            return False
        pos += _ONE
    return pos == size
