"""What the network is made of: which atoms play which role, and up to which distances they count as bonded."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from glasswf.errors import AnalysisError
from glasswf.structure import environments
from glasswf.trajectory import Trajectory


@dataclass(frozen=True)
class Cutoffs:
    """Distances (Å) up to which atoms count as bonded or near; None where a species is missing or nothing was asked."""

    former_anion: float | None
    mobile_anion: float | None
    mobile_mobile: float | None
    homopolar: float
    former_former: float

    def of(self, quantity: str) -> float | None:
        """The one a quantity rests on."""
        own = {"close_anions": self.homopolar, "homopolar": self.homopolar, "former_former": self.former_former,
               "mobile_mobile": self.mobile_mobile}  # fmt: skip
        return own.get(quantity, self.mobile_anion if quantity in environments.DENOMINATORS else self.former_anion)


@dataclass(frozen=True, eq=False)
class Atoms:
    """Indices of the atoms by role, each (n,), perhaps none."""

    formers: np.ndarray
    anions: np.ndarray
    mobile: np.ndarray

    @classmethod
    def of(cls, trajectory: Trajectory, former: str, anion: str, mobile: str | None) -> "Atoms":
        """By element; AnalysisError if there are neither formers nor anions."""
        found = cls(*(np.flatnonzero(trajectory.elements == name) for name in (former, anion, mobile)))
        if not (len(found.formers) or len(found.anions)):
            present = ", ".join(trajectory.species)
            raise AnalysisError(f"{trajectory.source[0]}: neither {former} nor {anion} for a network; it has {present}")
        return found

    @property
    def n_network(self) -> int:
        """Number of formers and anions."""
        return len(self.formers) + len(self.anions)


def cutoffs_for(
    atoms: Atoms, former: str, anion: str, mobile: str | None, cutoffs_a: Mapping[str, float], others: tuple
) -> Cutoffs:
    """The cut-offs needed for the atoms that are there, pairs in either order; AnalysisError for one missing."""

    def pair(one: str | None, other: str | None, needed: bool) -> float | None:
        given = cutoffs_a.get(f"{one}-{other}", cutoffs_a.get(f"{other}-{one}"))
        if given is None and needed:
            known = ", ".join(cutoffs_a) or "none"
            raise AnalysisError(f"no cut-off for {one}-{other} (given: {known}); use the first minimum of g(r)")
        return given

    both = [bool(len(each) and len(atoms.anions)) for each in (atoms.formers, atoms.mobile)]
    return Cutoffs(pair(former, anion, both[0]), pair(mobile, anion, both[1]), pair(mobile, mobile, False), *others)
