"""Which accelerator options the LAMMPS at hand takes, by the packages it says it holds."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

from glasswf.errors import LammpsError
from glasswf.files import write_text
from glasswf.lammps.engine import Engine

# package: options that use it on processors. A command that has a suffix already is measured as it is.
OPTIONS = {
    "OPT": "-sf opt",
    "OPENMP": "-sf omp",
    "INTEL": "-pk intel 0 -sf intel",
    "KOKKOS": "-k on t {threads} -sf kk",
}
THREADED = ("OPENMP", "KOKKOS")


def present(engine: Engine, folder: Path) -> tuple[list[str], str]:
    """Accelerator packages of OPTIONS that this LAMMPS holds, and its version, both as it says itself.

    Raises LammpsError if it does not start.
    """
    script, said = folder / "packages.lammps", folder / "packages.txt"
    write_text(script, f"info config out overwrite {said.name}\n")
    alone = replace(engine, tasks=1)
    command = alone.command(["-in", script.name, "-log", "none", "-screen", "none"])
    subprocess.run(command, cwd=folder, env=alone.environment(), capture_output=True, check=False)
    if not said.is_file():
        raise LammpsError(f"{engine.lammps}: does not start; name another LAMMPS with --lammps")
    text = said.read_text(encoding="utf-8")
    version = re.search(r"^LAMMPS version: (.*?)(?: /.*)?$", text, re.MULTILINE)
    installed = set(text.partition("Installed packages:")[2].split())
    return [name for name in OPTIONS if name in installed], version[1] if version else "unknown"


def options(package: str, threads: int = 1) -> str:
    """Command-line options that use `package`."""
    return OPTIONS[package].format(threads=threads)


def chosen_already(engine: Engine) -> bool:
    """Whether the command itself has a suffix, as "lmp -sf omp" has."""
    return re.search(r"\s-(sf|suffix|k|kokkos)\s", engine.lammps) is not None
