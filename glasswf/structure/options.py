"""What is computed of the structure, and how finely: the defaults of the configuration and of the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields


@dataclass(frozen=True)
class Experiment:
    """A measured curve to compare with (glasswf.structure.measured): file, quantity, and the range compared.

    system, x: what it belongs to; None for all.
    """

    file: str
    quantity: str
    range: tuple[float, float] = (0.6, 12.0)
    system: str | None = None
    x: float | None = None


@dataclass(frozen=True)
class Options:
    """Settings of glasswf.structure.analyse; glasswf.config.structure describes each."""

    every: int = 1
    r_max_a: float | None = None
    bin_a: float = 0.02
    k_max_1_a: float = 20.0
    bin_1_a: float = 0.05
    vectors_per_bin: int = 80
    cutoffs_a: Mapping[str, float] = field(default_factory=dict)
    homopolar_a: float = 3.2
    ring_criterion: str = "shortest-path"
    largest_ring: int = 12
    q_max_1_a: float | None = None
    experiments: tuple[Experiment, ...] = ()

    @classmethod
    def from_mapping(cls, block: Mapping) -> "Options":
        """From the structure block of a configuration as in JSON; what does not concern the analysis is left out."""
        known = {each.name for each in fields(cls)}
        chosen = {key: value for key, value in block.items() if key in known}
        experiments = tuple(
            Experiment(**{**entry, "range": tuple(entry["range"])}) for entry in chosen.pop("experiments", ())
        )
        return cls(**chosen, experiments=experiments)
