"""Mean-square displacements over all time origins, by FFT, in a stated frame.

With S(m) = Σ_t x(t) x(t+m) from the Wiener-Khinchin theorem, the multi-origin average is
MSD(m) = [Σ_{t<F-m} x²(t) + Σ_{t>=m} x²(t) − 2 S(m)] / (F − m)   (Calandrini et al., Collection SFN 12, 201 (2011)).
"""

from collections.abc import Iterator

import numpy as np
from scipy import fft

_CHUNK_BYTES = 1 << 25  # work array of one chunk; a few of them live at a time


def self_msd(
    positions: np.ndarray,
    n_lags: int | None = None,
    *,
    atoms: np.ndarray | None = None,
    centre: np.ndarray | None = None,
) -> np.ndarray:
    """Mean-square displacement (n_lags,) in Å², averaged over atoms and over every time origin, for lags 0, 1, ...

    positions: (n_frames, N, 3) in Å, continuous; read in chunks of atoms, so a memory-mapped array may be huge.
    n_lags: how many lags, at most (and by default) n_frames. atoms: indices of the atoms to average over, default all.
    centre: (n_frames, 3) origin of the frame in which displacements are measured, default at rest.
    """
    n_frames = len(positions)
    n_lags = n_lags or n_frames
    atoms = np.arange(positions.shape[1]) if atoms is None else atoms
    centre = np.zeros((n_frames, 3)) if centre is None else centre
    size = fft.next_fast_len(n_frames + n_lags, real=True)
    step = max(1, _CHUNK_BYTES // (size * 24))
    chunks = (atoms[start : start + step] for start in range(0, len(atoms), step))
    pieces = (positions[:, _as_slice(chunk)] - centre[:, None] for chunk in chunks)
    return sum(_summed(piece, n_lags, size) for piece in pieces) / len(atoms)


def collective_msd(vectors: np.ndarray, n_lags: int | None = None) -> np.ndarray:
    """Mean-square displacement (n_lags,) of one vector (n_frames, 3), such as the charge dipole Σ z_i r_i (e Å)."""
    return self_msd(vectors[:, None, :], n_lags)


def centre_of_mass(positions: np.ndarray, masses: np.ndarray) -> np.ndarray:
    """Barycentre (n_frames, 3) in Å of positions (n_frames, N, 3) with masses (N,)."""
    return weighted_sum(positions, masses / masses.sum())


def weighted_sum(positions: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Σ_i w_i r_i (n_frames, 3), frames taken in chunks."""
    return np.concatenate([np.einsum("fni,n->fi", piece, weights) for piece in _frame_pieces(positions)])


def _as_slice(indices: np.ndarray) -> np.ndarray | slice:
    """A slice where the atoms stand together: a view instead of a gathered copy."""
    together = bool((np.diff(indices) == 1).all())
    return slice(indices[0], indices[-1] + 1) if together else indices


def _frame_pieces(positions: np.ndarray) -> Iterator[np.ndarray]:
    step = max(1, _CHUNK_BYTES // (positions.shape[1] * 24))
    return (positions[start : start + step] for start in range(0, len(positions), step))


def _summed(positions: np.ndarray, n_lags: int, size: int) -> np.ndarray:
    """The same, summed over the atoms of one chunk."""
    n_frames = len(positions)
    series = np.ascontiguousarray(positions.reshape(n_frames, -1).T)
    series -= series.mean(axis=1, keepdims=True)  # small numbers keep the difference below exact
    spectrum = fft.rfft(series, size, axis=1)
    power = np.einsum("sk,sk->k", spectrum.real, spectrum.real) + np.einsum("sk,sk->k", spectrum.imag, spectrum.imag)
    products = fft.irfft(power, size)[:n_lags]
    squares = np.concatenate([[0.0], np.cumsum(np.einsum("sf,sf->f", series, series))])
    lags = np.arange(n_lags)
    total = squares[n_frames - lags] + squares[-1] - squares[lags] - 2 * products
    total[0] = 0.0
    return total / (n_frames - lags)
