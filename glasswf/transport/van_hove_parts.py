"""Van Hove functions of plain arrays: where an atom has gone in a time t (self), where the others are then (distinct).

Van Hove, Phys. Rev. 95, 249 (1954). Both are taken in the same frame: positions relative to the same moving centre.
"""

from collections.abc import Sequence

import numpy as np

from glasswf.transport import loops
from glasswf.transport.displacements import paths, strides
from glasswf.transport.pair_histogram import pair_histogram, shell_volumes

_PAIRS = 200_000_000  # looked at per lag, half a second: they share the same few thousand atoms, so more say little new


def self_part(
    positions: np.ndarray,
    lags: Sequence[int],
    widths_a: Sequence[float],
    *,
    atoms: np.ndarray | None = None,
    centre: np.ndarray | None = None,
    max_origins: int | None = None,
) -> list[np.ndarray]:
    """4πr² G_s(r, t) in 1/Å, averaged over each bin, at every lag: the distribution of distances gone, of integral one.

    positions: (n_frames, N, 3) in Å, continuous; a memory-mapped array may be huge. lags: whole frames, from 1 to
    n_frames − 1. widths_a: of the bins, for each lag; they begin at 0 and end with the largest distance, so that
    the arrays returned differ in length. atoms: indices, default all. centre: (n_frames, 3) origin of the frame.
    max_origins: at most so many time origins per lag, evenly spaced over the run; default all of them.
    """
    lags, widths_a = np.asarray(lags), np.asarray(widths_a)
    steps = strides(len(positions) - lags, max_origins)
    counts = [np.zeros(0, dtype=np.int64) for _ in lags]
    n_atoms = positions.shape[1] if atoms is None else len(atoms)
    add_distances = loops.chosen(int(n_atoms * np.sum((len(positions) - lags) // steps))).add_distances
    for path in paths(positions, atoms, centre):
        farthest = np.linalg.norm(np.ptp(path, axis=-1), axis=-1).max()
        for index, (lag, step, width) in enumerate(zip(lags, steps, widths_a, strict=True)):
            counts[index] = padded(counts[index], int(farthest / width) + 2)
            add_distances(path, lag, step, 1 / width, counts[index])
    return [np.trim_zeros(found, "b") / (found.sum() * width) for found, width in zip(counts, widths_a, strict=True)]


def distinct_part(
    positions: np.ndarray,
    lag: int,
    lengths_a: np.ndarray,
    width_a: float,
    n_bins: int,
    *,
    atoms_a: np.ndarray,
    atoms_b: np.ndarray,
    centre: np.ndarray | None = None,
    max_origins: int | None = None,
) -> np.ndarray:
    """G_d(r, t)/ρ_b (n_bins,), averaged over shells of `width_a` from 0 on: atoms b at t around where an a was at 0.

    positions: (n_frames, N, 3) in Å. lag: whole frames, from 0, where this is g(r), to n_frames − 1. lengths_a: (3,)
    edges of the box, which must be constant. atoms_a, atoms_b: indices, the same or disjoint. centre: (n_frames, 3).
    max_origins: time origins, evenly spaced; by default as many as 2·10⁸ pairs allow. Where these do not allow one, it
    is seen from evenly chosen atoms a.

    Of the same atoms, each is left out against itself and ρ_b = (N − 1)/V: independent atoms, spread evenly, give 1.

    Raises AnalysisError for bins beyond half the smallest edge.
    """
    centre = np.zeros((len(positions), 3)) if centre is None else centre
    same = np.array_equal(atoms_a, atoms_b)
    n_others = len(atoms_b) - same
    seen_from = max(1, _PAIRS // n_others)
    if seen_from < len(atoms_a):
        atoms_a = atoms_a[np.linspace(0, len(atoms_a) - 1, seen_from).astype(int)]
        atoms_b = np.concatenate([atoms_a, np.setdiff1d(atoms_b, atoms_a)]) if same else atoms_b
    most = max(1, _PAIRS // (len(atoms_a) * n_others)) if max_origins is None else max_origins
    origins = range(0, len(positions) - lag, int(strides(np.array(len(positions) - lag), most)))
    counts, alike = np.zeros(n_bins), same and lag == 0 and len(atoms_a) == len(atoms_b)
    for now in origins:
        around = positions[now, atoms_a] - centre[now]
        others = around if alike else positions[now + lag, atoms_b] - centre[now + lag]
        counts += pair_histogram(around, others, lengths_a, width_a, n_bins, same=same)
    density = n_others / np.prod(lengths_a)
    return counts / (len(origins) * len(atoms_a) * density * shell_volumes(width_a, n_bins))


def padded(values: np.ndarray, length: int) -> np.ndarray:
    """Values (n,) with zeros behind, so that there are `length` at least."""
    return np.pad(values, (0, max(0, length - len(values))))
