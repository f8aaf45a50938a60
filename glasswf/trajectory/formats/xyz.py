"""Extended XYZ: a count, a line of key=value (Lattice, Properties), and one line per atom.

Steps are taken from a key Timestep or Step; times are not, for no key has an agreed unit. Velocities are read as ASE
writes them (momenta, in its units); columns called vel or velo are Å/fs with some programs and Å/ps with others.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import numpy as np
from ase import units
from ase.data import atomic_masses, atomic_numbers

from glasswf.errors import TrajectoryError
from glasswf.trajectory.atoms import SortedAtoms
from glasswf.trajectory.columns import Layout
from glasswf.trajectory.dump import Frame
from glasswf.trajectory.formats.options import Options
from glasswf.trajectory.snapshot import Snapshot, Style
from glasswf.trajectory.stream import Progress, TruncatedDumpError, chunks

_STEP = ("timestep", "step", "md_step")
_CHARGES = ("charges", "charge", "initial_charges", "q")
_NAMES = {"species": ("element",), "pos": ("x", "y", "z"), "momenta": ("px", "py", "pz"), "id": ("id",)}
_COUNT = re.compile(rb"\s*\d+\s*\n")


def recognise(head: bytes) -> bool:
    """Whether a file that starts with `head` is extended XYZ."""
    return bool(_COUNT.match(head)) and b"Properties=" in head and b"Lattice=" in head


def is_plain(head: bytes) -> bool:
    """Whether it is XYZ without a box."""
    return bool(_COUNT.match(head)) and not recognise(head)


class ExtendedXyz:
    """Reads the extended XYZ files of one trajectory, one after the other."""

    def __init__(self, options: Options):
        self._options, self._atoms = options, None

    def __call__(self, path: Path, progress: Progress | None = None) -> Iterator[Snapshot]:
        """Yield the frames of one file; TrajectoryError, with the line, for everything that is wrong with it."""
        for frame in _frames(path, progress):
            self._atoms = self._atoms or SortedAtoms(frame, self._layout(frame), self._options.compiled)
            found = self._atoms.snapshot(frame, None)
            yield self._with_velocities(found) if self._options.velocities else found

    def _layout(self, frame: Frame) -> Layout:
        where = f"{frame.path}, line {frame.line - 1}"
        if not {"element", "x"} <= set(frame.columns):
            raise TrajectoryError(f"{where}: Properties must name species:S:1 and pos:R:3")
        if self._options.velocities and "px" not in frame.columns:
            raise TrajectoryError(
                f"{where}: no momenta:R:3; velocities of other names have no agreed unit and are not read"
            )
        velocities = _NAMES["momenta"] if self._options.velocities else ()
        return Layout(frame.columns, _NAMES["pos"], Style(wrapped=None), velocities=velocities)

    def _with_velocities(self, frame: Snapshot) -> Snapshot:
        masses = np.array([atomic_masses[atomic_numbers[symbol]] for symbol in frame.atoms.elements])
        per_ps = 1000 * units.fs  # of ASE's own unit of time
        frame.velocities[:] *= per_ps / masses[:, None]
        return frame


def _frames(path: Path, progress: Progress | None) -> Iterator[Frame]:
    lines, number, stop = _lines(path, progress), 1, 0
    for text in lines:
        if not text.strip():
            number += 1
            continue
        n_atoms = _n_atoms(path, number, text)
        comment = next(lines, b"").decode(errors="replace")
        rows = list(islice(lines, n_atoms))
        if len(rows) < n_atoms or not rows[-1].endswith(b"\n"):
            raise TruncatedDumpError(
                f"{path}, line {number}: {len(rows)} of {n_atoms} atom lines; the file was cut short"
            )
        yield _frame(path, number + 1, comment, rows, stop)
        number += n_atoms + 2


def _frame(path: Path, line: int, comment: str, rows: list[bytes], stop: int) -> Frame:
    where = f"{path}, line {line}"
    from ase.io.extxyz import key_val_str_to_dict  # half a second, for those who need it

    keys = {key.lower(): value for key, value in key_val_str_to_dict(comment).items()}
    step = next((keys[key] for key in _STEP if key in keys), None)
    return Frame(
        path=path,
        step=None if step is None else int(step),
        time=None,
        units=None,
        n_atoms=len(rows),
        bounds=_bounds(where, keys),
        columns=_columns(where, keys),
        body=b"".join(rows),
        line=line + 1,
        stop=stop,
    )


def _bounds(where: str, keys: Mapping) -> np.ndarray:
    try:
        lattice = np.asarray(keys["lattice"], dtype=float).reshape(3, 3)
        lower = np.asarray(keys.get("origin", np.zeros(3)), dtype=float).reshape(3)
    except (KeyError, ValueError):
        raise TrajectoryError(f'{where}: no box; Lattice="ax 0 0 0 by 0 0 0 cz" belongs here') from None
    lengths = np.diag(lattice)
    if (lattice != np.diag(lengths)).any():
        raise TrajectoryError(f"{where}: the box is triclinic; only orthogonal boxes can be read")
    if not np.all(keys.get("pbc", True)):
        raise TrajectoryError(f"{where}: the box is not periodic along every axis; only periodic boxes can be read")
    return np.stack([lower, lower + lengths], axis=1)


def _columns(where: str, keys: Mapping) -> tuple[str, ...]:
    """Names of single columns from Properties=name:kind:count:..."""
    parts = str(keys.get("properties", "")).split(":")
    names = []
    for name, count in zip(parts[::3], parts[2::3], strict=False):
        if not count.isdigit():
            raise TrajectoryError(f"{where}: Properties={':'.join(parts)} is not a list of name:kind:count")
        names += _named(name, int(count))
    return tuple(names)


def _named(name: str, count: int) -> tuple[str, ...]:
    known = ("q",) if name in _CHARGES else _NAMES.get(name, ())
    return known if len(known) == count else tuple(f"{name}:{index}" for index in range(count))


def _n_atoms(path: Path, number: int, text: bytes) -> int:
    if not text.strip().isdigit() or int(text) < 1:
        shown = text[:40].decode(errors="replace").strip()
        raise TrajectoryError(f"{path}, line {number}: the number of atoms belongs here, not {shown!r}")
    return int(text)


def _lines(path: Path, progress: Progress | None) -> Iterator[bytes]:
    rest = b""
    for piece in chunks(path, progress):
        lines = (rest + piece).splitlines(keepends=True)
        rest = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
        yield from lines
    if rest:
        yield rest
