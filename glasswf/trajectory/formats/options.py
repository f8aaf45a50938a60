"""What a reader needs to know beyond the file."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """velocities: they are wanted. columns: names of the columns where the file does not say. compiled: it pays."""

    velocities: bool = False
    columns: tuple[str, ...] | None = None
    compiled: bool = False
