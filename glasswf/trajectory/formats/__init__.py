"""The formats of trajectories, each one module, recognised by what stands in the file and not by its name."""

from glasswf.trajectory.formats.registry import FORMATS, Format, Options, recognised

__all__ = ["FORMATS", "Format", "Options", "recognised"]
