"""Which LAMMPS does the dynamics: the Python module, or a command of the site; serial or under an MPI launcher.

Run as `python -m glasswf.lammps.engine -in FILE ...` it is `lmp` through the Python module, with the MPI library found.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from glasswf.errors import LammpsError
from glasswf.lammps import log

MODULE = "module"


@dataclass(frozen=True)
class Engine:
    """How LAMMPS is started.

    lammps: `module` or a command, each with options after it, as "module -sf omp" or "lmp_site -k on".
    launcher: MPI launcher used where tasks > 1, as "mpiexec" or "srun". tasks: MPI ranks. threads: OpenMP threads.
    """

    lammps: str = MODULE
    launcher: str = "mpiexec"
    tasks: int = 1
    threads: int = 1

    def command(self, arguments: Sequence[str]) -> list[str]:
        """Command line that runs LAMMPS with `arguments`. Raises LammpsError if a program is not there."""
        program, *options = shlex.split(self.lammps) or [MODULE]
        if program == MODULE:
            lammps = [sys.executable, "-m", "glasswf.lammps.engine"]
        else:
            lammps = [_found(program, "the LAMMPS command", "resource `lammps`")]
        return [*self._launch(), *lammps, *options, *arguments]

    def _launch(self) -> list[str]:
        if self.tasks == 1:
            return []
        program, *options = shlex.split(self.launcher)
        count = [] if "-n" in options or "-np" in options else ["-n", str(self.tasks)]
        return [_found(program, "the MPI launcher", "resource `mpi`"), *options, *count]

    def version(self) -> str:
        """Version of this LAMMPS, as the first line of its log has it. Raises LammpsError if it does not start."""
        with tempfile.TemporaryDirectory() as folder:
            script, log_file = Path(folder, "nothing.lammps"), Path(folder, "log.lammps")
            script.write_text("# says its version and ends\n", encoding="utf-8")
            alone = replace(self, tasks=1)
            command = alone.command(["-in", script.name, "-log", log_file.name, "-screen", "none"])
            subprocess.run(command, cwd=folder, env=alone.environment(), capture_output=True, check=False)
            if not log_file.is_file():
                raise LammpsError(f"{self.lammps}: does not start; correct resource `lammps` in the profile")
            return log.version(log_file)

    def environment(self) -> dict[str, str]:
        """Environment of the command: its OpenMP threads, and programs of this Python's own bin folder found.

        What an srun around this process says of MPI is left out: LAMMPS would take itself for that step, and fail.
        """
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PMI_", "PMIX_"))}
        return kept | {"OMP_NUM_THREADS": str(self.threads), "PATH": _search_path()}


def _search_path() -> str:
    own = os.path.dirname(sys.executable)  # noqa: PTH120  (a virtual environment need not be active)
    return os.pathsep.join([own, os.environ.get("PATH", os.defpath)])


def _found(program: str, what: str, where: str) -> str:
    path = shutil.which(program, path=_search_path())
    if path is None:
        raise LammpsError(f"{what} {program!r} was not found; correct {where} in the profile")
    return path


def main(arguments: list[str]) -> int:
    """Run LAMMPS through its Python module with the command-line arguments of `lmp`."""
    from glasswf.lammps import library

    try:
        module = library.load()
    except LammpsError as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return 1
    script = arguments[arguments.index("-in") + 1]
    rest = [a for i, a in enumerate(arguments) if a != "-in" and (i == 0 or arguments[i - 1] != "-in")]
    lammps = module.lammps(cmdargs=rest)
    try:
        lammps.file(script)
    except Exception:  # the message stands in LAMMPS's own log, where the caller reads it
        return 1
    finally:
        lammps.close()
        lammps.finalize()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
