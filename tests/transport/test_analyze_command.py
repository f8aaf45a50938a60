"""`glasswf analyze` on dumps of random walkers."""

import argparse
import json
import shlex

import ase.io
import numpy as np
import pytest

from glasswf import figures, results
from glasswf.commands import analyze
from glasswf.errors import GlasswfError
from glasswf.trajectory.formats import FORMATS

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
    call(dumps / "a", "--temperature", 1000, "--json", "--no-figures", "--out", out, *FACTS)
    printed = json.loads(capsys.readouterr().out)
    assert printed == results.read_json(out / "transport.json")
    rows = results.read_table(out / "tables/diffusivity.csv", "diffusivity")
    sodium = next(item for item in printed["diffusion"] if item["species"] == "Na")
    assert rows[0]["species"] == "Na"
    assert rows[0]["diffusivity_cm2_s"] == pytest.approx(sodium["diffusivity"]["value"], rel=1e-7)
    assert rows[0]["n_na"] == 4
    assert {path.name for path in out.iterdir()} == {"transport.json", "tables"}
    tables = {path.stem for path in (out / "tables").iterdir()}
    assert {"diffusivity", "conductivity", "haven", "msd"} <= tables <= set(results.TABLES)


def test_out_holds_the_figures_that_the_tables_fill(dumps, tmp_path, capsys):
    out = tmp_path / "out"
    call(dumps / "a", "--temperature", 1000, "--out", out, *FACTS)
    loaded = figures.load(out)
    assert {path.stem for path in (out / "figures").iterdir()} == set(figures.available(loaded)) >= {"fig_msd_dump"}
    call(dumps / "a", "--out", tmp_path / "cold", *FACTS)
    assert "no figures: they need --temperature" in capsys.readouterr().err
    assert not (tmp_path / "cold/figures").exists()


def test_another_call_leaves_no_old_table(dumps, tmp_path):
    out = tmp_path / "out"
    call(dumps / "a", "--temperature", 1000, "--no-figures", "--out", out, *FACTS)
    call(dumps / "a", "--no-figures", "--out", out, *FACTS)
    assert not (out / "tables/conductivity.csv").exists()
    assert (out / "tables/diffusivity.csv").exists()


def test_options_reach_the_analysis(dumps, monkeypatch, capsys):
    seen = {}

    def analyse(trajectories, temperature_k, **options):
        seen.update(options, velocities=trajectories[0].velocities)
        raise GlasswfError("seen")

    monkeypatch.setattr("glasswf.transport.analyse", analyse)
    words = ["--mobile", "Na", "--viscosity", "0.01", "--van-hove", "all", "--skip-ps", "2", "--species", "Na"]
    with pytest.raises(GlasswfError, match="seen"):
        call(dumps / "a", *words, *FACTS)
    assert seen == {
        "mobile": ["Na"], "viscosity_pa_s": 0.01, "van_hove": "all", "skip_ps": 2.0, "species": ["Na"],
        "velocities": None,
    }  # fmt: skip
    with pytest.raises(GlasswfError, match="no velocities; dump vx vy vz as well"):
        call(dumps / "a", "--velocities", *FACTS)


def test_a_topology_gives_elements_and_charges(dumps, capsys):
    atoms = ase.Atoms(["Na", "S"] * 4, positions=np.arange(24).reshape(8, 3), cell=[30] * 3, pbc=True)
    atoms.set_initial_charges([1, -1] * 4)
    ase.io.write(dumps / "cell.xyz", atoms, format="extxyz")
    call(dumps / "a", "--json", "--temperature", 1000, *FACTS)
    expected = capsys.readouterr().out
    call(dumps / "a", "--json", "--temperature", 1000, "--timestep-fs", 1, "--topology", dumps / "cell.xyz")
    assert capsys.readouterr().out == expected


def test_help_has_examples_that_parse(capsys):
    parser = argparse.ArgumentParser(prog="glasswf")
    analyze.add_parser(parser.add_subparsers())
    examples = [line for line in analyze._EXAMPLE.splitlines() if line.startswith("  glasswf")]
    assert len(examples) >= 3
    for line in examples:
        parser.parse_args(shlex.split(line)[1:])
    assert ", ".join(FORMATS) == analyze._FORMATS


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
        (["a", "--timestep-fs", "1", "--topology", "gone"], "gone: no such file; the topology is"),
        (["a", *FACTS, "--format", "pdb"], "unknown format 'pdb'; known: dump, binary, h5md, dcd"),
        (["a", *FACTS[2:]], "no ITEM: TIME in metal units; give the MD timestep"),
        (["a", *FACTS, "--charges", "Na"], "--charges: 'Na' is not NAME=NUMBER"),
        (["a", *FACTS, "--charges", "Na=x"], "--charges: 'Na=x' is not NAME=NUMBER"),
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


def test_files_whose_intervals_differ(dumps, tmp_path):
    rng = np.random.default_rng(1)
    steps = np.cumsum(rng.standard_normal((40, 8, 3)), axis=0)
    for name, first, every in (("slow", 0, 2000), ("early", 0, 1000), ("late", 39_000, 2000)):
        text = "".join(_frame(frame if name != "late" else steps[-1] + frame - steps[0], first + every * i)
                       for i, frame in enumerate(steps))  # fmt: skip
        (tmp_path / name).write_text(text)
    with pytest.raises(GlasswfError, match=r"slow.*2 ps|2 ps.*slow") as caught:
        call(dumps / "a", tmp_path / "slow", "--replicas", *FACTS)
    assert "\n" not in str(caught.value)
    with pytest.raises(GlasswfError, match="early: frames are not evenly spaced") as caught:
        call(tmp_path / "early", tmp_path / "late", *FACTS)
    assert "\n" not in str(caught.value)


def test_one_frame_is_not_enough(dumps, tmp_path):
    (tmp_path / "one").write_text(_frame(np.ones((8, 3)), 0))
    with pytest.raises(GlasswfError, match="one: one frame only"):
        call(tmp_path / "one", *FACTS)
