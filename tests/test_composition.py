import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswf.composition import (
    Composition,
    constraint_freedom,
    critical_m,
    m_from_former_count,
    realised,
)
from glasswf.errors import CompositionError

NOMINAL = {"Na": 0.6, "Si": 2.4, "S": -1.2}
fractions = st.floats(0.05, 0.9)
indices = st.floats(2.0, 6.0)
sizes = st.integers(60, 4000)


@pytest.mark.parametrize(
    ("x", "m", "counts"),
    [
        (0.10, 2.0, {"Na": 200, "Si": 900, "S": 1900}),
        (0.10, 28 / 9, {"Na": 150, "Si": 675, "S": 2175}),
        (0.50, 2.0, {"Na": 1000, "Si": 500, "S": 1500}),
        (1.00, 2.0, {"Na": 2000, "S": 1000}),
    ],
)
def test_printed_counts(x, m, counts):
    assert Composition(x, m).counts(3000) == counts


def test_printed_relations_between_m_and_silicon_count():
    n_si = 620
    assert m_from_former_count(0.10, n_si, 3000) == pytest.approx(3000 / n_si - 4 / 3)
    assert m_from_former_count(0.50, n_si, 3000) == pytest.approx(3000 / n_si - 4)


def test_threshold_is_where_the_freedom_vanishes():
    assert critical_m(0.10) == pytest.approx(28 / 9)
    assert constraint_freedom(0.10, critical_m(0.10)) == pytest.approx(0, abs=1e-12)
    assert critical_m(0.5) is None
    assert constraint_freedom(0.5, 2.0) > 0 > constraint_freedom(0.1, 2.0)


@given(fractions, indices, sizes)
def test_counts_are_exact_and_nearest(x, m, n_atoms):
    counts = Composition(x, m).counts(n_atoms)
    assert sum(counts.values()) == n_atoms and min(counts.values()) > 0
    got = distance(x, m, *realised(*counts.values()))
    for shift in product(range(-2, 3), repeat=2):
        other = (counts["Na"] + shift[0], counts["Si"] + shift[1], counts["S"] - sum(shift))
        if min(other) > 0:
            assert got <= distance(x, m, *realised(*other)) + 1e-12


def distance(x, m, x_got, m_got):
    return (x_got / x - 1) ** 2 + (m_got / m - 1) ** 2


@given(fractions, indices, sizes, st.sampled_from(["anion", "cation"]))
def test_compensated_cells_are_neutral(x, m, n_atoms, mode):
    composition = Composition(x, m)
    counts = composition.counts(n_atoms)
    charges = composition.charges(counts, NOMINAL, mode)
    assert math.isclose(sum(counts[e] * charges[e] for e in counts), 0, abs_tol=1e-9 * n_atoms)
    kept = ["Na", "Si"] if mode == "anion" else ["S"]
    assert all(charges[element] == NOMINAL[element] for element in kept)


def test_background_keeps_the_charges_and_error_refuses():
    composition = Composition(0.1, 3.0)
    counts = composition.counts(300)
    assert composition.charges(counts, NOMINAL, "background") == NOMINAL
    with pytest.raises(CompositionError, match=r"carries .* e; choose"):
        composition.charges(counts, NOMINAL, "error")
    neutral = Composition(0.1, 2.0)
    assert neutral.charges(neutral.counts(300), NOMINAL, "error") == NOMINAL


@pytest.mark.parametrize(
    ("x", "m", "message"),
    [(1.2, 2, "x = 1.2"), (-0.1, 2, "x = -0.1"), (0.1, 1.5, "below 2"), (0.1, float("nan"), "below 2")],
)
def test_impossible_compositions(x, m, message):
    with pytest.raises(CompositionError, match=message):
        Composition(x, m)


def test_pure_modifier_needs_whole_units():
    with pytest.raises(CompositionError, match="take 99 or 102"):
        Composition(1.0).counts(100)


def test_too_few_atoms():
    with pytest.raises(CompositionError, match="too few"):
        Composition(0.1).counts(2)


def test_given_number_of_formers_is_kept():
    counts = Composition(0.1, m_from_former_count(0.1, 700, 3000)).counts(3000, 700)
    assert counts["Si"] == 700 and sum(counts.values()) == 3000
