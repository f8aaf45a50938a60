"""One frame for viewers: extended XYZ with columns per atom (OVITO), XYZ with a script (VMD)."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from glasswf.errors import AnalysisError
from glasswf.files import write_text
from glasswf.structure.neighbours import wrapped
from glasswf.structure.slab import Bonding, bonding
from glasswf.trajectory import Trajectory

_TYPES = {"b": ("L", lambda value: "T" if value else "F"), "i": ("I", str), "u": ("I", str), "U": ("S", str),
          "f": ("R", "{:.8g}".format)}  # fmt: skip
_SPECIAL = frozenset(' \t\n{}[]$"\\;')
_COLOURS = {"Si": "red", "S": "yellow", "Na": "blue", "Li": "blue"}


def write_files(
    stem: Path, trajectory: Trajectory, cutoffs_a: Mapping[str, float], homopolar_a: float, former: str = "Si",
    anion: str = "S",
) -> None:  # fmt: skip
    """The last frame as stem.extxyz (with q_n, number of former-anion bonds and role), stem.tcl and stem.xyz.

    cutoffs_a: bond length by pair, "Si-S". Cells without formers have no bonds.
    """
    cutoff = cutoffs_a.get(f"{former}-{anion}", 0.0)
    found = bonding(trajectory, former, anion, cutoff, homopolar_a, -1)
    write_extxyz(
        stem.with_name(f"{stem.name}.extxyz"), trajectory, properties=atom_columns(trajectory, found, former, anion)
    )
    write_vmd(stem.with_name(f"{stem.name}.tcl"), trajectory, former, anion, cutoff, homopolar_a)


def atom_columns(trajectory: Trajectory, found: Bonding, former: str, anion: str) -> dict[str, np.ndarray]:
    """Per atom: former-anion bonds; q_n, the bridging anions of a former (-1 elsewhere); role in words."""
    formers, anions = found.links.T
    n_bonds = np.bincount(found.links.ravel(), minlength=trajectory.n_atoms)
    bridging = np.bincount(formers, n_bonds[anions] >= 2, trajectory.n_atoms).astype(int)
    is_former = trajectory.elements == former
    role = np.where(is_former, "former", "modifier")
    names = np.array(["free", "non_bridging", "bridging", "triply_bonded"])
    at = trajectory.elements == anion
    role = np.where(at, names[np.minimum(n_bonds, 3)], role)
    return {"bonds": n_bonds, "q_n": np.where(is_former, bridging, -1), "role": role}


def write_extxyz(
    path: Path | str, trajectory: Trajectory, frame: int = -1, properties: Mapping[str, ArrayLike] | None = None
) -> None:
    """Write one frame as extended XYZ, positions brought into the box (Å), atomically; OVITO and ASE read it.

    properties: columns by name, each (N,) or (N, k) of numbers, booleans or words, such as q_n and role. Raises
    AnalysisError for a frame that is not there, a column of another length or kind, and names or words with a space.
    """
    box, positions = _frame(trajectory, frame)
    columns = [_column(name, values, trajectory.n_atoms) for name, values in (properties or {}).items()]
    kinds = "".join(f":{kind}" for kind, _ in columns)
    lattice = " ".join(f"{length:.8f}" for length in np.diag(box).ravel())
    head = (f'Lattice="{lattice}" Properties=species:S:1:pos:R:3{kinds} pbc="T T T" '
            f"time_ps={float(trajectory.times_ps[frame]):.8g}")  # fmt: skip
    cells = zip(_atom_lines(trajectory.elements, positions), *(lines for _, lines in columns), strict=True)
    write_text(path, "\n".join([str(trajectory.n_atoms), head, *(" ".join(line) for line in cells)]) + "\n")


def write_vmd(
    path: Path | str, trajectory: Trajectory, former: str, anion: str, cutoff_a: float = 2.7, homopolar_a: float = 3.2,
    frame: int = -1,
) -> list[Path]:  # fmt: skip
    """Write `path` (glass.tcl) and the positions beside it (glass.xyz), each atomically; return both paths.

    `vmd -e glass.tcl` loads the positions, sets the former-anion bonds that do not cross a face of the box, and draws
    translucent tetrahedra and, as bars, homopolar bonds (see glasswf.structure.slab.bonding). Raises AnalysisError
    for a file name that Tcl would take apart, and as `bonding` does.
    """
    script, coordinates = Path(path).with_suffix(".tcl"), Path(path).with_suffix(".xyz")
    if bad := sorted(_SPECIAL & set(coordinates.name)):
        raise AnalysisError(f"{coordinates.name}: {bad[0]!r} in a file name means something to Tcl; take another name")
    found = bonding(trajectory, former, anion, cutoff_a, homopolar_a, frame)
    lines = [str(trajectory.n_atoms), f"t = {float(trajectory.times_ps[frame]):.8g} ps",
             *_atom_lines(trajectory.elements, found.positions)]  # fmt: skip
    write_text(coordinates, "\n".join(lines) + "\n")
    write_text(script, "\n".join(_script(coordinates.name, found, trajectory)) + "\n")
    return [script, coordinates]


def _frame(trajectory: Trajectory, frame: int) -> tuple[np.ndarray, np.ndarray]:
    if not -trajectory.n_frames <= frame < trajectory.n_frames:
        raise AnalysisError(f"{trajectory.source[0]}: no frame {frame}; there are {trajectory.n_frames}, from 0")
    box = np.asarray(trajectory.box_lengths_a[frame], dtype=float)
    return box, wrapped(trajectory.positions[frame], box)


def _atom_lines(elements: np.ndarray, positions: np.ndarray) -> list[str]:
    return [f"{element} {x:.6f} {y:.6f} {z:.6f}" for element, (x, y, z) in zip(elements, positions, strict=True)]


def _column(name: str, values: ArrayLike, n_atoms: int) -> tuple[str, list[str]]:
    """Part of the Properties key, and one string per atom."""
    array = np.asarray(values)
    if array.ndim not in (1, 2) or len(array) != n_atoms or array.dtype.kind not in _TYPES:
        raise AnalysisError(f"column {name}: shape {array.shape} of {array.dtype}; one number or word per atom "
                            f"({n_atoms}) belongs there")  # fmt: skip
    kind, text = _TYPES[array.dtype.kind]
    cells = [[text(value) for value in line] for line in array.reshape(n_atoms, -1).tolist()]
    if (
        not name
        or set(name) & set(' :="\t\n')
        or (kind == "S" and any(len(word.split()) != 1 for line in cells for word in line))
    ):
        raise AnalysisError(f"column {name!r}: names and words must not be empty or hold spaces, and names no : or =")
    return f"{name}:{kind}:{array[:1].size}", [" ".join(line) for line in cells]


def _script(coordinates: str, found: Bonding, trajectory: Trajectory) -> list[str]:
    """Lines of the Tcl script."""
    a, b, c = found.box
    partners: list[list[int]] = [[] for _ in found.positions]
    direct = found.positions[found.links[:, 1]] - found.positions[found.links[:, 0]]
    inside = np.isclose(direct, found.link_vectors, atol=1e-6).all(axis=1)
    for first, second in found.links[inside].tolist():
        partners[first].append(second)
        partners[second].append(first)
    return [
        "# vmd -e this file, from anywhere; lengths in angstrom",
        f"set here [file dirname [file normalize [info script]]]\nmol new [file join $here {coordinates}] type xyz "
        "autobonds off waitfor all",
        f"molinfo top set {{a b c}} {{{a:.6f} {b:.6f} {c:.6f}}}",
        "set all [atomselect top all]",
        "$all setbonds {" + " ".join("{" + " ".join(map(str, each)) + "}" for each in partners) + "}",
        "$all delete",
        "mol delrep 0 top",
        *_looks(trajectory.species),
        *_tetrahedra(found),
        *_bars(found),
    ]


def _looks(species: Sequence[str]) -> list[str]:
    return [
        "mol representation CPK 0.8 0.4 16 12\nmol color Name\nmol selection all\nmol addrep top",
        *(f"color Name {{{name}}} {_COLOURS.get(name, 'green')}" for name in species),
        "display projection Orthographic",
    ]


def _tetrahedra(found: Bonding) -> list[str]:
    faces = [
        "graphics top triangle " + " ".join(map(_point, three))
        for corners in found.tetrahedra().values() for three in combinations(corners, 3)
    ]  # fmt: skip
    return ["graphics top materials on", "graphics top material Transparent", "graphics top color red", *faces]


def _bars(found: Bonding) -> list[str]:
    starts = found.positions[found.pairs[:, 0]]
    bars = [
        f"graphics top cylinder {_point(start)} {_point(start + vector)} radius 0.25 resolution 12"
        for start, vector in zip(starts, found.pair_vectors, strict=True)
    ]
    return ["graphics top material Opaque", "graphics top color orange", *bars]


def _point(point: np.ndarray) -> str:
    return "{" + " ".join(f"{value:.4f}" for value in point) + "}"
