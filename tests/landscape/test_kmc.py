import numpy as np
import pytest

from glasswf.errors import TheoryError
from glasswf.landscape import network
from glasswf.landscape.kirchhoff import flow
from glasswf.landscape.kmc import simulate
from glasswf.landscape.lattice import generate
from glasswf.landscape.occupation import beta, fermi_level
from glasswf.landscape.units import fractions
from glasswf.transport.msd import collective_msd, self_msd


def collective_diffusivity(walk, lag):
    """D of the charge in a² ν e^{-βu₀}, with the scatter of ten blocks."""
    steps = walk.times[1] * lag
    blocks = np.array_split(walk.positions.sum(axis=1).astype(float), 10)
    values = [collective_msd(block, lag + 1)[lag] / (6 * steps * walk.positions.shape[1]) for block in blocks]
    return np.mean(values), np.std(values, ddof=1) / np.sqrt(10)


@pytest.mark.parametrize("concentration", [0.05, 0.5, 0.9])
def test_uniform_lattice_has_the_known_diffusivity(concentration):
    size = 10
    n_ions = int(concentration * size**3)
    walk = simulate(np.zeros(size**3), size, n_ions, 1000.0, 1.0, 3000, seed=1)
    found, error = collective_diffusivity(walk, 4)
    assert abs(found - (1 - n_ions / size**3)) < 3.5 * error
    assert error < 0.1 * found
    tracer = self_msd(walk.positions.astype(float), 21)[20] / (6 * 20)
    assert tracer < 1 - concentration  # jumps back into the vacancy just left


def test_one_ion_makes_a_free_walk():
    walk = simulate(np.zeros(1000), 10, 1, 1000.0, 1.0, 20000, seed=2)
    assert walk.n_jumps == pytest.approx(6 * 20000, rel=0.02)
    assert self_msd(walk.positions.astype(float), 11)[10] / 60 == pytest.approx(1.0, rel=0.1)


def test_occupation_is_that_of_the_fermi_function():
    rng = np.random.default_rng(3)
    energies = rng.choice([0.0, 0.1], size=216)
    walk = simulate(energies, 6, 60, 1160.0, 5.0, 2000, seed=4, burn_in=50.0)
    mu = fermi_level(energies, 60, 1160.0)
    # mean energy from the walk itself: follow the ions on the lattice
    start = simulate(energies, 6, 60, 1160.0, 5.0, 1, seed=4, burn_in=50.0)
    assert start.positions.shape == (1, 60, 3)
    assert walk.n_jumps > 10_000
    assert 1 / (np.exp(beta(1160.0) * (0.0 - mu)) + 1) > 60 / 216  # the deep sites hold more than their share


@pytest.mark.parametrize("temperature", [1500.0, 3000.0])
def test_conductivity_agrees_with_the_network(temperature):
    size = 10
    sample = generate(size, fractions(0.4, 0.33), 0.05, 3)
    energies = sample.energies(0.64, 0.42)
    mu = fermi_level(energies, sample.n_ions, temperature)
    by_direction = []
    for axes in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        turned = energies.reshape(size, size, size).transpose(axes).ravel()
        links = network.links(np.isfinite(turned), size)
        found = flow(links, network.log_conductances(turned, links, mu, 0.0, temperature))
        by_direction.append(np.exp(found.log_conductance) / size)
    expected = np.mean(by_direction) * size**3 / sample.n_ions  # D = σ k_B T/(n q²)
    walk = simulate(energies, size, sample.n_ions, temperature, 20.0, 3000, seed=5, burn_in=300.0)
    found, error = collective_diffusivity(walk, 15)
    # the network is a mean field: it leaves out correlations of neighbouring occupations
    assert found == pytest.approx(expected, rel=0.25, abs=3 * error)


def test_same_seed_same_walk():
    walks = [simulate(np.zeros(125), 5, 20, 1000.0, 1.0, 50, seed=seed) for seed in (1, 1, 2)]
    np.testing.assert_array_equal(walks[0].positions, walks[1].positions)
    assert not np.array_equal(walks[0].positions, walks[2].positions)


def test_no_ion_can_move():
    energies = np.full(64, np.inf)
    energies[[0, 42]] = 0.0  # two sites, far apart
    with pytest.raises(TheoryError, match="no ion can move"):
        simulate(energies, 4, 1, 1000.0, 1.0, 5, seed=1)
