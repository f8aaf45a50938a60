"""Energies, forces and pressure of the generated LAMMPS input, against the independent reference."""

import re

import numpy as np
import pytest
from cells import TIGHT, lammps_cell, lammps_sums, random_positions
from reference import Sums, background, evaluate

from glasswf import forcefield
from glasswf.forcefield import Buckingham
from glasswf.lammps import coefficients
from glasswf.lammps.numerics import Numerics

pytestmark = pytest.mark.lammps

EDGES = np.array([9.3, 9.7, 10.2])
NEARLY_NEUTRAL = {"Na": 6e-3, "Li": 6e-3, "Si": 24e-3, "S": -12e-3}


def symbols_of(field):
    return [field.elements[0]] * 8 + ["Si"] * 8 + ["S"] * 20


def only(field, pairs=False, angles=False):
    """The force field with some terms switched off."""
    update = {} if pairs else {"pairs": dict.fromkeys(field.pairs, "coulomb")}
    return field.model_copy(update=update | ({} if angles else {"three_body": ()}))


def agree(tmp_path, field, symbols, positions, charges, edges=EDGES):
    """Compare LAMMPS and the reference to 1e-5."""
    with lammps_cell(tmp_path, field, symbols, positions, edges, charges, TIGHT) as lmp:
        energy, forces, pressure = lammps_sums(lmp)
    expected = evaluate(field, symbols, positions, edges, charges, TIGHT.cutoff_a)
    pressure += missing_pressure_bar(tmp_path, np.array([charges[symbol] for symbol in symbols]), edges)
    scale = np.sqrt((expected.forces**2).mean())
    resolution = Sums(0.0, 0.0, scale * len(symbols)).pressure_bar(edges)  # angular forces alone have no pressure
    assert energy == pytest.approx(expected.energy, rel=1e-5)
    np.testing.assert_allclose(forces, expected.forces, rtol=0, atol=1e-5 * scale)
    assert pressure == pytest.approx(expected.pressure_bar(edges), rel=1e-5, abs=1e-5 * resolution)
    return expected


def missing_pressure_bar(folder, q, edges):
    """LAMMPS counts the energy of the neutralising background but not its pressure; its α is in the log."""
    found = re.search(r"G vector .*= (\S+)", (folder / "log.lammps").read_text(encoding="utf-8"))
    return background(q, edges, alpha=float(found[1])).pressure_bar(edges)


@pytest.mark.parametrize("name", forcefield.names())
@pytest.mark.parametrize("seed", [1, 2])
def test_every_set_with_all_its_terms(tmp_path, name, seed):
    field = forcefield.load(name)
    agree(tmp_path, field, symbols_of(field), random_positions(36, EDGES, 1.9, seed), field.charges)


@pytest.mark.parametrize("name", forcefield.names())
def test_coulomb_alone(tmp_path, name):
    field = only(forcefield.load(name))
    agree(tmp_path, field, symbols_of(field), random_positions(36, EDGES, 1.9, 3), field.charges)


@pytest.mark.parametrize("name", forcefield.names())
def test_buckingham_alone(tmp_path, name):
    field = only(forcefield.load(name), pairs=True)
    agree(tmp_path, field, symbols_of(field), random_positions(36, EDGES, 1.9, 4), NEARLY_NEUTRAL)


@pytest.mark.parametrize("name", ["legrand2025", "legrand2025-abrupt"])
def test_angle_term_alone(tmp_path, name):
    field = only(forcefield.load(name), angles=True)
    symbols, positions = symbols_of(field), random_positions(36, EDGES, 1.9, 5)
    with_angles = agree(tmp_path, field, symbols, positions, NEARLY_NEUTRAL)
    without = evaluate(only(field), symbols, positions, EDGES, NEARLY_NEUTRAL, TIGHT.cutoff_a)
    assert abs(with_angles.energy - without.energy) > 0.5 * abs(with_angles.energy)


def test_pairs_without_angles(tmp_path):
    field = only(forcefield.load("legrand2025"), pairs=True)
    agree(tmp_path, field, symbols_of(field), random_positions(36, EDGES, 1.9, 6), field.charges)


@pytest.mark.parametrize("name", ["legrand2025", "legrand2025-abrupt"])
def test_charged_cell_has_a_background(tmp_path, name):
    field = forcefield.load(name)
    symbols = ["Na"] * 6 + ["Si"] * 6 + ["S"] * 24
    total = agree(tmp_path, field, symbols, random_positions(36, EDGES, 1.9, 7), field.charges)
    charge = np.array([field.charges[symbol] for symbol in symbols])
    assert abs(background(charge, EDGES).energy) > 1e-3 * abs(total.energy)


def test_scaled_charges_are_the_ones_used(tmp_path):
    field = forcefield.load("legrand2025")
    charges = {"Na": 0.6, "Si": 2.4, "S": -(6 * 0.6 + 6 * 2.4) / 24}
    symbols = ["S"] * 24 + ["Na"] * 6 + ["Si"] * 6  # another order of types, too
    agree(tmp_path, field, symbols, random_positions(36, EDGES, 1.9, 8), charges)


def test_cell_without_the_centre_of_the_angle_term(tmp_path):
    field = forcefield.load("legrand2025")
    files = coefficients.write(tmp_path, field, ["Na", "S"], field.charges, Numerics())
    assert [file.name for file in files] == [coefficients.INCLUDE_NAME]
    assert "hybrid" not in files[0].read_text(encoding="utf-8")
    agree(tmp_path, field, ["Na"] * 24 + ["S"] * 12, random_positions(36, EDGES, 1.9, 9), field.charges)


def test_two_angle_terms_on_one_centre(tmp_path):
    """Mixed angles, here Si-S-P, stay free; both terms share one file."""
    base = forcefield.load("legrand2025")
    other = base.three_body[0].model_copy(update={"ends": "P", "theta_0_deg": 80.0, "cutoff_a": 3.2})
    pairs = base.pairs | {"P-P": "coulomb", "P-S": Buckingham(a_ev=9e4, rho_a=0.2, c_ev_a6=10.0)}
    pairs |= {"Na-P": "coulomb", "P-Si": "coulomb"}
    update = {"pairs": pairs, "charges": base.charges | {"P": 2.4}, "three_body": (base.three_body[0], other)}
    symbols = ["Na"] * 8 + ["Si"] * 4 + ["P"] * 4 + ["S"] * 20
    field = base.model_copy(update=update)
    agree(tmp_path, field, symbols, random_positions(36, EDGES, 1.9, 10), field.charges)


@pytest.mark.parametrize(("angle_deg", "expected_ev"), [(60, -0.559735), (95, 0.0), (108, 0.493023)])
def test_lone_bridge_at_the_bond_length(tmp_path, angle_deg, expected_ev):
    """At r = 2.13 Å both radial factors cancel the prefactor: 1.5 eV/rad² [(θ-60°)² - (95°-60°)²] is left."""
    base = only(forcefield.load("legrand2025"), angles=True)
    term = base.three_body[0].model_copy(update={"theta_ref_deg": 95.0, "gamma_a": 0.3, "cutoff_a": 3.0})
    field = base.model_copy(update={"three_body": (term,)})
    half = np.radians(angle_deg) / 2
    arms = 2.13 * np.array([[np.sin(half), np.cos(half), 0], [-np.sin(half), np.cos(half), 0]])
    positions, edges = np.vstack([[0, 0, 0], arms]) + 10.0, np.full(3, 20.0)
    tiny = {"S": -2e-4, "Si": 1e-4}
    with lammps_cell(tmp_path, field, ["S", "Si", "Si"], positions, edges, tiny, TIGHT) as lmp:
        assert lammps_sums(lmp)[0] == pytest.approx(expected_ev, abs=2e-6)


@pytest.mark.parametrize("name", forcefield.names())
def test_forces_are_differences_of_the_energy_of_lammps(tmp_path, name):
    field, h = forcefield.load(name), 1e-4
    symbols, positions = symbols_of(field), random_positions(36, EDGES, 2.0, 11)
    with lammps_cell(tmp_path, field, symbols, positions, EDGES, field.charges, TIGHT) as lmp:
        _, forces, _ = lammps_sums(lmp)
        flat = positions.ravel()
        for k in (1, 30, 70, 100):
            energies = []
            for step in (h, -h):
                moved = flat.copy()
                moved[k] += step
                lmp.scatter_atoms("x", 1, 3, np.ctypeslib.as_ctypes(moved))
                energies.append(lammps_sums(lmp)[0])
            assert forces.ravel()[k] == pytest.approx((energies[1] - energies[0]) / (2 * h), rel=1e-5, abs=1e-4)
