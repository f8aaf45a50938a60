"""Building blocks of the network, and the clusters of two connected blocks with their rigidity class.

A former A with all its Y bridging, A with one Y opened by M, and a link of two extra Y: AY₄/₂, MAY₅/₂ and Y₂ for a
tetrahedral former (Micoulaut, PRL 134, 036303 (2025), text below eq. (1)).
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations_with_replacement

from glasswf.errors import TheoryError
from glasswf.theory.constraints import BRIDGING, DIMENSIONS, MODIFIER, NON_BRIDGING, Network

_ROUNDING = 1e-9


class Rigidity(StrEnum):
    """Elastic nature of a cluster: more, as many or fewer constraints than degrees of freedom."""

    STRESSED = "stressed rigid"
    ISOSTATIC = "isostatic"
    FLEXIBLE = "flexible"


@dataclass(frozen=True)
class Block:
    """A building block: its connections to others, atoms (a bridging Y counts one half), constraints, and cations.

    label: the connections, with a prime on an opened former that would otherwise be called like the Y₂ link.
    """

    label: str
    connections: int
    atoms: float
    constraints: float
    cations: int


@dataclass(frozen=True)
class Cluster:
    """Two connected blocks.

    The class follows from the sign of 3N − N_c.
    """

    first: Block
    second: Block

    @property
    def name(self) -> str:
        """Labels of both blocks, such as 43."""
        return self.first.label + self.second.label

    @property
    def weight(self) -> int:
        """W_jk: every connection of one with every connection of the other, in both orders if they differ."""
        orders = 1 if self.first == self.second else 2
        return orders * self.first.connections * self.second.connections

    @property
    def atoms(self) -> float:
        """N_jk."""
        return self.first.atoms + self.second.atoms

    @property
    def constraints(self) -> float:
        """N_c(jk)."""
        return self.first.constraints + self.second.constraints

    @property
    def freedom(self) -> float:
        """3N − N_c."""
        return DIMENSIONS * self.atoms - self.constraints

    @property
    def rigidity(self) -> Rigidity:
        """Class of the cluster."""
        if abs(self.freedom) < _ROUNDING:
            return Rigidity.ISOSTATIC
        return Rigidity.FLEXIBLE if self.freedom > 0 else Rigidity.STRESSED

    @property
    def cations(self) -> int:
        """Cations, one at each anionic site."""
        return self.first.cations + self.second.cations


def blocks(network: Network) -> tuple[Block, Block, Block]:
    """The bridged former, the former with one non-bridging Y and its M, and the Y₂ link, in this order."""
    r, c = network.coordination, network.former_constraints
    opened = "2′" if r == 3 else str(r - 1)
    return (
        Block(str(r), r, 1 + r / 2, c + r / 2 * BRIDGING, 0),
        Block(opened, r - 1, 1 + (r - 1) / 2 + 2, c + (r - 1) / 2 * BRIDGING + NON_BRIDGING + MODIFIER, 1),
        Block("2", 2, 2, 2 * BRIDGING, 0),
    )


def clusters(network: Network) -> tuple[Cluster, ...]:
    """All six pairs of blocks."""
    return tuple(Cluster(*pair) for pair in combinations_with_replacement(blocks(network), 2))


def fractions(network: Network, x: float, m: float) -> tuple[float, float, float]:
    """Fractions of the three blocks, from stoichiometry; for a tetrahedral former p₄, p₃, p₂ of the paper.

    Raises TheoryError outside 0 ≤ x ≤ 1/3 and m ≥ r/2, where blocks with more than one non-bridging Y, or A-A bonds,
    would be needed.
    """
    if not 0 <= x <= network.largest_x:
        raise TheoryError(f"x = {x:g}: the building blocks describe 0 <= x <= 1/3, at most one non-bridging Y per A")
    if m < network.stoichiometric_m:
        raise TheoryError(
            f"m = {m:g}: below {network.stoichiometric_m:g} there are A-A bonds, which no block describes"
        )
    opened, extra = 2 * x, (m - network.stoichiometric_m) * (1 - x) / 2
    counts = (1 - x - opened, opened, extra)
    total = sum(counts)
    return tuple(max(0.0, count / total) for count in counts)
