"""What a reader needs to know beyond the file."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# Below this the compiled reader does not pay: importing it takes as long as reading so much text without it.
_COMPILED_BYTES, _COMPILED_BYTES_LOADED = 32_000_000, 8_000_000


@dataclass(frozen=True)
class Options:
    """velocities: they are wanted. columns: names of the columns where the file does not say. compiled: it pays."""

    velocities: bool = False
    columns: tuple[str, ...] | None = None
    compiled: bool = False

    @classmethod
    def fitting(cls, sources: Sequence[Path], velocities: bool, columns: Sequence[str] | None) -> "Options":
        """Those for these files."""
        return cls(velocities, tuple(columns) if columns else None, compiled=_pays(sources))


def _pays(sources: Sequence[Path]) -> bool:
    size = sum(source.stat().st_size for source in sources)
    return size > (_COMPILED_BYTES_LOADED if "numba" in sys.modules else _COMPILED_BYTES)
