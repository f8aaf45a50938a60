"""What strangers' files, odd names, missing permissions and a missing network do: nothing, or one clear line."""

import ast
import ctypes
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import ase.io
import numpy as np
import pytest
import yaml

from glasswf import cell
from glasswf import config as configuration
from glasswf import plan as planning
from glasswf.cli import main
from glasswf.errors import CellError, ConfigError
from glasswf.yamlfile import read_mapping
from tests.conftest import write_config

ROOT = Path(__file__).parents[1]
HOSTILE = 'it\'s "a" $(touch pwned) `touch pwned`; touch pwned & {x} #'

_UNSAFE_MODULES = {"pickle", "dill", "cloudpickle", "shelve", "marshal", "requests", "socket", "http", "ftplib",
                   "urllib.request", "ssl", "asyncio", "xmlrpc", "code", "pdb"}  # fmt: skip
_UNSAFE_CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "tempfile.mktemp", "extractall",
                 "yaml.unsafe_load", "yaml.full_load", "yaml.load_all", "breakpoint"}  # fmt: skip


# --- what the source does not do ---


def called(node: ast.Call) -> str:
    """Name of what is called, as it stands: `os.system`; a method of anything by its last name."""
    name = ast.unparse(node.func)
    return name if name in _UNSAFE_CALLS or name == "re.compile" else name.rpartition(".")[2]


def faults(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [each.name for each in node.names if each.name in _UNSAFE_MODULES]
        elif isinstance(node, ast.ImportFrom):
            found += [node.module] if node.module in _UNSAFE_MODULES else []
        elif isinstance(node, ast.Call):
            found += [f"{called(node)}()"] if called(node) in _UNSAFE_CALLS else []
            given = {each.arg: ast.unparse(each.value) for each in node.keywords}
            found += ["shell"] if given.get("shell", "False") != "False" else []
            found += ["allow_pickle"] if given.get("allow_pickle", "False") != "False" else []
            unsafe = ast.unparse(node.func) == "yaml.load" and given.get("Loader") not in (
                "_StrictLoader",
                "SafeLoader",
            )
            found += ["yaml.load()"] if unsafe else []
    return found


@pytest.mark.parametrize("bad", [
    "import pickle", "from socket import create_connection", "import urllib.request", "eval('1')", "os.system('ls')",
    "subprocess.run('ls', shell=True)", "np.load(path, allow_pickle=True)", "yaml.load(text)", "archive.extractall()",
    "yaml.load(text, Loader=yaml.Loader)", "tempfile.mktemp()",
])  # fmt: skip
def test_the_scan_of_the_source_finds(bad):
    assert faults(bad)


@pytest.mark.parametrize("folder", ["glasswf", "workflow/scripts"])
def test_nothing_unsafe_in_the_source(folder):
    files = sorted((ROOT / folder).rglob("*.py"))
    assert files
    found = {str(path.relative_to(ROOT)): bad for path in files if (bad := faults(path.read_text(encoding="utf-8")))}
    assert not found


def test_every_value_in_a_shell_command_of_the_rules_is_quoted():
    """Placeholders that are not numbers carry `:q`."""
    commands = [line for path in (ROOT / "workflow/rules").glob("*.smk")
                for line in path.read_text(encoding="utf-8").splitlines() if "python3 " in line or "{log" in line
                or "{resources" in line]  # fmt: skip
    assert len(commands) > 10
    names = [name for line in commands for name in _placeholders(line)]
    assert {name for name in names if not name.endswith(":q")} <= {"threads", "resources.tasks"}


def _placeholders(line: str) -> list[str]:
    import re

    return re.findall(r"(?<!\{)\{([\w.]+(?::\w+)?)\}(?!\})", line)


# --- YAML of strangers ---

NINES = ",".join(["x"] * 9)
BOMB = f"a0: &a0 [{NINES}]\n" + "".join(
    f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)
)  # fmt: skip


@pytest.mark.parametrize(("text", "says"), [
    (BOMB, "holds more than 200000 values once its aliases are written out"),
    ("a: &a [*a]\n", "aliases"),
    ("a: &a\n  b: *a\n", "aliases"),
    ("a: " + "[" * 3000, "nested too deeply"),
    ("a: '" + "x" * 5_000_000 + "'", "larger than 4 MB"),
    ("? [a, b]\n: 1\n", "line 1: a key must be a word or number"),
    ("a: 2020-13-45\n", "month must be in 1..12"),
    ("a: " + "9" * 5000, "integer"),
    ("a: !!python/object/apply:os.system [touch pwned]\n", "line 1: could not determine a constructor"),
    ("a: \0", "special characters are not allowed"),
])  # fmt: skip
def test_yaml_that_would_harm_is_one_line(tmp_path, text, says):
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_mapping(path, ConfigError)
    message = str(caught.value)
    assert message.startswith(str(path)) and says in message and "\n" not in message


def test_aliases_and_merges_that_people_write_are_read(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text("a: &a {x: 1}\nb:\n  <<: *a\n  y: *a\n", encoding="utf-8")
    assert read_mapping(path, ConfigError) == {"a": {"x": 1}, "b": {"x": 1, "y": {"x": 1}}}


# --- names in the configuration ---


@pytest.mark.parametrize("name", ["$(touch pwned)", "`touch pwned`", "a;b", "a b", "a'b", 'a"b', "-a", "a\nb", "../a",
                                  "a/b", ".a", "a&", "{x}", "", "a" * 100])  # fmt: skip
def test_names_that_become_folders_are_plain(tiny, name):
    tiny["systems"][0]["name"] = name
    with pytest.raises(ConfigError) as caught:
        configuration.from_mapping(tiny)
    assert "systems[0].name" in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(("key", "value"), [
    ("modifier", HOSTILE), ("series", HOSTILE), ("modifier", "Na\nshell touch pwned"), ("series", "-x"),
])  # fmt: skip
def test_other_names_are_known_ones(tmp_path, tiny, capsys, key, value):
    tiny["systems"][0][key] = value
    write_config(tmp_path, tiny)
    assert main(["validate", str(tmp_path / "config.yaml"), "--directory", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("error: ") and said.count("\n") == 1


@pytest.mark.parametrize("name", ["cell@1.xyz", "-.xyz", "postgresql:.xyz", f"{HOSTILE}.xyz", "~.xyz", "a\nb.xyz"])
def test_structure_files_are_files_whatever_their_name(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    atoms = ase.Atoms("Si2S4", positions=np.arange(18).reshape(6, 3), cell=[18] * 3, pbc=True)
    ase.io.write(Path("plain.xyz"), atoms, format="extxyz")
    shutil.move("plain.xyz", name)
    found = cell.from_structure(Path(name), {"Si": 2, "S": 4}, 18.0, seed=1)
    np.testing.assert_allclose(found.get_positions(), atoms.get_positions())


def test_braces_in_a_file_that_snakemake_watches_are_told(tmp_path, tiny):
    tiny["structure"] = {"experiments": [{"file": "S{x}.dat", "quantity": "S_X"}]}
    (tmp_path / "S{x}.dat").write_text("1 1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"experiments\[0\].file: S\{x\}.dat: Snakemake takes"):
        planning.make(configuration.from_mapping(tiny), tmp_path)


def test_a_folder_is_no_structure_file(tmp_path):
    """ASE takes one for a trajectory in pieces."""
    with pytest.raises(CellError, match="no such structure file"):
        cell.from_structure(tmp_path, {"Si": 2}, 18.0, seed=1)


# --- the whole pipeline, with hostile names everywhere, and no network ---

_NO_NETWORK = """
import pathlib, socket
def refuse(self, address, *more):
    if self.family != socket.AF_UNIX:
        pathlib.Path({told!r}).open("a").write(repr(address) + "\\n")
        raise OSError("no network in this test")
def connect(self, *arguments): refuse(self, *arguments)
socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = connect
def lookup(*arguments, **more): refuse(type("any", (), {{"family": None}}), arguments)
socket.getaddrinfo = socket.gethostbyname = socket.create_connection = lookup
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A finished scan whose every free name is hostile, from a structure file, run without network."""
    from tests.conftest import TINY

    base = tmp_path_factory.mktemp("hostile")
    folder = base / f"-{HOSTILE}\nnext"
    folder.mkdir()
    (base / "sitecustomize.py").write_text(_NO_NETWORK.format(told=str(base / "network.txt")), encoding="utf-8")
    data = json.loads(json.dumps(TINY))
    data |= {"systems": [{"name": "NS", "series": "NS", "m": 2.0}], "replicas": 1, "title": HOSTILE + "\n$",
             "forcefield": f"-{HOSTILE}.yaml"}  # fmt: skip
    data["protocol"]["isotherms"]["temperatures_k"] = [2200]
    data["cell"]["start"] = {"file": f"start {HOSTILE}.xyz"}
    measured = {"file": f"measured {HOSTILE}.dat".replace("{x}", "x"), "quantity": "S_X", "range": [2.0, 8.0]}
    data["structure"] = {"runs": "all", "experiments": [measured]}
    _write_inputs(folder, data)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(base), str(ROOT)])}
    config = write_config(folder, data, f"-{HOSTILE}.config.yaml")
    command = [sys.executable, "-m", "glasswf", "run", "--cores", "1", f"--configfile={config.name}"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return base, folder, done


def _write_inputs(folder: Path, data: dict) -> None:
    field = yaml.safe_load((ROOT / "glasswf/forcefield/library/legrand2025-abrupt.yaml").read_text(encoding="utf-8"))
    prose = f'{HOSTILE} $(step) ${{x}} """\nshell touch pwned\n&'
    field |= {"name": prose, "citation": prose, "note": prose}
    (folder / data["forcefield"]).write_text(yaml.safe_dump(field), encoding="utf-8")
    plain = data | {"forcefield": "legrand2025", "structure": {"runs": "none"}}
    plain["cell"] = {key: value for key, value in data["cell"].items() if key != "start"}
    spec = planning.make(configuration.from_mapping(plain)).runs[0].spec
    ase.io.write(folder / "start.xyz", cell.build(spec, folder), format="extxyz")
    (folder / "start.xyz").rename(folder / data["cell"]["start"]["file"])
    wave = np.linspace(1.0, 10.0, 50)
    np.savetxt(folder / data["structure"]["experiments"][0]["file"], np.column_stack([wave, 1 + np.sin(wave) / wave]))


@pytest.mark.pipeline
def test_hostile_names_are_harmless(hostile):
    base, folder, done = hostile
    assert done.returncode == 0, done.stderr[-3000:]
    assert (folder / "results/report.html").is_file()
    assert not [path for path in base.rglob("*") if path.name == "pwned"] and not (ROOT / "pwned").exists()
    page = (folder / "results/report.html").read_text(encoding="utf-8")
    assert "touch pwned" in page and HOSTILE not in page  # shown, escaped


@pytest.mark.pipeline
def test_prose_of_a_force_field_stays_a_comment(hostile):
    """LAMMPS goes on reading after a `&` at the end of a comment, and after three quotes."""
    _, folder, _ = hostile
    for path in folder.glob("runs/*/*/*/*/forcefield.lammps"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("#") and first.endswith(".") and '"' not in first


@pytest.mark.pipeline
def test_nothing_asks_the_network(hostile):
    base, _, done = hostile
    assert done.returncode == 0, done.stderr[-3000:]
    assert not (base / "network.txt").exists(), (base / "network.txt").read_text()


# --- permissions ---


def _as_an_ordinary_user() -> None:
    """Root loses what lets it pass over permissions (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH); others have none of it."""
    for capability in (1, 2):
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)


@pytest.fixture
def closed(tmp_path, tiny):
    """Run a command in a folder that may not be written to, with files that may not be read."""
    write_config(tmp_path, tiny)
    write_config(tmp_path, tiny, "secret.yaml").chmod(0)
    shutil.copy(ROOT / "glasswf/forcefield/library/legrand2025-abrupt.yaml", tmp_path / "field.yaml")
    (tmp_path / "field.yaml").chmod(0)
    write_config(tmp_path, tiny | {"forcefield": "field.yaml"}, "other.yaml")
    tmp_path.chmod(0o555)
    yield lambda *command: subprocess.run(
        [sys.executable, "-m", "glasswf", *command], cwd=tmp_path, capture_output=True, text=True, check=False,
        preexec_fn=_as_an_ordinary_user,
    )  # fmt: skip
    tmp_path.chmod(0o755)


@pytest.mark.skipif(sys.platform != "linux", reason="drops capabilities as Linux has them")
@pytest.mark.parametrize(("command", "says"), [
    (["init", "new"], "cannot write new: no permission to write there"),
    (["run", "--cores", "1"], "cannot write .glasswf.lock: no permission to write there"),
    (["tune"], "cannot write .: no permission to write there"),
    (["theory", "--out", "new"], "cannot write new/tables/rigidity.csv: no permission to write there"),
    (["export", "scan.zip", "--unfinished"], "cannot write scan.zip: no permission to write there"),
    (["validate", "secret.yaml"], "secret.yaml: cannot be read (Permission denied)"),
    (["validate", "other.yaml"], "field.yaml: cannot be read (Permission denied)"),
])  # fmt: skip
def test_missing_permissions_are_one_line(closed, command, says):
    done = closed(*command)
    lines = [line for line in done.stderr.splitlines() if not line.startswith("cost: ")]
    assert done.returncode == 1 and lines == [f"error: {says}"]
