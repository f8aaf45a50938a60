"""Ionic conductivity of the hopping model on the network of clusters (Micoulaut, PRL 134, 036303 (2025), eqs. (2)-(4)).

σ = 2x exp(−⟨E_c⟩/k_BT) exp(Δ f⁽²⁾/k_BT), in units of the conductivity that one free cation per formula unit would have.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from glasswf.errors import TheoryError
from glasswf.theory.blocks import Rigidity, clusters
from glasswf.theory.constraints import Network
from glasswf.theory.probabilities import NO_ENERGIES, READINGS, Energies


@dataclass(frozen=True)
class Hopping:
    """Parameters of the model, energies in k_BT.

    reading: how cluster probabilities are formed, a key of glasswf.theory.probabilities.READINGS. energies: E_jk by
    class. coulomb: E_c, to take a cation from its anionic site. floppy: Δ, gain per topological degree of freedom.
    """

    network: Network = field(default_factory=Network)
    reading: str = "self-organised"
    energies: Energies = field(default_factory=lambda: dict(NO_ENERGIES))
    coulomb: float = 0.0002
    floppy: float = 0.2

    def __post_init__(self) -> None:
        if self.reading not in READINGS:
            raise TheoryError(f"no reading {self.reading!r}; known: {', '.join(READINGS)}")
        if self.coulomb < 0 or self.floppy < 0:
            raise TheoryError(f"E_c = {self.coulomb:g} and Δ = {self.floppy:g} must not be negative")

    def probabilities(self, x: float, m: float) -> dict[str, float]:
        """p_jk by cluster name."""
        return READINGS[self.reading](self.network, x, m, self.energies)

    def at(self, x: float, m: float) -> "State":
        """Everything the model says at one composition. Raises TheoryError where the blocks do not exist."""
        p = self.probabilities(x, m)
        found = clusters(self.network)
        classes = {kind: sum(p[c.name] for c in found if c.rigidity is kind) for kind in Rigidity}
        freedom = sum(p[c.name] * c.freedom / c.atoms for c in found if c.rigidity is Rigidity.FLEXIBLE)
        coulomb = sum(_coulomb(c.cations, self.coulomb) * p[c.name] for c in found)
        carriers = 2 * x * np.exp(-coulomb)
        mobility = np.exp(self.floppy * freedom)
        return State(x, m, p, classes, self.network.freedom(x, m), freedom, coulomb, carriers, mobility)


@dataclass(frozen=True)
class State:
    """The model at one composition.

    probabilities: p_jk by cluster. classes: their sums by class. mean_field: f of eq. (1). flexible: f⁽²⁾ of eq. (2).
    coulomb: ⟨E_c⟩ of eq. (4), in k_BT. carriers: n_L. mobility: μ. Their product is the conductivity, eq. (3).
    """

    x: float
    m: float
    probabilities: Mapping[str, float]
    classes: Mapping[Rigidity, float]
    mean_field: float
    flexible: float
    coulomb: float
    carriers: float
    mobility: float

    @property
    def conductivity(self) -> float:
        """σ = n_L μ, eq. (3)."""
        return float(self.carriers * self.mobility)


def _coulomb(cations: int, energy: float) -> float:
    """Σ_q q E_c e^{−q E_c} over the anionic sites of a cluster: q = 1, and q = 2 as well where two sites neighbour."""
    return sum(q * energy * float(np.exp(-q * energy)) for q in range(1, cations + 1))
