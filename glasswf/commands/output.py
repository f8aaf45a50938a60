"""Tables and figures of a calculation that needs no workflow, into one folder."""

from collections.abc import Mapping
from pathlib import Path


def write(folder: Path, tables: Mapping[str, list[dict]], wanted: tuple[str, ...]) -> None:
    """Write folder/tables/*.csv, and of the figures they fill those whose names begin with one of `wanted`."""
    from glasswf import figures, results  # matplotlib takes a second to import

    for name, rows in tables.items():
        results.write_table(folder / "tables" / f"{name}.csv", name, rows)
    loaded = figures.load(folder)
    for name in figures.available(loaded):
        if name.startswith(wanted):
            figures.draw(name, loaded, folder / "figures")
