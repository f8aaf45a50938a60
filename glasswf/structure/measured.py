"""Measured curves: text files of two or three columns."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from glasswf.errors import AnalysisError


@dataclass(frozen=True, eq=False)
class Measured:
    """A measured curve. x: (n,), rising; k in 1/Å or r in Å. y: (n,). error: (n,), or None. source: the file."""

    x: np.ndarray
    y: np.ndarray
    error: np.ndarray | None
    source: str


def read(path: Path | str) -> Measured:
    """Read a text file of columns x, value and, optionally, error of the value.

    Columns are separated by blanks, tabs or commas; what follows a # is a comment, empty lines are skipped. x is not
    negative and rises from line to line. At least two lines. Raises AnalysisError that names file and line otherwise.
    """
    rows: list[list[float]] = []
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if content := line.partition("#")[0].strip():
            rows.append(_row(content, rows, f"{path}, line {number}"))
    if len(rows) < 2:
        raise AnalysisError(f"{path}: {len(rows)} lines with numbers; at least two are needed")
    x, y, *error = np.array(rows).T
    return Measured(x, y, error[0] if error else None, str(path))


def _text(path: Path | str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise AnalysisError(f"{path}: cannot be read ({fault.strerror or fault})") from None
    except UnicodeDecodeError:
        raise AnalysisError(f"{path}: not a text file; columns of numbers in UTF-8 are expected") from None


def _row(content: str, rows: list[list[float]], where: str) -> list[float]:
    row = [_number(word.strip(), where) for word in _words(content)]
    expected = (len(rows[0]),) if rows else (2, 3)
    if len(row) not in expected:
        raise AnalysisError(f"{where}: {len(row)} columns; {' or '.join(map(str, expected))} are expected")
    if row[0] < 0:
        raise AnalysisError(f"{where}: {row[0]:g} in the first column; k and r are not negative")
    if rows and row[0] <= rows[-1][0]:
        raise AnalysisError(f"{where}: {row[0]:g} follows {rows[-1][0]:g}; the first column must rise")
    if row[2:] and row[2] < 0:
        raise AnalysisError(f"{where}: an error of {row[2]:g}; errors are not negative")
    return row


def _words(content: str) -> list[str]:
    """Blanks around a comma belong to it."""
    return [word for part in content.split(",") for word in part.split() or [""]]


def _number(word: str, where: str) -> float:
    try:
        value = float(word) if "_" not in word else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise AnalysisError(f"{where}: {word!r} is not a number; comments begin with #")
    return value
