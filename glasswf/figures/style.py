"""One look for all figures: colours with a fixed meaning, sizes of a journal column, fonts that can be read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import matplotlib
from matplotlib.figure import Figure

COLUMN_MM, PAGE_MM = 85.0, 170.0

# Okabe and Ito (2008): told apart by every kind of colour vision.
OKABE_ITO = {
    "black": "#000000",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "green": "#009E73",
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "purple": "#CC79A7",
}
_SPECIES = {
    "Na": (OKABE_ITO["vermillion"], "o"),
    "Li": (OKABE_ITO["purple"], "o"),
    "Si": (OKABE_ITO["black"], "s"),
    "S": (OKABE_ITO["green"], "^"),
}
CONDUCTIVITY_COLOUR = OKABE_ITO["blue"]
REFERENCE_COLOUR = "#666666"
_MARKERS = "osD^vP*X"

RC = {
    "font.family": "DejaVu Sans",
    "font.size": 8.0,
    "axes.labelsize": 8.0,
    "axes.titlesize": 8.0,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "legend.fontsize": 8.0,
    "legend.frameon": False,
    "legend.handlelength": 1.8,
    "legend.columnspacing": 1.4,
    "axes.linewidth": 0.6,
    "axes.unicode_minus": True,
    "lines.linewidth": 1.0,
    "lines.markersize": 4.0,
    "lines.markeredgewidth": 0.9,
    "errorbar.capsize": 1.5,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "glasswf",
    "path.simplify": True,
}


@contextmanager
def styled() -> Iterator[None]:
    """Apply the house style inside the block only; the caller's matplotlib settings come back afterwards."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(RC)
        yield


def new_figure(width_mm: float, height_mm: float) -> Figure:
    """Empty figure that lays itself out; not known to pyplot."""
    return Figure(figsize=(width_mm / 25.4, height_mm / 25.4), layout="constrained")


def species_colour(species: str) -> str:
    """Colour of a species, the same in every figure."""
    return _SPECIES.get(species, (OKABE_ITO["orange"], "v"))[0]


def species_marker(species: str) -> str:
    """Marker of a species, the same in every figure."""
    return _SPECIES.get(species, (OKABE_ITO["orange"], "v"))[1]


def temperature_colour(temperature_k: float, isotherms: Sequence[float]) -> tuple:
    """RGBA of one of the isotherms of a scan: dark blue for the coldest to orange for the hottest."""
    rank = sorted(isotherms).index(temperature_k)
    return matplotlib.colormaps["plasma"](0.85 * rank / max(len(isotherms) - 1, 1))


def temperature_marker(temperature_k: float, isotherms: Sequence[float]) -> str:
    """Marker of one of the isotherms of a scan."""
    return _MARKERS[sorted(isotherms, reverse=True).index(temperature_k) % len(_MARKERS)]


def composition_colour(index: int, count: int) -> tuple:
    """RGBA of the `index`-th of `count` compositions of a series."""
    return matplotlib.colormaps["viridis"](0.9 * index / max(count - 1, 1))
