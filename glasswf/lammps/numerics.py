"""How accurately LAMMPS evaluates the force field: cutoffs, mesh and neighbour list. Machine-independent defaults."""

from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True)
class Numerics:
    """Numerical settings of a LAMMPS input.

    cutoff_a: real-space cutoff of Buckingham and Coulomb terms (Å); None takes the force field's own.
    kspace_accuracy: relative RMS force error asked of PPPM (LAMMPS `kspace_style pppm`).
    kspace_order: PPPM interpolation order (2-7).
    kspace_diff: "ad" (analytic differentiation, faster) or "ik" (more accurate at the same mesh).
    skin_a: neighbour-list skin (Å).
    coulomb_table_bits: LAMMPS `pair_modify table`; 0 evaluates erfc exactly.
    buckingham_cutoff_a: range of the Buckingham terms (Å) where it differs from that of the real-space Coulomb term.
    dsf_alpha_per_a: damping (1/Å) of a damped shifted-force Coulomb term, cut at cutoff_a, in place of an Ewald sum.
    kspace_style: "pppm", or "ewald" for reference forces.
    """

    cutoff_a: float | None = None
    kspace_accuracy: float = 1e-4
    kspace_order: int = 7
    kspace_diff: str = "ad"
    skin_a: float = 1.0
    coulomb_table_bits: int = 12
    buckingham_cutoff_a: float | None = None
    dsf_alpha_per_a: float | None = None
    kspace_style: str = "pppm"

    def to_dict(self) -> dict:
        """As specifications of runs hold it: settings that came later appear only where they are set.

        What a finished run depends on is then written as it was, and the run is not repeated.
        """
        later = {field.name: field.default for field in fields(self) if field.name in _LATER}
        return {key: value for key, value in asdict(self).items() if key not in later or value != later[key]}


_LATER = ("buckingham_cutoff_a", "dsf_alpha_per_a", "kspace_style")
