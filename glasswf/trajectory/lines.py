"""The atom lines of a text frame as columns, in the order they stand in the file.

Long files go through a compiled kernel. Whatever it does not find clean is read again in Python, word by word, which is
thirty times as slow and says what is wrong.
"""

from itertools import chain
from typing import NamedTuple

import numpy as np

from glasswf.errors import TrajectoryError
from glasswf.trajectory.columns import Layout
from glasswf.trajectory.dump import Frame


class Table(NamedTuple):
    """Columns of one frame: ids (N,), species (N,) bytes by name, numbers (n_columns, N) of `layout.numbers`."""

    ids: np.ndarray
    species: dict[str, np.ndarray]
    numbers: np.ndarray


class AtomLines:
    """Reads the atom lines of frames that have the columns of `layout`; `compiled` says whether by the kernel first."""

    def __init__(self, layout: Layout, compiled: bool):
        self._layout = layout
        self._species = tuple(name for name in ("type", "element") if layout.has(name))
        self._kernel = _Kernel(layout, self._species) if compiled else None

    def table(self, frame: Frame) -> Table:
        """Ids, species and numbers of a frame.

        Raises TrajectoryError, with the line, for other columns, a word that is not a number, NaN and infinity.
        """
        if frame.columns != self._layout.names:
            found, wanted = (" ".join(names) for names in (frame.columns, self._layout.names))
            raise TrajectoryError(f"{frame.where}: columns '{found}' where '{wanted}' belongs")
        return (self._kernel and self._kernel.table(frame)) or self._slowly(frame)

    def floats(self, frame: Frame, name: str) -> np.ndarray:
        """One column (N,) as numbers."""
        return self._converted(frame, [self._column(self._tokens(frame), name)], (name,))[0]

    def _slowly(self, frame: Frame) -> Table:
        tokens, names = self._tokens(frame), self._layout.numbers
        species = {name: _words(self._column(tokens, name)) for name in self._species}
        numbers = self._converted(frame, [self._column(tokens, name) for name in names], names)
        return Table(self._ids(frame, tokens), species, numbers)

    def _ids(self, frame: Frame, tokens: list[bytes]) -> np.ndarray:
        if not self._layout.has("id"):
            return np.arange(1, frame.n_atoms + 1)
        try:
            return np.array([int(word) for word in self._column(tokens, "id")])
        except ValueError:
            raise self._bad_word(frame, ("id",), int) from None

    def _tokens(self, frame: Frame) -> list[bytes]:
        tokens = frame.body.split()
        if len(tokens) != frame.n_atoms * len(self._layout.names):
            raise self._bad_line(frame)
        return tokens

    def _column(self, tokens: list[bytes], name: str) -> list[bytes]:
        return tokens[self._layout.index(name) :: len(self._layout.names)]

    def _converted(self, frame: Frame, columns: list[list[bytes]], names: tuple[str, ...]) -> np.ndarray:
        count = len(columns) * frame.n_atoms
        try:
            values = np.fromiter(map(float, chain.from_iterable(columns)), float, count)
        except ValueError:
            raise self._bad_word(frame, names, float) from None
        values = values.reshape(len(columns), frame.n_atoms)
        if not np.isfinite(values).all():
            column, atom = np.argwhere(~np.isfinite(values))[0]
            what = f"{names[column]} is {values[column, atom]}; the run went wrong before this frame"
            raise TrajectoryError(f"{frame.at(atom)}: {what}")
        return values

    def _bad_line(self, frame: Frame) -> TrajectoryError:
        wanted = len(self._layout.names)
        counts = [len(line.split()) for line in frame.body.splitlines()]
        row = next((row for row, count in enumerate(counts) if count != wanted), 0)
        return TrajectoryError(f"{frame.at(row)}: {counts[row]} columns where {wanted} belong")

    def _bad_word(self, frame: Frame, names: tuple[str, ...], kind: type) -> TrajectoryError:
        for row, line in enumerate(frame.body.splitlines()):
            words = line.split()
            for name in names:
                word = words[self._layout.index(name)]
                if not _is(kind, word):
                    shown = word.decode(errors="replace")
                    return TrajectoryError(f"{frame.at(row)}: {shown!r} in column {name} is not a number")
        return self._bad_line(frame)


class _Kernel:
    """The compiled reader for one layout.

    What stands before the first number of a line (id, type, element, charge) is mostly the same in every frame; then it
    is compared and not read.
    """

    def __init__(self, layout: Layout, species: tuple[str, ...]):
        from glasswf.trajectory import kernel

        self._parse, self._species, self._n_numbers = kernel.parse, species, len(layout.numbers)
        identity = ("id",) if layout.has("id") else ()
        self._uses, self._slots = np.zeros((2, len(layout.names)), dtype=np.int64)
        for use, names in ((kernel.WORD, species), (kernel.NUMBER, layout.numbers), (kernel.IDENTITY, identity)):
            for slot, name in enumerate(names):
                self._uses[layout.index(name)], self._slots[layout.index(name)] = use, slot
        first = min(map(layout.index, layout.numbers))
        self._first = first if all(layout.index(name) < first for name in (*identity, *species)) else 0
        self._known: tuple | None = None

    def table(self, frame: Frame) -> Table | None:
        """Columns of a frame whose lines are all clean."""
        text = np.frombuffer(frame.body, np.uint8)
        numbers = np.empty((frame.n_atoms, self._n_numbers)).T  # as on disk: the numbers of an atom together
        if self._known and len(self._known[0]) == frame.n_atoms:
            ids, species, words, *known = self._known
            if self._parse(text, self._uses, self._slots, ids, words, numbers, *known, self._first):
                return Table(ids, species, numbers)
        ids = np.arange(1, frame.n_atoms + 1)
        words = np.empty((len(self._species), frame.n_atoms), dtype="S8")
        none = np.empty(0, np.uint8), np.zeros(frame.n_atoms + 1, dtype=np.int64)
        if not self._parse(text, self._uses, self._slots, ids, words.view(np.uint64), numbers, *none, 0):
            return None
        species = dict(zip(self._species, words, strict=True))
        if self._known is None and self._first:
            self._known = ids, species, words.view(np.uint64), *_leading(frame.body, self._first)
        return Table(ids, species, numbers)


def _leading(body: bytes, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The first `count` columns of every line as bytes one after the other, and where each line starts in them."""
    parts = [line[: len(line) - len(line.split(None, count)[count])] for line in body.split(b"\n")[:-1]]
    stops = np.cumsum([0, *map(len, parts)])
    return np.frombuffer(b"".join(parts), np.uint8), stops


def _words(column: list[bytes]) -> np.ndarray:
    words = np.array(column)
    return words.astype("S8") if words.itemsize < 8 else words


def _is(kind: type, word: bytes) -> bool:
    try:
        kind(word)
    except ValueError:
        return False
    return True
