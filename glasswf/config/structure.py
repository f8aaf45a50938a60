"""The `structure` block of a configuration: what is computed of the structure, and of which runs."""

from pathlib import Path
from typing import Literal

from pydantic import Field, PositiveFloat, PositiveInt, field_validator, model_validator

from glasswf.config.block import Block


class Experiment(Block):
    """A measured structure factor or pair correlation function to compare with (docs/structure.md)."""

    file: Path = Field(description="Text file: columns k (Å⁻¹) and S, or r (Å) and g, and if known the error.")
    quantity: Literal["S_X", "S_N", "g_X", "g_N"] = Field(description="What was measured, and with which radiation.")
    range: tuple[float, float] = Field((0.6, 12.0), description="Part of the axis that is compared (Å⁻¹ or Å).")
    system: str | None = Field(None, description="The system it belongs to; all if not given.")
    x: float | None = Field(None, ge=0, le=1, description="The composition it belongs to (nearest, within 0.02).")

    @model_validator(mode="after")
    def _rising(self) -> "Experiment":
        if not 0 <= self.range[0] < self.range[1]:
            raise ValueError("range must be two rising numbers, the first not negative")
        return self


class StructureBlock(Block):
    """What is computed of the structure. No change here ever repeats molecular dynamics."""

    runs: Literal["auto", "glass", "all", "none"] = Field(
        "auto", description="Of which runs: the glass, all, none; auto takes the glass or else the coldest isotherm."
    )
    every: PositiveInt = Field(1, description="Take every n-th frame of the dumps; 1 takes all.")
    r_max_a: PositiveFloat | None = Field(
        None, description="Longest distance of g(r) (Å); half the box, but at most 25, if not given."
    )
    bin_a: PositiveFloat = Field(0.02, description="Width of the bins of g(r) (Å).")
    k_max_1_a: PositiveFloat = Field(20.0, description="Largest wave number of S(k) (1/Å).")
    bin_1_a: PositiveFloat = Field(0.05, description="Width of the bins of S(k) (1/Å).")
    vectors_per_bin: PositiveInt = Field(
        80, description="Wave vectors per bin of k at most, drawn at random from the denser ones."
    )
    cutoffs_a: dict[str, PositiveFloat] = Field(
        default_factory=dict, description="Bond lengths up to which atoms count as bonded, as {Si-S: 2.7}; those not "
        "given are the first minima of g(r)."
    )  # fmt: skip
    homopolar_a: PositiveFloat = Field(
        3.2,
        description="Distance up to which two anions without a common network former count as homopolar (Å).",
    )
    ring_criterion: Literal["shortest-path", "king", "guttman"] = Field(
        "shortest-path", description="Which closed paths count as rings."
    )
    largest_ring: int = Field(12, ge=3, le=30, description="Largest ring looked for, in network formers.")
    q_max_1_a: PositiveFloat | None = Field(
        None, description="Broaden total g(r) as if S had been measured up to here (1/Å); not broadened if not given."
    )
    experiments: list[Experiment] = Field(default_factory=list, description="Measurements to compare with.")

    @field_validator("cutoffs_a")
    @classmethod
    def _pairs(cls, cutoffs: dict[str, float]) -> dict[str, float]:
        for name in cutoffs:
            if len([part for part in name.split("-") if part]) != 2 or name.count("-") != 1:
                raise ValueError(f"{name!r} is no pair of elements; write for instance Si-S")
        return cutoffs
