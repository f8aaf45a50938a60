import numpy as np
import pytest

from glasswf.errors import TheoryError
from glasswf.landscape import network
from glasswf.landscape.kirchhoff import flow
from glasswf.landscape.kmc import simulate
from glasswf.landscape.lattice import generate
from glasswf.landscape.occupation import beta, fermi_level, occupations
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
    msd = self_msd(walk.positions.astype(float), 41)
    # Nakazato and Kitahara, Prog. Theor. Phys. 64, 2261 (1980): exact for few ions and, with 0.6531, few vacancies
    correlation = 1 / (1 + concentration / (2 - concentration) * (1 / 0.6531 - 1))
    assert (msd[40] - msd[20]) / 120 == pytest.approx((1 - concentration) * correlation, rel=0.05)


def test_one_ion_makes_a_free_walk():
    walk = simulate(np.zeros(1000), 10, 1, 1000.0, 1.0, 20000, seed=2)
    assert walk.n_jumps == pytest.approx(6 * 20000, rel=0.02)
    assert self_msd(walk.positions.astype(float), 11)[10] / 60 == pytest.approx(1.0, rel=0.1)


def two_levels(gap_ev, temperature, seed):
    """A walk on sites of energy 0 or gap, at random, and the landscape."""
    energies = np.random.default_rng(seed).choice([0.0, gap_ev], size=512)
    energies[np.random.default_rng(seed + 1).choice(512, 60, replace=False)] = np.inf
    return simulate(energies, 8, 150, temperature, 2.0, 6000, seed=seed, burn_in=200.0), energies


def test_occupation_is_that_of_the_fermi_function():
    walk, energies = two_levels(0.1, 700.0, 3)
    shallow = energies[walk.sites] > 0
    blocks = np.array([block.mean() for block in np.array_split(shallow.mean(axis=1), 20)])
    expected = occupations(energies, fermi_level(energies, 150, 700.0), 700.0)[energies == 0.1].sum() / 150
    error = blocks.std(ddof=1) / np.sqrt(20)
    assert error < 0.005
    # the number of ions is fixed in the walk, and free in the Fermi function: the difference is of the order 1/N
    assert abs(blocks.mean() - expected) < 4 * error + 0.002
    assert abs(expected - (energies == 0.1).sum() / np.isfinite(energies).sum()) > 0.1  # far from an even spread


def test_sites_and_positions_are_of_one_walk():
    walk, energies = two_levels(0.05, 900.0, 5)
    assert np.isfinite(energies[walk.sites]).all()
    assert all(len(set(sites)) == 150 for sites in walk.sites[::100].tolist())  # one ion at a site, never two
    places = np.stack(np.unravel_index(walk.sites, (8, 8, 8)), axis=-1)
    moved = (places - places[0] - walk.positions + walk.positions[0]) % 8
    assert not moved.any()


def test_jumps_between_two_levels_balance():
    """Detailed balance: in equilibrium as many ions go up as come down, at the rates of eq. (5)."""
    temperature, gap, n_frames = 600.0, 0.08, 60_000
    energies = np.full(64, np.inf)
    energies[[0, 1]] = 0.0, gap  # two sites alone: one ion hops to and fro
    walk = simulate(energies, 4, 1, temperature, 0.7, n_frames, seed=6)
    above = walk.sites[:, 0] == 1
    up, down = np.exp(-beta(temperature) * gap), 1.0
    assert above.mean() == pytest.approx(up / (up + down), abs=4 * np.sqrt(up / n_frames))
    went_up, came_down = (~above[:-1] & above[1:]).sum(), (above[:-1] & ~above[1:]).sum()
    assert abs(int(went_up) - int(came_down)) <= 1
    relaxed = (1 - np.exp(-(up + down) * 0.7)) * up / (up + down)  # chance to be above after one interval
    assert went_up / (~above[:-1]).sum() == pytest.approx(relaxed, rel=0.05)


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
