"""Topological constraints of modified networks xM₂Y-(1-x)AY_m, counted from coordination numbers.

An atom with r bonds has r/2 stretching and 2r − 3 bending constraints (none for r = 1); bending at a non-bridging Y is
broken by the nearby cation (Zhang and Boolchand, Science 266, 1355 (1994)). A glass is rigid where the count exceeds
the three degrees of freedom per atom (Micoulaut, PRL 134, 036303 (2025), eq. (1)).
"""

from dataclasses import dataclass

from glasswf.errors import TheoryError

DIMENSIONS = 3


def stretching(coordination: int) -> float:
    """Bond-stretching constraints of an atom with `coordination` bonds: r/2, each bond being shared by two atoms."""
    return coordination / 2


def bending(coordination: int) -> int:
    """Bond-bending constraints of an atom with `coordination` bonds: 2r − 3, none for a single bond."""
    return max(0, 2 * coordination - 3)


BRIDGING = stretching(2) + bending(2)  # Y between two A
NON_BRIDGING = stretching(2)  # Y between A and M: bending broken
MODIFIER = stretching(1)  # M at its Y


@dataclass(frozen=True)
class Network:
    """Network former AY_m with modifier M₂Y.

    coordination: bonds of A (4 for Si, Ge; 3 for As, P). Stoichiometric m is coordination/2; more Y makes Y-Y links.
    """

    coordination: int = 4

    def __post_init__(self) -> None:
        if self.coordination < 3:
            raise TheoryError(
                f"coordination {self.coordination} of the network former: at least 3 bonds make a network"
            )

    @property
    def former_constraints(self) -> float:
        """Constraints of one A."""
        return stretching(self.coordination) + bending(self.coordination)

    def atoms(self, x: float, m: float) -> float:
        """Atoms per formula unit, 1 + 2x + m(1−x)."""
        return 1 + 2 * x + m * (1 - x)

    def constraints(self, x: float, m: float) -> float:
        """Constraints per formula unit; every M₂Y turns one bridging Y into two non-bridging ones."""
        former, modifier, non_bridging = 1 - x, 2 * x, 2 * x
        bridging = m * (1 - x) + x - non_bridging
        if not (0 <= x <= 1 and m >= self.stoichiometric_m and bridging >= 0):
            raise TheoryError(
                f"x = {x:g}, m = {m:g}: constraints are counted for 0 <= x <= 1, m >= {self.stoichiometric_m:g}, and "
                "no more non-bridging Y than there is Y: x <= m/(1 + m)"
            )
        return (
            former * self.former_constraints + bridging * BRIDGING + non_bridging * NON_BRIDGING + modifier * MODIFIER
        )

    def freedom(self, x: float, m: float) -> float:
        """f, topological degrees of freedom per atom, eq. (1): below zero stressed rigid, above zero flexible."""
        return DIMENSIONS - self.constraints(x, m) / self.atoms(x, m)

    def critical_m(self, x: float) -> float:
        """m at which f = 0: m_c = c_A − (3 + 5x)/(1 − x), which is (4 − 12x)/(1 − x) for a tetrahedral former."""
        return self.former_constraints - (3 + 5 * x) / (1 - x)

    def critical_x(self, m: float) -> float:
        """x at which f = 0: x_c = (c_A − 3 − m)/(c_A + 5 − m), which is (4 − m)/(12 − m) for a tetrahedral former."""
        return (self.former_constraints - 3 - m) / (self.former_constraints + 5 - m)

    @property
    def largest_x(self) -> float:
        """x beyond which some A have more than one non-bridging Y, where the building blocks no longer suffice."""
        return 1 / 3

    @property
    def stoichiometric_m(self) -> float:
        """m without A-A and Y-Y bonds, r/2."""
        return self.coordination / 2
