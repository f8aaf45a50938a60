"""Running one specification to its end: start or continue, watch, report errors, and leave a record."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from glasswf.errors import LammpsError
from glasswf.files import clear_os_errors, write_text
from glasswf.lammps import gates, inputs, log, walltime
from glasswf.lammps.engine import Engine
from glasswf.lammps.environment import above_zero
from glasswf.lammps.progress import Progress
from glasswf.lammps.workspace import Workspace, frames_expected
from glasswf.results import read_json, write_json

_POLL_S = 0.25
_PRUNE_EVERY_S = 20.0
_PATIENCE_S = 5.0
STALL_VARIABLE = "GLASSWF_STALL_MINUTES"
STALL_MINUTES = 30.0  # without a line of LAMMPS's log; even 100,000 atoms on one core write one each few minutes
_PR_SET_PDEATHSIG = 1
_STARTED = time.monotonic()


def run(spec_file: Path, engine: Engine, base: Path, progress: Progress | None = None) -> dict:
    """Run the specification in `spec_file` inside the folder of the same name; the record, also in record.json.

    Continues from the last checkpoint if there is one. base: folder that paths in the specification are relative to.
    Raises LammpsError with one line if LAMMPS cannot be started, stops, or leaves too few frames.
    """
    spec = read_json(spec_file)
    workspace = Workspace(spec_file.with_suffix(""), spec)
    with workspace.locked() as lock:
        (workspace.folder / "record.json").unlink(missing_ok=True)
        _run_until_done(workspace, engine, base, progress or Progress(spec), lock)
        record = _finish(workspace, engine)
        workspace.clean_up()
    return record


def _run_until_done(workspace: Workspace, engine: Engine, base: Path, progress: Progress, lock: int) -> None:
    _refuse_another_version(workspace, engine)
    while True:
        limit_s = walltime.limit_s(_STARTED)
        step = workspace.start_attempt()
        script = inputs.write(workspace.folder, workspace.spec, base, step, limit_s)
        started = time.monotonic()
        problem = _attempt(workspace, engine, script, progress, lock)
        _note_wall_time(workspace, time.monotonic() - started)
        if problem is None:
            return
        if step is None or "read_restart" not in problem.input_line:
            raise LammpsError(f"{inputs.describe(workspace.spec)}: {problem}; see {_told(workspace)}")
        workspace.discard_checkpoint(step)


def _told(workspace: Workspace) -> Path:
    """Where LAMMPS told what was wrong: its log, or what it printed before it had one."""
    output = workspace.folder / f"output.{len(workspace.attempts)}.txt"
    return workspace.logs[-1] if workspace.logs else output


def _refuse_another_version(workspace: Workspace, engine: Engine) -> None:
    """A checkpoint is continued by the LAMMPS that wrote it: another one may read it differently, or not at all."""
    if workspace.continues_from is None:
        return
    known = [version for path in workspace.logs if (version := log.version(path)) != log.UNKNOWN]
    if known and known[-1] != (now := engine.version()):
        raise LammpsError(
            f"{inputs.describe(workspace.spec)}: its checkpoints are of LAMMPS {known[-1]}, this is {now}; use that "
            f"version again, or delete {workspace.folder}/checkpoint.* to start this run afresh"
        )


def _attempt(workspace: Workspace, engine: Engine, script: Path, progress: Progress, lock: int) -> log.Failure | None:
    """Run LAMMPS once; what went wrong, or None."""
    number = len(workspace.attempts)
    log_file, output_file = workspace.log(number), workspace.folder / f"output.{number}.txt"
    command = engine.command(["-in", script.name, "-log", log_file.name, "-screen", "none"])
    limit_s = stall_limit_s()
    with clear_os_errors(workspace.folder), output_file.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command,
            cwd=workspace.folder,
            env=engine.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=(lock,),
            preexec_fn=_die_with_parent,
        )
    if (stopped := _watch(process, workspace, log_file, progress, limit_s, engine.tasks)) is not None:
        return stopped
    text = output_file.read_text(encoding="utf-8", errors="replace")
    if process.returncode == 0 and not log.failed(log_file):
        output_file.unlink()
        return _out_of_time(workspace, log_file) if log.ran_out_of_time(log_file) else None
    return log.failure(log_file, text)


def _out_of_time(workspace: Workspace, log_file: Path) -> log.Failure:
    step, last = workspace.continues_from or 0, workspace.spec["segments"][-1]["stop_step"]
    return log.Failure(f"the time of this job was up; the next start goes on from step {step} of {last}", "", "")


def stall_limit_s() -> float:
    """Seconds without output after which LAMMPS counts as hung, from the environment; LammpsError if no number."""
    text = os.environ.get(STALL_VARIABLE, str(STALL_MINUTES))
    return 60 * above_zero(STALL_VARIABLE, text, "number of minutes")


def _watch(
    process: subprocess.Popen, workspace: Workspace, log_file: Path, progress: Progress, limit_s: float, tasks: int
) -> log.Failure | None:
    """Wait for the end; what was wrong if LAMMPS had to be stopped: silent for `limit_s`, or not one run of `tasks`."""
    pruned = written = time.monotonic()
    size, ranks = -1, None
    try:
        while process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_POLL_S)
            progress.update(log_file)
            now = time.monotonic()
            if (grown := _size(log_file)) != size:
                size, written = grown, now
            ranks = ranks or log.ranks(log_file)
            if ranks not in (None, tasks):
                _end(process)
                return _copies(ranks, tasks)
            if now - written > limit_s:
                _end(process)
                return _silent(limit_s)
            if now - pruned > _PRUNE_EVERY_S:
                workspace.prune_checkpoints()
                pruned = now
    except BaseException:
        _end(process)
        raise
    return None


def _end(process: subprocess.Popen) -> None:
    """End LAMMPS, by way of a launcher that can end its ranks; by force if it does not listen."""
    process.terminate()
    try:
        process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _silent(limit_s: float) -> log.Failure:
    return log.Failure(
        f"LAMMPS wrote nothing for {limit_s / 60:g} minutes and was stopped", "",
        f"the next start goes on from the last checkpoint; {STALL_VARIABLE} sets another limit",
    )  # fmt: skip


def _copies(ranks: int, tasks: int) -> log.Failure:
    return log.Failure(
        f"LAMMPS runs on {ranks} MPI ranks where {tasks} are asked for, and was stopped", "",
        "the launcher and this LAMMPS do not know each other's MPI; correct resource `launcher` or `lammps`",
    )  # fmt: skip


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _die_with_parent() -> None:
    """Let the kernel end LAMMPS if this process is killed, so that no orphan goes on writing (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _note_wall_time(workspace: Workspace, seconds: float) -> None:
    path = workspace.folder / "started.json"
    state = read_json(path)
    state["attempts"][-1]["wall_s"] = seconds
    write_json(path, state)


def _finish(workspace: Workspace, engine: Engine) -> dict:
    spec = workspace.spec
    thermo = log.read_thermo(workspace.logs)
    last_step = spec["segments"][-1]["stop_step"]
    log.require_steps(thermo, last_step, workspace.logs[-1])
    _write_thermo(workspace.folder / "thermo.csv", thermo)
    attempts = workspace.attempts
    frames = workspace.finish(frames_expected(spec))
    wall = sum(attempt.get("wall_s", 0.0) for attempt in attempts)
    inside = sum(log.loop_seconds(path) for path in workspace.logs)
    keys = ("system", "label", "replica", "run", "seed", "counts", "charges", "timestep_fs")
    record = {key: spec[key] for key in keys} | {
        "temperature_k": spec.get("temperature_k"),
        "steps": last_step,
        "frames": frames,
        "dump_content": spec["dump"]["content"],
        "restarts_used": len(attempts) - 1,
        "same_bits_as_uninterrupted": workspace.bits_kept,
        "wall_s": wall,
        "lammps_s": inside,
        "ns_per_day": _ns_per_day(thermo, spec, inside),
        "lammps": log.version(workspace.logs[-1]),
        "engine": {"lammps": engine.lammps, "tasks": engine.tasks, "threads": engine.threads},
        "gates": gates.evaluate(spec, thermo, workspace.folder / "final.data", len(attempts) - 1),
    }
    write_json(workspace.folder / "record.json", record)
    return record


def _ns_per_day(thermo, spec: Mapping, seconds: float) -> float | None:
    simulated = spec["segments"][-1]["stop_step"] * spec["timestep_fs"] * 1e-6
    return simulated / seconds * 86400 if seconds > 0 else None


def _write_thermo(path: Path, thermo) -> None:
    header = "step,time_ps,temperature_k,pressure_bar,potential_ev,kinetic_ev,total_ev,conserved_ev,volume_a3"
    rows = (",".join(f"{value:.10g}" for value in row) for row in thermo)
    write_text(path, "\n".join([header, *rows]) + "\n")


def main(arguments: list[str]) -> int:
    """Command of the workflow: SPEC.json [--lammps CMD] [--launcher CMD] [--tasks N] [--threads N]."""
    import argparse

    parser = argparse.ArgumentParser(prog="python -m glasswf.lammps.run", description=__doc__)
    parser.add_argument("spec", type=Path, help="resolved run, as runs/NS9/m2/r1/quench.json")
    parser.add_argument("--lammps", default="module", help='"module", or a LAMMPS command with its options')
    parser.add_argument("--launcher", default="mpiexec", help="MPI launcher, used where --tasks is above 1")
    parser.add_argument("--tasks", type=int, default=1, help="MPI ranks")
    parser.add_argument("--threads", type=int, default=1, help="OpenMP threads")
    options = parser.parse_args(arguments)
    engine = Engine(options.lammps, options.launcher, options.tasks, options.threads)
    record = run(options.spec, engine, Path.cwd())
    failed = [gate["gate"] for gate in record["gates"] if not gate["passed"]]
    if failed:
        print(f"{inputs.describe(record)}: gates failed: {', '.join(failed)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    from glasswf.messages import run_as_command

    sys.exit(run_as_command(main))
