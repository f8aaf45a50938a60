import numpy as np
import pytest

from glasswf.landscape import network
from glasswf.landscape.kirchhoff import exact_log_conductance, flow
from glasswf.landscape.lattice import generate
from glasswf.landscape.occupation import fermi_level
from glasswf.landscape.units import fractions


def lattice(size, temperature, seed=1, x=0.4):
    sample = generate(size, fractions(x, 0.33), 0.05, seed)
    energies = sample.energies(0.64, 0.42)
    links = network.links(sample.accessible, size)
    mu = fermi_level(energies, sample.n_ions, temperature)
    return links, network.log_conductances(energies, links, mu, 0.064, temperature)


def dense_kron(links, conductances):
    """Conductance between the electrodes from the dense Laplacian (only for conductances of similar size)."""
    laplacian = np.zeros((links.n_nodes, links.n_nodes))
    for a, b, g in zip(links.start, links.end, conductances, strict=True):
        laplacian[[a, b], [b, a]] -= g
        laplacian[[a, b], [a, b]] += g
    inside = np.flatnonzero(np.diag(laplacian)[:-2] > 0)
    held = [links.source, links.sink]
    reduced = laplacian[np.ix_(held, held)] - laplacian[np.ix_(held, inside)] @ np.linalg.solve(
        laplacian[np.ix_(inside, inside)], laplacian[np.ix_(inside, held)]
    )
    return -reduced[0, 1]


@pytest.mark.parametrize("size", [4, 10])
def test_uniform_network(size):
    links = network.links(np.ones(size**3, dtype=bool), size)
    found = flow(links, np.full(len(links.start), np.log(0.3)))
    assert np.exp(found.log_conductance) == pytest.approx(0.3 * size, rel=1e-11)


def test_series_of_very_different_links():
    accessible = np.zeros(6**3, dtype=bool)
    accessible.reshape(6, 6, 6)[:, 2, 3] = True  # one chain along the field
    links = network.links(accessible, 6)
    logs = np.log(10.0) * np.array([-30.0, -2.0, 0.0, 5.0, -29.0, -31.0])
    expected = -np.log(np.sum(np.exp(-(logs - logs.min())))) + logs.min()
    assert flow(links, logs).log_conductance == pytest.approx(expected, abs=1e-10)
    assert exact_log_conductance(links, logs) == pytest.approx(expected, abs=1e-12)


def test_parallel_chains():
    accessible = np.zeros(5**3, dtype=bool)
    grid = accessible.reshape(5, 5, 5)
    grid[:, 0, 0] = grid[:, 2, 2] = grid[:, 0, 3] = True
    links = network.links(accessible, 5)
    logs = np.random.default_rng(0).uniform(-25, 0, len(links.start))
    column = links.site_start % 25
    chains = [1 / np.sum(np.exp(-logs[column == each])) for each in np.unique(column)]
    assert len(chains) == 3
    assert flow(links, logs).log_conductance == pytest.approx(np.log(sum(chains)), abs=1e-10)


def test_against_the_dense_laplacian():
    rng = np.random.default_rng(1)
    links = network.links(rng.random(6**3) < 0.7, 6)
    conductances = rng.uniform(0.1, 1.0, len(links.start))
    expected = dense_kron(links, conductances)
    assert np.exp(flow(links, np.log(conductances)).log_conductance) == pytest.approx(expected, rel=1e-10)
    assert np.exp(exact_log_conductance(links, np.log(conductances))) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("temperature", [200.0, 303.0, 563.0, 1500.0])
def test_both_methods_agree_over_forty_orders_of_magnitude(temperature):
    links, logs = lattice(14, temperature)
    found = flow(links, logs)
    assert found.log_conductance == pytest.approx(exact_log_conductance(links, logs), abs=1e-9)
    assert found.current_in == pytest.approx(found.current_out, rel=1e-8)
    assert found.imbalance < 1e-8


def test_current_is_conserved_on_a_larger_lattice():
    links, logs = lattice(35, 303.0)
    assert np.ptp(logs) > np.log(1e30)
    found = flow(links, logs)
    assert found.current_in == pytest.approx(found.current_out, rel=1e-10)
    assert found.potentials.min() > -1e-9 and found.potentials.max() < 1 + 1e-9


def test_result_does_not_depend_on_the_preconditioner():
    links, logs = lattice(12, 400.0)
    assert flow(links, logs, seed=1).log_conductance == pytest.approx(
        flow(links, logs, seed=2).log_conductance, abs=1e-9
    )


def test_cutting_a_link_never_raises_the_conductance():
    links, logs = lattice(8, 500.0)
    whole = flow(links, logs).log_conductance
    weaker = logs.copy()
    weaker[np.random.default_rng(2).choice(len(logs), 40)] -= 5
    assert flow(links, weaker).log_conductance <= whole + 1e-12


def test_four_sites_by_hand():
    """A bridge: source - 1 - 2 - sink with 1 - 3, 2 - 4 and 3 - 4 beside it, solved on paper."""
    accessible = np.zeros(4**3, dtype=bool)
    grid = accessible.reshape(4, 4, 4)
    # 0, 0 carries the current along the field; 0, 1 joins it in the second and third plane only
    grid[:, 0, 0] = True
    grid[1:3, 0, 1] = True
    links = network.links(accessible, 4)
    g = {(0, 16): 2.0, (16, 32): 1.0, (32, 48): 3.0, (48, 0): 4.0, (16, 17): 1.0, (17, 33): 0.5, (32, 33): 1.0}
    pairs = zip(links.site_start.tolist(), links.site_end.tolist(), strict=True)
    logs = np.log([g[pair] for pair in pairs])
    assert len(logs) == len(g)
    detour = 1 / (1 / 1.0 + 1 / 0.5 + 1 / 1.0)  # 16 - 17 - 33 - 32
    expected = 1 / (1 / 2 + 1 / (1.0 + detour) + 1 / 3 + 1 / 4)
    assert np.exp(flow(links, logs).log_conductance) == pytest.approx(expected, rel=1e-11)
    assert np.exp(exact_log_conductance(links, logs)) == pytest.approx(expected, rel=1e-13)


def test_a_wheatstone_bridge_in_and_out_of_balance():
    """Two chains with a link across: balanced it carries nothing, else the five-resistor formula holds."""
    accessible = np.zeros(4**3, dtype=bool)
    grid = accessible.reshape(4, 4, 4)
    grid[:, 0, :2] = True
    links = network.links(accessible, 4)

    def conductance(a, b, c, d, across):
        # chain 0: a then b; chain 1: c then d; the links beyond the second plane are in series
        values = {(0, 16): a, (1, 17): c, (16, 17): across, (16, 32): 3 * b, (32, 48): 3 * b, (48, 0): 3 * b,
                  (17, 33): 3 * d, (33, 49): 3 * d, (49, 1): 3 * d, (32, 33): 1e-40, (48, 49): 1e-40}  # fmt: skip
        pairs = zip(links.site_start.tolist(), links.site_end.tolist(), strict=True)
        return np.exp(flow(links, np.log([values[pair] for pair in pairs])).log_conductance)

    def by_hand(a, b, c, d, across):
        matrix = np.array([[a + b + across, -across], [-across, c + d + across]])
        first, second = np.linalg.solve(matrix, [a, c])
        return b * first + d * second

    balanced = 1 / (1 / 2 + 1 / 6) + 1 / (1 / 1 + 1 / 3)
    assert conductance(2.0, 6.0, 1.0, 3.0, 5.0) == pytest.approx(balanced, rel=1e-10)
    assert conductance(2.0, 1.0, 0.3, 3.0, 5.0) == pytest.approx(by_hand(2.0, 1.0, 0.3, 3.0, 5.0), rel=1e-10)


@pytest.mark.parametrize("temperature", [60.0, 80.0])
def test_cold_networks_where_one_set_of_random_factors_may_fail(temperature):
    links, logs = lattice(35, temperature, seed=np.random.SeedSequence([1, 0]))
    expected = exact_log_conductance(links, logs)
    for seed in range(3):
        assert flow(links, logs, seed).log_conductance == pytest.approx(expected, abs=1e-8)
