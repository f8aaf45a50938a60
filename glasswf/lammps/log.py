"""Reading LAMMPS's log: thermodynamic lines, the units they are in, and what an error means."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glasswf.errors import LammpsError, TrajectoryError

COLUMNS = ("Step", "Time", "Temp", "Press", "PotEng", "KinEng", "TotEng", "Econserve", "Volume")

_HINTS = (
    (r"Lost atoms", "atoms flew out of the box: start less strained, or take a smaller timestep"),
    (r"Non-numeric|NaN|non-finite", "the dynamics blew up: take a smaller timestep, or check the force field"),
    (r"Out of range atoms", "atoms moved too far in one step: take a smaller timestep, or a better starting structure"),
    (r"not enabled|Unrecognized|Unknown .* style|Invalid .* style", "this LAMMPS was built without a package it needs"),
    (r"suffix \w+ without|package \w+ command without", "drop that option from resource `lammps` in the profile"),
    (r"[Cc]annot open|No such file", "a file is missing: start the run again from the rule before"),
    (r"[Rr]estart|Incorrect .* in|magic string", "a restart file is damaged or of another LAMMPS version: delete it"),
    (r"[Nn]o space|write.*fail", "the disk is full; free some space and start again, nothing finished is lost"),
)


UNKNOWN = "unknown"  # version of a log that ends before its first line does
TIME_IS_UP = "The time of this job is up"  # what the input prints where the clock, not the last step, ends it


@dataclass(frozen=True)
class Failure:
    """What LAMMPS said when it stopped, on which line of the input, and what it means."""

    message: str
    input_line: str
    hint: str

    def __str__(self) -> str:
        where = f", at `{self.input_line}`" if self.input_line else ""
        return f"{self.message}{where}" + (f" ({self.hint})" if self.hint else "")


def read_thermo(paths: Iterable[Path]) -> NDArray[np.float64]:
    """Thermodynamic lines (n, 9) of the logs of one run in the order of COLUMNS, steps rising, none twice.

    Of two attempts that both passed a step, the later counts. Raises TrajectoryError for logs in other units than
    metal, or without any line.
    """
    lines: dict[int, list[float]] = {}
    paths = list(paths)
    for path in paths:
        fresh = _thermo_of(path)
        first = min(fresh, default=None)
        lines = {step: row for step, row in lines.items() if first is None or step < first} | fresh
    if not lines:
        raise TrajectoryError(f"{paths[-1] if paths else 'log'}: no thermodynamic lines; did LAMMPS run?")
    return np.array([lines[step] for step in sorted(lines)])


def _thermo_of(path: Path) -> dict[int, list[float]]:
    rows: dict[int, list[float]] = {}
    inside, step = False, 0
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        words = line.split()
        if words[:1] == ["units"] and len(words) == 2 and words[1] != "metal":
            raise TrajectoryError(f"{path}, line {number}: units {words[1]}; only logs in units metal are read")
        if words[:1] == ["Step"]:
            inside = tuple(words) == COLUMNS
        elif inside and len(words) == len(COLUMNS) and words[0].isdigit():
            last, step = step, int(words[0])
            if step < last:  # the timestep was reset, after the minimisation
                rows = {}
            rows[step] = [float(word) for word in words]
        elif line.startswith("Loop time"):
            inside = False
    return rows


def failure(log: Path, output: str = "") -> Failure:
    """What made LAMMPS stop: the last error of its log, else of its output."""
    text = (log.read_text(encoding="utf-8", errors="replace") if log.is_file() else "") + "\n" + output
    found = re.findall(r"^ERROR[^:\n]*: (.*)$", text, flags=re.MULTILINE)
    message = re.sub(r"\s*\(?\(?(src/|\.\./)?\S+\.(cpp|h):\d+\)\s*$", "", found[-1]).strip() if found else ""
    line = re.findall(r"^Last (?:input line|command): (.*)$", text, flags=re.MULTILINE)
    hint = next((hint for pattern, hint in _HINTS if re.search(pattern, message)), "")
    return Failure(message or "LAMMPS stopped without a message", line[-1].strip() if line else "", hint)


def failed(log: Path) -> bool:
    """Whether a log ends in an error; LAMMPS's exit code alone does not tell under every launcher."""
    return (
        not log.is_file() or re.search(r"^ERROR", log.read_text(encoding="utf-8", errors="replace"), re.M) is not None
    )


def ran_out_of_time(log: Path) -> bool:
    """Whether the limit of the job's time ended this attempt."""
    text = log.read_text(encoding="utf-8", errors="replace")
    return re.search(rf"^{TIME_IS_UP}$", text, re.MULTILINE) is not None


def ranks(log: Path) -> int | None:
    """MPI ranks that LAMMPS has divided the box among; None if the log does not say so yet."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    found = re.search(r"^ *(\d+) by (\d+) by (\d+) MPI processor grid$", text, re.MULTILINE)
    return math.prod(map(int, found.groups())) if found else None


def version(log: Path) -> str:
    """Version LAMMPS names in the first line of its log, as `22 Jul 2025 - Update 4`."""
    found = re.search(r"LAMMPS \((.*)\)", log.read_text(encoding="utf-8", errors="replace"))
    return found[1] if found else UNKNOWN


def loop_seconds(log: Path) -> float:
    """Seconds LAMMPS says it spent in its time loops."""
    text = log.read_text(encoding="utf-8", errors="replace")
    return sum(float(value) for value in re.findall(r"^Loop time of (\S+) on", text, flags=re.MULTILINE))


def require_steps(thermo: NDArray, last_step: int, log: Path) -> None:
    """Raise LammpsError unless the run reached `last_step`."""
    if int(thermo[-1, 0]) != last_step:
        raise LammpsError(f"{log}: ends at step {int(thermo[-1, 0])} of {last_step}")
