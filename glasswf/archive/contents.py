"""Which files of a working folder belong to a scan."""

import mimetypes
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel

from glasswf import status
from glasswf.errors import GlasswfError
from glasswf.machine import NAME as MACHINE
from glasswf.paths import workflow_root
from glasswf.plan import RUNS, Plan, Run, overview
from glasswf.results import read_json
from glasswf.yamlfile import read_mapping

WORKFLOW = "workflow"  # folder of the archive with the rules that ran
_RUN_FILES = ("*.lammps", "angle.*", "record.json", "started.json", "thermo.csv", "final.data", "cell.data")
_OURS = ("runs", "results", "logs", "profiles", "workflow")  # folders that hold no files of the user's
_DUMPS, _RESTARTS = ("trajectory.*",), ("T*.restart",)
_TYPES = {".lammps": "text/plain", ".smk": "text/plain", ".data": "text/plain", ".yaml": "application/yaml",
          ".extxyz": "text/plain", ".xyz": "text/plain", ".tcl": "text/plain", ".h5md": "application/x-hdf5",
          ".zst": "application/zstd", ".sw": "text/plain", ".table": "text/plain", ".py": "text/x-python",
          "": "text/plain"}  # fmt: skip


def require_finished(plan: Plan, folder: Path) -> None:
    """Raise GlasswfError with one line unless every run and the report of the plan are there."""
    missing = [str(run.folder / "record.json") for run, state in states(plan, folder) if state != "done"]
    report = folder / "results" / "report.html"
    if plan.points and not report.is_file():
        missing.append("results/report.html")
    if missing:
        raise GlasswfError(
            f"{folder}: not finished, {len(missing)} files are missing or out of date ({missing[0]}, ...); finish it "
            "with `glasswf run`, or archive what is there with --unfinished"
        )

    if plan.points and _told_sha256(folder) != overview(plan)["config_sha256"]:
        raise GlasswfError(
            f"{folder}: the results are of another configuration than {plan.config.title or 'this one'}; bring them up "
            "to date with `glasswf run`, or archive what is there with --unfinished"
        )


def states(plan: Plan, folder: Path) -> list[tuple[Run, str]]:
    """Every run that LAMMPS does with its state (glasswf.status); one made for another specification is waiting."""
    return list(zip(plan.md_runs, (each.state for each in status.survey(plan, folder).runs), strict=True))


def _told_sha256(folder: Path) -> str | None:
    path = folder / "results" / "provenance.json"
    return read_json(path).get("config_sha256") if path.is_file() else None


def of_scan(plan: Plan, config: Path, folder: Path, dumps: bool = False, restarts: bool = False) -> dict[str, Path]:
    """Files of a scan by their names in the archive, in order of these.

    Configuration and what it names, resolved runs, LAMMPS inputs, logs, records, last states, tables, figures, report,
    and the rules of the workflow; dumps and restarts of quenches if wanted. Raises GlasswfError for a file that the
    configuration names outside the working folder.
    """
    patterns = _RUN_FILES + (_DUMPS if dumps else ()) + (_RESTARTS if restarts else ())
    found = {config.name: config}
    found |= {name: folder / name for name in named_files(plan.config, folder) if (folder / name).is_file()}
    found |= {MACHINE: folder / MACHINE} if (folder / MACHINE).is_file() else {}
    found |= _below(folder, (folder / run.spec_file for run in plan.runs))
    found |= _below(
        folder, (path for run in plan.runs for each in patterns for path in (folder / run.folder).glob(each))
    )
    found |= _below(folder, (folder / RUNS).glob("*.json"))
    found |= _below(folder, (folder / RUNS).glob("landscape/*.json"))
    found |= _below(folder, (path for path in (folder / "results").rglob("*") if path.is_file()))
    found |= _workflow()
    return dict(sorted(found.items()))


def named_files(config: BaseModel, folder: Path) -> Iterator[str]:
    """Files that a configuration names, relative to the working folder, and those that a force field there extends.

    Raises GlasswfError for one outside of it or among the files of the workflow.
    """
    for name in map(str, _paths(config)):
        yield _inside(name)
    name, seen = getattr(config, "forcefield", ""), set()
    while name.endswith((".yaml", ".yml")) and name not in seen:
        seen.add(name)
        yield _inside(name)
        if not (folder / name).is_file():
            return
        base = str(read_mapping(folder / name, GlasswfError).get("extends", ""))
        name = base if Path(base).is_absolute() else os.path.normpath(Path(name).parent / base)


def _inside(name: str) -> str:
    parts = Path(name).parts
    if Path(name).is_absolute() or ".." in parts or parts[:1] == ("~",):
        raise GlasswfError(f"{name}: is named by the configuration but outside the working folder; put it inside")
    if not parts or parts[0] in _OURS or parts[0].startswith("."):
        raise GlasswfError(
            f"{name}: is named by the configuration but among the workflow's own files; put it elsewhere"
        )
    return name


def media_type(name: str) -> str:
    """Media type of a file by its ending."""
    suffix = Path(name).suffix
    return _TYPES.get(suffix) or mimetypes.guess_type(name, strict=False)[0] or "application/octet-stream"


def _paths(value: object) -> Iterator[Path]:
    if isinstance(value, Path):
        yield value
    elif isinstance(value, BaseModel):
        yield from (path for _, each in value for path in _paths(each))
    elif isinstance(value, list | tuple):
        yield from (path for each in value for path in _paths(each))


def _below(folder: Path, paths: Iterable[Path]) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in paths if path.is_file()}


def _workflow() -> dict[str, Path]:
    root = workflow_root()
    paths = [root / "Snakefile", *(root / "workflow").rglob("*.smk"), *(root / "workflow").rglob("scripts/*.py"),
             *(root / "templates").glob("*.lammps")]  # fmt: skip
    return {f"{WORKFLOW}/{path.relative_to(root).as_posix()}": path for path in paths}
