"""Structure of the glass: pair correlations, structure factors, network, angles and constraints."""

from glasswf.structure.analysis import Structure, analyse
from glasswf.structure.export import write_files
from glasswf.structure.options import Experiment, Options

__all__ = ["Experiment", "Options", "Structure", "analyse", "write_files"]
