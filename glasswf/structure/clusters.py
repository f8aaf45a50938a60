"""Clusters of the former-anion network: their sizes, and whether one percolates."""

import numpy as np

from glasswf.structure.frame_bonds import FrameBonds

DENOMINATORS = {"largest_cluster": "network_atoms", "percolating_1d": "frames", "percolating_3d": "frames"}


def find(bonded: FrameBonds) -> tuple[np.ndarray, np.ndarray]:
    """Sizes (n,) in atoms of the connected clusters, and in how many independent directions each winds (n,), 0 to 3.

    Every former and anion is in one; a free anion is a cluster of its own. A cluster winds in a direction if walking
    along its bonds leads from an atom to a periodic image of the same atom; its extent plays no part.
    """
    from glasswf.structure import cluster_kernel

    count = bonded.n_formers + bonded.n_anions
    anion = bonded.anion + bonded.n_formers
    node = np.concatenate([bonded.former, anion])
    order = np.argsort(node, kind="stable")
    starts = np.searchsorted(node[order], np.arange(count + 1))
    neighbours = np.concatenate([anion, bonded.former])[order]
    images = np.concatenate([bonded.images, -bonded.images])[order]
    sizes, ranks = np.zeros((2, count), dtype=np.int64)
    found = cluster_kernel.find(starts, neighbours, images, sizes, ranks)
    return sizes[:found], ranks[:found]


def counts(sizes: np.ndarray, ranks: np.ndarray) -> dict[str, float]:
    """Numbers of one frame, to be divided by those named in DENOMINATORS."""
    return {
        "frames": 1,
        "network_atoms": sizes.sum(),
        "largest_cluster": sizes.max(initial=0),
        "percolating_1d": np.any(ranks > 0),
        "percolating_3d": np.any(ranks == 3),
    }


def size_distribution(sizes: np.ndarray, longest: int) -> np.ndarray:
    """Fraction of the atoms that are in clusters of each size, (longest + 1,)."""
    return np.bincount(sizes, weights=sizes, minlength=longest + 1) / max(1, sizes.sum())
