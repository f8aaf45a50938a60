"""Which state a structure is drawn of: the coldest of each composition; and what every caption says of it."""

from collections.abc import Callable, Sequence

from glasswf.errors import AnalysisError
from glasswf.figures import caption
from glasswf.figures.scan import scan_series
from glasswf.figures.tables import Results, all_series, thinned

MELT_ABOVE_K = 700.0  # well above the glass transitions of thiosilicates, 520 to 620 K
PURE_X = 0.995  # from here on there is no network
BANDS = "Bands: 68 % interval over replicas and blocks of frames."
BARS = "Error bars: 68 % interval over replicas and blocks of frames."


def coldest(rows: Sequence[dict]) -> list[dict]:
    """Rows at the lowest temperature of each composition."""
    lowest: dict[tuple, float] = {}
    for row in rows:
        lowest[_composition(row)] = min(row["temperature_k"], lowest.get(_composition(row), row["temperature_k"]))
    return [row for row in rows if row["temperature_k"] == lowest[_composition(row)]]


def of_system(results: Results, table: str, system: str, keep: Callable[[dict], bool], what: str) -> list[dict]:
    """Coldest rows of one system that `keep` accepts; AnalysisError, naming `what`, if there are none."""
    rows = coldest([row for row in results.rows(table, system=system) if keep(row)])
    if not rows:
        raise AnalysisError(f"no {what} of {system} in tables/{table}.csv")
    return rows


def along_x(results: Results, table: str, keep: Callable[[dict], bool], what: str) -> list[dict]:
    """Coldest rows, accepted by `keep`, of the first system scanned over x, and of the pure modifier wherever it is.

    Raises AnalysisError, naming `what`, if no row is accepted, or if no system is scanned over x.
    """
    rows = coldest([row for row in results.tables[table] if keep(row)])
    if not rows:
        raise AnalysisError(f"no {what} in tables/{table}.csv")
    system = scan_series(results, rows, "x")[0].name
    own = [row for row in rows if row["system"] == system]
    return own if any(map(pure, own)) else own + [row for row in rows if pure(row)]


def pure(row: dict) -> bool:
    """Whether a row is of the modifier alone, such as Na₂S."""
    return row["x"] is not None and row["x"] >= PURE_X


def by_composition(rows: Sequence[dict], limit: int | None = None) -> list[list[dict]]:
    """Rows of each composition, along x or m; `limit`: no more of them than this, evenly spread."""
    first, second = ("x", "m") if _spread(rows, "x") > _spread(rows, "m") / 4 else ("m", "x")
    groups: dict[tuple, list[dict]] = {}
    for row in sorted(rows, key=lambda row: (row[first] or 0.0, row[second] or 0.0)):
        groups.setdefault(_composition(row), []).append(row)
    found = list(groups.values())
    return found if limit is None else thinned(found, limit)


def _spread(rows: Sequence[dict], name: str) -> float:
    values = [row[name] for row in rows if row[name] is not None]
    return max(values) - min(values) if values else 0.0


def few(rows: Sequence[dict], limit: int = 6) -> list[dict]:
    """Rows of no more than `limit` compositions, evenly spread."""
    return [row for mine in by_composition(rows, limit) for row in mine]


def named(results: Results, row: dict) -> str:
    """A composition by what its system scans, "x = 0.50" or "m = 3.11"."""
    by = variable(results, row)
    return f"{by} = {row[by]:.2f}"


def variable(results: Results, row: dict) -> str:
    """What the system of a row is scanned over, "x" or "m"; "m" for one composition, if it has one."""
    scan = next((each.scan for each in all_series(results) if each.name == row["system"]), None)
    return scan if scan and row[scan] is not None else "x" if row["m"] is None else "m"


def state(rows: Sequence[dict]) -> str:
    """Caption sentence on the temperature."""
    levels = sorted({row["temperature_k"] for row in rows})
    melt = " This is a melt, not a glass." if levels[0] > MELT_ABOVE_K else ""
    if levels[0] <= MELT_ABOVE_K < levels[-1]:
        melt = f" Above {MELT_ABOVE_K:g} K it is a melt, not a glass."
    return f"At {caption.spread(levels)} K, the coldest state of each composition in the tables.{melt}"


def conditions(results: Results, rows: Sequence[dict]) -> str:
    """Size, replicas, force field, charges and density, as in every caption."""
    drawn = {_composition(row) for row in rows}
    replicas: dict[tuple, set] = {}
    for run in results.provenance.get("runs") or []:
        if (run["system"], run["label"]) in drawn:
            replicas.setdefault((run["system"], run["label"]), set()).add(run["replica"])
    counts = [len(each) for each in replicas.values()] or [None]
    sizes = [row["n_atoms"] for row in rows]
    return caption.conditions(results, [{"n_atoms": n} for n in sizes] + [{"n_replicas": n} for n in counts])


def finished(results: Results, rows: Sequence[dict], parts: Sequence[str], errors: str = BANDS) -> str:
    """A whole caption: what is special to a figure, then what all share."""
    return " ".join(filter(None, [*parts, state(rows), errors, conditions(results, rows)]))


def _composition(row: dict) -> tuple:
    return row["system"], row["label"]
