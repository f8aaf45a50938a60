"""The yardstick: what an input has that follows the papers and LAMMPS's defaults."""

from glasswf import forcefield
from glasswf.forcefield import AbruptAngle, ForceField
from glasswf.lammps.numerics import Numerics
from glasswf.tune.candidate import Candidate

# 10 Å, PPPM at 1e-5 with LAMMPS's defaults of order and differentiation, its skin, 1 fs, one core, no accelerator
NUMERICS = Numerics(cutoff_a=10.0, kspace_accuracy=1e-5, kspace_order=5, kspace_diff="ik", skin_a=2.0)
TEXTBOOK = Candidate(NUMERICS, timestep_fs=1.0, textbook=True)


def field(own: ForceField) -> ForceField:
    """The force field with its angle term as `nb3b/harmonic`: as printed where the library has that form of it."""
    printed = f"{own.name}-abrupt"
    if printed in forcefield.names():
        return forcefield.load(printed)
    return own.model_copy(update={"three_body": tuple(map(_abrupt, own.three_body))})


def _abrupt(term) -> AbruptAngle:
    shared = {name: getattr(term, name) for name in ("centre", "ends", "k_ev_rad2", "theta_0_deg", "cutoff_a")}
    return AbruptAngle(kind="angle-abrupt", **shared)
