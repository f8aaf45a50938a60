"""The transport of one state point, as data."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from glasswf.transport.uncertainty import Estimate
from glasswf.transport.window import Window


@dataclass(frozen=True)
class Diffusion:
    """Self-diffusion of one species.

    diffusivity: cm²/s, an apparent value if the window is not diffusive. upper_bound_cm2_s: then a bound, if there is
    one. per_replica: cm²/s.
    """

    species: str
    n_atoms: int
    diffusivity: Estimate
    upper_bound_cm2_s: float | None
    window: Window
    per_replica: tuple[float, ...]


@dataclass(frozen=True)
class Conductivity:
    """One of the two conductivities, in S/cm; kind is nernst_einstein or collective."""

    kind: str
    conductivity: Estimate
    window: Window
    per_replica: tuple[float, ...]


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
