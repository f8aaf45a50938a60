"""The header of one frame of a dump."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from glasswf.errors import TrajectoryError


class Header:
    """The ITEM sections before the atoms: items is {title: (line number, [lines])}.

    Every value raises TrajectoryError, with the line, if it is missing or wrong.
    """

    def __init__(self, path: Path, head: bytes, line: int):
        self.path, self.line = path, line
        self.items: dict[str, tuple[int, list[str]]] = {}
        title = ""
        for number, text in enumerate(head.decode("ascii", errors="replace").splitlines(), start=line):
            if text.startswith("ITEM:"):
                title = text[5:].strip()
                self.items[title] = (number, [])
            elif title and text.strip():
                self.items[title][1].append(text.strip())

    def step(self) -> int:
        """TIMESTEP."""
        return self._number("TIMESTEP", int)

    def time(self) -> float | None:
        """TIME, if there is one."""
        return self._number("TIME", float) if "TIME" in self.items else None

    def units(self) -> str | None:
        """UNITS, if they are there."""
        return self._values("UNITS", 1)[0] if "UNITS" in self.items else None

    def n_atoms(self) -> int:
        """NUMBER OF ATOMS."""
        count = self._number("NUMBER OF ATOMS", int)
        if count < 1:
            raise self._error("NUMBER OF ATOMS", f"{count} atoms; a frame needs at least one")
        return count

    def bounds(self) -> np.ndarray:
        """Lower and upper edges (3, 2) of an orthogonal periodic box (Å), read-only."""
        title = next((title for title in self.items if title.startswith("BOX BOUNDS")), "BOX BOUNDS")
        flags = title.split()[2:]
        if "xy" in flags or "abc" in flags or "origin" in flags:
            raise self._error(title, "the box is triclinic; only orthogonal boxes can be read")
        if any(flag != "pp" for flag in flags):
            raise self._error(title, f"boundaries {' '.join(flags)}; only periodic boxes (pp pp pp) can be read")
        rows = tuple(self._values(title, 3))
        edges = _edges(rows)
        if edges is None:
            for text in rows:
                self._floats(title, text)
            raise self._error(title, "three lines 'lower upper' with lower < upper belong here")
        return edges

    def _number(self, title: str, kind: type):
        text = self._values(title, 1)[0]
        try:
            return kind(text)
        except ValueError:
            raise self._error(title, f"{text!r} is not a number") from None

    def _floats(self, title: str, text: str) -> list[float]:
        try:
            return [float(word) for word in text.split()]
        except ValueError:
            raise self._error(title, f"{text!r} is not a pair of numbers") from None

    def _values(self, title: str, count: int) -> list[str]:
        _, values = self.items.get(title, (self.line, []))
        if len(values) != count:
            raise self._error(title, f"{len(values)} lines where {count} belong")
        return values

    def _error(self, title: str, what: str) -> TrajectoryError:
        line, _ = self.items.get(title, (self.line, []))
        return TrajectoryError(f"{self.path}, line {line} (ITEM: {title}): {what}")


@lru_cache(maxsize=4)  # mostly the same in every frame
def _edges(rows: tuple[str, ...]) -> np.ndarray | None:
    """Three lines 'lower upper' as (3, 2); None if that is not what they are."""
    try:
        edges = np.array([[float(word) for word in row.split()] for row in rows])
    except ValueError:
        return None
    if edges.shape != (3, 2) or not np.isfinite(edges).all() or not (edges[:, 1] > edges[:, 0]).all():
        return None
    edges.flags.writeable = False
    return edges
