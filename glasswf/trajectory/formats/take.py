"""Binary files piece by piece."""

import struct
from pathlib import Path

from glasswf.trajectory.stream import Progress, TruncatedDumpError, chunks


class Bytes:
    """The (decompressed) bytes of a file, taken in pieces of a given size."""

    def __init__(self, path: Path, progress: Progress | None = None):
        self.path = path
        self._pieces, self._buffer, self._start = chunks(path, progress), b"", 0

    def take(self, size: int, what: str) -> bytes:
        """The next `size` bytes; TruncatedDumpError, naming `what` they belong to, if the file ends before."""
        if not self._has(size):
            raise TruncatedDumpError(f"{self.path}, {what}: the file ends in the middle of it; it was cut short")
        piece = self._buffer[self._start : self._start + size]
        self._start += size
        return piece

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, or as many as there are, which are not taken yet."""
        self._has(size)
        return self._buffer[self._start : self._start + size]

    def unpack(self, pattern: str, what: str) -> tuple:
        """The next values, as `struct` patterns say."""
        return struct.unpack(pattern, self.take(struct.calcsize(pattern), what))

    def ended(self) -> bool:
        """Whether there is nothing left."""
        return not self._has(1)

    def _has(self, size: int) -> bool:
        if len(self._buffer) - self._start >= size:
            return True
        pieces, have = [self._buffer[self._start :]], len(self._buffer) - self._start
        for piece in self._pieces:
            pieces.append(piece)
            have += len(piece)
            if have >= size:
                break
        self._buffer, self._start = b"".join(pieces), 0
        return have >= size
