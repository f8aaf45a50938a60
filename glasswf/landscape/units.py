"""Network-forming units of alkali borophosphate glasses yM₂O-(1−y)[xB₂O₃-(1−x)P₂O₅] and their fractions.

B⁽ⁿ⁾ and P⁽ⁿ⁾ have n bridging oxygens. Every alkali ion compensates one unit of charge: first on B⁽⁴⁾, up to a largest
fraction; the rest opens phosphate units evenly, P⁽³⁾ → P⁽²⁾ → P⁽¹⁾ → P⁽⁰⁾, and last of all makes B⁽²⁾. Fig. 1 and
sec. II of Bosi and Maass (2021), who refer for the fractions to J. Phys. Chem. C 125, 6260 (2021); the order is
inferred, it is not printed in the paper itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from glasswf.errors import TheoryError

LOWEST_Y = 0.3  # below it there are P⁽⁴⁾ units of positive charge, which this model leaves out
LARGEST_B4 = 3 / 7  # of all network-forming cations, reached in alkali borates
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Unit:
    """A network-forming unit. charge: in e. sites: ion sites that share it; None: all around the unit."""

    former: str
    charge: int
    sites: int | None


UNITS: dict[str, Unit] = {
    "B4": Unit("B", -1, None),
    "B3": Unit("B", 0, 0),
    "B2": Unit("B", -1, 1),
    "P3": Unit("P", 0, 0),
    "P2": Unit("P", -1, 2),
    "P1": Unit("P", -2, 3),
    "P0": Unit("P", -3, 4),
}


def ions_per_former(y: float) -> float:
    """Alkali ions per network-forming cation, y/(1−y)."""
    return y / (1 - y)


def fractions(x: float, y: float, largest_b4: float = LARGEST_B4) -> dict[str, float]:
    """Fractions of the units among the network-forming cations; they add up to one and carry −y/(1−y) each.

    Raises TheoryError outside 0 ≤ x ≤ 1, for y below 0.3, and where there is more alkali than the units can compensate.
    """
    _check(x, y)
    ions, phosphate = ions_per_former(y), 1 - x
    b4 = min(x, largest_b4, ions)
    rest = ions - b4
    opened = min(rest, 3 * phosphate)
    b2 = rest - opened
    found = {"B4": b4, "B3": x - b4 - b2, "B2": b2, **_phosphate(opened, phosphate)}
    if found["B3"] < -_ROUNDING:
        raise TheoryError(f"x = {x:g}, y = {y:g}: more alkali than B(4), B(2) and P(0) units can compensate; lower y")
    return {name: max(0.0, found[name]) for name in UNITS}


def checked(given: Mapping[str, float], y: float) -> dict[str, float]:
    """Fractions given by a user, complete with zeros; TheoryError unless they add up to one and balance the alkali."""
    if unknown := sorted(set(given) - set(UNITS)):
        raise TheoryError(f"units: no unit {unknown[0]!r}; known: {', '.join(UNITS)}")
    found = {name: float(given.get(name, 0.0)) for name in UNITS}
    if min(found.values()) < 0 or abs(sum(found.values()) - 1) > 1e-6:
        raise TheoryError(f"units: fractions must not be negative and add up to 1, not {sum(found.values()):g}")
    charge = -sum(found[name] * unit.charge for name, unit in UNITS.items())
    if abs(charge - ions_per_former(y)) > 1e-3:
        raise TheoryError(
            f"units: they carry {charge:.4f} charges per network former where y = {y:g} needs y/(1-y) = "
            f"{ions_per_former(y):.4f}"
        )
    return found


def _check(x: float, y: float) -> None:
    if not 0 <= x <= 1:
        raise TheoryError(f"x = {x:g}: the borate fraction lies between 0 and 1")
    if not LOWEST_Y <= y < 1:
        raise TheoryError(
            f"y = {y:g}: the units describe {LOWEST_Y:g} <= y < 1; with less alkali there are positive P(4) units, "
            "which are out of scope"
        )


def _phosphate(charges: float, phosphate: float) -> dict[str, float]:
    """P(3) ... P(0) when `charges` are spread over them as evenly as possible."""
    found = dict.fromkeys(("P3", "P2", "P1", "P0"), 0.0)
    names = list(found)
    if phosphate <= 0:
        return found
    full = min(2, int(charges / phosphate))
    share = charges - full * phosphate
    found[names[full + 1]] = share
    found[names[full]] = phosphate - share
    return found
