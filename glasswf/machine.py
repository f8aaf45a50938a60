"""machine.yaml: how this machine runs LAMMPS fastest, as `glasswf tune` measured it."""

import re
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt, ValidationError

from glasswf.config.models import NumericsBlock
from glasswf.errors import ConfigError
from glasswf.files import write_text
from glasswf.forcefield import ForceField
from glasswf.lammps.engine import MODULE, Engine
from glasswf.yamlfile import read_mapping

NAME = "machine.yaml"
_REMEDY = "run `glasswf tune` again, or delete the file"
_COMMENT = """\
# Written by `glasswf tune`; the workflow in this folder uses it. A key given in the configuration or a profile wins.
# Delete this file to go back to the defaults. What was measured: tune/candidates.csv.
"""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tuned(_Part):
    """Force field that the settings hold for."""

    name: str
    sha256: str


class Measured(_Part):
    """What the choice rests on: relative force error, drift (eV/atom/ps), speed, and on what it was measured."""

    n_atoms: PositiveInt
    force_error: float
    drift: float
    drift_err: float
    steps_per_s: float
    ratio_to_textbook: float
    ratio_to_textbook_err: float
    lammps: str
    processor: str
    date: str


class Machine(_Part):
    """How LAMMPS is started here, and the settings that differ from the defaults."""

    lammps: str = "module"
    launcher: str = "mpiexec"
    tasks: PositiveInt = 1
    threads: PositiveInt = 1
    numerics: NumericsBlock = Field(default_factory=NumericsBlock)
    timestep_fs: PositiveFloat | None = None
    forcefield: Tuned
    measured: Measured | None = None

    def require(self, force_field: ForceField, where: Path | str = NAME) -> None:
        """Raise ConfigError unless this was tuned for `force_field`."""
        if self.forcefield.sha256 != force_field.sha256:
            same = " with other numbers" if self.forcefield.name == force_field.name else ""
            raise ConfigError(
                f"{where}: tuned for force field {self.forcefield.name}{same}, the configuration asks for "
                f"{force_field.name}; {_REMEDY}"
            )


def load(folder: Path | str) -> Machine | None:
    """What `glasswf tune` left in a working folder, or None. Raises ConfigError with one line for a damaged file."""
    path = Path(folder) / NAME
    if not path.is_file():
        return None
    try:
        return Machine.model_validate(read_mapping(path, ConfigError))
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        key = ".".join(map(str, problem["loc"]))
        raise ConfigError(f"{path}: {key}: {problem['msg'][0].lower()}{problem['msg'][1:]}; {_REMEDY}") from None


def engine(folder: Path | str) -> Engine:
    """How LAMMPS is started in a working folder: as its machine.yaml says, else the Python module on one core."""
    found = load(folder)
    return Engine(found.lammps, found.launcher, found.tasks, found.threads) if found else Engine()


def disarm(folder: Path | str) -> str:
    """Take programs out of a machine.yaml that came from elsewhere, which would be run; what was taken, if anything.

    The Python module with options of accelerators stays: they decide the bits, and name no files.
    """
    found = load(folder)
    plain = re.compile(rf"{MODULE}( -(sf|suffix|pk|package|k|kokkos)( [a-z0-9/]+)+)*")
    if found is None or (plain.fullmatch(found.lammps) and found.launcher == Machine.model_fields["launcher"].default):
        return ""
    own = found.lammps if plain.fullmatch(found.lammps) else MODULE
    defaults = {"lammps": own, "launcher": Machine.model_fields["launcher"].default}
    save(folder, found.model_copy(update=defaults))
    return f"{NAME} names programs, which are not taken from an archive: {found.lammps}, {found.launcher}"


def save(folder: Path | str, machine: Machine) -> Path:
    """Write machine.yaml into a working folder, atomically; its path."""
    path = Path(folder) / NAME
    content = machine.model_dump(mode="json", exclude_none=True)
    write_text(path, _COMMENT + yaml.safe_dump(content, sort_keys=False, allow_unicode=True))
    return path
