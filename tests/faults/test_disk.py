"""A disk that fills up while LAMMPS runs, for real: a small file system of our own in a name space of our own."""

import subprocess
import sys

import pytest

from glasswf.results import read_json
from tests.conftest import write_config
from tests.faults.conftest import SMALL, assert_same, bits

pytestmark = pytest.mark.pipeline
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
SCRIPT = """
set -e
mount -t tmpfs -o size=$SMALL_SIZE tmpfs small
cp config.yaml small
cd small
$COMMAND > ../first.txt 2>&1 && echo finished > ../first.code || echo $? > ../first.code
df . > ../full.txt
mount -o remount,size=400m .
$COMMAND > ../second.txt 2>&1 && echo finished > ../second.code || echo $? > ../second.code
cp -r runs results ..
"""


def in_own_namespace(script: str, folder, **variables) -> None:
    done = subprocess.run(["unshare", "--map-root-user", "--mount", "sh", "-c", script], cwd=folder, env=variables,
                          capture_output=True, text=True, timeout=600, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture
def namespaces(tmp_path):
    try:
        in_own_namespace("mkdir x && mount -t tmpfs tmpfs x", tmp_path, PATH=PATH)
    except (AssertionError, FileNotFoundError):
        pytest.skip("file systems cannot be mounted here, not even in a name space of one's own")


@pytest.mark.parametrize("size", ["700k", "1800k"])
def test_full_disk(tmp_path, namespaces, undisturbed, size):
    write_config(tmp_path, SMALL)
    (tmp_path / "small").mkdir()
    command = f"'{sys.executable}' -m glasswf run --cores 2"
    in_own_namespace(SCRIPT.replace("$COMMAND", command), tmp_path, SMALL_SIZE=size, PATH=PATH, HOME=str(tmp_path))
    said = (tmp_path / "first.txt").read_text()
    assert (tmp_path / "first.code").read_text().strip() != "finished"
    assert "disk is full; free some space and start again, nothing finished is lost" in said, said
    assert (tmp_path / "second.code").read_text().strip() == "finished", (tmp_path / "second.txt").read_text()[-3000:]
    assert_same(bits(tmp_path), bits(undisturbed))
    assert all(read_json(path)["same_bits_as_uninterrupted"] for path in tmp_path.glob("runs/*/*/*/*/record.json"))
