"""What a force field is: charges, Buckingham pairs, angle terms, and where they came from."""

import hashlib
import json
import math
from typing import Annotated, Literal

from ase.data import atomic_masses, atomic_numbers
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from glasswf.errors import ForceFieldError


def _known_element(symbol: str) -> str:
    if symbol not in atomic_numbers or symbol == "X":
        raise ValueError(f"{symbol!r} is not a chemical element")
    return symbol


Element = Annotated[str, AfterValidator(_known_element)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Angle = Annotated[float, Field(ge=0, le=180)]


_PROSE = ("name", "citation", "note", "validity")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Buckingham(_Part):
    """Short-range pair term A exp(-r/ρ) - C/r⁶ (Legrand et al., eq. 1); A in eV, ρ in Å, C in eV Å⁶."""

    a_ev: NotNegative
    rho_a: Positive
    c_ev_a6: NotNegative


class _AngleTerm(_Part):
    centre: Element
    ends: Element
    k_ev_rad2: Positive
    theta_0_deg: Angle
    cutoff_a: Positive


class AbruptAngle(_AngleTerm):
    """k(θ-θ₀)² while both bonds are shorter than the cutoff, else 0: the energy jumps there (Legrand et al., eq. 3)."""

    kind: Literal["angle-abrupt"]


class ConservativeAngle(_AngleTerm):
    """s k[(θ-θ₀)² - (θ_ref-θ₀)²] h(r_ij) h(r_ik) with h(r) = exp(γ/(r-r_c)), s = 1/h(r_bond)²; r_c is `cutoff_a`."""

    kind: Literal["angle-conservative"]
    theta_ref_deg: Angle
    gamma_a: Positive
    r_bond_a: Positive

    @model_validator(mode="after")
    def _bond_inside_cutoff(self) -> "ConservativeAngle":
        if self.r_bond_a >= self.cutoff_a:
            raise ValueError(f"r_bond_a = {self.r_bond_a} must be smaller than cutoff_a = {self.cutoff_a}")
        return self

    @property
    def strength_ev_rad2(self) -> float:
        """The prefactor s·k, with which the stiffness at the bond length is the published k."""
        return self.k_ev_rad2 * math.exp(2 * self.gamma_a / (self.cutoff_a - self.r_bond_a))


ThreeBody = Annotated[AbruptAngle | ConservativeAngle, Field(discriminator="kind")]


class Validity(_Part):
    """Where the set may be trusted, in words."""

    compositions: str
    temperatures: str
    fitted_on: str


class ForceField(_Part):
    """A force field in LAMMPS `metal` units; `pairs` maps "Na-S" to its Buckingham term or to "coulomb"."""

    name: Annotated[str, Field(min_length=1)]
    citation: str
    note: str
    units: Literal["metal"]
    charges: Annotated[dict[Element, Finite], Field(min_length=1)]
    pairs: dict[str, Buckingham | Literal["coulomb"]]
    three_body: tuple[ThreeBody, ...] = Field(default=(), strict=False)
    cutoff_a: Positive
    timestep_fs: Positive
    validity: Validity
    warnings: tuple[str, ...] = Field(default=(), exclude=True)

    @field_validator("pairs", mode="before")
    @classmethod
    def _terms_or_coulomb(cls, pairs: object) -> object:
        for key, term in pairs.items() if isinstance(pairs, dict) else ():
            if term != "coulomb" and not isinstance(term, dict | Buckingham):
                raise ValueError(f"{key} needs a_ev, rho_a and c_ev_a6, or `coulomb`; it is {term!r}")
        return pairs

    @model_validator(mode="after")
    def _angles_given_once(self) -> "ForceField":
        triplets = [f"{term.ends}-{term.centre}-{term.ends}" for term in self.three_body]
        if twice := [triplet for triplet in triplets if triplets.count(triplet) > 1]:
            raise ValueError(f"three_body: {twice[0]} is given twice; keep one of them")
        return self

    @property
    def elements(self) -> tuple[str, ...]:
        """Elements covered, in the order of the file."""
        return tuple(self.charges)

    @property
    def masses(self) -> dict[str, float]:
        """Atomic masses in g/mol (ASE)."""
        return {element: float(atomic_masses[atomic_numbers[element]]) for element in self.elements}

    @property
    def sha256(self) -> str:
        """Hash of all numbers, with what the file extends merged in; prose and the order of keys do not change it."""
        numbers = {key: value for key, value in self.to_dict().items() if key not in _PROSE}
        return hashlib.sha256(json.dumps(numbers, sort_keys=True).encode()).hexdigest()

    def pair(self, first: str, second: str) -> Buckingham | None:
        """Short-range term of two elements in either order; None if they feel Coulomb forces alone."""
        term = self.pairs.get(f"{first}-{second}", self.pairs.get(f"{second}-{first}"))
        return None if term == "coulomb" else term

    def angles(self, elements: tuple[str, ...] | list[str]) -> tuple[AbruptAngle | ConservativeAngle, ...]:
        """Three-body terms that can act in a cell of these elements."""
        return tuple(term for term in self.three_body if {term.centre, term.ends} <= set(elements))

    def require(self, elements: tuple[str, ...] | list[str]) -> None:
        """Raise ForceFieldError unless every one of `elements` is covered."""
        if missing := [element for element in elements if element not in self.charges]:
            known = ", ".join(self.elements)
            raise ForceFieldError(f"force field {self.name} has no {', '.join(missing)}; it covers {known}")

    def to_dict(self) -> dict:
        """Plain content for provenance records."""
        return self.model_dump(mode="json")
