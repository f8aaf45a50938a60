"""Barriers against the Buckingham collapse."""

import numpy as np
import pytest

from glasswf import forcefield
from glasswf.forcefield import Buckingham
from glasswf.units import COULOMB_EV_A


def test_published_pairs():
    found = forcefield.barriers(forcefield.load("legrand2025"))
    assert found["Na", "Na"].position_a == pytest.approx(1.04, abs=0.01)
    assert found["Na", "Na"].height_ev == pytest.approx(174, abs=1)
    assert found["S", "S"].height_ev == pytest.approx(5500, rel=0.01)
    assert found["Si", "Si"] is None
    assert found["Na", "Si"] is None


def test_top_of_the_barrier_is_flat():
    """A = 1e4 eV, ρ = 0.3 Å, C from A/ρ exp(-r/ρ) = 6C/r⁷ at r = 1 Å puts the top there."""
    c = 1e4 / 0.3 * np.exp(-1 / 0.3) / 6
    found = forcefield.barrier(Buckingham(a_ev=1e4, rho_a=0.3, c_ev_a6=c), 0.0, 10.0)
    assert found.position_a == pytest.approx(1.0, abs=1e-4)
    r = np.linspace(1, 10, 100001)
    bottom = (1e4 * np.exp(-r / 0.3) - c / r**6).min()
    assert found.height_ev == pytest.approx(1e4 * np.exp(-1 / 0.3) - c - bottom, rel=1e-6)


def test_height_is_counted_from_the_bottom_outside():
    """Opposite charges bind: the atoms have to climb from the bond."""
    pair = Buckingham(a_ev=1250.0, rho_a=0.317, c_ev_a6=0.0)
    r = np.geomspace(1e-3, 10, 400001)
    energy = pair.a_ev * np.exp(-r / pair.rho_a) - COULOMB_EV_A / r
    top = energy[: np.searchsorted(r, 1.0)].max()
    assert forcefield.barrier(pair, -1.0, 10.0).height_ev == pytest.approx(top - energy[r > 1].min(), rel=1e-5)


@pytest.mark.parametrize("charge_product", [0.0, 1.0])
def test_no_collapse_without_attraction(charge_product):
    assert forcefield.barrier(Buckingham(a_ev=100.0, rho_a=0.3, c_ev_a6=0.0), charge_product, 10.0) is None
    assert forcefield.barrier(None, charge_product, 10.0) is None


def test_attraction_all_the_way_is_a_barrier_of_nothing():
    assert forcefield.barrier(None, -1.0, 10.0).height_ev == 0
    assert forcefield.barrier(Buckingham(a_ev=1.0, rho_a=0.3, c_ev_a6=100.0), 0.0, 10.0).height_ev == 0
