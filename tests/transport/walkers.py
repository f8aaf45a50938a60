"""Trajectories whose transport is known."""

import numpy as np
from scipy.signal import lfilter

from glasswf.trajectory import Trajectory


def trajectory(positions, elements, charges=None, masses=None, *, interval_ps=1.0, length=20.0, velocities=None):
    """A trajectory made of arrays."""
    n_frames, n_atoms = positions.shape[:2]
    return Trajectory(
        positions=positions,
        velocities=velocities,
        steps=np.arange(n_frames),
        times_ps=np.arange(n_frames) * interval_ps,
        box_lengths_a=np.full((n_frames, 3), length),
        ids=np.arange(1, n_atoms + 1),
        types=np.zeros(n_atoms, dtype=int),
        elements=np.array(elements),
        charges=None if charges is None else np.array(charges, dtype=float),
        masses=np.ones(n_atoms) if masses is None else np.array(masses, dtype=float),
        source=("synthetic",),
    )


def random_walk(rng, n_frames, diffusivities, interval_ps=1.0):
    """Independent walkers with D (n_atoms,) in Å²/ps: positions (n_frames, n_atoms, 3)."""
    steps = rng.standard_normal((n_frames, len(diffusivities), 3))
    steps *= np.sqrt(2 * np.asarray(diffusivities) * interval_ps)[:, None]
    return np.cumsum(steps, axis=0)


def salt(rng, n_frames, n_pairs, d_cation=0.5, d_anion=0.5, **options):
    """Independent cations Na (+1) and anions S (-1) of equal mass."""
    positions = random_walk(rng, n_frames, [d_cation] * n_pairs + [d_anion] * n_pairs)
    return trajectory(positions, ["Na"] * n_pairs + ["S"] * n_pairs, [1] * n_pairs + [-1] * n_pairs, **options)


def caged(rng, n_frames, n_atoms, variance_a2=0.1, memory=0.8):
    """Ornstein-Uhlenbeck positions: MSD rises to 6 * variance and stays there."""
    kicks = rng.standard_normal((n_frames, n_atoms, 3)) * np.sqrt(variance_a2 * (1 - memory**2))
    positions = np.empty_like(kicks)
    positions[0] = rng.standard_normal((n_atoms, 3)) * np.sqrt(variance_a2)
    for now in range(1, n_frames):
        positions[now] = memory * positions[now - 1] + kicks[now]
    return positions


def langevin(rng, n_frames, n_atoms, friction, interval_ps=1.0, variance=1.0):
    """Free Langevin particles, exactly: positions and velocities (n_frames, n_atoms, 3).

    friction: 1/ps. variance: k_B T/m (Å²/ps²). D = variance/friction; ⟨v(0)v(t)⟩ = variance exp(-friction t).
    """
    step, decay = friction * interval_ps, np.exp(-friction * interval_ps)
    kicks = rng.standard_normal((n_frames, n_atoms, 3)) * np.sqrt(variance * (1 - decay**2))
    kicks[0] /= np.sqrt(1 - decay**2)
    velocities = lfilter([1], [1, -decay], kicks, axis=0)
    # A displacement between two known velocities: mean and variance of an Ornstein-Uhlenbeck bridge.
    mean = (velocities[1:] + velocities[:-1]) * np.tanh(step / 2) / friction
    spread = np.sqrt(variance * (2 * step - 4 * np.tanh(step / 2))) / friction
    moves = mean + spread * rng.standard_normal(mean.shape)
    return np.concatenate([np.zeros((1, n_atoms, 3)), np.cumsum(moves, axis=0)]), velocities


def langevin_salt(rng, n_frames, n_pairs, friction, interval_ps=1.0, **options):
    """Free Langevin ions Na (+1) and S (-1) of equal mass, k_B T/m = 1 Å²/ps²."""
    positions, velocities = langevin(rng, n_frames, 2 * n_pairs, friction, interval_ps)
    elements, charges = ["Na"] * n_pairs + ["S"] * n_pairs, [1] * n_pairs + [-1] * n_pairs
    return trajectory(positions, elements, charges, velocities=velocities, interval_ps=interval_ps, **options)
