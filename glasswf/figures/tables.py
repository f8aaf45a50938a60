"""The tables and provenance of one results folder, read once, and the questions figures and report ask of them."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from glasswf.composition import critical_m
from glasswf.errors import AnalysisError
from glasswf.results import TABLES, read_json, read_table

_ORDER = ("Na", "Li", "Si", "S")
_VARIABLE = {"m": "m", "n_si": "m", "n_former": "m", "x": "x"}
COLLECTIVE = "collective"  # eq. (5) of the PRL
NERNST_EINSTEIN = "nernst_einstein"  # self-diffusion only


@dataclass(frozen=True, eq=False)
class Results:
    """Rows of each table of `folder` (an absent table is an empty list), its provenance and a digest per file read."""

    folder: Path
    tables: dict[str, list[dict]]
    provenance: dict
    digests: dict[str, str] = field(default_factory=dict)

    def rows(self, table: str, **where: object) -> list[dict]:
        """Rows of `table` whose columns equal every keyword."""
        return [row for row in self.tables[table] if all(row[key] == value for key, value in where.items())]


@dataclass(frozen=True)
class Series:
    """One system of the config: what its compositions scan ("m", "x" or None) and its rigidity threshold.

    m_critical: threshold of glasswf.composition.critical_m; None where no transition is expected for any m >= 2, or
    where m is not what is scanned.
    """

    name: str
    scan: str | None
    x: float
    m_critical: float | None


def load(folder: Path | str) -> Results:
    """Read `folder`/tables/*.csv and `folder`/provenance.json. AnalysisError if there is no table at all."""
    folder = Path(folder)
    paths = {name: folder / "tables" / f"{name}.csv" for name in TABLES}
    found = {name: path for name, path in paths.items() if path.is_file()}
    if not found:
        raise AnalysisError(f"{folder}: no result tables (expected tables/diffusivity.csv and others); run first")
    tables = {name: read_table(paths[name], name) if name in found else [] for name in TABLES}
    provenance = folder / "provenance.json"
    files = [*found.values(), *([provenance] if provenance.is_file() else [])]
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    return Results(folder, tables, read_json(provenance) if provenance.is_file() else {}, digests)


def all_series(results: Results) -> list[Series]:
    """Every system of the results, in the order of the config where that is recorded, else of the tables."""
    recorded = {str(entry.get("name")): entry for entry in results.provenance.get("systems") or []}
    in_tables = dict.fromkeys(str(row["system"]) for rows in results.tables.values() for row in rows)
    names = [*(name for name in recorded if name in in_tables), *(name for name in in_tables if name not in recorded)]
    return [_series(name, results, recorded.get(name, {})) for name in names]


def _series(name: str, results: Results, entry: dict) -> Series:
    rows = [
        row for table in ("diffusivity", "conductivity", "msd", "arrhenius") for row in results.rows(table, system=name)
    ]
    xs, ms = ([row[key] for row in rows if row[key] is not None] for key in ("x", "m"))
    x = entry.get("x") if entry.get("x") is not None else median(xs or [0.0])
    scan = _VARIABLE.get(entry.get("scan")) or _scanned(xs, ms)
    recorded = entry.get("m_c") or critical_m(x)  # of the x asked for, where that is recorded
    return Series(name, scan, x, recorded if scan == "m" else None)


def _scanned(xs: list[float], ms: list[float]) -> str | None:
    """The quantity that varies more, as a part of its useful range (0-1 for x, some 4 for m); None for one point."""
    span_x, span_m = (max(values) - min(values) if values else 0.0 for values in (xs, ms))
    if max(span_x, span_m / 4) < 0.01:
        return None
    return "x" if span_x > span_m / 4 else "m"


def trusted(row: dict) -> bool:
    """The point is diffusive and its runs passed every gate, as far as the row tells."""
    return row.get("diffusive") is not False and row.get("gates_passed") is not False


def compositions(results: Results, rows: Iterable[dict]) -> list[str]:
    """Labels in `rows` (of one system), ordered along its scan."""
    rows = list(rows)
    by = next((each.scan or "m" for each in all_series(results) if rows and each.name == rows[0]["system"]), "m")
    return list(dict.fromkeys(row["label"] for row in sorted(rows, key=lambda row: row[by] or 0.0)))


def species_in(rows: Iterable[dict]) -> list[str]:
    """Species that occur, mobile ions first."""
    present = {row["species"] for row in rows}
    return sorted(present, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name))


def temperatures(rows: Iterable[dict]) -> list[float]:
    """Temperatures that occur, hottest first (K)."""
    return sorted({row["temperature_k"] for row in rows}, reverse=True)


def thinned(items: list, limit: int) -> list:
    """At most `limit` of `items`, evenly spread and with both ends."""
    if len(items) <= limit:
        return items
    return [items[round(i * (len(items) - 1) / (limit - 1))] for i in range(limit)]
