import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswf.composition import critical_m
from glasswf.errors import TheoryError
from glasswf.theory.constraints import Network

NETWORK = Network()


def printed(x, m):
    """Eq. (1) of the PRL, as printed."""
    return 3 - ((1 - x) * (7 + 2 * m) + x) / (1 + 2 * x + m * (1 - x))


@given(st.floats(0, 0.45), st.floats(2, 6))
def test_count_from_coordination_is_the_printed_formula(x, m):
    assert NETWORK.freedom(x, m) == pytest.approx(printed(x, m), abs=1e-12)


@given(st.floats(0, 0.33))
def test_thresholds_are_zeros_of_the_count(x):
    m_c = NETWORK.critical_m(x)
    assert m_c == pytest.approx((4 - 12 * x) / (1 - x))
    if m_c >= 2:
        assert NETWORK.freedom(x, m_c) == pytest.approx(0, abs=1e-12)
        assert NETWORK.critical_x(m_c) == pytest.approx(x, abs=1e-12)
    if m_c > 2 + 1e-9:  # at 2 itself there is no transition to mark on a figure over m
        assert critical_m(x) == pytest.approx(m_c)


def test_numbers_of_the_paper():
    assert NETWORK.critical_m(0.10) == pytest.approx(28 / 9)
    assert NETWORK.critical_x(2.0) == pytest.approx(0.2)
    assert NETWORK.critical_x(4.0) == pytest.approx(0.0)
    assert NETWORK.freedom(0.5, 2.0) > 0  # NS is flexible at m = 2
    assert NETWORK.freedom(0.0, 2.0) == pytest.approx(-2 / 3)  # SiS2: 11 constraints of 3 atoms


def test_other_formers():
    arsenic = Network(coordination=3)  # As2S3 is isostatic: 2.4 bonds per atom
    assert arsenic.freedom(0.0, 1.5) == pytest.approx(0.0)
    assert arsenic.critical_x(1.5) == pytest.approx(0.0)
    assert Network(coordination=4).critical_m(0.0) == pytest.approx(4.0)  # GeS4


def test_rigid_and_flexible_side():
    assert NETWORK.freedom(0.1, 2.5) < 0 < NETWORK.freedom(0.1, 3.5)


@pytest.mark.parametrize(("x", "m", "match"), [(0.1, 1.5, "m = 1.5"), (-0.1, 2, "x = -0.1"), (0.9, 2, "non-bridging")])
def test_outside_validity(x, m, match):
    with pytest.raises(TheoryError, match=match):
        NETWORK.freedom(x, m)


def test_a_former_makes_a_network():
    with pytest.raises(TheoryError, match="at least 3 bonds"):
        Network(coordination=2)
