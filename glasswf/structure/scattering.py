"""How strongly elements scatter X-rays and neutrons, and how partial structure factors add up to a measured one.

X-rays: form factors of free atoms in the fit of Waasmaier and Kirfel (Acta Cryst. A51, 416 (1995)), valid up to
k = 24π 1/Å, without anomalous dispersion. Neutrons: bound coherent scattering lengths of the natural elements, real
part. Both from the package periodictable, which names its sources.
"""

from collections.abc import Sequence

import numpy as np

from glasswf.errors import AnalysisError

XRAY, NEUTRON = "xray", "neutron"
RADIATIONS = (XRAY, NEUTRON)


def form_factors(species: Sequence[str], k_1_a: np.ndarray) -> np.ndarray:
    """Form factors f(k) (n_species, n_k) of neutral atoms, in electrons; k = 4π sin θ / λ.

    Raises AnalysisError for an unknown element and for k beyond 24π 1/Å.
    """
    k = np.asarray(k_1_a, dtype=float)
    found = np.array([_form_factor(name, k) for name in species])
    if not np.isfinite(found).all():
        raise AnalysisError(f"X-ray form factors are known from k = 0 to {24 * np.pi:.1f} 1/Å, not at {k.max():g} 1/Å")
    return found


def scattering_lengths(species: Sequence[str]) -> np.ndarray:
    """Coherent neutron scattering lengths b (n_species,) in fm; AnalysisError where there is none."""
    found = [_element(name).neutron.b_c for name in species]
    if None in found:
        raise AnalysisError(f"no neutron scattering length is known for {species[found.index(None)]}")
    return np.array(found, dtype=float)


def weights(radiation: str, species: Sequence[str], concentrations: np.ndarray, k_1_a: np.ndarray) -> np.ndarray:
    """Weights w_ab (n_pairs, n_k) of the Faber-Ziman partials in the total S = Σ w_ab S_ab, of sum 1 at every k.

    w_ab = (2 − δ_ab) c_a c_b f_a f_b / ⟨f⟩² over pairs a <= b, f the form factors ("xray") or scattering lengths
    ("neutron"). Raises AnalysisError if ⟨f⟩ vanishes (null scatterers).
    """
    k = np.asarray(k_1_a, dtype=float)
    strength = form_factors(species, k) if radiation == XRAY else scattering_lengths(species)[:, None] + 0 * k
    scaled = concentrations[:, None] * strength
    mean = scaled.sum(axis=0)
    if (np.abs(mean) < 1e-6 * np.abs(scaled).sum(axis=0)).any():
        raise AnalysisError(
            f"{'-'.join(species)}: the mean scattering length is zero; no total structure factor exists"
        )
    a, b = np.triu_indices(len(species))
    return np.where(a == b, 1, 2)[:, None] * scaled[a] * scaled[b] / mean**2


def _form_factor(symbol: str, k: np.ndarray) -> np.ndarray:
    try:
        return np.asarray(_element(symbol).xray.f0(k), dtype=float)
    except KeyError:
        raise AnalysisError(f"no X-ray form factor is known for {symbol}") from None


def _element(symbol: str):
    import periodictable  # takes a while

    try:
        return periodictable.elements.symbol(symbol)
    except ValueError:
        raise AnalysisError(f"no element {symbol!r}; scattering needs the symbols of elements, such as Na") from None
