"""Compositions x M₂Y-(1-x) AY_m: integer atom counts, realised x and m, charges, and the mean-field threshold m_c.

M is the modifier (Na, Li), A the network former (Si), Y the anion (S). One formula unit M_2x A_(1-x) Y_(m(1-x)+x) has
u = 1 + 2x + m(1-x) atoms (Micoulaut, PRL 134, 036303, text above eq. 1).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from glasswf.errors import CompositionError

CHARGE_COMPENSATIONS = ("anion", "cation", "background", "error")
_NEUTRAL = 1e-9  # e; far above rounding, far below any real imbalance


@dataclass(frozen=True)
class Composition:
    """x M₂Y-(1-x) AY_m with 0 <= x <= 1 and m >= 2 (m has no meaning at x = 1).

    Raises CompositionError outside that range: below m = 2 the anions no longer suffice to give every former four
    neighbours, and A-A bonds would form, which no force field of the library describes.
    """

    x: float
    m: float = 2.0
    modifier: str = "Na"
    former: str = "Si"
    anion: str = "S"

    def __post_init__(self) -> None:
        if not 0 <= self.x <= 1:
            raise CompositionError(f"x = {self.x:g} is not a fraction of {self.modifier}2{self.anion} between 0 and 1")
        if self.x < 1 and not self.m >= 2:
            raise CompositionError(
                f"m = {self.m:g} is below 2: too few {self.anion} to give every {self.former} four neighbours"
            )

    @property
    def atoms_per_unit(self) -> float:
        """Atoms per formula unit, u = 1 + 2x + m(1-x)."""
        return 1 + 2 * self.x + self.m * (1 - self.x)

    def counts(self, n_atoms: int, n_former: int | None = None) -> dict[str, int]:
        """Integer counts {modifier: n, former: n, anion: n}: their sum is `n_atoms`, x and m nearest to those asked.

        n_former: number of formers, where that is given instead of rounded. Nearest means the smallest
        (Δx/x)² + (Δm/m)². Raises CompositionError if no such cell exists.
        """
        if self.x == 1:
            return self._counts_of_pure_modifier(n_atoms)
        ideal_m, ideal_a = 2 * self.x * n_atoms / self.atoms_per_unit, (1 - self.x) * n_atoms / self.atoms_per_unit
        cells = [
            (modifier, former, n_atoms - modifier - former)
            for modifier, former in product(_near(ideal_m), _near(ideal_a) if n_former is None else [n_former])
            if modifier >= 0 and former > 0 and n_atoms - modifier - former > 0 and (modifier > 0) == (self.x > 0)
        ]
        if not cells:
            raise CompositionError(f"{n_atoms} atoms are too few for x = {self.x:g}, m = {self.m:g}")
        return self._named(min(cells, key=self._distance))

    def _counts_of_pure_modifier(self, n_atoms: int) -> dict[str, int]:
        units, rest = divmod(n_atoms, 3)
        if rest or not units:
            raise CompositionError(
                f"pure {self.modifier}2{self.anion} needs a multiple of 3 atoms, not {n_atoms}; "
                f"take {max(3, 3 * units)} or {3 * units + 3}"
            )
        return self._named((2 * units, 0, units))

    def _named(self, cell: tuple[int, int, int]) -> dict[str, int]:
        names = (self.modifier, self.former, self.anion)
        return {name: count for name, count in zip(names, cell, strict=True) if count}

    def _distance(self, cell: tuple[int, int, int]) -> float:
        x, m = realised(*cell)
        return (x / self.x - 1 if self.x else 0) ** 2 + (m / self.m - 1) ** 2

    def realised(self, counts: Mapping[str, int]) -> tuple[float, float | None]:
        """x and m of integer counts; m is None without former atoms."""
        return realised(*(counts.get(name, 0) for name in (self.modifier, self.former, self.anion)))

    def charges(self, counts: Mapping[str, int], nominal: Mapping[str, float], compensation: str) -> dict[str, float]:
        """Charges (e) per element after making the cell neutral as `compensation` says.

        anion: the anion's charge is scaled; cation: the charges of modifier and former are scaled; background: nominal
        charges, a uniform background neutralises; error: an imbalance raises CompositionError.
        """
        charges = {element: float(nominal[element]) for element in counts}
        positive = sum(counts[element] * charges[element] for element in counts if element != self.anion)
        negative = counts[self.anion] * charges[self.anion]
        imbalance = positive + negative
        if abs(imbalance) < _NEUTRAL or compensation == "background":
            return charges
        if compensation == "anion":
            return charges | {self.anion: -positive / counts[self.anion]}
        if compensation == "cation":
            return {e: q if e == self.anion else q * -negative / positive for e, q in charges.items()}
        if compensation == "error":
            raise CompositionError(
                f"the cell {dict(counts)} carries {imbalance:+.4g} e; choose charge_compensation anion, cation or "
                "background"
            )
        raise CompositionError(f"charge_compensation {compensation!r} is none of {', '.join(CHARGE_COMPENSATIONS)}")


def realised(n_modifier: int, n_former: int, n_anion: int) -> tuple[float, float | None]:
    """x and m of the counts: half the modifiers are M₂Y units, the remaining anions belong to the former."""
    units = n_modifier / 2
    m = (n_anion - units) / n_former if n_former else None
    return units / (units + n_former), m


def carries_charge(counts: Mapping[str, int], charges: Mapping[str, float]) -> bool:
    """Whether a cell of these counts and charges (e) is not neutral."""
    return abs(sum(counts[element] * charges[element] for element in counts)) > _NEUTRAL * sum(counts.values())


def m_from_former_count(x: float, n_former: int, n_atoms: int) -> float:
    """m of a cell of `n_atoms` with `n_former` network formers at fixed x, from N_A = N(1-x)/u."""
    if not 0 < n_former < n_atoms or x >= 1:
        raise CompositionError(f"{n_former} network formers among {n_atoms} atoms at x = {x:g}: no such cell")
    return (n_atoms * (1 - x) / n_former - 1 - 2 * x) / (1 - x)


def constraint_freedom(x: float, m: float) -> float:
    """Topological degrees of freedom per atom, f(x, m); Micoulaut, PRL 134, 036303, eq. (1)."""
    return 3 - ((1 - x) * (7 + 2 * m) + x) / (1 + 2 * x + m * (1 - x))


def critical_m(x: float) -> float | None:
    """Flexibility index m_c = (4-12x)/(1-x) of the mean-field rigidity transition (f = 0).

    None where the glass is flexible for every m >= 2, which is x > 1/5 (same source, below eq. 1).
    """
    if x >= 1:
        return None
    m_c = (4 - 12 * x) / (1 - x)
    return m_c if m_c >= 2 else None


def _near(value: float) -> range:
    return range(round(value) - 3, round(value) + 4)
