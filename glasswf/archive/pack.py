"""Writing the archive: the same files give the same bytes."""

import hashlib
import json
import sys
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

from glasswf.archive import crate
from glasswf.files import replacing

MANIFEST = "manifest-sha256.txt"  # as in BagIt: one line per file, hash and name; `sha256sum -c` reads it too
ENVIRONMENT = "environment.json"
_CHUNK = 1 << 20
_EVERY_S = 5.0
_COMPRESSED = {".zst", ".gz", ".png", ".pdf", ".h5md"}  # once more would only cost time
_EPOCH = (1980, 1, 1, 0, 0, 0)  # of every entry: the date of the files is no part of what they hold


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def facts(files: Mapping[str, Path]) -> dict[str, tuple[int, str]]:
    """Size and SHA-256 of every file by its name."""
    return {name: (path.stat().st_size, digest(path)) for name, path in files.items()}


def write(target: Path, files: Mapping[str, Path], metadata: dict, manifest: Mapping[str, str]) -> None:
    """Write a zip archive of `files`, the RO-Crate `metadata` and the manifest of all of these, atomically."""
    own = {crate.NAME: _json(metadata), ENVIRONMENT: environment()}
    hashes = dict(manifest) | {name: hashlib.sha256(text.encode()).hexdigest() for name, text in own.items()}
    own[MANIFEST] = "".join(f"{value}  {name}\n" for name, value in sorted(hashes.items()))
    with replacing(target) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name, text in own.items():
            archive.writestr(_entry(name), text, zipfile.ZIP_DEFLATED)
        progress = _Progress(sum(path.stat().st_size for path in files.values()))
        for name, path in files.items():
            _add(archive, name, path, progress)


def environment() -> str:
    """Versions of all that is installed, as JSON."""
    return _json(crate.installed())


def _add(archive: zipfile.ZipFile, name: str, path: Path, progress: "_Progress") -> None:
    entry = _entry(name)
    entry.compress_type = zipfile.ZIP_STORED if path.suffix in _COMPRESSED else zipfile.ZIP_DEFLATED
    entry.file_size = path.stat().st_size
    with path.open("rb") as source, archive.open(entry, "w") as sink:
        while piece := source.read(_CHUNK):
            sink.write(piece)
            progress.add(len(piece))


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.external_attr = 0o100644 << 16
    return entry


def _json(data: object) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


class _Progress:
    """A line every few seconds for archives that take longer."""

    def __init__(self, total: int) -> None:
        self._total, self._done, self._told = total, 0, time.monotonic()

    def add(self, size: int) -> None:
        self._done += size
        if time.monotonic() - self._told > _EVERY_S:
            self._told = time.monotonic()
            print(f"{self._done / 1e6:.0f} of {self._total / 1e6:.0f} MB packed", file=sys.stderr, flush=True)
