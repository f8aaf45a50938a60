"""Wright parameter: how far a computed curve is from a measured one."""

from dataclasses import dataclass

import numpy as np

from glasswf.errors import AnalysisError
from glasswf.structure.averages import Sampled, derived
from glasswf.structure.measured import Measured

LEGRAND, REVIEW = "legrand", "review"
DEFINITIONS = (LEGRAND, REVIEW)


@dataclass(frozen=True)
class WrightParameter:
    """R of one definition over n_points measured points from `start` to `stop`; its error as ours makes it."""

    definition: str
    value: float
    error: float
    n_points: int
    start: float
    stop: float


def parameter(definition: str, measured: np.ndarray, ours: np.ndarray) -> float:
    """R (a number, or (...) for curves (..., n)) of a definition.

    "legrand": √(Σ (exp − calc)² / Σ exp²), eq. 2 of Legrand et al.; after Wright, J. Non-Cryst. Solids 159, 264 (1993).
    "review": √(Σ (exp − calc)²) / |Σ exp|, eq. 2 of the review as printed, which squares the sum rather than adding
    squares: it falls as the inverse root of the number of points.
    """
    if definition not in DEFINITIONS:
        raise AnalysisError(f"no definition {definition!r} of the Wright parameter; there are {', '.join(DEFINITIONS)}")
    scale = np.sqrt((measured**2).sum()) if definition == LEGRAND else np.abs(measured.sum())
    return np.sqrt(((measured - ours) ** 2).sum(axis=-1)) / scale


def compare(measured: Measured, x: np.ndarray, ours: Sampled, span: tuple[float, float]) -> list[WrightParameter]:
    """R of both definitions of our curve on x (n,), interpolated linearly onto the measured points.

    ours: Sampled of (n_replicas, n_blocks, n). span: part of the axis compared, ends included; points where ours is not
    known are left out, and `start` and `stop` tell which remain. Raises AnalysisError if fewer than two do, or if the
    measured values add up to zero.
    """
    low, high = max(span[0], x[0]), min(span[1], x[-1])
    kept = (measured.x >= low) & (measured.x <= high)
    if kept.sum() < 2:
        raise AnalysisError(
            f"{measured.source}: measured from {measured.x[0]:g} to {measured.x[-1]:g}, ours known from {x[0]:.4g} to "
            f"{x[-1]:.4g}; {kept.sum()} points in the range {span[0]:g} to {span[1]:g}, two are needed"
        )
    places, values = measured.x[kept], measured.y[kept]
    if values.sum() == 0:
        raise AnalysisError(
            f"{measured.source}: values from {places[0]:g} to {places[-1]:g} add up to zero; not S or g"
        )
    found = []
    for definition in DEFINITIONS:
        value, error = derived(lambda mean, name=definition: parameter(name, values, np.interp(places, x, mean)), ours)
        found.append(WrightParameter(definition, float(value), float(error), len(places), *map(float, places[[0, -1]])))
    return found
