"""When a composition of ours counts as one that the papers single out; plain numbers, no plotting library needed."""

from collections.abc import Iterable

# Nominal and realised compositions of a small cell differ by less.
SAME_X = 0.006
SAME_M = 0.06

NS_X = 0.50  # Na₂SiS₃, where Legrand et al. start
DEPOLYMERISED_X, DEPOLYMERISED_WITHIN = 0.60, 0.02  # their Fig. 14


def disulfide(m: float | None) -> bool:
    """Whether m is that of SiS₂, the only one of Legrand et al.; there is no m where there is no network former."""
    return m is not None and abs(m - 2) < SAME_M


def nearest(compositions: Iterable[tuple[float, float | None]], x: float, within: float = 1.0) -> float | None:
    """The x nearest to the one wanted among compositions (x, m) at m = 2, or None if none lies within."""
    found = [own for own, m in compositions if disulfide(m) and abs(own - x) <= within + 1e-9]
    return min(found, key=lambda own: abs(own - x), default=None)
