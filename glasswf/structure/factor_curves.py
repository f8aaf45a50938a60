"""Curves of one convention or radiation, block by block, from the partial structure factors.

All conventions and totals are linear in the partials, so that means and errors follow from those of the blocks.
"""

import numpy as np

from glasswf.structure import conventions, real_space, scattering
from glasswf.structure.averages import Sampled
from glasswf.structure.structure_factor import StructureFactors


def partials(factors: StructureFactors, convention: str) -> Sampled:
    """Partials (n_replicas, n_blocks, n_labels, n_bins) of a convention, in the order of `conventions.labels`."""
    first = np.moveaxis(factors.partial.values, 2, 0)
    return Sampled(np.moveaxis(conventions.partials(convention, first, factors.concentrations), 0, 2))


def total(factors: StructureFactors, radiation: str) -> Sampled:
    """S_X(k) ("xray") or S_N(k) ("neutron") (n_replicas, n_blocks, n_bins): Faber-Ziman, 1 at large k.

    Raises AnalysisError as glasswf.structure.scattering.weights does.
    """
    weights = scattering.weights(radiation, factors.species, factors.concentrations, factors.k_1_a)
    return Sampled((weights * partials(factors, conventions.FABER_ZIMAN).values).sum(axis=2))


def total_pair_correlation(
    factors: StructureFactors,
    radiation: str,
    density_1_a3: float,
    r_a: np.ndarray,
    q_max_1_a: float | None = None,
    window_name: str = "lorch",
) -> Sampled:
    """g_X(r) or g_N(r) (n_replicas, n_blocks, n_r): the transform of S_X or S_N up to Q_max, as of a measurement."""
    s = total(factors, radiation).values
    return Sampled(real_space.pair_correlation(factors.k_1_a, s, density_1_a3, r_a, q_max_1_a, window_name))
