"""LAMMPS text dumps frame by frame: headers read, atom lines left as bytes.

The format is that of `dump custom`: ITEM sections, each frame ending with its atom lines. ITEM: UNITS and ITEM: TIME
(`dump_modify units yes time yes`) stand before ITEM: TIMESTEP; UNITS only in the first frame written by each run.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from glasswf.errors import TrajectoryError
from glasswf.files import clear_os_errors
from glasswf.trajectory.header import Header
from glasswf.trajectory.stream import Progress, TruncatedDumpError, chunks

_ATOMS, _LINE_END = b"ITEM: ATOMS", ord("\n")


@dataclass(frozen=True)
class Frame:
    """One frame: header values, and the atom lines as they stand.

    bounds: (3, 2) lower and upper box edges (Å). line: line number of the first atom line, counted from 1.
    stop: offset of the byte after the frame in the (decompressed) file.
    """

    path: Path
    step: int | None
    time: float | None
    units: str | None
    n_atoms: int
    bounds: np.ndarray
    columns: tuple[str, ...]
    body: bytes
    line: int
    stop: int

    @property
    def where(self) -> str:
        """File, line and step for messages."""
        return self.at(0)

    def at(self, row: int) -> str:
        """File, line of the atom line number `row` and step for messages."""
        step = "" if self.step is None else f" (step {self.step})"
        return f"{self.path}, line {self.line + row}{step}"


def frames(path: Path | str, progress: Progress | None = None) -> Iterator[Frame]:
    """Yield the frames of a dump in the order they stand.

    Raises TrajectoryError, with the line, for a file that is missing, empty, not a dump, triclinic, or damaged;
    TruncatedDumpError (one of them) if only its end is missing.
    """
    path, line, start = Path(path), 1, 0
    for block, last in _blocks(chunks(path, progress)):
        frame, n_lines = _frame(path, block, line, start, last)
        yield frame
        line += n_lines
        start += len(block)
    if start == 0:
        raise TrajectoryError(f"{path}: the file is empty")
    if tail := block[len(block) - (start - frame.stop) :].strip():
        where = f"{path}, line {frame.line + frame.n_atoms}"
        raise TruncatedDumpError(
            f"{where}: the next frame should start here, not {_shown(tail)}; the file was cut short"
        )


def steps(path: Path | str) -> np.ndarray:
    """Timesteps (n_frames,) of the complete frames; a half-written last frame is not counted, a blank file has none."""
    return np.array([step for step, _ in _complete(path)], dtype=np.int64)


def truncate_after(path: Path | str, step: int) -> np.ndarray:
    """Cut a plain text dump in place behind its last complete frame with TIMESTEP <= `step`.

    What a killed run wrote after its last checkpoint goes, a half-written frame included. Returns the steps kept
    (n_frames,). Raises TrajectoryError for a file that is missing, compressed, or damaged before its end.
    """
    path = Path(path)
    kept, stop = [], 0
    for found, end in _complete(path):
        if found > step:
            break
        kept.append(found)
        stop = end
    _cut(path, stop)
    return np.array(kept, dtype=np.int64)


def _cut(path: Path, size: int) -> None:
    with clear_os_errors(path), path.open("r+b") as handle:
        if handle.read(4)[:2] in (b"\x1f\x8b", b"\x28\xb5"):
            raise TrajectoryError(f"{path}: a compressed dump cannot be cut in place; decompress it first")
        handle.truncate(size)
        os.fsync(handle.fileno())


def _complete(path: Path | str) -> Iterator[tuple[int, int]]:
    path = Path(path)
    if path.is_file() and path.stat().st_size == 0:
        return
    try:
        for frame in frames(path):
            yield frame.step, frame.stop
    except TruncatedDumpError:
        return


def _blocks(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The bytes of each frame, and whether the file ends with it."""
    buffer = bytearray()
    for piece in pieces:
        buffer += piece
        start = 0
        while (end := _next_frame(buffer, start)) > 0:
            yield bytes(memoryview(buffer)[start:end]), False
            start = end
        del buffer[:start]
    if buffer:
        yield bytes(buffer), True


def _next_frame(buffer: bytearray, start: int) -> int:
    """Where the frame after this one starts; 0 if that is not in the buffer yet."""
    found = buffer.find(_ATOMS, start) + len(b"ITEM:")
    if found < len(b"ITEM:"):
        return 0
    while (found := buffer.find(b":", found)) >= 0:  # one rare byte is found many times as fast as six
        if buffer[found - 5 : found] == b"\nITEM":
            return found - 4
        found += 1
    return 0


def _frame(path: Path, block: bytes, line: int, start: int, last: bool) -> tuple[Frame, int]:
    """The frame in `block`, and how many lines that has."""
    atoms = block.find(_ATOMS)
    head, newline = block[: atoms if atoms >= 0 else None], block.find(b"\n", atoms)
    if not head.lstrip().startswith(b"ITEM:"):
        raise _not_a_dump(path, block, line)
    if min(atoms, newline) < 0:
        raise TruncatedDumpError(f"{path}, line {line}: the file ends in the header of a frame; it was cut short")
    header = Header(path, head, line)
    n_atoms = header.n_atoms()
    body = _first_lines(block[newline + 1 :], n_atoms) if last else block[newline + 1 :]
    frame = Frame(
        path=path,
        step=header.step(),
        time=header.time(),
        units=header.units(),
        n_atoms=n_atoms,
        bounds=header.bounds(),
        columns=tuple(block[atoms + len(_ATOMS) : newline].decode(errors="replace").split()),
        body=body,
        line=line + head.count(b"\n") + 1,
        stop=start + newline + 1 + len(body),
    )
    n_lines = _line_ends(body)
    _check_atom_lines(frame, n_lines, last)
    return frame, head.count(b"\n") + 1 + n_lines


def _first_lines(body: bytes, count: int) -> bytes:
    """The first `count` lines; behind the last frame there may be the beginning of another, or what a crash left."""
    ends = np.flatnonzero(np.frombuffer(body, np.uint8) == _LINE_END)
    return body[: ends[count - 1] + 1] if len(ends) >= count else body


def _line_ends(text: bytes) -> int:
    return int(np.count_nonzero(np.frombuffer(text, np.uint8) == _LINE_END))  # ten times as fast as bytes.count


def _check_atom_lines(frame: Frame, n_lines: int, last: bool) -> None:
    if n_lines == frame.n_atoms and frame.body.endswith(b"\n") and not frame.body[-2:].isspace():
        return  # as almost always; the rest copies the text
    count = _line_ends(frame.body.rstrip()) + bool(frame.body.strip())
    where = f"{frame.path}, line {frame.line + count}: the frame of step {frame.step} has"
    if count > frame.n_atoms:
        raise TrajectoryError(f"{where} {count} atom lines where NUMBER OF ATOMS says {frame.n_atoms}")
    if count < frame.n_atoms:
        message = f"{where} {count} of {frame.n_atoms} atom lines"
        raise TruncatedDumpError(f"{message}; the file was cut short") if last else TrajectoryError(message)
    if not frame.body.endswith(b"\n"):
        raise TruncatedDumpError(f"{where} no line end after its last atom; the file was cut short")


def _not_a_dump(path: Path, block: bytes, line: int) -> TrajectoryError:
    if not block.strip():
        return TrajectoryError(f"{path}: the file is empty")
    what = f"not a LAMMPS text dump (starts with {_shown(block)}, not 'ITEM: TIMESTEP')"
    return TrajectoryError(f"{path}, line {line}: {what}")


def _shown(text: bytes) -> str:
    return repr(text.lstrip()[:40].split(b"\n")[0].decode("ascii", errors="backslashreplace").strip())
