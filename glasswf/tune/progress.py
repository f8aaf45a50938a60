"""Progress of a search for people: what was measured, since when, and the time left."""

import sys
import time
from typing import TextIO


class Countdown:
    """Prints each line that it is given, with the time since the start and an estimate of the time left."""

    def __init__(self, lines: int, stream: TextIO | None = None) -> None:
        self._planned, self._told = lines, 0
        self._stream = stream or sys.stderr
        self._started = time.monotonic()

    def __call__(self, line: str) -> None:
        """Print a line."""
        passed = time.monotonic() - self._started
        left = passed / self._told * max(1, self._planned - self._told) if self._told > 2 else None
        self._told += 1
        tail = f", about {_clock(left)} left" if left is not None else ""
        print(f"[{_clock(passed)}{tail}] {line}", file=self._stream, flush=True)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
