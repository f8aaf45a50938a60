"""Configuration: typed models, reading, and the reference of all keys."""

from glasswf.config.load import from_mapping, load
from glasswf.config.models import Config

__all__ = ["Config", "from_mapping", "load"]
