"""Published values, as data: `published.yaml` and the function that reads it."""

from functools import cache
from pathlib import Path

import yaml


@cache
def published() -> dict:
    """Mapping with `sources` (papers and their conditions) and `values` (one entry per published number)."""
    return yaml.safe_load((Path(__file__).parent / "published.yaml").read_text(encoding="utf-8"))
