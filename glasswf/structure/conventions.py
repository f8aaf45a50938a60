"""Three ways to write the partial structure factors of a mixture, and the totals that are measured.

Partials are arrays (n_pairs, ...) of all pairs of species a <= b, in the order of `combinations_with_replacement`;
concentrations (n_species,) are mole fractions.

- Ashcroft-Langreth (Phys. Rev. 156, 685 (1967)): S_ab = ⟨ρ_a ρ_b*⟩ / √(N_a N_b), at large k 1 for a = b, else 0.
- Faber-Ziman (Adv. Phys. 14, 153 (1965)): S_ab = 1 + (S_ab^AL − δ_ab) / √(c_a c_b), at large k 1.
- Bhatia-Thornton (Phys. Rev. B 2, 3004 (1970)): fluctuations of number and concentrations. With ρ_N = Σ ρ_a and
  ρ_Ca = ρ_a − c_a ρ_N: S_XY = ⟨ρ_X ρ_Y*⟩ / N for X, Y among N and all elements a. At large k S_NN is 1, S_Na is 0 and
  S_ab is c_a δ_ab − c_a c_b. For two species S_aa is their S_CC, S_Na their S_NC with the concentration of a.
"""

from collections.abc import Sequence
from itertools import combinations_with_replacement

import numpy as np

ASHCROFT_LANGRETH, FABER_ZIMAN, BHATIA_THORNTON = "ashcroft-langreth", "faber-ziman", "bhatia-thornton"
PARTIAL_CONVENTIONS = (FABER_ZIMAN, ASHCROFT_LANGRETH, BHATIA_THORNTON)


def labels(convention: str, species: Sequence[str]) -> list[tuple[str, str]]:
    """Names of the partials of a convention, in order; "N" is the number, unless nitrogen is there ("number")."""
    if convention == BHATIA_THORNTON:
        species = ("number" if "N" in species else "N", *species)
    return list(combinations_with_replacement(species, 2))


def faber_ziman(ashcroft_langreth: np.ndarray, concentrations: np.ndarray) -> np.ndarray:
    """Faber-Ziman partials (n_pairs, ...) of Ashcroft-Langreth ones."""
    root, same = _roots(concentrations, np.ndim(ashcroft_langreth))
    return 1 + (ashcroft_langreth - same) / root


def ashcroft_langreth(faber_ziman: np.ndarray, concentrations: np.ndarray) -> np.ndarray:
    """Ashcroft-Langreth partials (n_pairs, ...) of Faber-Ziman ones."""
    root, same = _roots(concentrations, np.ndim(faber_ziman))
    return same + root * (faber_ziman - 1)


def bhatia_thornton(ashcroft_langreth: np.ndarray, concentrations: np.ndarray) -> np.ndarray:
    """Bhatia-Thornton partials (n_species + 1 over all pairs, ...) of Ashcroft-Langreth ones."""
    root, _ = _roots(concentrations, np.ndim(ashcroft_langreth))
    n_species = len(concentrations)
    to_fluctuations = np.vstack((np.ones(n_species), np.eye(n_species) - concentrations[:, None]))
    return _packed(_turned(to_fluctuations, _full(root * ashcroft_langreth, n_species)))


def from_bhatia_thornton(bhatia_thornton: np.ndarray, concentrations: np.ndarray) -> np.ndarray:
    """Ashcroft-Langreth partials (n_pairs, ...) of Bhatia-Thornton ones."""
    root, _ = _roots(concentrations, np.ndim(bhatia_thornton))
    to_species = np.column_stack((concentrations, np.eye(len(concentrations))))
    return _packed(_turned(to_species, _full(bhatia_thornton, len(concentrations) + 1))) / root


def partials(convention: str, ashcroft_langreth: np.ndarray, concentrations: np.ndarray) -> np.ndarray:
    """Partials of any of PARTIAL_CONVENTIONS, of Ashcroft-Langreth ones."""
    if convention == ASHCROFT_LANGRETH:
        return ashcroft_langreth
    return {FABER_ZIMAN: faber_ziman, BHATIA_THORNTON: bhatia_thornton}[convention](ashcroft_langreth, concentrations)


def high_k_limit(convention: str, concentrations: np.ndarray) -> np.ndarray:
    """What each partial of a convention tends to at large k, in order."""
    _, same = _roots(concentrations, 1)
    return partials(convention, same, concentrations)


def _roots(concentrations: np.ndarray, n_axes: int) -> tuple[np.ndarray, np.ndarray]:
    """√(c_a c_b) and δ_ab of all pairs, to be multiplied with arrays (n_pairs, ...) of so many axes."""
    a, b = np.triu_indices(len(concentrations))
    shape = (-1, *[1] * (n_axes - 1))
    return np.sqrt(concentrations[a] * concentrations[b]).reshape(shape), (a == b).astype(float).reshape(shape)


def _full(packed: np.ndarray, n: int) -> np.ndarray:
    """Symmetric (n, n, ...) of its upper half (n_pairs, ...)."""
    full = np.empty((n, n, *packed.shape[1:]))
    a, b = np.triu_indices(n)
    full[a, b] = full[b, a] = packed
    return full


def _packed(full: np.ndarray) -> np.ndarray:
    return full[np.triu_indices(len(full))]


def _turned(basis: np.ndarray, full: np.ndarray) -> np.ndarray:
    """Covariances of the sums (rows of `basis`) of what `full` holds the covariances of."""
    return np.einsum("ia,jb,ab...->ij...", basis, basis, full)
