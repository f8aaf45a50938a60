import numpy as np
import pytest

from glasswf.errors import TheoryError
from glasswf.landscape import network
from glasswf.landscape.percolation import cluster, critical


def full(size):
    return network.links(np.ones(size**3, dtype=bool), size)


def bisected(links, barriers):
    """Slow reference: the smallest barrier at which a search from the source reaches the sink."""
    for largest in np.sort(barriers):
        reached, waiting = {links.source}, [links.source]
        open_ = barriers <= largest
        neighbours = {}
        for a, b in zip(links.start[open_].tolist(), links.end[open_].tolist(), strict=True):
            neighbours.setdefault(a, []).append(b)
            neighbours.setdefault(b, []).append(a)
        while waiting:
            for other in neighbours.get(waiting.pop(), []):
                if other not in reached:
                    reached.add(other)
                    waiting.append(other)
        if links.sink in reached:
            return largest
    return None


def test_barrier_against_a_search():
    rng = np.random.default_rng(0)
    for seed in range(5):
        accessible = rng.random(125) < 0.7
        links = network.links(accessible, 5)
        barriers = rng.random(len(links.start))
        expected = bisected(links, barriers)
        if expected is None:
            continue
        found = critical(links, barriers)
        assert found.barrier == expected, seed
        assert barriers[found.link] == expected
        assert barriers[found.path].max() == expected


def test_path_leads_from_one_electrode_to_the_other():
    links = full(6)
    barriers = np.random.default_rng(1).random(len(links.start))
    found = critical(links, barriers)
    node = links.source
    for link in found.path:
        ends = {int(links.start[link]), int(links.end[link])}
        assert node in ends
        node = (ends - {node}).pop()
    assert node == links.sink
    assert len(found.path) >= 6
    inside = cluster(links, barriers, found.barrier)
    assert inside[links.sink] and inside[links.source]
    assert not cluster(links, barriers, np.nextafter(found.barrier, 0))[links.sink]


def test_bond_percolation_threshold_of_the_simple_cubic_lattice():
    rng = np.random.default_rng(2)
    links = full(40)
    thresholds = [critical(links, rng.random(len(links.start))).barrier for _ in range(12)]
    assert np.mean(thresholds) == pytest.approx(0.2488, abs=0.006)


def test_site_percolation_threshold_of_the_simple_cubic_lattice():
    rng = np.random.default_rng(3)
    links = full(40)
    thresholds = []
    for _ in range(12):
        sites = rng.random(40**3)  # a link is open when both of its sites are
        barriers = np.maximum(sites[links.site_start], sites[links.site_end])
        thresholds.append(critical(links, barriers).barrier)
    assert np.mean(thresholds) == pytest.approx(0.3116, abs=0.006)


def test_no_path():
    accessible = np.ones(125, dtype=bool)
    accessible.reshape(5, 5, 5)[2] = False
    links = network.links(accessible, 5)
    with pytest.raises(TheoryError, match="no path of ion sites"):
        critical(links, np.ones(len(links.start)))


def test_barriers_by_hand():
    energies = np.full(64, np.inf)
    energies[[16, 32]] = 0.3, -0.1  # neighbours along the field
    links = network.links(np.isfinite(energies), 4)
    assert len(links.start) == 1
    # 0.05 + (0.4 + 0.2 + 0.2)/2
    assert network.barriers(energies, links, 0.1, 0.05) == pytest.approx([0.45])


def test_conductances_obey_detailed_balance():
    rng = np.random.default_rng(4)
    energies = rng.normal(size=64)
    links = network.links(np.ones(64, dtype=bool), 4)
    forward = network.log_conductances(energies, links, 0.2, 0.1, 900.0)
    turned = network.Network(links.end, links.start, links.site_end, links.site_start, 4)
    np.testing.assert_allclose(network.log_conductances(energies, turned, 0.2, 0.1, 900.0), forward, atol=1e-12)


def test_barriers_are_the_cold_limit_of_the_conductances():
    rng = np.random.default_rng(5)
    energies = rng.normal(size=64)
    links = network.links(np.ones(64, dtype=bool), 4)
    cold = network.log_conductances(energies, links, 0.2, 0.1, 10.0)
    expected = network.barriers(energies, links, 0.2, 0.1)
    np.testing.assert_allclose(-cold * 8.617343e-5 * 10.0, expected, atol=2e-3)
