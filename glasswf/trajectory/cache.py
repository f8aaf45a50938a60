"""A folder of memory-mapped arrays per dump, valid only for the very files it was made from."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from glasswf.errors import TrajectoryError
from glasswf.files import clear_os_errors

_FORMAT = 2  # raise when the arrays change their meaning


@dataclass(frozen=True)
class Stored:
    """Arrays of a trajectory as read: memory-mapped positions and velocities, and the small arrays by name."""

    positions: np.ndarray
    velocities: np.ndarray | None
    small: dict[str, np.ndarray]


def fetch(sources: Sequence[Path], how: Sequence, folder: Path | str | None, convert: Callable[[Path], None]) -> Stored:
    """Arrays of `sources`, from the cache `folder` if they are there, else made by `convert(entry folder)`.

    how: whatever besides the sources decides what the arrays hold, as JSON data.
    An entry is built aside and moved into place when complete, and it is found by the name, size and time of change
    of every source, so neither a half nor a stale one is ever used. Without `folder` the arrays live in a temporary
    file that vanishes with them.
    """
    before = _fingerprint(sources)
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="glasswf-") as temporary:
            return _built(sources, before, Path(temporary), convert)
    entry = _entry(Path(folder), sources, before, how)
    if entry.is_dir():
        return load(entry)
    with clear_os_errors(entry):
        entry.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{entry.name}.", dir=entry.parent) as temporary:
            _built(sources, before, Path(temporary) / "entry", convert)
            _publish(Path(temporary) / "entry", entry)
    return load(entry)


def load(entry: Path) -> Stored:
    """Open the arrays of one cache entry; they stay valid if the entry is removed later."""
    velocities = entry / "velocities.npy"
    with np.load(entry / "small.npz", allow_pickle=False) as small:
        return Stored(
            np.load(entry / "positions.npy", mmap_mode="r"),
            np.load(velocities, mmap_mode="r") if velocities.exists() else None,
            dict(small),
        )


class GrowingArray:
    """An .npy file (n, *shape) of float64 that grows by one item at a time; a context manager, complete on leaving."""

    def __init__(self, path: Path, shape: tuple[int, ...]):
        self._handle = path.open("wb")
        self._shape, self._count = shape, 0
        self._write_header()

    def append(self, item: np.ndarray) -> None:
        """Add one item of the given shape."""
        self._handle.write(np.ascontiguousarray(item, dtype=np.float64).data)
        self._count += 1

    def __enter__(self) -> "GrowingArray":
        return self

    def __exit__(self, *_: object) -> None:
        with self._handle:  # numpy leaves room in the header for the first axis to grow
            self._handle.seek(0)
            self._write_header()

    def _write_header(self) -> None:
        header = {"descr": "<f8", "fortran_order": False, "shape": (self._count, *self._shape)}
        np.lib.format.write_array_header_1_0(self._handle, header)


def _built(sources: Sequence[Path], before: list, folder: Path, convert: Callable[[Path], None]) -> Stored:
    folder.mkdir(exist_ok=True)
    convert(folder)
    if _fingerprint(sources) != before:
        raise TrajectoryError(f"{sources[0]}: changed while it was read; wait until the run has finished")
    return load(folder)


def _publish(built: Path, entry: Path) -> None:
    try:
        built.rename(entry)
    except OSError:
        if not entry.is_dir():  # else another process was faster, with the same arrays
            raise
    stem = entry.name.rpartition("-")[0]
    for stale in entry.parent.glob(f"{stem}-*"):
        if stale.name != entry.name:
            shutil.rmtree(stale, ignore_errors=True)


def _entry(folder: Path, sources: Sequence[Path], fingerprint: list, how: Sequence) -> Path:
    names = _digest([[str(source.resolve()) for source in sources], *how])
    return folder / f"{sources[0].name}-{names}-{_digest([_FORMAT, fingerprint])}"


def _fingerprint(sources: Sequence[Path]) -> list:
    try:
        return [[source.name, source.stat().st_size, source.stat().st_mtime_ns] for source in sources]
    except OSError as error:
        what = "no such file" if isinstance(error, FileNotFoundError) else error.strerror
        raise TrajectoryError(f"{error.filename}: {what}; give the path of a trajectory") from None


def _digest(data: list) -> str:
    return hashlib.sha256(json.dumps(data).encode()).hexdigest()[:16]
