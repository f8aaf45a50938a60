"""Crystals and molecules whose network is known, as positions (N, 3) in Å, elements, and box (3,) in Å."""

from collections.abc import Iterable

import numpy as np

from glasswf.trajectory import Trajectory, from_arrays

SI_S_A = 2.13
Structure = tuple[np.ndarray, list[str], np.ndarray]
_FCC = np.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
_TETRAHEDRON = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / np.sqrt(3)


def repeated(sites: dict[str, np.ndarray], lengths_a: Iterable[float], repeats: Iterable[int]) -> Structure:
    """Copies of a cell whose fractional sites (n, 3) are given by element."""
    repeats = np.array(repeats)
    cells = np.stack(np.meshgrid(*(np.arange(n) for n in repeats), indexing="ij"), axis=-1).reshape(-1, 1, 3)
    lengths = np.asarray(lengths_a, dtype=float)
    parts = {name: ((cells + np.asarray(each) % 1).reshape(-1, 3)) * lengths for name, each in sites.items()}
    elements = [name for name, each in parts.items() for _ in each]
    return np.concatenate(list(parts.values())), elements, lengths * repeats


def cristobalite(repeats: Iterable[int] = (2, 2, 2), lengths_a: Iterable[float] | None = None) -> Structure:
    """Ideal beta-cristobalite SiS2: Si on the sites of diamond, S halfway between; 8 Si and 16 S per cubic cell."""
    lengths = [8 * SI_S_A / np.sqrt(3)] * 3 if lengths_a is None else lengths_a
    sulfur = (_FCC[:, None] + _TETRAHEDRON * np.sqrt(3) / 8).reshape(-1, 3)
    return repeated({"Si": np.concatenate([_FCC, _FCC + 0.25]), "S": sulfur}, lengths, repeats)


def chains(n_formers: int = 8, apart_a: float = 10.0, si_si_a: float = 3.0) -> Structure:
    """2 × 2 chains of SiS2 along z, every tetrahedron sharing two opposite edges; n_formers (even) in each."""
    half = np.sqrt(SI_S_A**2 - (si_si_a / 2) ** 2) / apart_a
    silicon = [[0, 0, 0], [0, 0, 0.5]]
    sulfur = [[half, 0, 0.25], [-half, 0, 0.25], [0, half, 0.75], [0, -half, 0.75]]
    lengths = [apart_a, apart_a, 2 * si_si_a]
    return repeated({"Si": np.array(silicon), "S": np.array(sulfur)}, lengths, [2, 2, n_formers // 2])


def antifluorite(repeats: Iterable[int] = (2, 2, 2), edge_a: float = 6.54) -> Structure:
    """Na2S: S on a face-centred lattice, Na in all its tetrahedral holes."""
    return repeated({"S": _FCC, "Na": np.concatenate([_FCC + 0.25, _FCC + 0.75])}, [edge_a] * 3, repeats)


def tetrahedra(*centres: Iterable[float], box_a: float = 30.0) -> Structure:
    """SiS4 molecules around the centres (Å), all turned the same way."""
    middle = np.array(centres, dtype=float)
    sulfur = (middle[:, None] + SI_S_A * _TETRAHEDRON).reshape(-1, 3)
    elements = ["Si"] * len(middle) + ["S"] * len(sulfur)
    return np.concatenate([middle, sulfur]), elements, np.full(3, box_a)


def corner_dimer(centre_a: Iterable[float] = (15, 15, 15), box_a: float = 30.0) -> Structure:
    """Si2S7: two tetrahedra with one sulfur in common, Si-S-Si straight."""
    bond = SI_S_A * _TETRAHEDRON
    around = np.concatenate([[[0, 0, 0], 2 * bond[0]], bond, 2 * bond[0] - bond[1:]])
    return np.asarray(centre_a) + around, ["Si"] * 2 + ["S"] * 7, np.full(3, box_a)


def edge_dimer(centre_a: Iterable[float] = (15, 15, 15), box_a: float = 30.0, si_si_a: float = 3.0) -> Structure:
    """Si2S6: two tetrahedra with an edge in common."""
    x = si_si_a / 2
    y = np.sqrt(SI_S_A**2 - x**2)
    out, up = SI_S_A * np.cos(np.radians(54.75)), SI_S_A * np.sin(np.radians(54.75))
    around = [[-x, 0, 0], [x, 0, 0], [0, y, 0], [0, -y, 0]]
    around += [[side * (x + out), 0, sign * up] for side in (-1, 1) for sign in (-1, 1)]
    return np.asarray(centre_a) + np.array(around), ["Si"] * 2 + ["S"] * 6, np.full(3, box_a)


def together(*structures: Structure) -> Structure:
    """All in the box of the first."""
    positions = np.concatenate([each[0] for each in structures])
    return positions, [name for each in structures for name in each[1]], structures[0][2]


def trajectory_of(*structures: Structure) -> Trajectory:
    """One frame per structure, all of the same elements, each with a box of its own."""
    positions = np.array([each[0] for each in structures])
    boxes = np.array([each[2] for each in structures])
    return from_arrays(positions, np.arange(len(structures)) * 1.0, boxes, structures[0][1])
