"""`glasswf analyze --structure` on a shaken crystal."""

import argparse
import json

import ase
import ase.io
import pytest

from glasswf.commands import analyze
from glasswf.errors import GlasswfError
from glasswf.results import read_table
from tests.structure.test_analysis import shaken


@pytest.fixture(scope="module")
def dump(tmp_path_factory):
    path = tmp_path_factory.mktemp("dump") / "glass.extxyz"
    found = shaken(frames=12)
    frames = [ase.Atoms(found.elements, positions, cell=box, pbc=True, info={"time": 0.1 * i})
              for i, (positions, box) in enumerate(zip(found.positions, found.box_lengths_a, strict=True))]  # fmt: skip
    ase.io.write(path, frames)
    return path


def call(*words):
    parser = argparse.ArgumentParser(prog="glasswf")
    analyze.add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["analyze", *map(str, words)])
    return arguments.run(arguments)


def test_prints_writes_and_draws(dump, tmp_path, capsys):
    (tmp_path / "s.dat").write_text("# k S\n1.0 0.9\n2.0 1.1\n3.0 1.0\n")
    out = tmp_path / "out"
    options = ["--cutoffs", "Si-S=2.7", "--measured", f"S_X={tmp_path / 's.dat'}", "--temperature", 300, "--out", out]
    assert call(dump, "--structure", "--timestep-fs", 100, *options) == 0
    text = capsys.readouterr().out
    assert "bonds up to Si-S 2.70 Å" in text
    assert "q4                        1" in text
    assert "R (legrand)" in text
    shares = {row["quantity"]: row["value"] for row in read_table(out / "tables/network.csv", "network")}
    assert shares["q4"] == 1
    assert (out / "figures/fig_network_dump.pdf").stat().st_size > 1000
    assert (out / "structure.extxyz").is_file()


def test_json_holds_all_tables(dump, capsys):
    assert call(dump, "--structure", "--timestep-fs", 100, "--cutoffs", "Si-S=2.7", "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["cutoffs_a"]["Si-S"] == 2.7
    assert "q4" in printed["tables"]["network"]["quantity"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--cutoffs", "Si-S"], "--cutoffs: 'Si-S' is not NAME=NUMBER"),
        (["--cutoffs", "Ge-S=2"], "there is no Ge here"),
        (["--cutoffs", "Si-S=30"], "too long"),
        (["--measured", "S=x"], "--measured: 'S=x' is not QUANTITY=FILE"),
        (["--measured", "S_X=gone.dat"], "gone.dat"),
    ],
)
def test_mistakes_get_one_line(dump, words, message):
    with pytest.raises(GlasswfError) as caught:
        call(dump, "--structure", "--timestep-fs", 100, *words)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
