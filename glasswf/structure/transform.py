"""Structure factors as Fourier transforms of pair correlations, with a window."""

from collections.abc import Mapping, Sequence

import numpy as np

from glasswf.errors import AnalysisError
from glasswf.structure.averages import Sampled
from glasswf.structure.conventions import ashcroft_langreth
from glasswf.structure.structure_factor import Pair, StructureFactors, pairs_of

LORCH, STEP = "lorch", "step"
WINDOWS = (LORCH, STEP)


def window(name: str, x: np.ndarray, end: float) -> np.ndarray:
    """1 up to the end ("step"), or sin(πx/end) / (πx/end) ("lorch": Lorch, J. Phys. C 2, 229 (1969)); 0 beyond."""
    if name not in WINDOWS:
        raise AnalysisError(f"no window {name!r}; there are {', '.join(WINDOWS)}")
    inside = np.abs(x) <= end
    return inside * np.sinc(np.asarray(x) / end) if name == LORCH else inside.astype(float)


def structure_factor(
    r_a: np.ndarray, g: np.ndarray, density_1_a3: float, k_1_a: np.ndarray, window_name: str = LORCH
) -> np.ndarray:
    """S(k) = 1 + 4πρ ∫ r² [g(r) − 1] sin(kr)/(kr) w(r) dr (..., n_k), Faber-Ziman partials of partial g.

    r_a: (n,) evenly spaced middles of bins, which must begin at r = 0; the window ends with the last bin. g: (..., n).
    density_1_a3: of all atoms. k_1_a: (n_k,), above 0. Within a bin g and w are constant, and the rest is integrated
    exactly.
    """
    edges = even_edges(r_a)
    phase = np.outer(edges, k_1_a)
    integral = np.diff((np.sin(phase) - phase * np.cos(phase)) / k_1_a**3, axis=0)
    return 1 + 4 * np.pi * density_1_a3 * ((g - 1) * window(window_name, r_a, edges[-1])) @ integral


def by_transform(
    r_a: np.ndarray,
    g: Sampled,
    pairs: Sequence[Pair],
    counts: Mapping[str, int],
    density_1_a3: float,
    k_1_a: np.ndarray,
    window_name: str = LORCH,
) -> StructureFactors:
    """Structure factors at k_1_a (n_k,) of partial g (n_replicas, n_blocks, n_pairs, n) of these pairs of species.

    counts: atoms of each species. g as glasswf.structure.pair_correlation gives it, 1 for an ideal gas of N_a atoms;
    like pairs are therefore multiplied by 1 − 1/N_a. Pairs that are missing, of single atoms, have S = 1.
    """
    counts = dict(sorted(counts.items()))
    found = structure_factor(r_a, g.values, density_1_a3, k_1_a, window_name)
    faber_ziman = np.ones((len(pairs_of(tuple(counts))), *found.shape[:2], len(k_1_a)))
    for index, (a, b) in enumerate(pairs_of(tuple(counts))):
        if (a, b) in pairs:
            others = 1 - 1 / counts[a] if a == b else 1.0
            faber_ziman[index] += others * (found[:, :, list(pairs).index((a, b))] - 1)
    numbers = np.array(list(counts.values()), dtype=float)
    partial = ashcroft_langreth(faber_ziman, numbers / numbers.sum())
    spacing = float(np.diff(k_1_a).min()) if len(k_1_a) > 1 else float(k_1_a[0])
    return StructureFactors(k_1_a, np.zeros(len(k_1_a)), counts, Sampled(np.moveaxis(partial, 0, 2)), "transform",
                            spacing)  # fmt: skip


def even_edges(r_a: np.ndarray) -> np.ndarray:
    """Edges (n + 1,) of even bins from 0 on with these middles; AnalysisError if they are none."""
    width = (r_a[-1] - r_a[0]) / (len(r_a) - 1) if len(r_a) > 1 else 2 * r_a[0]
    if np.abs(r_a - width * (np.arange(len(r_a)) + 0.5)).max() > 1e-6 * r_a[-1]:
        raise AnalysisError("r must be the middles of even bins that begin at 0")
    return width * np.arange(len(r_a) + 1)
