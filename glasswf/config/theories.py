"""The blocks `theory` and `landscape` of a configuration: models that need no dynamics."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from glasswf.config.block import Block, Name, Temperature

Fraction = Annotated[float, Field(ge=0, le=1)]


class Energies(Block):
    """Energies of the clusters by class (k_BT), for the readings that use them."""

    stressed: float = Field(0.0, ge=-30, le=30, description="Of stressed rigid clusters.")
    isostatic: float = Field(0.0, ge=-30, le=30, description="Of isostatic clusters.")
    flexible: float = Field(0.0, ge=-30, le=30, description="Of flexible clusters.")


class Theory(Block):
    """Rigidity and ion hopping on the network xM₂Y-(1-x)AY_m (docs/theory.md)."""

    coordination: int = Field(4, ge=3, le=6, description="Bonds of the network former A.")
    m: list[float] = Field(
        default_factory=lambda: [2.0, 3.0, 4.0], min_length=1, description="Flexibility indices drawn."
    )
    points: int = Field(61, ge=5, le=2001, description="Number of x from 0 to 1/3.")
    map_points: int = Field(
        21, ge=2, le=201, description="Number of m of the maps, between the smallest and largest m."
    )
    energies: Energies = Field(default_factory=Energies, description="Energies of the clusters by class (k_BT).")
    coulomb_kt: float = Field(0.0002, ge=0, description="E_c: energy that takes a cation from its site (k_BT).")
    floppy_kt: float = Field(0.2, ge=0, description="Δ: gain in energy per topological degree of freedom (k_BT).")


class Size(Block):
    """Lattices and samples of one kind of calculation."""

    size: int = Field(ge=4, le=200, description="N_L: sites along an edge of the lattice.")
    samples: PositiveInt = Field(description="Number of random landscapes.")
    x_step: float = Field(0.1, gt=0, le=1, description="Step of the borate fraction x from 0 to 1.")


class Arrhenius(Block):
    """Conductivity against temperature."""

    x: list[Fraction] = Field(default_factory=lambda: [0.2, 0.4], description="Borate fractions.")
    attempt_hz: list[PositiveFloat] | None = Field(
        None, description="ν (Hz) for each of them; that of the series if not."
    )
    from_k: Temperature = Field(303.0, description="Lowest temperature (K).")
    to_k: Temperature = Field(563.0, description="Highest temperature (K).")
    step_k: PositiveFloat = Field(20.0, description="Step (K).")

    @model_validator(mode="after")
    def _one_frequency_each(self) -> "Arrhenius":
        if self.attempt_hz is not None and len(self.attempt_hz) != len(self.x):
            raise ValueError(f"attempt_hz lists {len(self.attempt_hz)} values for {len(self.x)} x")
        return self


class KineticMonteCarlo(Block):
    """Simulation of the same hops on a small lattice, beside the network of conductances."""

    x: Fraction = Field(0.4, description="Borate fraction.")
    size: int = Field(12, ge=4, le=60, description="N_L.")
    samples: PositiveInt = Field(4, description="Number of landscapes.")
    temperatures_k: list[Temperature] = Field(
        default_factory=lambda: [1200.0, 1600.0, 2200.0, 3000.0], min_length=1, description="Temperatures (K)."
    )
    frames: int = Field(4000, ge=100, description="Frames recorded.")


class Glasses(Block):
    """One series of glasses yM₂O-(1-y)[xB₂O₃-(1-x)P₂O₅]."""

    name: Name = Field(description="Name in tables and legends; unique.")
    y: float = Field(gt=0, lt=1, description="Fraction of alkali oxide.")
    v0_ev: PositiveFloat = Field(description="V₀: energy of a site per charge (eV).")
    sigma: float = Field(ge=0, description="σ_ε: standard deviation of the noise, in units of V₀.")
    u0: float = Field(0.1, ge=0, description="u₀: lowest barrier of a jump, in units of V₀.")
    vacant: float = Field(0.05, gt=0, lt=1, description="f₀: fraction of vacant ion sites.")
    jump_a: PositiveFloat = Field(5.0, description="a: mean jump distance (Å).")
    attempt_hz: PositiveFloat = Field(description="ν: attempt frequency (Hz).")
    largest_b4: float = Field(3 / 7, gt=0, le=1, description="Largest fraction of B(4) units.")
    units: dict[Fraction, dict[str, float]] = Field(
        default_factory=dict, description="Fractions of the units by x, instead of the model's; only these x are used."
    )
    data: Path | None = Field(
        None,
        description="CSV with columns x, activation_energy_ev or x, temperature_k, conductivity_s_cm: measurements.",
    )
    fit: Literal["none", "ends", "all"] = Field(
        "none", description="Fit V₀ and σ_ε to the measured E_a: at the ends of the series, or to all points."
    )


class Landscape(Block):
    """Site-energy landscapes of borophosphate glasses (docs/landscape.md)."""

    series: list[Glasses] = Field(min_length=1, description="The series.")
    activation: Size = Field(
        default_factory=lambda: Size(size=100, samples=20, x_step=0.04), description="Critical percolation barriers."
    )
    conductivity: Size = Field(
        default_factory=lambda: Size(size=35, samples=30, x_step=0.1), description="Kirchhoff's equations."
    )
    temperatures_k: list[Temperature] = Field(
        default_factory=lambda: [303.0, 403.0, 503.0], min_length=1, description="Temperatures of σ(x) (K)."
    )
    arrhenius: Arrhenius = Field(default_factory=Arrhenius, description="σ against temperature.")
    sizes: list[Annotated[int, Field(ge=4, le=200)]] = Field(
        default_factory=lambda: [20, 40, 60, 80, 100], description="N_L of the finite-size study, for the first series."
    )
    sizes_x: Fraction = Field(0.4, description="Its borate fraction.")
    picture_size: int = Field(40, ge=4, le=200, description="N_L of the landscape of which a slice is drawn.")
    kmc: KineticMonteCarlo | None = Field(
        None, description="Kinetic Monte Carlo for the first series; left out if not given."
    )
    seed: int = Field(2021, ge=0, le=2**31 - 1, description="Seed of all landscapes.")

    @model_validator(mode="after")
    def _unique_names(self) -> "Landscape":
        names = [series.name for series in self.series]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two series are called {name!r}; names must differ")
        return self
