"""Collective vectors Σ w_i x_i of positions or velocities, with the centre of mass at rest, and how they move."""

import numpy as np
from scipy import fft

from glasswf.transport.displacements import frame_pieces


def barycentric_sums(vectors: np.ndarray, weights: np.ndarray, masses: np.ndarray) -> np.ndarray:
    """Σ_i w_i (x_i − x_cm), (n_sums, n_frames, 3) in units of w times x, all in one pass over the frames.

    vectors: x, (n_frames, N, 3), read in chunks of frames. weights: (n_sums, N). masses: (N,), any unit.
    """
    # Σ w_i (x_i − x_cm) is again a weighted sum of the x_i.
    relative = weights - np.outer(weights.sum(axis=1), masses / masses.sum())
    pieces = np.concatenate([relative @ piece for piece in frame_pieces(vectors)])
    return np.ascontiguousarray(pieces.swapaxes(0, 1))


def cross_msd(vectors: np.ndarray, n_lags: int) -> np.ndarray:
    """⟨ΔA_k·ΔA_l⟩ (n, n, n_lags) of vectors (n, n_frames, 3), over all time origins, at lags of 0, 1, ... frames.

    As for the mean-square displacement, with products of A_k and A_l in place of squares.
    """
    n_frames, lags = vectors.shape[1], np.arange(n_lags)
    vectors = vectors - vectors.mean(axis=1, keepdims=True)  # small numbers keep the difference below exact
    spectra = fft.rfft(vectors, size := fft.next_fast_len(n_frames + n_lags, real=True), axis=1)
    power = np.einsum("kfi,lfi->klf", spectra.real, spectra.real) + np.einsum(
        "kfi,lfi->klf", spectra.imag, spectra.imag
    )
    products = fft.irfft(power, size)[..., :n_lags]
    sums = np.cumsum(np.einsum("kfi,lfi->klf", vectors, vectors), axis=-1)
    sums = np.concatenate([np.zeros_like(sums[..., :1]), sums], axis=-1)
    total = sums[..., n_frames - lags] + sums[..., -1:] - sums[..., lags] - 2 * products
    total[..., 0] = 0.0
    return total / (n_frames - lags)
