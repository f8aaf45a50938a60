"""Archives checked, run again, damaged, and made to harm."""

import json
import stat
import zipfile

import pytest

from glasswf.archive import compare
from glasswf.archive.unpack import Source
from glasswf.cli import main
from glasswf.results import write_table

pytestmark = pytest.mark.pipeline


def check(path, *more):
    return main(["check", str(path), *more])


def test_an_archive_is_whole_and_so_is_its_folder(exported, tmp_path, capsys):
    assert check(exported) == 0
    assert "whole, and true to its configuration" in capsys.readouterr().out
    with zipfile.ZipFile(exported) as opened:
        opened.extractall(tmp_path / "unpacked")
    assert check(tmp_path / "unpacked") == 0


def test_run_again_it_ends_in_the_same_bits(exported, tmp_path, capsys):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/config.yaml").write_text("mine")
    assert check(exported, "--rerun", str(tmp_path / "mine")) == 1
    assert "mine: neither empty nor begun for this archive" in capsys.readouterr().err
    assert check(exported, "--rerun", str(tmp_path / "again"), "--cores", "1") == 0
    said = capsys.readouterr().out
    assert "3 of 3 runs end in the same bits" in said and "tables are the same" in said


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"results/tables/haven.csv": "a\n"}, "results/tables/haven.csv: changed since it was archived"),
        ({"runs/NS/x0.5_m2/r1/T2200/record.json": None}, "T2200/record.json: is missing"),
        ({"results/more.txt": "more"}, "results/more.txt: does not belong to the archive"),
        ({"manifest-sha256.txt": None}, "manifest-sha256.txt is missing; not an archive of `glasswf export`"),
        ({"manifest-sha256.txt": "abc\n"}, "manifest-sha256.txt, line 1: not a SHA-256 and a name"),
        ({"../../outside.txt": "x"}, "'../../outside.txt' leads out of the archive; refused"),
        ({"/etc/outside.txt": "x"}, "'/etc/outside.txt' leads out of the archive; refused"),
        ({"C:/outside.txt": "x"}, "'C:/outside.txt' leads out of the archive; refused"),
    ],
)
def test_damage_and_malice_are_told(rewritten, capsys, changes, says):
    assert check(rewritten(changes)) == 1
    captured = capsys.readouterr()
    assert says in captured.out + captured.err and "Traceback" not in captured.err


def test_a_link_is_refused(rewritten, capsys):
    link = zipfile.ZipInfo("runs/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = rewritten({})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert check(path) == 1
    assert "'runs/link' is not an ordinary file; refused" in capsys.readouterr().err


def test_a_run_that_the_configuration_does_not_lead_to(rewritten, exported, capsys):
    """All checksums made anew: what does not fit the configuration is found all the same."""
    import hashlib

    name = "runs/NS/x0.5_m2/r1/T2200.json"
    with zipfile.ZipFile(exported) as opened:
        texts = {each: opened.read(each).decode() for each in (name, "manifest-sha256.txt", "ro-crate-metadata.json")}
    spec = json.dumps(json.loads(texts[name]) | {"seed": 1})
    old, new = (hashlib.sha256(text.encode()).hexdigest() for text in (texts[name], spec))
    crate = texts["ro-crate-metadata.json"].replace(old, new)
    hashes = [hashlib.sha256(text.encode()).hexdigest() for text in (texts["ro-crate-metadata.json"], crate)]
    manifest = texts["manifest-sha256.txt"].replace(old, new).replace(*hashes)
    assert check(rewritten({name: spec, "manifest-sha256.txt": manifest, "ro-crate-metadata.json": crate})) == 1
    assert f"{name}: the configuration leads to another run" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "content", "says"), [
    ("none.zip", None, "no such archive"),
    ("text.zip", b"text", "not a zip archive, or cut short"),
])  # fmt: skip
def test_what_is_no_archive(tmp_path, capsys, name, content, says):
    if content:
        (tmp_path / name).write_bytes(content)
    assert check(tmp_path / name) == 1
    said = capsys.readouterr().err
    assert says in said and said.count("\n") == 1


def test_one_cut_short(exported, tmp_path, capsys):
    (tmp_path / "cut.zip").write_bytes(exported.read_bytes()[:-1000])
    assert check(tmp_path / "cut.zip") == 1
    assert "not a zip archive, or cut short" in capsys.readouterr().err


def row(value, error, **more):
    return {"system": "NS", "label": "m2", "temperature_k": 2000.0, "species": "Na", "diffusivity_cm2_s": value,
            "diffusivity_err_cm2_s": error, "diffusive": True} | more  # fmt: skip


@pytest.mark.parametrize(
    ("again", "good", "numbers"),
    [
        (row(1.2e-5, 1e-6), True, 1),
        (row(2.0e-5, 1e-6), False, 1),
        (row(2.0e-5, 1e-6, diffusive=False), False, 0),  # nothing could be compared: not good
        (row(1.0e-5, 1e-6), True, 1),
    ],
)
def test_other_bits_are_judged_by_their_errors(tmp_path, again, good, numbers):
    for folder, content in (("archived", row(1.0e-5, 1e-6)), ("again", again)):
        write_table(tmp_path / folder / "results/tables/diffusivity.csv", "diffusivity", [content])
        state = tmp_path / folder / "runs/NS/m2/r1/T2000/final.data"
        state.parent.mkdir(parents=True)
        state.write_text(folder)
    found = compare.compare(Source(tmp_path / "archived", None), tmp_path / "again")
    assert (found.same_bits, found.numbers, found.good) == (0, numbers, good)
