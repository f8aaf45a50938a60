"""What is kept of a finished run's frames: its dump, compressed or as it is, the same as H5MD, or both."""

import gzip
import shutil
from collections.abc import Mapping
from pathlib import Path

import zstandard

from glasswf.files import replacing

H5MD = "trajectory.h5md"
_SUFFIX = {"zstd": ".zst", "gzip": ".gz", "none": ""}


def names(dump: Mapping) -> list[str]:
    """Files that hold the frames, of the section `dump` of a run's specification; the first is what is analysed."""
    kept = dump.get("trajectory", "dump")
    text = f"trajectory.lammpstrj{_SUFFIX[dump['compression']]}"
    return ([H5MD] if kept != "dump" else []) + ([text] if kept != "h5md" else [])


def store(source: Path, spec: Mapping) -> None:
    """Put the finished dump `source` beside itself in every form that the run `spec` keeps; atomically, `source` stays.

    Raises GlasswfError if a file cannot be written.
    """
    for name in names(spec["dump"]):
        target = source.with_name(name)
        _as_h5md(source, target, spec) if name == H5MD else _as_text(source, target, spec["dump"]["compression"])


def _as_h5md(source: Path, target: Path, spec: Mapping) -> None:
    from glasswf.trajectory import h5md  # a third of a second, for those who keep H5MD

    velocities = "velocities" in spec["dump"]["content"]
    h5md.from_dump(source, target, spec["dump"].get("precision_a"), charges=spec["charges"], velocities=velocities)


def _as_text(source: Path, target: Path, compression: str) -> None:
    with source.open("rb") as text, replacing(target) as temporary, _writer(temporary, compression) as sink:
        shutil.copyfileobj(text, sink, 1 << 20)


def _writer(path: Path, compression: str):
    if compression == "zstd":
        return zstandard.open(path, "wb", cctx=zstandard.ZstdCompressor(level=3))
    if compression == "gzip":
        return gzip.open(path, "wb", compresslevel=5)
    return path.open("wb")
