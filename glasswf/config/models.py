"""The configuration: one typed model per block. Schema, validation and key reference all come from these."""

from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PositiveFloat, PositiveInt, field_validator, model_validator

from glasswf.config.block import Block, Name, Temperature
from glasswf.config.structure import StructureBlock
from glasswf.config.theories import Landscape, Theory


class Scan(Block):
    """The quantity that varies along a series; exactly one of the three lists."""

    m: list[float] | None = Field(None, min_length=1, description="Flexibility indices m of xM₂Y-(1-x)AY_m.")
    n_former: list[PositiveInt] | None = Field(
        None, min_length=1, description="Numbers of network formers (N_Si) in the cell, at fixed x and n_atoms."
    )
    x: list[float] | None = Field(None, min_length=1, description="Modifier fractions x, at fixed m.")

    @model_validator(mode="after")
    def _exactly_one(self) -> "Scan":
        given = [name for name in ("m", "n_former", "x") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of m, n_former, x (given: {', '.join(given) or 'none'})")
        return self

    @property
    def variable(self) -> str:
        """Name of the quantity that varies: m, n_former or x."""
        return next(name for name in ("m", "n_former", "x") if getattr(self, name) is not None)

    @property
    def values(self) -> list[float]:
        """Its values, in the order given."""
        return list(getattr(self, self.variable))


class System(Block):
    """One series of compositions: a named one, or x and m given here; what is given here wins."""

    name: Name = Field(description="Name in folders, tables and legends; unique.")
    series: str | None = Field(None, description="A named series: NS9, NS, Na2S-SiS2 or Na2S.")
    x: float | None = Field(None, ge=0, le=1, description="Modifier fraction x, where it is not scanned.")
    m: float | None = Field(None, description="Flexibility index m, where it is not scanned.")
    modifier: str | None = Field(None, description="Element M of xM₂Y-(1-x)AY_m; Na unless the series says otherwise.")
    scan: Scan | None = Field(None, description="What varies along the series; without it, the one composition (x, m).")
    hold: Literal["x", "n_modifier"] = Field(
        "x",
        description="What stays fixed while m varies, beside n_atoms: x (so the number of modifiers changes), or the "
        "number of modifiers of the m = 2 cell.",
    )
    density_per_a3: PositiveFloat | list[PositiveFloat] | None = Field(
        None, description="Number density for this series, or one per point; overrides `cell`."
    )
    box_length_a: PositiveFloat | list[PositiveFloat] | None = Field(
        None, description="Box length for this series, or one per point; overrides `cell`."
    )

    @model_validator(mode="after")
    def _one_size(self) -> "System":
        return _refuse_both_sizes(self)


class Structure(Block):
    """A structure file to start from instead of random positions."""

    file: Path = Field(description="Any format ASE reads; relative to the working folder. Its box must be cubic.")
    substitute: dict[str, str] = Field(
        default_factory=dict, description="Elements replaced, as {Li: Na}; remaining differences are drawn at random."
    )


class Cell(Block):
    """Size, density and starting positions of the cells."""

    n_atoms: int = Field(ge=10, le=2_000_000, description="Atoms in a cell, the same for every point.")
    density_per_a3: PositiveFloat | None = Field(None, description="Number density (Å⁻³); or give box_length_a.")
    box_length_a: PositiveFloat | None = Field(None, description="Length of the cubic box (Å); or give density_per_a3.")
    start: Literal["random"] | Structure = Field(
        "random", description="random: random positions with a minimum distance; or a structure file."
    )
    min_distance_a: PositiveFloat = Field(1.8, description="Smallest distance between atoms of a random start (Å).")
    charge_compensation: Literal["anion", "cation", "background", "error"] = Field(
        "anion",
        description="How cells with m ≠ 2 are made neutral: scale the anion's charge, scale the cations' charges, "
        "leave it to a uniform background, or refuse.",
    )

    @model_validator(mode="after")
    def _one_size(self) -> "Cell":
        return _refuse_both_sizes(self)


class Thermostat(Block):
    """How the temperature is held."""

    kind: Literal["nose-hoover", "csvr", "langevin"] = Field(
        "nose-hoover", description="Nosé-Hoover chain, stochastic velocity rescaling (Bussi), or Langevin."
    )
    damping_ps: PositiveFloat = Field(0.1, description="Relaxation time (ps).")
    chain: PositiveInt = Field(3, description="Length of the Nosé-Hoover chain.")


class _Stage(Block):
    ensemble: Literal["nvt", "npt"] = Field("nvt", description="Constant volume or constant pressure.")
    pressure_bar: float = Field(0.0, description="Target pressure where the ensemble is npt (bar).")
    pressure_damping_ps: PositiveFloat = Field(1.0, description="Relaxation time of the barostat (ps).")


class Hold(_Stage):
    """Stay at one temperature."""

    stage: Literal["hold"]
    temperature_k: Temperature = Field(description="Temperature (K).")
    duration_ps: PositiveFloat = Field(description="How long (ps).")


class Ramp(_Stage):
    """Change the temperature linearly from where the stage before ended."""

    stage: Literal["ramp"]
    to_k: Temperature = Field(description="Temperature at the end (K).")
    rate_k_per_ps: PositiveFloat | None = Field(None, description="Cooling rate (K/ps); or give duration_ps.")
    duration_ps: PositiveFloat | None = Field(None, description="Duration (ps); or give rate_k_per_ps.")

    @model_validator(mode="after")
    def _rate_or_duration(self) -> "Ramp":
        if (self.rate_k_per_ps is None) == (self.duration_ps is None):
            raise ValueError("a ramp takes either rate_k_per_ps or duration_ps")
        return self


class Staircase(_Stage):
    """Cool in steps: ramp to each temperature, then hold."""

    stage: Literal["staircase"]
    temperatures_k: list[Temperature] = Field(min_length=1, description="Temperatures in falling order (K).")
    hold_ps: PositiveFloat = Field(description="Time at each temperature (ps).")
    rate_k_per_ps: PositiveFloat = Field(description="Cooling rate between them (K/ps).")

    @field_validator("temperatures_k")
    @classmethod
    def _falling(cls, temperatures: list[float]) -> list[float]:
        for before, after in pairwise(temperatures):
            if after >= before:
                raise ValueError(f"goes up or repeats from {before:g} to {after:g} K; a quench only cools")
        return temperatures


class FastSlowFast(_Stage):
    """Cool fast above and below a window around the glass transition, and slowly through it."""

    stage: Literal["fast-slow-fast"]
    slow_from_k: Temperature = Field(description="Upper end of the slow window (K).")
    slow_to_k: Temperature = Field(description="Lower end of the slow window (K).")
    to_k: Temperature = Field(description="Temperature at the end (K).")
    fast_rate_k_per_ps: PositiveFloat = Field(description="Cooling rate outside the window (K/ps).")
    slow_rate_k_per_ps: PositiveFloat = Field(description="Cooling rate inside it (K/ps).")

    @model_validator(mode="after")
    def _falling(self) -> "FastSlowFast":
        if not self.slow_from_k > self.slow_to_k >= self.to_k:
            raise ValueError("needs slow_from_k > slow_to_k >= to_k; a quench only cools")
        if not self.fast_rate_k_per_ps > self.slow_rate_k_per_ps:
            raise ValueError("fast_rate_k_per_ps must be larger than slow_rate_k_per_ps")
        return self


Stage = Annotated[Hold | Ramp | Staircase | FastSlowFast, Field(discriminator="stage")]


class Isotherms(_Stage):
    """Runs at constant temperature that branch off the quench; their dumps are analysed."""

    temperatures_k: list[Temperature] = Field(min_length=1, description="Temperatures (K); the quench must pass them.")
    equilibrate_ps: PositiveFloat = Field(description="Time before the first frame (ps).")
    duration_ps: PositiveFloat | list[PositiveFloat] = Field(
        description="Time that is recorded (ps), the same for all temperatures or one for each."
    )

    @field_validator("temperatures_k")
    @classmethod
    def _distinct(cls, temperatures: list[float]) -> list[float]:
        if len(set(temperatures)) != len(temperatures):
            raise ValueError("lists a temperature twice")
        return temperatures

    @model_validator(mode="after")
    def _one_duration_each(self) -> "Isotherms":
        if isinstance(self.duration_ps, list) and len(self.duration_ps) != len(self.temperatures_k):
            raise ValueError(
                f"duration_ps lists {len(self.duration_ps)} values for {len(self.temperatures_k)} temperatures"
            )
        return self

    @property
    def durations_ps(self) -> dict[float, float]:
        """Recorded time (ps) of every temperature."""
        same = [self.duration_ps] * len(self.temperatures_k)
        durations = self.duration_ps if isinstance(self.duration_ps, list) else same
        return dict(zip(self.temperatures_k, durations, strict=True))


class Glass(_Stage):
    """A run of the glass at the end of the quench."""

    temperature_k: Temperature = Field(300.0, description="Temperature (K); the quench must end there.")
    equilibrate_ps: PositiveFloat = Field(description="Time before the first frame (ps).")
    duration_ps: PositiveFloat = Field(description="Time that is recorded (ps).")


class Protocol(Block):
    """What is done to a cell, from the melt on."""

    timestep_fs: float | None = Field(
        None, gt=0, le=10, description="Timestep (fs); what the force field recommends if not given."
    )
    thermostat: Thermostat = Field(default_factory=Thermostat, description="How the temperature is held.")
    quench: list[Stage] = Field(
        min_length=1, description="Stages in order, the first a hold: hold, ramp, staircase or fast-slow-fast."
    )
    isotherms: Isotherms = Field(description="Runs at constant temperature.")
    glass: Glass | None = Field(None, description="A run of the glass; left out if not given.")

    @model_validator(mode="after")
    def _starts_with_hold(self) -> "Protocol":
        if self.quench[0].stage != "hold":
            raise ValueError("the first stage of quench must be a hold: it sets the temperature of the melt")
        return self


class Output(Block):
    """What is written during a run."""

    dump_every_fs: PositiveFloat = Field(100.0, description="Time between frames of a dump (fs).")
    dump_content: list[Literal["charges", "velocities", "images"]] = Field(
        default_factory=list, description="Columns beside id, type, element and unwrapped positions."
    )
    dump_compression: Literal["zstd", "gzip", "none"] = Field("zstd", description="Compression of finished dumps.")
    trajectory: Literal["dump", "h5md", "both"] = Field(
        "dump", description="What is kept of a finished run: its dump, the same as H5MD (docs/size.md), or both."
    )
    precision_a: PositiveFloat | None = Field(
        None, description="Positions (Å) and velocities (Å/ps) in H5MD are rounded by at most half of this, or not."
    )
    thermo_every_fs: PositiveFloat = Field(100.0, description="Time between lines of the thermodynamic log (fs).")
    checkpoint_every_ps: PositiveFloat = Field(5.0, description="Simulated time between checkpoints (ps).")
    checkpoint_every_min: PositiveFloat = Field(
        10.0, description="Longest time between checkpoints at the usual rate of one core (min); shortens the former."
    )

    @model_validator(mode="after")
    def _rounded_where_it_can_be(self) -> "Output":
        if self.precision_a is not None and self.trajectory == "dump":
            raise ValueError("precision_a rounds what is kept as H5MD; set trajectory to h5md or both, or leave it out")
        return self


class NumericsBlock(Block):
    """How accurately the force field is evaluated; what is left out takes a tested default."""

    cutoff_a: PositiveFloat | None = Field(
        None, description="Real-space cutoff (Å); the force field's own if not given."
    )
    kspace_accuracy: float | None = Field(None, gt=0, lt=0.1, description="Relative RMS force error asked of PPPM.")
    kspace_order: int | None = Field(None, ge=2, le=7, description="PPPM interpolation order.")
    kspace_diff: Literal["ad", "ik"] | None = Field(None, description="PPPM differentiation.")
    skin_a: PositiveFloat | None = Field(None, description="Neighbour-list skin (Å).")
    buckingham_cutoff_a: PositiveFloat | None = Field(
        None, description="Range of the Buckingham terms (Å); that of the real-space cutoff if not given."
    )
    dsf_alpha_per_a: PositiveFloat | None = Field(
        None, description="Damping (1/Å) of a damped shifted-force Coulomb term in place of PPPM; see docs/tuning.md."
    )


class WindowBlock(Block):
    """When a mean-square displacement counts as diffusive (docs/transport.md)."""

    tolerance: float = Field(0.15, gt=0, lt=1, description="Largest distance of the exponent β from 1 over the window.")
    cage_a2: PositiveFloat = Field(2.0, description="MSD beyond which an atom has left its cage (Å²).")
    max_lag_fraction: float = Field(0.2, gt=0, le=0.5, description="Longest lag fitted, as a fraction of the run.")


class Analysis(Block):
    """What is made of the dumps. No change here ever repeats molecular dynamics."""

    mobile: list[str] | None = Field(
        None, min_length=1, description="Mobile species, all others are the network; alkali metals if not given."
    )
    window: WindowBlock = Field(default_factory=WindowBlock, description="The diffusive window.")
    van_hove: Literal["none", "self", "all"] = Field(
        "self", description="Van Hove functions: none, the self parts, or the distinct parts of all pairs as well."
    )
    van_hove_lags_ps: list[PositiveFloat] | None = Field(
        None, min_length=1, description="Their lags (ps); four up to a fifth of the run if not given."
    )
    viscosity_pa_s: dict[Temperature, PositiveFloat] = Field(
        default_factory=dict,
        description="Shear viscosity (Pa s) by temperature, where known: gives the finite-size correction of D "
        "(Yeh and Hummer) there.",
    )
    fit_not_diffusive: bool = Field(
        False, description="Let points that are not diffusive into the fits against temperature."
    )
    extrapolate_to_k: list[Temperature] = Field(
        default_factory=lambda: [300.0], description="Temperatures (K) the fits are evaluated at, with their band."
    )


class Config(Block):
    """A whole scan."""

    title: str = Field("", max_length=200, description="Title of the report.")
    systems: list[System] = Field(
        default_factory=list, description="The series to simulate, with `cell` and `protocol`."
    )
    cell: Cell | None = Field(None, description="Size, density and starting positions.")
    forcefield: str = Field("legrand2025", description="A force field of the library, or the path of a YAML file.")
    protocol: Protocol | None = Field(None, description="What is done to a cell.")
    output: Output = Field(default_factory=Output, description="What is written, and how often.")
    numerics: NumericsBlock = Field(default_factory=NumericsBlock, description="Accuracy of the force evaluation.")
    analysis: Analysis = Field(default_factory=Analysis, description="What is made of the dumps.")
    structure: StructureBlock = Field(default_factory=StructureBlock, description="What is computed of the structure.")
    theory: Theory | None = Field(None, description="Rigidity and hopping; left out if not given.")
    landscape: Landscape | None = Field(None, description="Site-energy landscapes; left out if not given.")
    replicas: int = Field(2, ge=1, le=1000, description="Independent cells per composition.")
    seed: int = Field(1, ge=0, le=2**31 - 1, description="Seed from which every run's own seed is derived.")

    @model_validator(mode="after")
    def _something_to_do(self) -> "Config":
        if self.systems and (self.cell is None or self.protocol is None):
            missing = "cell" if self.cell is None else "protocol"
            raise ValueError(f"{missing}: is required and missing, as there are systems to simulate")
        if not (self.systems or self.theory or self.landscape):
            raise ValueError("systems: nothing to do; give systems to simulate, theory or landscape")
        return self

    @model_validator(mode="after")
    def _unique_names(self) -> "Config":
        names = [system.name.lower() for system in self.systems]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two systems are called {name!r}; names must differ (in more than case)")
        return self


def _refuse_both_sizes(block):
    if block.density_per_a3 is not None and block.box_length_a is not None:
        raise ValueError("give density_per_a3 or box_length_a, not both")
    return block
