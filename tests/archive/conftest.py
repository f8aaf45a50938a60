import copy
import shutil
import zipfile
from pathlib import Path

import pytest

from glasswf.cli import main
from tests.conftest import TINY, write_config

ONE = copy.deepcopy(TINY)
ONE |= {"systems": [{"name": "NS", "series": "NS", "m": 2.0}], "replicas": 1, "structure": {"runs": "none"},
        "title": "One point & <all> of it", "forcefield": "my field.yaml"}  # fmt: skip


@pytest.fixture(scope="session")
def scan(tmp_path_factory) -> Path:
    """A finished scan of one point, with a force field of the user's own, in a folder with a space in its name."""
    folder = tmp_path_factory.mktemp("a scan")
    field = Path(__file__).parents[2] / "glasswf/forcefield/library/legrand2025-abrupt.yaml"
    shutil.copy(field, folder / "my field.yaml")
    write_config(folder, ONE)
    assert main(["run", "--directory", str(folder), "--configfile", str(folder / "config.yaml"), "--cores", "1"]) == 0
    return folder


@pytest.fixture(scope="session")
def exported(scan, tmp_path_factory) -> Path:
    """Its archive."""
    path = tmp_path_factory.mktemp("archive") / "scan.zip"
    arguments = ["export", str(path), "--directory", str(scan), "--configfile", str(scan / "config.yaml")]
    assert main([*arguments, "--author", "Ada Example", "--licence", "CC-BY-4.0"]) == 0
    return path


@pytest.fixture
def rewritten(exported, tmp_path):
    """Make another archive of this one: names to contents that replace or add, None takes a file away."""

    def make(changes: dict) -> Path:
        target = tmp_path / "other.zip"
        with zipfile.ZipFile(exported) as old, zipfile.ZipFile(target, "w") as new:
            for entry in old.infolist():
                if entry.filename not in changes:
                    new.writestr(entry, old.read(entry))
            for name, content in changes.items():
                if content is not None:
                    new.writestr(name, content)
        return target

    return make
