"""`glasswf analyze` on dumps of random walkers."""

import argparse
import json

import numpy as np
import pytest

from glasswf import results
from glasswf.commands import analyze
from glasswf.errors import GlasswfError

FACTS = ["--timestep-fs", "1", "--elements", "Na S", "--charges", "Na=1, S=-1"]


@pytest.fixture(scope="module")
def dumps(tmp_path_factory):
    """Two replicas, and the first of them in two parts; no elements, charges or times in the dumps."""
    folder = tmp_path_factory.mktemp("dumps")
    rng = np.random.default_rng(0)
    runs = [np.cumsum(rng.standard_normal((120, 8, 3)), axis=0) for _ in range(2)]
    parts = {"a": (runs[0], 0), "b": (runs[1], 0), "a1": (runs[0][:70], 0), "a2": (runs[0][69:], 69)}
    for name, (positions, first) in parts.items():
        (folder / name).write_text("".join(_frame(frame, 1000 * (first + i)) for i, frame in enumerate(positions)))
    return folder


def _frame(positions, step):
    head = f"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{len(positions)}\nITEM: BOX BOUNDS pp pp pp\n"
    rows = (f"{i + 1} {1 + i % 2} {x!r} {y!r} {z!r}" for i, (x, y, z) in enumerate(positions.tolist()))
    return head + "0 20\n" * 3 + "ITEM: ATOMS id type xu yu zu\n" + "\n".join(rows) + "\n"


def call(*words):
    parser = argparse.ArgumentParser(prog="glasswf")
    analyze.add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["analyze", *map(str, words)])
    return arguments.run(arguments)


def test_prints_values_with_errors_and_units(dumps, capsys):
    assert call(dumps / "a", dumps / "b", "--replicas", "--temperature", 1000, *FACTS) == 0
    text = capsys.readouterr().out
    assert "2 replica(s) of 120 frames every 1 ps" in text
    for name in ("D Na", "D S", "σ Nernst-Einstein", "σ collective", "Haven ratio"):
        assert name in text
    assert "cm²/s" in text
    assert "S/cm" in text
    assert "±" in text


def test_json_and_files_agree(dumps, tmp_path, capsys):
    out = tmp_path / "out"
    call(dumps / "a", "--temperature", 1000, "--json", "--out", out, *FACTS)
    printed = json.loads(capsys.readouterr().out)
    assert printed == results.read_json(out / "transport.json")
    rows = results.read_table(out / "diffusivity.csv", "diffusivity")
    sodium = next(item for item in printed["diffusion"] if item["species"] == "Na")
    assert rows[0]["species"] == "Na"
    assert rows[0]["diffusivity_cm2_s"] == pytest.approx(sodium["diffusivity"]["value"], rel=1e-7)
    assert rows[0]["n_na"] == 4
    assert {path.name for path in out.iterdir()} == {
        "transport.json", "diffusivity.csv", "conductivity.csv", "haven.csv", "msd.csv",
    }  # fmt: skip


def test_parts_that_continue_are_the_whole(dumps, capsys):
    call(dumps / "a", "--json", *FACTS)
    whole = capsys.readouterr().out
    call(dumps / "a1", dumps / "a2", "--json", *FACTS)
    assert capsys.readouterr().out == whole


def test_without_temperature_it_says_what_is_missing(dumps, capsys):
    call(dumps / "a", *FACTS)
    text = capsys.readouterr().out
    assert "σ Nernst-Einstein" not in text
    assert "note: no temperature given: no conductivity" in text


def test_what_is_not_diffusive_is_said(dumps, tmp_path, capsys):
    frozen = _frame(np.ones((8, 3)), 0)
    still = "".join(frozen.replace("TIMESTEP\n0", f"TIMESTEP\n{100 * i}") for i in range(40))
    (tmp_path / "still").write_text(still)
    call(tmp_path / "still", *FACTS)
    assert "NOT DIFFUSIVE" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "match"),
    [
        (["a", "b", *FACTS], "b, .*ends at step 119000, so this file does not continue it; replicas"),
        (["nowhere", *FACTS], "nowhere: no such file"),
        (["a"], r"no element column; give the element of each type"),
        (["a", *FACTS[2:]], "no ITEM: TIME in metal units; give the MD timestep"),
        (["a", *FACTS, "--charges", "Na"], "--charges: 'Na' is not ELEMENT=NUMBER"),
        (["a", *FACTS, "--charges", "Na=x"], "--charges: 'Na=x' is not ELEMENT=NUMBER"),
        (["a", *FACTS, "--charges", "Na=1"], "no charge given for S"),
        (["a", *FACTS, "--species", "Li"], "no Li atoms; the dump has Na, S"),
        (["a", *FACTS, "--temperature", "0"], "temperature 0.0 K; it must be positive"),
        (["a", *FACTS, "--skip-ps", "110"], "10 frames to analyse"),
    ],
)
def test_mistakes_give_one_line(dumps, monkeypatch, words, match):
    monkeypatch.chdir(dumps)
    with pytest.raises(GlasswfError, match=match) as caught:
        call(*words)
    assert "\n" not in str(caught.value)


def test_out_that_is_a_file_is_refused(dumps, tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(GlasswfError, match="taken: is a file; give a folder"):
        call(dumps / "a", "--out", tmp_path / "taken", *FACTS)
    assert (tmp_path / "taken").read_text() == ""
