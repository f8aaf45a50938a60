"""Collective vectors Σ w_i x_i of positions or velocities, with the centre of mass at rest."""

import numpy as np

_CHUNK_BYTES = 1 << 25


def barycentric_sums(vectors: np.ndarray, weights: np.ndarray, masses: np.ndarray) -> np.ndarray:
    """Σ_i w_i (x_i − x_cm), (n_sums, n_frames, 3) in units of w times x, all in one pass over the frames.

    vectors: x, (n_frames, N, 3), read in chunks of frames. weights: (n_sums, N). masses: (N,), any unit.
    """
    # Σ w_i (x_i − x_cm) is again a weighted sum of the x_i.
    relative = weights - np.outer(weights.sum(axis=1), masses / masses.sum())
    step = max(1, _CHUNK_BYTES // (vectors.shape[1] * 24))
    pieces = [relative @ vectors[start : start + step] for start in range(0, len(vectors), step)]
    return np.ascontiguousarray(np.concatenate(pieces).swapaxes(0, 1))
