"""How long this job may run: what the user or the scheduler says, less the time to stop in order."""

import os
import re
import subprocess
import time

from glasswf.errors import LammpsError
from glasswf.lammps.environment import above_zero

WALL_VARIABLE = "GLASSWF_WALL_MINUTES"
END_VARIABLE = "SLURM_JOB_END_TIME"  # seconds since 1970; newer SLURM sets it in every job that has a limit
JOB_VARIABLE = "SLURM_JOB_ID"
_PATIENCE_S = 30.0
_SHARE_KEPT, _MOST_KEPT_S, _LEAST_KEPT_S = 0.1, 120.0, 5.0


def limit_s(started: float) -> float | None:
    """Seconds from now after which LAMMPS is to stop by itself; None if nothing limits this job.

    started: `time.monotonic()` when this process began. A tenth of what is left, at least 5 s and at most two minutes,
    is kept for the last checkpoint. Raises LammpsError if a variable holds no number, or no time is left.
    """
    left = [seconds for seconds in (_of_user(started), _of_scheduler()) if seconds is not None]
    if not left:
        return None
    usable = min(left) - min(max(_SHARE_KEPT * min(left), _LEAST_KEPT_S), _MOST_KEPT_S)
    if usable <= 0:
        raise LammpsError("the time of this job is up before LAMMPS starts; the next start goes on")
    return usable


def _of_user(started: float) -> float | None:
    minutes = _number(WALL_VARIABLE)
    return None if minutes is None else 60 * minutes - (time.monotonic() - started)


def _of_scheduler() -> float | None:
    end = _number(END_VARIABLE)
    return _asked_of_slurm() if end is None else end - time.time()


def _asked_of_slurm() -> float | None:
    """Time left by squeue, as [days-][hours:]minutes:seconds; None outside of a job, or where SLURM does not say."""
    job = os.environ.get(JOB_VARIABLE, "")
    if not job.isdigit():
        return None
    try:
        asked = subprocess.run(["squeue", "--noheader", "--jobs", job, "--format", "%L"], capture_output=True,
                               text=True, timeout=_PATIENCE_S, check=False)  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = re.fullmatch(r"(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+)", asked.stdout.strip())
    if said is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in said.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60.0 + seconds


def _number(variable: str) -> float | None:
    text = os.environ.get(variable)
    return above_zero(variable, text) if text else None
