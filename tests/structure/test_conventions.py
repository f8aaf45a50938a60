"""Conventions of partial structure factors: limits, round trips, the classical formulas of binaries."""

import numpy as np
import pytest

from glasswf.structure.conventions import (
    PARTIAL_CONVENTIONS,
    ashcroft_langreth,
    bhatia_thornton,
    faber_ziman,
    from_bhatia_thornton,
    high_k_limit,
    labels,
)

C = np.array([0.2, 0.5, 0.3])


@pytest.mark.parametrize(
    ("convention", "limit"),
    [
        ("faber-ziman", [1, 1, 1, 1, 1, 1]),
        ("ashcroft-langreth", [1, 0, 0, 1, 0, 1]),
        ("bhatia-thornton", [1, 0, 0, 0, 0.16, -0.1, -0.06, 0.25, -0.15, 0.21]),
    ],
)
def test_limits_at_large_k(convention, limit):
    assert high_k_limit(convention, C) == pytest.approx(limit, abs=1e-15)
    assert len(labels(convention, ["Na", "S", "Si"])) == len(limit)


def test_conversions_there_and_back():
    partial = np.random.default_rng(0).normal(size=(6, 4, 7))
    assert ashcroft_langreth(faber_ziman(partial, C), C) == pytest.approx(partial)
    assert from_bhatia_thornton(bhatia_thornton(partial, C), C) == pytest.approx(partial)


def test_binaries_have_the_formulas_of_bhatia_and_thornton():
    """Phys. Rev. B 2, 3004 (1970), in terms of Faber-Ziman partials."""
    c1, c2 = c = np.array([0.3, 0.7])
    s11, s12, s22 = s = np.random.default_rng(1).normal(size=(3, 5))
    nn, n1, n2, c11, c12, c22 = bhatia_thornton(ashcroft_langreth(s, c), c)
    assert nn == pytest.approx(c1**2 * s11 + c2**2 * s22 + 2 * c1 * c2 * s12)
    assert n1 == pytest.approx(c1 * c2 * (c1 * (s11 - s12) - c2 * (s22 - s12)))
    assert c11 == pytest.approx(c1 * c2 * (1 + c1 * c2 * (s11 + s22 - 2 * s12)))
    assert n2 == pytest.approx(-n1)
    assert c22 == pytest.approx(c11)
    assert c12 == pytest.approx(-c11)


def test_fluctuations_of_given_densities():
    """From the densities of one wave vector, without matrices."""
    rng = np.random.default_rng(2)
    counts = np.array([20, 50, 30])
    rho = rng.normal(size=3) + 1j * rng.normal(size=3)
    number = rho.sum()
    modes = [number, *(rho - C * number)]
    pairs = [(a, b) for a in range(3) for b in range(a, 3)]
    partial = np.array([(rho[a] * rho[b].conj()).real / np.sqrt(counts[a] * counts[b]) for a, b in pairs])
    expected = [(modes[x] * modes[y].conj()).real / 100 for x in range(4) for y in range(x, 4)]
    assert bhatia_thornton(partial, C) == pytest.approx(expected)


def test_the_number_is_not_taken_for_nitrogen():
    assert labels("bhatia-thornton", ["Na", "S"])[:2] == [("N", "N"), ("N", "Na")]
    assert labels("bhatia-thornton", ["N", "Si"])[:3] == [("number", "number"), ("number", "N"), ("number", "Si")]
    assert all(labels(name, ["Si"])[-1] == ("Si", "Si") for name in PARTIAL_CONVENTIONS)
