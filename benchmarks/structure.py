"""Bond length, coordination and angles of small Na2SiS3 cells, for the benchmarks; types 1, 2, 3 are Na, Si, S."""

import numpy as np

BOND_A = 2.7  # the minimum of g_SiS, Legrand et al.
ANGLE_BINS = np.arange(60.0, 181.0, 2.0)


def summary(types: np.ndarray, frames: np.ndarray, edge_a: float) -> dict:
    """Numbers to compare with Legrand et al., averaged over `frames` (n_frames, n_atoms, 3) in Å."""
    si, s = np.flatnonzero(types == 2), np.flatnonzero(types == 3)
    si_s = np.array([vectors(frame[si], frame[s], edge_a) for frame in frames])
    distance = np.linalg.norm(si_s, axis=-1)
    bonded = distance < BOND_A
    coordination = bonded.sum(axis=2)
    angles = np.concatenate([bridge_angles(v, b) for v, b in zip(si_s, bonded, strict=True)])
    s_s = np.array([np.linalg.norm(vectors(frame[s], frame[s], edge_a), axis=-1) for frame in frames])
    return {
        "si_s_a": peak(distance, 1.9, 2.5),
        "four_fold": float((coordination == 4).mean()),
        "five_fold": float((coordination == 5).mean()),
        "stretched": float(((distance > 2.5) & (distance < 3.0)).sum() / bonded.sum()),
        "bridging_per_si": float((bonded.sum(axis=1) >= 2).sum() / (len(frames) * len(si))),
        "threefold_s": float((bonded.sum(axis=1) >= 3).mean()),
        "angles_below_97": float((angles < 97).mean()),
        "ss_prepeak": prepeak(s_s, edge_a),
        "ss_main_a": peak(s_s, 3.2, 4.0),
        "angle_histogram": " ".join(f"{c:d}" for c in np.histogram(angles, ANGLE_BINS)[0]),
    }


def vectors(first: np.ndarray, second: np.ndarray, edge_a: float) -> np.ndarray:
    """Nearest-image vectors (n_first, n_second, 3) from each of `first` to each of `second`."""
    delta = second[None] - first[:, None]
    return delta - edge_a * np.round(delta / edge_a)


def bridge_angles(si_s: np.ndarray, bonded: np.ndarray) -> np.ndarray:
    """Si-S-Si angles (degrees) of one frame."""
    angles = []
    for sulfur in np.flatnonzero(bonded.sum(axis=0) >= 2):
        bonds = si_s[bonded[:, sulfur], sulfur]
        bonds /= np.linalg.norm(bonds, axis=1)[:, None]
        i, j = np.triu_indices(len(bonds), 1)
        angles.append(np.degrees(np.arccos(np.clip((bonds[i] * bonds[j]).sum(axis=1), -1, 1))))
    return np.concatenate(angles) if angles else np.empty(0)


def maxima(counts: np.ndarray) -> tuple[float, float]:
    """Largest maxima of an angle histogram below and above 98°, each NaN where there is none of weight."""
    smooth = np.convolve(counts, [0.25, 0.5, 0.25], mode="same")
    centres = (ANGLE_BINS[1:] + ANGLE_BINS[:-1]) / 2
    inner = smooth[1:-1]
    top = np.flatnonzero((inner > smooth[:-2]) & (inner >= smooth[2:]) & (inner > 0.01 * smooth.max())) + 1
    sides = [top[centres[top] < 98], top[centres[top] > 98]]
    return tuple(float(centres[side[smooth[side].argmax()]]) if side.size else float("nan") for side in sides)


def peak(distance: np.ndarray, start_a: float, stop_a: float) -> float:
    """Position of the largest g(r) between two distances, refined by a parabola."""
    counts, edges = np.histogram(distance, np.arange(start_a, stop_a + 1e-9, 0.02))
    centres = (edges[1:] + edges[:-1]) / 2
    density = np.convolve(counts / centres**2, np.ones(3) / 3, mode="same")
    top = int(np.clip(density.argmax(), 1, len(density) - 2))
    a, b, c = density[top - 1 : top + 2]
    shift = 0.5 * (a - c) / (a - 2 * b + c) if a - 2 * b + c else 0.0
    return float(centres[top] + 0.02 * shift)


def prepeak(s_s: np.ndarray, edge_a: float) -> float:
    """S-S g(r) averaged over 2.95-3.15 Å, where edge-sharing shows (Legrand et al.: prepeak at 3.0-3.2 Å)."""
    n_frames, n = s_s.shape[:2]
    count = ((s_s > 2.95) & (s_s < 3.15)).sum() / (n_frames * n)
    shell = 4 / 3 * np.pi * (3.15**3 - 2.95**3)
    return float(count / (shell * n / edge_a**3))
