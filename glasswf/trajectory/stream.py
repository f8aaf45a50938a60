"""The bytes of a dump, plain or compressed, in chunks of bounded size."""

import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import zstandard

from glasswf.errors import TrajectoryError

Progress = Callable[[int, int], None]  # bytes read so far, bytes in all (as stored, so compressed if compressed)

_CHUNK = 1 << 18
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


class TruncatedDumpError(TrajectoryError):
    """A dump ends in the middle of a frame."""


def chunks(path: Path, progress: Progress | None = None) -> Iterator[bytes]:
    """Yield the (decompressed) bytes of `path`; gzip and zstd are recognised by their first bytes.

    Raises TrajectoryError if the file cannot be opened, or if the compressed data is corrupt or cut short.
    """
    raw = _raw(path, progress)
    first = next(raw, b"")
    if first.startswith(_GZIP):
        yield from _decompressed(path, first, raw, lambda: zlib.decompressobj(wbits=31))
    elif first.startswith(_ZSTD):
        yield from _decompressed(path, first, raw, lambda: zstandard.ZstdDecompressor().decompressobj())
    else:
        yield first
        yield from raw


def _raw(path: Path, progress: Progress | None) -> Iterator[bytes]:
    try:
        with path.open("rb", buffering=0) as handle:
            total, done = os.fstat(handle.fileno()).st_size, 0
            while data := handle.read(_CHUNK):
                yield data
                done += len(data)
                if progress:
                    progress(done, total)
    except FileNotFoundError:
        raise TrajectoryError(f"{path}: no such file; give the path of a trajectory") from None
    except OSError as error:
        raise TrajectoryError(f"{path}: cannot be read ({error.strerror or error})") from None


def _decompressed(path: Path, first: bytes, raw: Iterator[bytes], new: Callable) -> Iterator[bytes]:
    decoder, data = new(), first
    while data:
        if decoder.eof:
            decoder = new()  # members written one after the other, as with `dump_modify append`
        try:
            yield decoder.decompress(data)
        except (zlib.error, zstandard.ZstdError) as error:
            raise TrajectoryError(f"{path}: corrupt compressed data ({error}); was the file copied in full?") from None
        rest = decoder.unused_data.lstrip(b"\0") if decoder.eof else b""
        data = rest or next(raw, b"")
    if not decoder.eof:
        raise TruncatedDumpError(f"{path}: the compressed stream ends too early: the file is cut short")
