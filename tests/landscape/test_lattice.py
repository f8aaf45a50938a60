import numpy as np
import pytest

from glasswf.errors import TheoryError
from glasswf.landscape.lattice import generate
from glasswf.landscape.occupation import beta, fermi_level, occupations
from glasswf.landscape.units import fractions

LITHIUM = fractions(0.4, 0.33)


@pytest.mark.parametrize("x", [0.0, 0.3, 0.7, 1.0])
def test_every_landscape_is_neutral(x):
    for seed in range(5):
        sample = generate(6, fractions(x, 0.33), 0.05, seed)
        assert sample.charges_e.sum() == pytest.approx(-sample.n_ions)
        assert (sample.charges_e[~sample.accessible] == 0).all()
        assert sample.n_ions / 216 == pytest.approx(0.33 / 0.67, abs=0.02)


def test_vacant_fraction_and_blocking():
    sample = generate(20, LITHIUM, 0.05, 1)
    sites = sample.accessible.sum()
    assert 1 - sample.n_ions / sites == pytest.approx(0.05, abs=1e-3)
    assert 1 - sites / 8000 == pytest.approx(1 - 0.33 / 0.67 / 0.95, abs=1e-3)  # eq. (1)


def test_same_seed_same_landscape():
    one, again, other = (generate(8, LITHIUM, 0.05, seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one.energies(0.64, 0.42), again.energies(0.64, 0.42))
    assert not np.array_equal(one.charges_e, other.charges_e)


def test_charge_of_one_kind_of_unit():
    # all B(4): with few sites blocked each site has a sum of eighths or so, all are close to -1/(1-f0)... per unit
    sample = generate(10, {"B4": 0.5, "B3": 0.5, "B2": 0, "P3": 0, "P2": 0, "P1": 0, "P0": 0}, 0.05, 5)
    assert sample.n_ions == 500
    assert sample.charges_e.min() > -8  # never more than all eight neighbours' whole charge
    halves = generate(10, {"B4": 0, "B3": 0.5, "B2": 0, "P3": 0, "P2": 0.5, "P1": 0, "P0": 0}, 0.05, 5)
    assert set(np.round(halves.charges_e * 2, 9) % 1) <= {0.0}  # halves, or wholes where a unit has one site only


def test_occupations_hold_the_ions():
    sample = generate(10, LITHIUM, 0.05, 1)
    energies = sample.energies(0.64, 0.42)
    for temperature in (50.0, 300.0, 3000.0):
        mu = fermi_level(energies, sample.n_ions, temperature)
        assert occupations(energies, mu, temperature).sum() == pytest.approx(sample.n_ions, rel=1e-12)
    zero = fermi_level(energies, sample.n_ions)
    assert (energies < zero).sum() == sample.n_ions
    assert fermi_level(energies, sample.n_ions, 5.0) == pytest.approx(zero, abs=5 / beta(5.0))


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ((3, LITHIUM, 0.05, 1), "at least 4"),
        ((8, LITHIUM, 0.0, 1), "f0 = 0"),
        ((8, LITHIUM, 0.6, 1), "too much alkali"),
    ],
)
def test_refused(arguments, match):
    with pytest.raises(TheoryError, match=match):
        generate(*arguments)


def test_energy_scale_must_be_positive():
    sample = generate(6, LITHIUM, 0.05, 1)
    with pytest.raises(TheoryError, match="V0 = -1 eV"):
        sample.energies(-1.0, 0.3)
    with pytest.raises(TheoryError, match="one vacant site"):
        fermi_level(np.zeros(4), 4)
    with pytest.raises(TheoryError, match="temperature 0 K"):
        beta(0.0)
