"""Errors a user can cause: each carries one line that says where, what is wrong and what would be right."""


class GlasswfError(Exception):
    """Base of every error whose message is meant for a person; shown without a traceback."""


class ConfigError(GlasswfError, ValueError):
    """The configuration is wrong; the message names the file and the key."""


class CompositionError(GlasswfError, ValueError):
    """No cell with these x, m and atom count exists."""


class ForceFieldError(GlasswfError, ValueError):
    """A force-field file is wrong or does not cover the elements of a cell."""


class CellError(GlasswfError, ValueError):
    """A starting structure cannot be built or read."""


class TrajectoryError(GlasswfError, ValueError):
    """A dump or log is truncated, corrupt, inconsistent or in unexpected units."""


class LammpsError(GlasswfError, RuntimeError):
    """LAMMPS is missing, lacks a style, or stopped with an error."""


class AnalysisError(GlasswfError, ValueError):
    """A quantity cannot be computed from the data given."""


class TheoryError(GlasswfError, ValueError):
    """A model has no answer for these parameters."""
