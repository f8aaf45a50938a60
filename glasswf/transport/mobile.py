"""Which species are the mobile ions; all others are the network."""

from collections.abc import Sequence

from glasswf.errors import AnalysisError

# Singly charged ions that solid electrolytes conduct.
_IONS = ("Li", "Na", "K", "Rb", "Cs", "Ag", "Cu")


def default(species: Sequence[str]) -> tuple[str, ...]:
    """The alkali metals, Ag and Cu among the species, in their order; empty if there are none."""
    return tuple(name for name in species if name in _IONS)


def chosen(species: Sequence[str], wanted: Sequence[str] | None) -> tuple[str, ...]:
    """The species wanted, in the order of `species`, or the default ones; AnalysisError for one that is not there."""
    if wanted is None:
        return default(species)
    if absent := [name for name in wanted if name not in species]:
        raise AnalysisError(f"mobile species {', '.join(absent)}: not in the cell; it has {', '.join(species)}")
    return tuple(name for name in species if name in wanted)
