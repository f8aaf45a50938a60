"""A scan run again, against the archived one: the same bits, or the same numbers within their errors."""

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from glasswf.archive.unpack import ArchiveError, Source
from glasswf.results import TABLES, read_json

# Tables of single numbers with their errors: value and error columns. Two runs that share nothing but their physics are
# within four combined errors of each other but for one number in some hundreds, as errors come from few blocks.
_NUMBERS = {
    "diffusivity": ("diffusivity_cm2_s", "diffusivity_err_cm2_s", "diffusive"),
    "conductivity": ("conductivity_s_cm", "conductivity_err_s_cm", "diffusive"),
    "haven": ("haven_ratio", "haven_ratio_err", "diffusive"),
    "transference": ("transference_number", "transference_number_err", "diffusive"),
    "network": ("value", "value_err", None),
}
_ERRORS = 4.0


@dataclass(frozen=True)
class Comparison:
    """Runs, and those with the same last state to the bit; tables, and the same; numbers, and those beyond errors."""

    runs: int
    same_bits: int
    tables: int
    same_tables: int
    numbers: int
    beyond: tuple[str, ...]
    why: tuple[str, ...]  # the bits may differ

    @property
    def good(self) -> bool:
        """Whether all bits are the same, or else no number lies beyond its errors."""
        return (self.same_bits == self.runs and self.same_tables == self.tables) or (
            self.numbers > 0 and not self.beyond
        )


def compare(source: Source, folder: Path) -> Comparison:
    """Compare the scan in `folder` with the archived one."""
    states = sorted(name for name in source.names if name.startswith("runs/") and name.endswith("/final.data"))
    tables = sorted(name for name in source.names if name.startswith("results/tables/") and name.endswith(".csv"))
    numbers = [(name, *found) for name in tables for found in _numbers(source.text(name), folder / name)]
    return Comparison(
        runs=len(states),
        same_bits=sum(_same(source, name, folder) for name in states),
        tables=len(tables),
        same_tables=sum(_same(source, name, folder) for name in tables),
        numbers=len(numbers),
        beyond=tuple(f"{Path(name).stem}: {what}" for name, what, apart in numbers if apart > _ERRORS),
        why=tuple(sorted(set(_differences(source, folder)))),
    )


def _differences(source: Source, folder: Path) -> Iterator[str]:
    """What differs between the runs there and here, of all that decides the bits."""
    for name in source.names:
        if not (name.startswith("runs/") and name.endswith("/record.json") and (folder / name).is_file()):
            continue
        there, here = _decides(source.json(name)), _decides(read_json(folder / name))
        yield from (f"{key} {there[key]} there, {here[key]} here" for key in there if there[key] != here[key])


def _decides(record: Mapping) -> dict:
    engine = record.get("engine") or {}
    return {"LAMMPS": record.get("lammps"), "started as": engine.get("lammps"), "ranks": engine.get("tasks"),
            "threads": engine.get("threads"),
            "bits kept at restarts:": record.get("same_bits_as_uninterrupted")}  # fmt: skip


def _same(source: Source, name: str, folder: Path) -> bool:
    path = folder / name
    return path.is_file() and path.read_bytes() == source.text(name).encode()


def _numbers(archived: str, again: Path) -> Iterator[tuple[str, float]]:
    """What each number is of, and how many combined errors the two are apart; diffusive points alone."""
    if again.stem not in _NUMBERS or not again.is_file():
        return
    value, error, condition = _NUMBERS[again.stem]
    first, second = _rows(archived, again.stem, value), _rows(again.read_text(encoding="utf-8"), again.stem, value)
    for key in sorted(first.keys() & second.keys()):
        pair = first[key], second[key]
        if any(not row[value] or not row[error] or (condition and row[condition] != "true") for row in pair):
            continue
        combined = math.hypot(*(float(row[error]) for row in pair))
        apart = abs(float(pair[0][value]) - float(pair[1][value]))
        yield f"{' '.join(filter(None, key))}: {pair[0][value]} and {pair[1][value]}", _ratio(apart, combined)


def _ratio(apart: float, combined: float) -> float:
    return apart / combined if combined > 0 else (0.0 if apart == 0 else math.inf)


def _rows(text: str, table: str, value: str) -> dict[tuple[str, ...], Mapping[str, str]]:
    """Rows of a table by the text before its first number with an error."""
    keys = TABLES[table][: TABLES[table].index(value)]
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != TABLES[table]:
        raise ArchiveError(f"table {table}: another header than this version of glasswf writes; nothing to compare")
    return {tuple(row[key] or "" for key in keys): row for row in reader}
