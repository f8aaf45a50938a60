"""Progress of a run for people: stage, step, ns/day, time left, one line every few seconds."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from glasswf.lammps.inputs import describe

_EVERY_S = 15.0
_TAIL_BYTES = 4096


class Progress:
    """Prints a line about the run `spec` to `stream` every `every_s` seconds while it is updated."""

    def __init__(self, spec: Mapping, stream: TextIO | None = None, every_s: float = _EVERY_S) -> None:
        self._spec = spec
        self._stream = stream or sys.stderr
        self._every_s = every_s
        self._printed = time.monotonic()
        self._first: tuple[float, int] | None = None

    def update(self, log_file: Path) -> None:
        """Look at the end of LAMMPS's log and print a line if it is time."""
        now = time.monotonic()
        if now - self._printed < self._every_s and self._first is not None:
            return
        step = last_step(log_file)
        if step is None:
            return
        if self._first is None or step < self._first[1]:
            self._first = (now, step)
            return
        self._printed = now
        print(self._line(now, step), file=self._stream, flush=True)

    def _line(self, now: float, step: int) -> str:
        start, first = self._first
        total = self._spec["segments"][-1]["stop_step"]
        rate = (step - first) / (now - start)
        left = f"{_clock((total - step) / rate)} left" if rate > 0 else "time left unknown"
        speed = rate * self._spec["timestep_fs"] * 1e-6 * 86400
        return (
            f"{describe(self._spec)}: {self._stage(step)}, step {step} of {total} ({100 * step / total:.0f} %), "
            f"{speed:.3g} ns/day, {left}"
        )

    def _stage(self, step: int) -> str:
        segments = self._spec["segments"]
        segment = next((s for s in segments if step <= s["stop_step"]), segments[-1])
        if segment["start_k"] != segment["stop_k"]:
            return f"cooling {segment['start_k']:g} to {segment['stop_k']:g} K"
        return f"{'recording' if segment['dump'] else 'holding'} at {segment['stop_k']:g} K"


def last_step(log_file: Path) -> int | None:
    """Step of the last complete thermodynamic line of a growing log; None if there is none yet."""
    try:
        with log_file.open("rb") as handle:
            size = handle.seek(0, 2)
            handle.seek(max(0, size - _TAIL_BYTES))
            lines = handle.read().split(b"\n")[:-1]
    except OSError:
        return None
    for line in reversed(lines):
        words = line.split()
        if len(words) == 9 and words[0].isdigit():
            return int(words[0])
    return None


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
