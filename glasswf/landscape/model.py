"""One glass of the site-energy model: its parameters, and the quantities of one random sample of it."""

from dataclasses import dataclass

import numpy as np

from glasswf.errors import TheoryError
from glasswf.landscape import network, percolation
from glasswf.landscape.kirchhoff import flow
from glasswf.landscape.lattice import Landscape, generate
from glasswf.landscape.occupation import fermi_level
from glasswf.units import BOLTZMANN_EV_K

_E_C = 1.602176634e-19
_CM_A = 1e-8


@dataclass(frozen=True)
class Glass:
    """Parameters of the model (Bosi and Maass 2021).

    units: fractions of the network-forming units, which fix the alkali content. v0_ev: V₀. sigma: σ_ε, standard
    deviation of the noise in units of V₀. u0_ev: u₀, lowest barrier of a jump. vacant: f₀. jump_a: a (Å). attempt_hz:
    ν.
    """

    units: dict[str, float]
    v0_ev: float
    sigma: float
    u0_ev: float
    vacant: float = 0.05
    jump_a: float = 5.0
    attempt_hz: float = 1e14

    def __post_init__(self) -> None:
        for name, value in (("V0", self.v0_ev), ("a", self.jump_a), ("nu", self.attempt_hz)):
            if not (np.isfinite(value) and value > 0):
                raise TheoryError(f"{name} = {value:g}: it must be positive")
        for name, value in (("sigma", self.sigma), ("u0", self.u0_ev)):
            if not (np.isfinite(value) and value >= 0):
                raise TheoryError(f"{name} = {value:g}: it must not be negative")

    def landscape(self, size: int, seed: int | np.random.SeedSequence) -> Landscape:
        """A random sample of `size`³ sites."""
        return generate(size, self.units, self.vacant, seed)


def activation_energy(glass: Glass, sample: Landscape) -> float:
    """E_a (eV): critical percolation barrier in the limit of zero temperature, eq. (9)."""
    energies = sample.energies(glass.v0_ev, glass.sigma)
    links = network.links(sample.accessible, sample.size)
    barriers = network.barriers(energies, links, fermi_level(energies, sample.n_ions), glass.u0_ev)
    return percolation.critical(links, barriers).barrier


def conductivities(glass: Glass, sample: Landscape, temperatures_k: list[float]) -> np.ndarray:
    """σ_dc (n_temperatures,) in S/cm from Kirchhoff's equations on the whole network, eqs. (7) and (12)."""
    energies = sample.energies(glass.v0_ev, glass.sigma)
    links = network.links(sample.accessible, sample.size)
    return np.array([_conductivity(glass, sample, energies, links, temperature) for temperature in temperatures_k])


def log_unit(glass: Glass, temperature_k: float) -> float:
    """ln of e²ν/(k_B T a) in S/cm: the conductivity of links of unit conductance."""
    return float(np.log(_E_C * glass.attempt_hz / (BOLTZMANN_EV_K * temperature_k * glass.jump_a * _CM_A)))


def _conductivity(
    glass: Glass, sample: Landscape, energies: np.ndarray, links: network.Network, temperature_k: float
) -> float:
    mu = fermi_level(energies, sample.n_ions, temperature_k)
    found = flow(links, network.log_conductances(energies, links, mu, glass.u0_ev, temperature_k))
    return float(np.exp(found.log_conductance - np.log(sample.size) + log_unit(glass, temperature_k)))
