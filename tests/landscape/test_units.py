import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswf.errors import TheoryError
from glasswf.landscape.units import UNITS, checked, fractions, ions_per_former


@given(st.floats(0, 1), st.floats(0.3, 0.5))
def test_charge_and_stoichiometry_are_conserved(x, y):
    found = fractions(x, y)
    assert min(found.values()) >= 0
    assert sum(found.values()) == pytest.approx(1)
    assert sum(found[name] for name, unit in UNITS.items() if unit.former == "B") == pytest.approx(x)
    assert -sum(found[name] * unit.charge for name, unit in UNITS.items()) == pytest.approx(ions_per_former(y))


def test_end_members_by_hand():
    phosphate = fractions(0.0, 0.35)  # δ = 0.538 on phosphate alone
    assert phosphate["P2"] == pytest.approx(0.35 / 0.65)
    assert phosphate["P3"] == pytest.approx(1 - 0.35 / 0.65)
    borate = fractions(1.0, 0.35)
    assert borate["B4"] == pytest.approx(3 / 7)
    assert borate["B2"] == pytest.approx(0.35 / 0.65 - 3 / 7)


def test_phosphate_opens_step_by_step():
    found = fractions(0.7, 0.5)  # δ = 1 - 3/7 = 0.571 on P = 0.3: between one and two per unit
    assert found["P1"] == pytest.approx(1 - 3 / 7 - 0.3)
    assert found["P2"] == pytest.approx(0.3 - found["P1"])
    assert found["P0"] == found["P3"] == 0


@pytest.mark.parametrize(
    ("x", "y", "match"), [(0.5, 0.2, r"P\(4\)"), (1.2, 0.33, "between 0 and 1"), (1.0, 0.6, "more alkali")]
)
def test_refused(x, y, match):
    with pytest.raises(TheoryError, match=match):
        fractions(x, y)


def test_given_fractions():
    assert checked({"B4": 0.5, "B3": 0.5}, 1 / 3)["P0"] == 0
    with pytest.raises(TheoryError, match=r"carry 0\.4000 charges"):
        checked({"B4": 0.4, "B3": 0.6}, 1 / 3)
    with pytest.raises(TheoryError, match="no unit 'P4'"):
        checked({"P4": 1.0}, 1 / 3)
    with pytest.raises(TheoryError, match="add up to 1"):
        checked({"B4": 0.5}, 1 / 3)
