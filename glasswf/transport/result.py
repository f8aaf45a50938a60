"""The transport of one state point, as data."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from glasswf.transport.uncertainty import Estimate
from glasswf.transport.window import Window


@dataclass(frozen=True)
class Diffusion:
    """Self-diffusion of one species.

    diffusivity: cm²/s, an apparent value if the window is not diffusive. upper_bound_cm2_s: then a bound, if there is
    one. per_replica: cm²/s. regression: cm²/s, by generalised least squares over the same window. finite_size: cm²/s to
    be added for an infinite cell, where a viscosity is known.
    """

    species: str
    n_atoms: int
    diffusivity: Estimate
    upper_bound_cm2_s: float | None
    window: Window
    per_replica: tuple[float, ...]
    regression: Estimate | None = None
    finite_size: Estimate | None = None


@dataclass(frozen=True)
class Conductivity:
    """A conductivity in S/cm; kind is nernst_einstein, collective or green_kubo.

    window: lags fitted, or of green_kubo the range of upper limits of the integral. regression: collective only.
    """

    kind: str
    conductivity: Estimate
    window: Window
    per_replica: tuple[float, ...]
    regression: Estimate | None = None


@dataclass(frozen=True)
class HavenRatio:
    """σ_NE / σ_collective."""

    ratio: Estimate
    diffusive: bool


@dataclass(frozen=True)
class MsdCurve:
    """Mean-square displacement at log-spaced lags, the mean over replicas with its error (None for one replica).

    species "charge" is the charge dipole: |Δ Σ z_i r_i|² / Σ z_i², in Å² as the others.
    """

    species: str
    lag_ps: tuple[float, ...]
    msd_a2: tuple[float, ...]
    msd_err_a2: tuple[float | None, ...]
    in_window: tuple[bool, ...]


@dataclass(frozen=True)
class OnsagerPair:
    """L_kl of two species (k ≤ l in the order of the species) in 1/(J m s), and its part of σ in S/cm.

    For k ≠ l the part of σ counts L_kl and L_lk.
    """

    species_a: str
    species_b: str
    coefficient: Estimate
    conductivity: Estimate


@dataclass(frozen=True)
class Part:
    """A part of a conductivity (S/cm).

    route: "self" (parts of σ_NE; name is a mobile species or "network") or "collective" (parts of σ; name is a pair of
    these, as "Na-network").
    """

    route: str
    name: str
    conductivity: Estimate
    diffusive: bool


@dataclass(frozen=True)
class Transference:
    """Share of one species in the collective current, t_k = Σ_l z_k z_l L_kl e²/σ, in the frame of the result."""

    species: str
    number: Estimate


@dataclass(frozen=True)
class Correlation:
    """What correlations make of the conductivity: Onsager coefficients, parts, transference numbers, σ/σ_NE."""

    onsager: tuple[OnsagerPair, ...]
    parts: tuple[Part, ...]
    transference: tuple[Transference, ...]
    ionicity: Estimate | None
    diffusive: bool


@dataclass(frozen=True)
class CurrentCurve:
    """Autocorrelation of the charge current over its value at zero lag, and the running Green-Kubo integral (S/cm)."""

    lag_ps: tuple[float, ...]
    autocorrelation: tuple[float, ...]
    integral_s_cm: tuple[float, ...]
    integral_err_s_cm: tuple[float | None, ...]


@dataclass(frozen=True)
class NonGaussianCurve:
    """α₂(t) = 3⟨r⁴⟩/(5⟨r²⟩²) − 1 of one species; errors None for one replica."""

    species: str
    lag_ps: tuple[float, ...]
    alpha2: tuple[float, ...]
    alpha2_err: tuple[float | None, ...]


@dataclass(frozen=True)
class VanHove:
    """A van Hove function at one lag.

    part "self": 4πr² G_s(r, t) in 1/Å, species_a = species_b. part "distinct": G_d(r, t)/ρ_b of b around a, which is
    one at large r. r_a: middles of the bins (Å).
    """

    part: str
    species_a: str
    species_b: str
    lag_ps: float
    r_a: tuple[float, ...]
    value: tuple[float, ...]
    value_err: tuple[float | None, ...]


@dataclass(frozen=True)
class TransportResult:
    """Everything `analyse` found for one state point, all replicas together.

    frame: in which frame displacements are measured. charge_e: net charge of the cell. notes: what a reader must know.
    """

    temperature_k: float | None
    n_replicas: int
    n_frames: int
    interval_ps: float
    volume_a3: float
    frame: str
    charge_e: float | None
    diffusion: tuple[Diffusion, ...]
    conductivity: tuple[Conductivity, ...]
    haven: HavenRatio | None
    msd: tuple[MsdCurve, ...]
    notes: tuple[str, ...]
    correlation: Correlation | None = None
    current: CurrentCurve | None = None
    non_gaussian: tuple[NonGaussianCurve, ...] = ()
    van_hove: tuple[VanHove, ...] = ()

    def of(self, name: str) -> Diffusion | Conductivity:
        """The diffusion of an element, or the conductivity of a kind; KeyError if there is none."""
        named = {item.species: item for item in self.diffusion} | {item.kind: item for item in self.conductivity}
        return named[name]

    def to_dict(self) -> dict:
        """Plain dictionary, ready for JSON."""
        return _ADAPTER.dump_python(self, mode="json")

    @staticmethod
    def from_dict(data: dict) -> "TransportResult":
        """The result that `to_dict` was made from."""
        return _ADAPTER.validate_python(data)


_ADAPTER = TypeAdapter(TransportResult)
