"""machine.yaml: written, read, refused, and used by the plan."""

import json

import pytest

from glasswf import config as configuration
from glasswf import forcefield, machine
from glasswf import plan as planning
from glasswf.cli import main
from glasswf.config.models import NumericsBlock
from glasswf.errors import ConfigError
from glasswf.lammps.numerics import Numerics
from glasswf.machine import Machine, Tuned
from tests.conftest import write_config

TUNED = Tuned(name="legrand2025", sha256=forcefield.load("legrand2025").sha256)
FOUND = Machine(lammps="module -sf omp", tasks=2, numerics=NumericsBlock(skin_a=0.7, cutoff_a=5.5), forcefield=TUNED)


def make(data, folder):
    return planning.make(configuration.from_mapping(data), folder)


def test_comes_back_as_it_was(tmp_path):
    path = machine.save(tmp_path, FOUND)
    assert path.read_text(encoding="utf-8").startswith("# Written by `glasswf tune`")
    assert machine.load(tmp_path) == FOUND


def test_no_file_no_machine(tmp_path):
    assert machine.load(tmp_path) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("lammps: [module", "machine.yaml, line"),
        ("lammps: module\n", "forcefield: field required"),
        ("tasks: 0\nforcefield: {name: a, sha256: b}\n", "tasks: input should be greater than 0"),
        ("numerics: {skin: 1}\nforcefield: {name: a, sha256: b}\n", r"numerics\.skin: extra inputs"),
        ("- a\n", "must hold keys and values"),
    ],
)
def test_damaged_files_are_told_in_one_line(tmp_path, text, says):
    (tmp_path / machine.NAME).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=says) as caught:
        machine.load(tmp_path)
    assert "\n" not in str(caught.value)


def test_the_plan_takes_what_the_configuration_leaves_out(tmp_path, tiny):
    machine.save(tmp_path, FOUND)
    numerics = make(tiny, tmp_path).numerics
    assert numerics == Numerics(cutoff_a=6.0, skin_a=0.7)  # the configuration gives the cutoff
    del tiny["numerics"]
    assert make(tiny, tmp_path).numerics == Numerics(cutoff_a=5.5, skin_a=0.7)


def test_the_plan_takes_the_timestep(tmp_path, tiny):
    machine.save(tmp_path, FOUND.model_copy(update={"timestep_fs": 2.5}))
    assert make(tiny, tmp_path).timestep_fs == 2.0
    del tiny["protocol"]["timestep_fs"]
    assert make(tiny, tmp_path).timestep_fs == 2.5
    assert {run.spec["timestep_fs"] for run in make(tiny, tmp_path).md_runs} == {2.5}


def test_validate_tells_where_settings_come_from(tmp_path, tiny, capsys):
    arguments = ["validate", str(write_config(tmp_path, tiny)), "--directory", str(tmp_path)]
    assert main(arguments) == 0
    assert "not tuned on this machine: `glasswf tune`, before the first run" in capsys.readouterr().out
    machine.save(tmp_path, FOUND)
    assert main(arguments) == 0
    assert "machine.yaml: LAMMPS as `module -sf omp`, cutoff_a 5.5, skin_a 0.7" in capsys.readouterr().out


def test_another_force_field_is_refused(tmp_path, tiny):
    machine.save(tmp_path, FOUND)
    tiny["forcefield"] = "legrand2025-abrupt"
    with pytest.raises(ConfigError, match=r"machine\.yaml: tuned for force field legrand2025, .*run `glasswf tune`"):
        make(tiny, tmp_path)


def test_cells_too_small_for_the_tuned_buckingham_range_are_refused(tmp_path, tiny):
    machine.save(tmp_path, FOUND.model_copy(update={"numerics": NumericsBlock(buckingham_cutoff_a=8.0)}))
    with pytest.raises(ConfigError, match="the cutoff of 8 Å is larger than half the box"):
        make(tiny, tmp_path)


def test_specifications_without_the_file_are_what_they_were(tmp_path, tiny):
    run = next(run for run in make(tiny, tmp_path).md_runs)
    assert json.dumps(run.spec["numerics"]) == (
        '{"cutoff_a": 6.0, "kspace_accuracy": 0.0001, "kspace_order": 7, "kspace_diff": "ad", "skin_a": 1.0, '
        '"coulomb_table_bits": 12}'
    )


def test_later_settings_reach_the_specification_and_come_back(tmp_path, tiny):
    tiny["numerics"] |= {"buckingham_cutoff_a": 5.0, "dsf_alpha_per_a": 0.2}
    numerics = make(tiny, tmp_path).numerics
    spec = next(run for run in make(tiny, tmp_path).md_runs).spec["numerics"]
    assert spec["buckingham_cutoff_a"] == 5.0 and spec["dsf_alpha_per_a"] == 0.2 and "kspace_style" not in spec
    assert Numerics(**spec) == numerics
