"""The folder of one run: what LAMMPS has left there, what of it can be continued, and what the run hands on.

Files that LAMMPS writes (checkpoints, dump, logs) are siblings of the declared outputs, so that a workflow engine that
deletes the outputs of a failed job leaves them. The outputs appear only when the run is complete.
"""

import contextlib
import errno
import fcntl
import hashlib
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from glasswf.errors import LammpsError, TrajectoryError
from glasswf.files import clear_os_errors, replacing
from glasswf.lammps import storage
from glasswf.results import read_json, write_json
from glasswf.trajectory import dump

_KEPT_CHECKPOINTS = 2
_LOCK_WAIT_S = 5.0
# What a run needs on its way, and what it leaves; anything else in the folder is the user's and stays.
_WORKING = ("checkpoint.*", "passing.*", "output.*.txt", "*.part", "dump.lammpstrj")
_OUTPUTS = ("log.*.lammps", "started.json", "record.json", "thermo.csv", "final.data", "T*.restart", "trajectory.*")


@dataclass(frozen=True)
class Workspace:
    """Folder of the run `spec`."""

    folder: Path
    spec: Mapping

    @property
    def dump(self) -> Path:
        """Dump in progress."""
        return self.folder / "dump.lammpstrj"

    @property
    def logs(self) -> list[Path]:
        """LAMMPS logs of all attempts, in order."""
        return [self.log(number) for number in range(1, len(self.attempts) + 1) if self.log(number).is_file()]

    def log(self, attempt: int) -> Path:
        """Log of one attempt."""
        return self.folder / f"log.{attempt}.lammps"

    @property
    def attempts(self) -> list[dict]:
        """What is known of every attempt so far."""
        path = self.folder / "started.json"
        return read_json(path)["attempts"] if path.is_file() else []

    @property
    def continues_from(self) -> int | None:
        """Step of the checkpoint that the next attempt continues from; None if there is none of this very run.

        Where the uninterrupted run sets up anew as well, the same bits follow; a later checkpoint, left where the time
        of a job was up, is taken only if the last attempt came to no such step.
        """
        attempts = self.attempts
        if not attempts or read_json(self.folder / "started.json")["identity"] != self._identity():
            return None
        regular = [step for step in self.checkpoints if step > attempts[-1]["from_step"] and self._is_regular(step)]
        return max(regular or self.checkpoints, default=None)

    @property
    def bits_kept(self) -> bool:
        """Whether the run ends in the bits of an uninterrupted one, on the same machine and number of ranks.

        Langevin's random numbers are not in a restart, so that one is continued in other bits of the same statistics.
        """
        continued = [attempt["from_step"] for attempt in self.attempts if attempt["from_step"]]
        return not continued or (
            self.spec["thermostat"]["kind"] != "langevin" and all(map(self._is_regular, continued))
        )

    def _is_regular(self, step: int) -> bool:
        """Whether an uninterrupted run writes a checkpoint at `step`."""
        every = self.spec["checkpoint_every"]
        segment = next(s for s in self.spec["segments"] if step <= s["stop_step"])
        return step == segment["stop_step"] or (step - segment["start_step"]) % every == 0

    def start_attempt(self) -> int | None:
        """Register an attempt; the step of the checkpoint it continues from, or None if it starts afresh.

        Whatever belongs to another version of the run (another specification, another starting file) is removed.
        """
        identity, attempts, step = self._identity(), self.attempts, self._cut_back()
        if step is None:
            self._clean(*_WORKING, *_OUTPUTS)
            attempts = []
        write_json(
            self.folder / "started.json", {"identity": identity, "attempts": [*attempts, {"from_step": step or 0}]}
        )
        return step

    def _cut_back(self) -> int | None:
        """Put everything back to the checkpoint that is continued from: its step, or None if none can be.

        One whose frames did not all reach the disk, as after a power cut, is of no use.
        """
        while (step := self.continues_from) is not None:
            for later in (each for each in self.checkpoints if each > step):
                self.discard_checkpoint(later)
            if self._cut_dump(step) == frames_expected(self.spec, step - 1):
                return step
            self.discard_checkpoint(step)
        return None

    def _cut_dump(self, step: int) -> int:
        """Drop the frames that the continued run writes again, those from the checkpoint's step on; how many stay."""
        if not self.dump.is_file():
            return 0
        try:
            return len(dump.truncate_after(self.dump, step - 1))
        except TrajectoryError as error:
            raise LammpsError(f"{self.dump}: cannot be continued ({error}); delete {self.folder}") from None

    def discard_checkpoint(self, step: int) -> None:
        """Remove a checkpoint that LAMMPS could not read."""
        (self.folder / f"checkpoint.{step}.restart").unlink(missing_ok=True)

    def prune_checkpoints(self) -> None:
        """Keep the newest two: one to continue from, one in case that one is damaged."""
        for step in self.checkpoints[:-_KEPT_CHECKPOINTS]:
            self.discard_checkpoint(step)

    def finish(self, frames_expected: int) -> int:
        """Put the outputs into place, leaving all that a further attempt would need; the number of frames."""
        for path in self.folder.glob("passing.*.restart"):
            with replacing(path.with_name(path.name.removeprefix("passing."))) as target:
                shutil.copyfile(path, target)
        return self._finish_dump(frames_expected) if frames_expected else 0

    def clean_up(self) -> None:
        """Drop what was needed on the way, once the record is written."""
        self._clean(*_WORKING)

    def _finish_dump(self, expected: int) -> int:
        frames = len(dump.steps(self.dump))
        if frames != expected:
            raise LammpsError(f"{self.dump}: {frames} frames where {expected} belong; delete {self.folder}")
        storage.store(self.dump, self.spec)
        return frames

    @property
    def checkpoints(self) -> list[int]:
        """Steps of the checkpoints that are there, in order."""
        names = (re.fullmatch(r"checkpoint\.(\d+)\.restart", path.name) for path in self.folder.glob("checkpoint.*"))
        return sorted(int(name[1]) for name in names if name)

    def _identity(self) -> str:
        """Hash of all that the result depends on: the specification and the file the run starts from."""
        start = self.folder / next(iter(self.spec["start"].values()))
        if not start.is_file():
            raise LammpsError(f"{start}: the file this run starts from is missing; run what makes it first")
        text = repr(sorted(self.spec.items())).encode() + start.read_bytes()
        return hashlib.sha256(text).hexdigest()

    def _clean(self, *patterns: str) -> None:
        for path in (path for pattern in patterns for path in self.folder.glob(pattern)):
            path.unlink()

    @contextlib.contextmanager
    def locked(self) -> Iterator[int]:
        """Hold the folder against a second run; gives the lock's file descriptor, to be inherited by LAMMPS.

        The lock lives as long as anyone has the descriptor open: an orphaned LAMMPS still holds it.
        """
        with clear_os_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = (self.folder / "run.lock").open("a")
        with handle:
            if not _lock(handle):
                raise LammpsError(f"{self.folder}: another process runs LAMMPS here; wait for it or stop it")
            yield handle.fileno()


def frames_expected(spec: Mapping, last_step: int | None = None) -> int:
    """Number of frames that the run `spec` leaves up to `last_step`; default in all."""
    every = spec["dump"]["every"]
    stops = [(s["start_step"], s["stop_step"]) for s in spec["segments"] if s["dump"]]
    if last_step is not None:
        stops = [(start, min(stop, last_step)) for start, stop in stops]
    return sum((stop - start) // every + 1 for start, stop in stops if stop >= start)


def _lock(handle: IO) -> bool:
    """Whether the lock was got, at once or while the LAMMPS of a process just killed is still going down."""
    deadline = time.monotonic() + _LOCK_WAIT_S
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                return True  # a file system without locks: better to run than to refuse
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        else:
            return True
