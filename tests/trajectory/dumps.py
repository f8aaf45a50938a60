"""Writes LAMMPS text dumps for the tests, independently of the reader."""

from pathlib import Path

import numpy as np

ELEMENTS = ("Na", "Si", "S")
CHARGES = {"Na": 0.6, "Si": 2.4, "S": -1.2}


def species(n_atoms):
    return [ELEMENTS[i % 3] for i in range(n_atoms)]


def frame_text(
    positions, step, *, length=10.0, columns="id type element q xu yu zu", time=None, units=None, order=None,
    bounds="pp pp pp", velocities=None,
):  # fmt: skip
    """One frame; `positions` are unwrapped and converted to whatever `columns` asks for."""
    positions = np.asarray(positions, dtype=float)
    kinds = species(len(positions))
    images = np.floor(positions / length).astype(int)
    values = {
        "id": range(1, len(positions) + 1),
        "type": [ELEMENTS.index(kind) + 1 for kind in kinds],
        "element": kinds,
        "q": [CHARGES[kind] for kind in kinds],
    }
    for axis, name in enumerate("xyz"):
        unwrapped = positions[:, axis]
        wrapped = unwrapped - images[:, axis] * length
        values |= {
            f"{name}u": unwrapped, f"{name}su": unwrapped / length, name: wrapped, f"{name}s": wrapped / length,
            f"i{name}": images[:, axis],
        }  # fmt: skip
        if velocities is not None:
            values[f"v{name}"] = velocities[:, axis]
    table = [[_text(values[name][i]) for name in columns.split()] for i in range(len(positions))]
    rows = [" ".join(table[i]) for i in (order if order is not None else range(len(positions)))]
    head = [f"ITEM: UNITS\n{units}"] if units else []
    head += [f"ITEM: TIME\n{time!r}"] if time is not None else []
    head += [f"ITEM: TIMESTEP\n{step}", f"ITEM: NUMBER OF ATOMS\n{len(positions)}", f"ITEM: BOX BOUNDS {bounds}"]
    head += [f"0.0 {length!r}"] * 3 + [f"ITEM: ATOMS {columns}"]
    return "\n".join(head + rows) + "\n"


def dump_text(positions, *, every=100, interval_ps=0.1, first=0, **options):
    """All frames of `positions` (n_frames, N, 3), as our own runs write them: with units and times."""
    return "".join(
        frame_text(
            frame, first + every * index, time=(first / every + index) * interval_ps,
            units=None if index else "metal", **options,
        )
        for index, frame in enumerate(positions)
    )  # fmt: skip


def write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


def walk(n_frames=6, n_atoms=9, step=0.5, seed=1):
    """Positions of random walkers that cross the faces of a box of 10 Å."""
    rng = np.random.default_rng(seed)
    start = rng.uniform(0, 10, (n_atoms, 3))
    return start + np.cumsum(rng.normal(0, step, (n_frames, n_atoms, 3)), axis=0)


def _text(value):
    return value if isinstance(value, str) else repr(value.item() if hasattr(value, "item") else value)
