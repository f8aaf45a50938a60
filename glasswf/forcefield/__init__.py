"""Force fields: YAML sets, their checks, and the functions they stand for."""

from glasswf.forcefield.collapse import LOW_BARRIER_EV, Barrier, barrier, barriers
from glasswf.forcefield.model import AbruptAngle, Buckingham, ConservativeAngle, ForceField
from glasswf.forcefield.reader import ForceFieldWarning, load, names

__all__ = [
    "LOW_BARRIER_EV",
    "AbruptAngle",
    "Barrier",
    "Buckingham",
    "ConservativeAngle",
    "ForceField",
    "ForceFieldWarning",
    "barrier",
    "barriers",
    "load",
    "names",
]
