"""Drawing a slab: layers from the back to the front, each of tetrahedra, bonds and shaded spheres."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection, LineCollection, PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from glasswf.figures import marks
from glasswf.figures.structure.curves import columns
from glasswf.figures.style import OKABE_ITO, species_colour

_LAYERS = 16
_RADII_A = {"Si": 0.50, "S": 0.72, "Na": 0.80, "Li": 0.60}
_USUAL_RADIUS_A = 0.6
_FACES = ((0, 1, 2), (0, 1, 3), (0, 2, 3), (1, 2, 3))
_FACE_COLOUR, _BOND_COLOUR, _HOMOPOLAR = OKABE_ITO["sky"], "#555555", OKABE_ITO["purple"]
_FADING = 0.55  # of the farthest atoms, towards white
_SHADES = ((1.0, -0.35, 0.0), (0.86, 0.0, 0.08), (0.55, 0.3, 0.2), (0.25, 0.7, 0.3))  # size, lightness, shift


def draw(axes: Axes, rows: Sequence[dict]) -> None:
    """Rows of table slab of one composition, seen from above; x and y in Å, with a scale bar instead of ticks."""
    box = rows[0]["box_a"]
    thickness = rows[0]["thickness_a"]
    for kind, paint in (("tetrahedron", _tetrahedra), ("bond", _bonds), ("homopolar", _bonds), ("atom", _atoms)):
        paint(axes, [row for row in rows if row["kind"] == kind], thickness)
    axes.set(xlim=(0, box), ylim=(0, box), aspect="equal", xticks=[], yticks=[])
    _scale_bar(axes, box)


def keys(rows: Sequence[dict]) -> list[Line2D | Patch]:
    """Legend entries of what is drawn."""
    kinds = {row["kind"] for row in rows}
    elements = sorted({row["element"] for row in rows if row["kind"] == "atom"})
    size = {name: 11 * _RADII_A.get(name, _USUAL_RADIUS_A) for name in elements}
    made = [marks.key(name, species_colour(name), "o", markersize=size[name]) for name in elements]
    if "tetrahedron" in kinds:
        made.append(Patch(facecolor=(*to_rgb(_FACE_COLOUR), 0.4), edgecolor=_FACE_COLOUR, label="tetrahedron"))
    if "homopolar" in kinds:
        made.append(Line2D([], [], color=_HOMOPOLAR, linewidth=3, label="homopolar bond"))
    return made


def _layers(depths: np.ndarray, thickness: float) -> tuple[np.ndarray, np.ndarray]:
    """Layer (0 is the farthest) and fading (0 to _FADING) of each depth."""
    share = np.clip(depths / thickness, 0.0, 1.0)
    return np.round((1 - share) * _LAYERS).astype(int), _FADING * share


def _faded(colour: str, fading: np.ndarray, lightness: float = 0.0) -> np.ndarray:
    """RGB (n, 3): lighter (or, below 0, darker) and mixed with white."""
    rgb = np.array(to_rgb(colour))
    rgb = rgb + lightness * (1 - rgb) if lightness >= 0 else rgb * (1 + lightness)
    return rgb + fading[:, None] * (1 - rgb)


def _tetrahedra(axes: Axes, rows: Sequence[dict], thickness: float) -> None:
    corners: dict[int, list] = {}
    for row in rows:
        corners.setdefault(row["number"], []).append((row["x_a"], row["y_a"], row["depth_a"]))
    faces = np.array([[four[index] for index in face] for four in corners.values() for face in _FACES]).reshape(
        -1, 3, 3
    )
    layers, fading = _layers(faces[:, :, 2].mean(axis=1), thickness)
    for layer in np.unique(layers):
        mine = layers == layer
        colours = _faded(_FACE_COLOUR, fading[mine])
        axes.add_collection(PolyCollection(
            faces[mine, :, :2], facecolors=np.c_[colours, np.full(len(colours), 0.22)],
            edgecolors=np.c_[colours * 0.8, np.full(len(colours), 0.5)], linewidths=0.3, zorder=2 + layer,
        ))  # fmt: skip


def _bonds(axes: Axes, rows: Sequence[dict], thickness: float) -> None:
    if not rows:
        return
    x, y, z, x2, y2, z2 = columns(rows, "x_a", "y_a", "depth_a", "x2_a", "y2_a", "depth2_a")
    layers, fading = _layers((z + z2) / 2, thickness)
    homopolar = rows[0]["kind"] == "homopolar"
    colours = _faded(_HOMOPOLAR if homopolar else _BOND_COLOUR, 0.5 * fading if homopolar else fading)
    lines = np.stack([np.c_[x, y], np.c_[x2, y2]], axis=1)
    for layer in np.unique(layers):
        mine = layers == layer
        axes.add_collection(LineCollection(lines[mine], colors=colours[mine], linewidths=2.6 if homopolar else 0.8,
                                           zorder=2.2 + layer))  # fmt: skip


def _atoms(axes: Axes, rows: Sequence[dict], thickness: float) -> None:
    for element in sorted({row["element"] for row in rows}):
        x, y, z = columns([row for row in rows if row["element"] == element], "x_a", "y_a", "depth_a")
        layers, fading = _layers(z, thickness)
        radius = _RADII_A.get(element, _USUAL_RADIUS_A)
        for layer in np.unique(layers):
            mine = layers == layer
            for order, (size, lightness, shift) in enumerate(_SHADES):
                colours = _faded(species_colour(element), fading[mine], lightness)
                _discs(axes, x[mine] - shift * radius, y[mine] + shift * radius, size * radius, colours,
                       2.4 + layer + 0.1 * order)  # fmt: skip


def _discs(axes: Axes, x: np.ndarray, y: np.ndarray, radius: float, colours: np.ndarray, zorder: float) -> None:
    width = np.full(len(x), 2 * radius)
    axes.add_collection(EllipseCollection(
        width, width, np.zeros(len(x)), units="xy", offsets=np.c_[x, y], offset_transform=axes.transData,
        facecolors=colours, edgecolors="none", zorder=zorder,
    ))  # fmt: skip


def _scale_bar(axes: Axes, box: float) -> None:
    length = next(each for each in (10.0, 5.0, 2.0, 1.0) if each < box / 2 or each == 1.0)
    place = axes.get_xaxis_transform()
    axes.plot([0, length], [-0.035] * 2, "-", color="black", linewidth=2, transform=place, clip_on=False,
              solid_capstyle="butt")  # fmt: skip
    axes.text(length + 0.015 * box, -0.035, f"{length:g} Å", transform=place, ha="left", va="center")
