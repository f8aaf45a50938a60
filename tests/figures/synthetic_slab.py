"""A slab of loosely placed tetrahedra, modifier ions and lone or paired anions, about as many as a composition has."""

import numpy as np
from scipy.spatial.transform import Rotation

from glasswf.structure.slab import rows
from glasswf.trajectory import from_arrays

_CORNERS = 2.12 / np.sqrt(3) * np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
_SITES, _SPACING_A = 4, 5.6


def slab(state: dict, rng: np.random.Generator) -> list[dict]:
    """Rows of table slab of one state point."""
    elements, positions = _place(state, rng)
    box = np.full(3, _SITES * _SPACING_A)
    return rows(from_arrays([np.mod(positions, box)], [0.0], box, elements), "Si", "S", cutoff_a=2.7)


def _place(state: dict, rng: np.random.Generator) -> tuple[list[str], np.ndarray]:
    share = state["n_si"] / (state["n_si"] + 0.5 * state["n_na"])
    extra = max((state["m"] or 2.0) - 2.0, 0.0) / 4
    elements, positions = [], []
    for site in np.stack(np.meshgrid(*[np.arange(_SITES)] * 3), axis=-1).reshape(-1, 3):
        centre = _SPACING_A * (site + 0.5) + rng.normal(0, 0.35, 3)
        names, places = _group(rng.random(), share, extra)
        elements += names
        positions += list(centre + places @ Rotation.random(rng=rng).as_matrix())
    return elements, np.array(positions)


def _group(draw: float, share: float, extra: float) -> tuple[list[str], np.ndarray]:
    if draw < share * (1 - extra):
        return ["Si", *"SSSS"], np.vstack([np.zeros(3), _CORNERS])
    if draw < share:
        return ["S", "S"], np.array([[0.0, 0, 1.05], [0, 0, -1.05]])
    return ["Na", "S", "Na"], np.array([[0.0, 2.7, 0], [0, 0, 0], [2.7, 0, 0]])
