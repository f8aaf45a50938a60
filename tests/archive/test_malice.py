"""Archives made to harm whoever checks them or runs them again, with every checksum right."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
import yaml

from glasswf import machine
from glasswf.archive import unpack
from glasswf.cli import main
from glasswf.commands import check as command
from glasswf.forcefield import load
from glasswf.paths import workflow_root
from tests.archive.conftest import ONE

pytestmark = pytest.mark.pipeline
EVIL = "sh -c 'touch pwned'"


@pytest.fixture
def forged(exported, tmp_path):
    """Make an archive with other contents and the checksums of these; as a zip file, or unpacked."""

    def make(changes: dict[str, str], folder: bool = False) -> Path:
        with zipfile.ZipFile(exported) as old:
            contents = {name: old.read(name) for name in old.namelist()} | {k: v.encode() for k, v in changes.items()}
        _sign(contents, changes)
        if folder:
            return _unpacked(contents, tmp_path / "unpacked")
        with zipfile.ZipFile(tmp_path / "forged.zip", "w") as new:
            for name, content in contents.items():
                new.writestr(name, content)
        return tmp_path / "forged.zip"

    return make


def _sign(contents: dict[str, bytes], changes: dict[str, str]) -> None:
    if "ro-crate-metadata.json" not in changes:
        document = json.loads(contents["ro-crate-metadata.json"])
        own = ("manifest-sha256.txt", "environment.json", "ro-crate-metadata.json")
        document["@graph"] = [entity for entity in document["@graph"] if "File" not in entity["@type"]] + [
            {"@id": unpack_id(name), "@type": "File", "sha256": sha256(content)}
            for name, content in contents.items() if name not in own
        ]  # fmt: skip
        contents["ro-crate-metadata.json"] = json.dumps(document).encode()
    del contents["manifest-sha256.txt"]
    lines = "".join(f"{sha256(content)}  {name}\n" for name, content in contents.items())
    contents["manifest-sha256.txt"] = lines.encode()


def unpack_id(name: str) -> str:
    return name.replace(" ", "%20")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _unpacked(contents: dict[str, bytes], folder: Path) -> Path:
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def told(capsys) -> str:
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return captured.out + captured.err


def test_what_is_forged_well_passes(forged, capsys):
    """The tests below fail for their own reasons."""
    assert main(["check", str(forged({"results/report.html": "<p>better</p>"}))]) == 0
    assert "true to its configuration" in told(capsys)


def experiment(name: str) -> str:
    measured = {"file": name, "quantity": "S_X"}
    return yaml.safe_dump(ONE | {"structure": {"runs": "none", "experiments": [measured]}})


@pytest.mark.parametrize(("changes", "says"), [
    ({"runs/plan.json": '{"config_file": "../../outside.yaml"}'}, "'../../outside.yaml', which runs/plan.json names"),
    ({"runs/plan.json": '{"config_file": ["a"]}'}, "which runs/plan.json names, is missing"),
    ({"runs/plan.json": "[]"}, "runs/plan.json does not hold keys and values"),
    ({"runs/plan.json": "[" * 100_000}, "runs/plan.json is not valid JSON"),
    ({"ro-crate-metadata.json": '{"@graph": 1}'}, "not as in manifest-sha256.txt"),
    ({"ro-crate-metadata.json": '{"@graph": [1, {"@id": [], "@type": 3}]}'}, "not as in manifest-sha256.txt"),
    ({"environment.json": "[]"}, "environment.json does not hold keys and values"),
    ({"config.yaml": "a: &a [*a]"}, "aliases"),
    ({"config.yaml": experiment("profiles/default/config.yaml"), "profiles/default/config.yaml": "{}"},
     "among the workflow's own files"),
    ({"config.yaml": experiment(".hidden"), ".hidden": "{}"}, "among the workflow's own files"),
    ({"config.yaml": experiment("/etc/passwd")}, "outside the working folder"),
])  # fmt: skip
@pytest.mark.parametrize("folder", [False, True])
def test_forgeries_are_told(forged, tmp_path, capsys, changes, says, folder):
    assert main(["check", str(forged(changes, folder))]) == 1
    assert says in told(capsys)
    assert not (tmp_path.parent / "outside.yaml").exists()


def test_a_bomb_is_refused_before_it_is_read(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(unpack, "_SMALL", 1000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest-sha256.txt", "0" * 2_000_000)
    assert main(["check", str(tmp_path / "bomb.zip")]) == 1
    assert "would unpack to 0.002 GB; refused" in told(capsys)


def test_a_text_that_would_fill_the_memory_is_refused(forged, monkeypatch, capsys):
    monkeypatch.setattr(unpack, "_LARGEST_TEXT", 1000)
    assert main(["check", str(forged({}))]) == 1
    assert "manifest-sha256.txt is larger than" in told(capsys)


def test_programs_that_an_archive_names_are_not_run(forged, exported, tmp_path, monkeypatch, capsys):
    """machine.yaml and a profile in the folder name programs: the rerun takes neither."""
    folder = tmp_path / "again"
    with zipfile.ZipFile(exported) as opened:
        opened.extract("my field.yaml", tmp_path)
    field = load(tmp_path / "my field.yaml")
    tuned = machine.Tuned(name=field.name, sha256=field.sha256)
    text = machine.save(tmp_path, machine.Machine(lammps=EVIL, launcher=EVIL, tasks=2, forcefield=tuned)).read_text()
    commands = []
    monkeypatch.setattr(command.subprocess, "call", lambda line, **_: commands.append(line) or 1)
    assert main(["check", str(forged({"machine.yaml": text})), "--rerun", str(folder)]) == 1
    assert "machine.yaml names programs, which are not taken from an archive" in told(capsys)
    kept = machine.load(folder)
    assert (kept.lammps, kept.launcher, kept.tasks) == ("module", "mpiexec", 2)
    assert f"--profile={workflow_root() / 'profiles' / 'default'}" in commands[0]


@pytest.mark.parametrize(("lammps", "stays"), [
    ("module", True), ("module -sf omp", True), ("module -pk intel 0 -sf intel", True), ("module -k on -sf kk", True),
    ("lmp -sf opt", False), ("module -in evil.lammps", False), ("module -log /etc/passwd", False), (EVIL, False),
    ("module -sf omp\n-in evil", False), ("module -var x 1", False),
])  # fmt: skip
def test_options_of_accelerators_stay(tmp_path, lammps, stays):
    tuned = machine.Tuned(name="x", sha256="0")
    machine.save(tmp_path, machine.Machine(lammps=lammps, threads=2, forcefield=tuned))
    assert bool(machine.disarm(tmp_path)) is not stays
    assert machine.load(tmp_path).lammps == (lammps if stays else "module") and machine.load(tmp_path).threads == 2
