"""Mean-square displacements over all time origins, by FFT, in a stated frame.

With S(m) = Σ_t x(t) x(t+m) from the Wiener-Khinchin theorem, the multi-origin average is
MSD(m) = [Σ_{t<F-m} x²(t) + Σ_{t>=m} x²(t) − 2 S(m)] / (F − m)   (Calandrini et al., Collection SFN 12, 201 (2011)).
The sums over atoms and axes are taken before the transform back, of which there is one only.
"""

import numpy as np
from scipy import fft

from glasswf.transport.displacements import frame_pieces, paths


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
    n_atoms = positions.shape[1] if atoms is None else len(atoms)
    size = fft.next_fast_len(n_frames + n_lags, real=True)
    power, squares, padded = np.zeros(size // 2 + 1), np.zeros(n_frames), np.zeros((0, size))
    for path in paths(positions, atoms, centre):
        whole = path.reshape(-1, n_frames)
        if len(padded) < len(whole):  # in the first turn: memory asked for in every turn would take a third of the time
            padded = np.zeros((len(whole), size))
        series = padded[: len(whole), :n_frames]
        np.subtract(whole, whole.mean(axis=1, keepdims=True), out=series)  # small numbers keep the difference exact
        power += _power(padded[: len(whole)])
        squares += np.einsum("sf,sf->f", series, series)
    return _multi_origin(fft.irfft(power, size)[:n_lags], squares) / n_atoms


def collective_msd(vectors: np.ndarray, n_lags: int | None = None) -> np.ndarray:
    """Mean-square displacement (n_lags,) of one vector (n_frames, 3), such as the charge dipole Σ z_i r_i (e Å)."""
    return self_msd(vectors[:, None, :], n_lags)


def centre_of_mass(positions: np.ndarray, masses: np.ndarray) -> np.ndarray:
    """Barycentre (n_frames, 3) in Å of positions (n_frames, N, 3) with masses (N,)."""
    return weighted_sum(positions, masses / masses.sum())


def weighted_sum(positions: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Σ_i w_i r_i (n_frames, 3), frames taken in chunks."""
    return np.concatenate([np.einsum("fni,n->fi", piece, weights) for piece in frame_pieces(positions)])


def _power(padded: np.ndarray) -> np.ndarray:
    """Power spectrum (size // 2 + 1,), summed over series (n, size)."""
    parts = fft.rfft(padded, axis=1).view(float)  # real and imaginary parts by turns
    squares = np.einsum("sk,sk->k", parts, parts)
    return squares[::2] + squares[1::2]


def _multi_origin(products: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """MSD (n_lags,) from S (n_lags,) and x² (n_frames,), both summed over atoms and axes."""
    n_frames, lags = len(squares), np.arange(len(products))
    sums = np.concatenate([[0.0], np.cumsum(squares)])
    total = sums[n_frames - lags] + sums[-1] - sums[lags] - 2 * products
    total[0] = 0.0
    return total / (n_frames - lags)
