"""Paths of atoms out of trajectories that are stored frame by frame, in bounded memory.

A frame holds all atoms, a path all frames: the array is transposed in blocks that fit a cache, as many atoms at a time
as CHUNK_BYTES hold, and what was read of a memory-mapped file is given back as soon as it is copied.
"""

import mmap
from collections.abc import Iterator

import numpy as np

CHUNK_BYTES = 1 << 28  # of paths filled in one pass over the frames; a file is read once for each
_BATCH_BYTES = 1 << 20  # of paths yielded at once, so that work on them stays in the cache
_BLOCK_BYTES = 1 << 20  # of frames transposed at once
_PIECE_BYTES = 1 << 25  # of whole frames worked on at once
NOTHING_A2 = 1e-12  # atoms that do not move have squared displacements of rounding errors
_MIN_BLOCK = 16  # frames: two cache lines of a path are written at once


def paths(positions: np.ndarray, atoms: np.ndarray | None = None, centre: np.ndarray | None = None) -> Iterator:
    """Paths (n, 3, n_frames) in Å of a few atoms at a time, contiguous in time; each is gone when the next is taken.

    positions: (n_frames, N, 3) in Å, in memory or memory-mapped. atoms: indices of the atoms wanted, default all.
    centre: (n_frames, 3), subtracted from every position.
    """
    n_frames = len(positions)
    atoms = np.arange(positions.shape[1]) if atoms is None else atoms
    centre = np.zeros((n_frames, 3)) if centre is None else centre
    held = min(len(atoms), max(1, CHUNK_BYTES // (n_frames * 24)))
    batch = max(1, _BATCH_BYTES // (n_frames * 24))
    buffer = np.empty((held, 3, n_frames))
    for start in range(0, len(atoms), held):
        chunk = buffer[: len(atoms) - start]
        _transpose(positions, atoms[start : start + held], centre, chunk)
        yield from (chunk[first : first + batch] for first in range(0, len(chunk), batch))


def frame_pieces(positions: np.ndarray) -> Iterator[np.ndarray]:
    """The frames (n, N, 3), some at a time; those of a memory-mapped file are given back when the next are taken."""
    step = max(1, _PIECE_BYTES // (positions.shape[1] * 24))
    for start in range(0, len(positions), step):
        yield positions[start : start + step]
        release(positions)


def release(positions: np.ndarray) -> None:
    """Give back the memory that a read-only memory-mapped array takes; the file stays in the cache of the system."""
    owner = positions
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    # Only pages that nobody can have written to: they are read again from the file when needed.
    if isinstance(owner.base, mmap.mmap) and owner.mode == "r" and hasattr(mmap, "MADV_DONTNEED"):
        owner.base.madvise(mmap.MADV_DONTNEED)


def strides(n_origins: np.ndarray, max_origins: int | None) -> np.ndarray:
    """Spacing (n,) of time origins that leaves at most `max_origins` of `n_origins` (n,), all of them for None."""
    return np.ones_like(n_origins) if max_origins is None else -(-n_origins // max_origins)


def _transpose(positions: np.ndarray, atoms: np.ndarray, centre: np.ndarray, out: np.ndarray) -> None:
    """Fill `out` (n, 3, n_frames) with the paths of `atoms` (n,)."""
    columns = _as_slice(atoms)
    block = max(_MIN_BLOCK, _BLOCK_BYTES // (len(atoms) * 24))
    for start in range(0, len(positions), block):
        frames = slice(start, start + block)
        out[..., frames] = (positions[frames, columns] - centre[frames, None]).transpose(1, 2, 0)
        release(positions)


def _as_slice(indices: np.ndarray) -> np.ndarray | slice:
    """A slice where the atoms stand together: a view instead of a gathered copy."""
    together = bool((np.diff(indices) == 1).all())
    return slice(indices[0], indices[-1] + 1) if together else indices
