"""The tables and provenance of one results folder, read once, and the questions figures and report ask of them."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median

from glasswf.composition import critical_m
from glasswf.errors import AnalysisError
from glasswf.results import MD_TABLES, STRUCTURE_TABLES, TABLES, read_json, read_table

_ORDER = ("Na", "Li", "Si", "S")
_VARIABLE = {"m": "m", "n_si": "m", "n_former": "m", "x": "x"}
# long, and wanted by few figures
_CURVES = frozenset({"msd", "current", "non_gaussian", "van_hove", "pair_correlation", "structure_factor", "angles",
                     "slab"})  # fmt: skip
COLLECTIVE = "collective"  # eq. (5) of the PRL
NERNST_EINSTEIN = "nernst_einstein"  # self-diffusion only
GREEN_KUBO = "green_kubo"  # from the current autocorrelation, where velocities were dumped


@dataclass(frozen=True, eq=False)
class Results:
    """Rows of each table of `folder` (an absent table is an empty list) and its provenance. present: tables there."""

    folder: Path
    tables: Mapping[str, list[dict]]
    provenance: dict
    present: frozenset[str] = frozenset()

    def digests(self, tables: Iterable[str]) -> dict[str, str]:
        """SHA-256 of the files of these tables and of the provenance, as far as they are there."""
        names = [f"tables/{name}.csv" for name in sorted(tables)]
        paths = [self.folder / name for name in (*names, "provenance.json")]
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths if path.is_file()}

    def rows(self, table: str, **where: object) -> list[dict]:
        """Rows of `table` whose columns equal every keyword."""
        return [row for row in self.tables[table] if all(row[key] == value for key, value in where.items())]

    @cached_property
    def systems(self) -> list[str]:
        """Names of the systems that occur in the tables, those of curves excepted."""
        short = (self.tables[name] for name in (*MD_TABLES, *STRUCTURE_TABLES) if name not in _CURVES)
        return list(dict.fromkeys(str(row["system"]) for rows in short for row in rows))

    @cached_property
    def series(self) -> list["Series"]:
        """Every system, in the order of the config where that is recorded, else of the tables."""
        recorded = {str(entry.get("name")): entry for entry in self.provenance.get("systems") or []}
        names = [name for name in recorded if name in self.systems]
        names += [name for name in self.systems if name not in recorded]
        return [_series(name, self, recorded.get(name, {})) for name in names]


class _Tables(Mapping[str, list[dict]]):
    """Tables of a folder, those of curves read when first asked for."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        self._paths = paths
        self._read = {name: self._rows(name) for name in TABLES if name not in _CURVES or not self._ours(name)}

    def _ours(self, name: str) -> bool:
        if name not in self._paths:
            return True
        with self._paths[name].open(encoding="utf-8") as handle:
            return handle.readline().rstrip("\r\n") == ",".join(TABLES[name])

    def _rows(self, name: str) -> list[dict]:
        return read_table(self._paths[name], name) if name in self._paths else []

    def __getitem__(self, name: str) -> list[dict]:
        if name not in self._read and name in TABLES:
            self._read[name] = self._rows(name)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)


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
    provenance = folder / "provenance.json"
    return Results(folder, _Tables(found), read_json(provenance) if provenance.is_file() else {}, frozenset(found))


def all_series(results: Results) -> list[Series]:
    """Every system of the results, in the order of the config where that is recorded, else of the tables."""
    return results.series


def _series(name: str, results: Results, entry: dict) -> Series:
    rows = [
        row
        for table in ("diffusivity", "conductivity", "arrhenius", "network", "pair_peaks")
        for row in results.rows(table, system=name)
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
