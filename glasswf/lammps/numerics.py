"""How accurately LAMMPS evaluates the force field: cutoffs, mesh and neighbour list. Machine-independent defaults."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Numerics:
    """Numerical settings of a LAMMPS input.

    cutoff_a: real-space cutoff of Buckingham and Coulomb terms (Å); None takes the force field's own.
    kspace_accuracy: relative RMS force error asked of PPPM (LAMMPS `kspace_style pppm`).
    kspace_order: PPPM interpolation order (2-7).
    kspace_diff: "ad" (analytic differentiation, faster) or "ik" (more accurate at the same mesh).
    skin_a: neighbour-list skin (Å).
    coulomb_table_bits: LAMMPS `pair_modify table`; 0 evaluates erfc exactly.
    """

    cutoff_a: float | None = None
    kspace_accuracy: float = 1e-4
    kspace_order: int = 7
    kspace_diff: str = "ad"
    skin_a: float = 1.0
    coulomb_table_bits: int = 12
