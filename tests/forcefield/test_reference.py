"""The reference itself, against known answers."""

import numpy as np
import pytest
from cells import random_positions
from reference import evaluate, ewald

from glasswf import forcefield
from glasswf.units import COULOMB_EV_A

EDGES = np.array([9.3, 9.7, 10.2])
SYMBOLS = ["Na"] * 8 + ["Si"] * 8 + ["S"] * 18


def test_madelung_constant_of_rock_salt():
    a = 5.64
    face_centred = np.array([[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])
    positions = a * np.vstack([face_centred, face_centred + np.array([0.5, 0, 0])])
    energy = ewald(np.repeat([1.0, -1.0], 4), positions, np.full(3, a)).energy / 4
    assert -energy * (a / 2) / COULOMB_EV_A == pytest.approx(1.747564594633182, rel=1e-12)


def test_coulomb_pressure_follows_from_the_energy():
    """A sum of 1/r scales as 1/L, hence 3PV = E."""
    charges = np.array([0.6] * 8 + [2.4] * 8 + [-24 / 18] * 18)
    sums = ewald(charges, random_positions(34, EDGES, 1.9, 5), EDGES)
    assert sums.virial == pytest.approx(sums.energy, rel=1e-11)


@pytest.mark.parametrize("name", forcefield.names())
def test_forces_and_virial_are_derivatives_of_the_energy(name):
    field = forcefield.load(name)
    symbols = [field.elements[0] if symbol == "Na" else symbol for symbol in SYMBOLS]
    positions, h = random_positions(34, EDGES, 1.9, 6), 1e-5

    def energy(x, edges=EDGES):
        return evaluate(field, symbols, x, edges, field.charges, 9.0).energy

    sums = evaluate(field, symbols, positions, EDGES, field.charges, 9.0)
    for atom, axis in ((0, 0), (9, 1), (20, 2)):
        step = np.zeros_like(positions)
        step[atom, axis] = h
        slope = (energy(positions + step) - energy(positions - step)) / (2 * h)
        assert sums.forces[atom, axis] == pytest.approx(-slope, abs=1e-6 * np.abs(sums.forces).max())
    up, down = (energy(positions * s, EDGES * s) for s in (1 + h, 1 - h))
    assert sums.virial == pytest.approx(-(up - down) / (2 * h), rel=1e-6)
