"""The network of links between neighbouring ion sites, with electrodes along the field (Bosi and Maass 2021, sec. IV).

Sites of the first lattice plane are one electrode. The lattice is periodic: behind the last plane follows an image of
the first, and this image is the other electrode. So N_L planes of links lie in series between electrodes N_L a apart,
all sites are used once, and a uniform network of conductances g has the conductance g N_L.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import log_expit

from glasswf.landscape.occupation import beta


@dataclass(frozen=True, eq=False)
class Network:
    """Links between nodes. Nodes are the sites, then the electrode of the first plane and that of its image.

    start, end: (n_links,) nodes. site_start, site_end: (n_links,) the sites themselves, also where they are part of an
    electrode. size: N_L.
    """

    start: np.ndarray
    end: np.ndarray
    site_start: np.ndarray
    site_end: np.ndarray
    size: int

    @property
    def source(self) -> int:
        """Node of the electrode of the first plane."""
        return self.size**3

    @property
    def sink(self) -> int:
        """Node of the electrode behind the last plane."""
        return self.size**3 + 1

    @property
    def n_nodes(self) -> int:
        """Sites and two electrodes."""
        return self.size**3 + 2


def links(accessible: np.ndarray, size: int) -> Network:
    """All links between accessible (N_L³,) neighbours; those inside an electrode carry nothing and are left out."""
    grid = accessible.reshape(size, size, size)
    numbers = np.arange(size**3).reshape(size, size, size)
    found = [_along(grid, numbers, axis) for axis in range(3)]
    a, b = (np.concatenate([pair[side] for pair in found]) for side in (0, 1))
    across = np.concatenate([np.full(len(pair[0]), axis == 0) for axis, pair in enumerate(found)])
    first_a, first_b = a < size * size, b < size * size
    wraps = across & first_b  # from the last plane to the image of the first
    source, sink = size**3, size**3 + 1
    start, end = np.where(first_a, source, a), np.where(wraps, sink, np.where(first_b, source, b))
    kept = start != end
    return Network(start[kept], end[kept], a[kept], b[kept], size)


def barriers(energies: np.ndarray, network: Network, fermi_ev: float, u0_ev: float) -> np.ndarray:
    """Δ_ij = u₀ + ½(|ε_i−ε_j| + |ε_i−ε_F| + |ε_j−ε_F|) in eV of every link, eq. (8b)."""
    i, j = energies[network.site_start], energies[network.site_end]
    return u0_ev + (np.abs(i - j) + np.abs(i - fermi_ev) + np.abs(j - fermi_ev)) / 2


def log_conductances(
    energies: np.ndarray, network: Network, mu_ev: float, u0_ev: float, temperature_k: float
) -> np.ndarray:
    """ln of exp(−βu₀) min(1, exp(−β(ε_j−ε_i))) n_i (1−n_j) of every link: eq. (7) over βq²ν.

    As logarithms, because they span many more orders of magnitude than numbers do; symmetric in i and j by detailed
    balance.
    """
    b = beta(temperature_k)
    i, j = energies[network.site_start], energies[network.site_end]
    return -b * u0_ev - b * np.maximum(0.0, j - i) + log_expit(b * (mu_ev - i)) + log_expit(b * (j - mu_ev))


def _along(grid: np.ndarray, numbers: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    both = grid & np.roll(grid, -1, axis)
    return numbers[both], np.roll(numbers, -1, axis)[both]
