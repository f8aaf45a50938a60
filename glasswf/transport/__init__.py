"""Transport: displacements, diffusion, conductivity, activation energies and their uncertainty."""

from glasswf.transport.analysis import analyse
from glasswf.transport.result import TransportResult
from glasswf.transport.window import WindowRule

__all__ = ["TransportResult", "WindowRule", "analyse"]
