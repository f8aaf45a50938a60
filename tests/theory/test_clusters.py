import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswf.errors import TheoryError
from glasswf.theory.blocks import Rigidity, blocks, clusters, fractions
from glasswf.theory.constraints import Network
from glasswf.theory.hopping import Hopping
from glasswf.theory.probabilities import READINGS, conserving, literal, self_organised

NETWORK = Network()
# weight, atoms, constraints, degrees of freedom, class: counted by hand
BY_HAND = {
    "44": (16, 6, 22, -4, Rigidity.STRESSED),
    "43": (24, 7.5, 22.5, 0, Rigidity.ISOSTATIC),
    "42": (16, 5, 15, 0, Rigidity.ISOSTATIC),
    "33": (9, 9, 23, 4, Rigidity.FLEXIBLE),
    "32": (12, 6.5, 15.5, 4, Rigidity.FLEXIBLE),
    "22": (4, 4, 8, 4, Rigidity.FLEXIBLE),
}
compositions = st.tuples(st.floats(0, 1 / 3), st.floats(2, 5))


def classes(p):
    kinds = {cluster.name: cluster.rigidity for cluster in clusters(NETWORK)}
    return {kind: sum(value for name, value in p.items() if kinds[name] is kind) for kind in Rigidity}


def conserved(p):
    """Fraction of each block, counted in the clusters."""
    counts = dict.fromkeys("432", 0.0)
    for name, value in p.items():
        counts[name[0]] += value / 2
        counts[name[1]] += value / 2
    return list(counts.values())


def test_clusters_by_hand():
    found = {c.name: (c.weight, c.atoms, c.constraints, c.freedom, c.rigidity) for c in clusters(NETWORK)}
    assert found == BY_HAND


@given(compositions)
def test_fractions_are_the_printed_ones_and_hold_the_composition(point):
    x, m = point
    p4, p3, p2 = fractions(NETWORK, x, m)
    assert p4 == pytest.approx(2 * (1 - 3 * x) / (m * (1 - x)), abs=1e-12)
    assert p3 == pytest.approx(4 * x / (m * (1 - x)), abs=1e-12)
    assert p2 == pytest.approx((m - 2) / m, abs=1e-12)
    per_block = sum(p * block.atoms for p, block in zip((p4, p3, p2), blocks(NETWORK), strict=True))
    assert per_block == pytest.approx(NETWORK.atoms(x, m) / ((1 - x) * m / 2))  # (1-x)m/2 blocks per formula unit


@given(compositions, st.sampled_from(list(READINGS)), st.floats(-3, 3), st.floats(-3, 3))
def test_probabilities_add_up_to_one(point, reading, isostatic, stressed):
    energies = {Rigidity.ISOSTATIC: isostatic, Rigidity.STRESSED: stressed, Rigidity.FLEXIBLE: 0.0}
    p = READINGS[reading](NETWORK, *point, energies)
    assert min(p.values()) >= 0
    assert sum(p.values()) == pytest.approx(1.0)


@given(compositions, st.floats(-6, 6))
def test_composition_is_conserved(point, isostatic):
    energies = {Rigidity.ISOSTATIC: isostatic, Rigidity.STRESSED: 0.5, Rigidity.FLEXIBLE: 0.0}
    expected = fractions(NETWORK, *point)
    np.testing.assert_allclose(conserved(conserving(NETWORK, *point, energies)), expected, atol=1e-9)
    np.testing.assert_allclose(conserved(self_organised(NETWORK, *point)), expected, atol=1e-9)


@given(compositions)
def test_without_energies_pairs_are_random(point):
    p4, p3, p2 = fractions(NETWORK, *point)
    p = conserving(NETWORK, *point)
    assert p["44"] == pytest.approx(p4**2, abs=1e-9)
    assert p["32"] == pytest.approx(2 * p3 * p2, abs=1e-9)


@given(compositions)
def test_self_organised_limit_in_closed_form(point):
    p4 = fractions(NETWORK, *point)[0]
    found = classes(self_organised(NETWORK, *point))
    assert found[Rigidity.STRESSED] == pytest.approx(max(0, 2 * p4 - 1), abs=1e-9)
    assert found[Rigidity.ISOSTATIC] == pytest.approx(2 * min(p4, 1 - p4), abs=1e-9)
    assert found[Rigidity.FLEXIBLE] == pytest.approx(max(0, 1 - 2 * p4), abs=1e-9)


def test_strong_energies_approach_the_self_organised_limit():
    energies = {Rigidity.ISOSTATIC: -12.0, Rigidity.STRESSED: 0.0, Rigidity.FLEXIBLE: 0.0}
    for x, m in ((0.05, 2.0), (0.15, 3.0), (0.3, 2.5)):
        close, limit = conserving(NETWORK, x, m, energies), self_organised(NETWORK, x, m)
        assert close == pytest.approx(limit, abs=0.01)


def test_literal_reading_by_hand():
    p4, p3, p2 = fractions(NETWORK, 0.1, 3.0)
    ends = 4 * p4 + 3 * p3 + 2 * p2
    assert literal(NETWORK, 0.1, 3.0)["43"] == pytest.approx(24 * p4 * p3 / ends**2)


def test_flexible_freedom_starts_at_the_threshold_only_in_the_self_organised_limit():
    x_c = NETWORK.critical_x(2.0)
    organised, printed = Hopping(reading="self-organised"), Hopping(reading="literal")
    assert organised.at(x_c - 0.01, 2.0).flexible == pytest.approx(0.0, abs=1e-9)
    assert organised.at(x_c + 0.01, 2.0).flexible > 1e-3
    assert printed.at(x_c - 0.01, 2.0).flexible > 0.05
    assert organised.at(x_c, 2.0).classes[Rigidity.ISOSTATIC] == pytest.approx(1.0)


def test_conductivity_by_hand():
    state = Hopping(reading="self-organised", floppy=8.0, coulomb=0.1).at(0.2, 3.0)
    # p4 = p3 = p2 = 1/3: 2/3 isostatic with p43 = p42 = 1/3, 1/3 flexible shared at random among 3 and 2
    flexible = (4 / 9) / 12 + 2 * (4 / 6.5) / 12 + (4 / 4) / 12
    assert state.flexible == pytest.approx(flexible)
    sites = 1 / 3 + 2 / 12  # clusters with one anionic site: 43, 32
    coulomb = 0.1 * 2.718281828**-0.1 * (sites + 1 / 12) + 0.2 * 2.718281828**-0.2 / 12
    assert state.coulomb == pytest.approx(coulomb)
    assert state.conductivity == pytest.approx(0.4 * np.exp(-coulomb) * np.exp(8 * flexible))


def test_printed_parameters_cannot_give_a_tenfold_rise():
    model = Hopping()
    rise = model.at(0.2, 3.0).conductivity / model.at(0.2, 2.0).conductivity
    assert 1.0 < rise < np.exp(0.2)


def test_a_trivalent_former_has_its_own_classes():
    kinds = {cluster.name: cluster.rigidity for cluster in clusters(Network(coordination=3))}
    assert kinds["33"] is Rigidity.ISOSTATIC
    p = self_organised(Network(coordination=3), 0.1, 2.0)
    assert sum(p.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(("x", "m", "match"), [(0.4, 2.0, "x = 0.4"), (0.1, 1.0, "m = 1"), (-0.1, 2.0, "x = -0.1")])
def test_outside_the_blocks(x, m, match):
    with pytest.raises(TheoryError, match=match):
        Hopping().at(x, m)


def test_bad_parameters():
    with pytest.raises(TheoryError, match="no reading 'guess'; known: literal"):
        Hopping(reading="guess")
    with pytest.raises(TheoryError, match="must not be negative"):
        Hopping(floppy=-1)


@given(compositions, st.floats(-6, 6), st.floats(-6, 6))
def test_stress_and_floppiness_differ_by_what_the_composition_leaves(point, isostatic, stressed):
    """p_SR - p_FL = 2 p_4 - 1 in every reading that conserves the composition: both vanish at x_c alone."""
    energies = {Rigidity.ISOSTATIC: isostatic, Rigidity.STRESSED: stressed, Rigidity.FLEXIBLE: 0.0}
    p4 = fractions(NETWORK, *point)[0]
    for found in (classes(conserving(NETWORK, *point, energies)), classes(self_organised(NETWORK, *point))):
        assert found[Rigidity.STRESSED] - found[Rigidity.FLEXIBLE] == pytest.approx(2 * p4 - 1, abs=1e-9)


@given(st.floats(2, 4))
def test_half_of_the_blocks_are_closed_formers_at_the_threshold(m):
    assert fractions(NETWORK, NETWORK.critical_x(m), m)[0] == pytest.approx(0.5)
