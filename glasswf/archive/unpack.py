"""Reading archives that may be damaged or meant to harm."""

import hashlib
import json
import shutil
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path, PurePosixPath

from glasswf.errors import GlasswfError
from glasswf.files import replacing

_CHUNK = 1 << 20
_LARGEST_TEXT = 500_000_000  # bytes of what is read into memory at once; metadata of a million files
_LARGEST_RATIO = 300  # unpacked to packed; what a scan holds comes to some 10
_SMALL = 100_000_000  # bytes that harm nobody, whatever the ratio


class ArchiveError(GlasswfError, ValueError):
    """An archive is damaged, incomplete, unsafe or not one of ours."""


class Source:
    """Files of an archive, or of a folder it was unpacked into, by name."""

    def __init__(self, path: Path, archive: zipfile.ZipFile | None) -> None:
        self.path, self._archive = path, archive
        self._entries = {entry.filename: entry for entry in archive.infolist()} if archive else {}

    @cached_property
    def names(self) -> set[str]:
        """Names of all files."""
        if self._archive:
            return set(self._entries)
        return {path.relative_to(self.path).as_posix() for path in self.path.rglob("*") if path.is_file()}

    def digest(self, name: str) -> str:
        """SHA-256 of a file."""
        found = hashlib.sha256()
        for piece in self._pieces(name):
            found.update(piece)
        return found.hexdigest()

    def size(self, name: str) -> int:
        """Bytes of a file."""
        return self._entries[name].file_size if self._archive else (self.path / name).stat().st_size

    def text(self, name: str) -> str:
        """Content of a text file; ArchiveError if it is not there or no text."""
        if name in self.names and self.size(name) > _LARGEST_TEXT:
            raise ArchiveError(f"{self.path}: {name} is larger than {_LARGEST_TEXT / 1e6:g} MB; refused")
        try:
            return b"".join(self._pieces(name)).decode("utf-8")
        except UnicodeDecodeError:
            raise ArchiveError(f"{self.path}: {name} is not text; the archive is damaged") from None

    def json(self, name: str) -> dict:
        """Content of a JSON file that holds keys and values; ArchiveError if it does not."""
        try:
            found = json.loads(self.text(name))
        except (json.JSONDecodeError, RecursionError) as error:
            raise ArchiveError(f"{self.path}: {name} is not valid JSON ({error})") from None
        if not isinstance(found, dict):
            raise ArchiveError(f"{self.path}: {name} does not hold keys and values")
        return found

    def extract(self, name: str, folder: Path) -> None:
        """Put a file at the same place below `folder`."""
        with replacing(folder / name) as temporary, temporary.open("wb") as sink:
            for piece in self._pieces(name):
                sink.write(piece)

    def _pieces(self, name: str) -> Iterator[bytes]:
        """Content in pieces, never more than the archive says it holds; of nothing but the files found in it."""
        if name not in self.names:
            raise ArchiveError(f"{self.path}: {name} is missing; not an archive of `glasswf export`, or damaged")
        try:
            with self._archive.open(name) if self._archive else (self.path / name).open("rb") as handle:
                while piece := handle.read(_CHUNK):
                    yield piece
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise ArchiveError(f"{self.path}: {name} cannot be read ({error})") from None


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """An archive or a folder with one unpacked. Raises ArchiveError with one line if it is neither, or unsafe."""
    if path.is_dir():
        yield Source(path, None)
        return
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise ArchiveError(f"{path}: no such archive; `glasswf export` makes one") from None
    except (zipfile.BadZipFile, OSError) as error:
        raise ArchiveError(f"{path}: not a zip archive, or cut short ({error})") from None
    with archive:
        _require_safe(path, archive)
        yield Source(path, archive)


def require_room(source: Source, names: list[str], folder: Path) -> None:
    """Raise ArchiveError if the files do not fit where they are to go, as of an archive made to fill the disk."""
    needed, free = sum(map(source.size, names)), shutil.disk_usage(folder).free
    if needed > free:
        raise ArchiveError(f"{source.path}: needs {needed / 1e9:.3g} GB, and {free / 1e9:.3g} GB are free in {folder}")


def _require_safe(path: Path, archive: zipfile.ZipFile) -> None:
    packed, unpacked = path.stat().st_size, sum(entry.file_size for entry in archive.infolist())
    if unpacked > max(_SMALL, _LARGEST_RATIO * packed):
        raise ArchiveError(f"{path}: {packed / 1e6:.3g} MB that would unpack to {unpacked / 1e9:.3g} GB; refused")
    seen: set[str] = set()
    for entry in archive.infolist():
        name = PurePosixPath(entry.filename)
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if name.is_absolute() or ".." in name.parts or "\\" in entry.filename or ":" in entry.filename.split("/")[0]:
            raise ArchiveError(f"{path}: {entry.filename!r} leads out of the archive; refused")
        if kind not in (0, stat.S_IFREG) or entry.is_dir() or not name.parts:
            raise ArchiveError(f"{path}: {entry.filename!r} is not an ordinary file; refused")
        if entry.flag_bits & 1:
            raise ArchiveError(f"{path}: {entry.filename!r} is encrypted; refused")
        if entry.filename in seen:
            raise ArchiveError(f"{path}: holds {entry.filename!r} twice; refused")
        seen.add(entry.filename)
