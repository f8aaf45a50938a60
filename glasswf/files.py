"""Writing files so that a reader never sees half of one, and a full or read-only disk gives one clear line."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from glasswf.errors import GlasswfError

_HINTS = {
    errno.ENOSPC: "the disk is full; free some space and start again, nothing finished is lost",
    errno.EDQUOT: "the disk quota is used up; free some space and start again, nothing finished is lost",
    errno.EACCES: "no permission to write there",
    errno.EROFS: "the file system is read-only",
    errno.EPERM: "no permission to write there",
}


@contextmanager
def clear_os_errors(path: Path | str) -> Iterator[None]:
    """Turn an operating-system error on `path` into one clear line (GlasswfError)."""
    try:
        yield
    except OSError as error:
        hint = _HINTS.get(error.errno, error.strerror or str(error))
        raise GlasswfError(f"cannot write {path}: {hint}") from error


@contextmanager
def replacing(path: Path | str) -> Iterator[Path]:
    """Give a temporary path in the folder of `path`; move it into place only if the block succeeds."""
    path = Path(path)
    with clear_os_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def write_text(path: Path | str, text: str) -> None:
    """Write `text` to `path` atomically, as UTF-8."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_if_changed(path: Path | str, text: str) -> bool:
    """Write `text` unless the file already holds it, so that its time stamp means something; True if written."""
    path = Path(path)
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    write_text(path, text)
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
