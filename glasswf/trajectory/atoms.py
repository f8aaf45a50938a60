"""The atom lines of a frame as numbers, sorted by id; every frame must hold the same atoms."""

from itertools import chain

import numpy as np

from glasswf.errors import TrajectoryError
from glasswf.trajectory.columns import Layout
from glasswf.trajectory.dump import Frame


class AtomTable:
    """Reads atom lines of one trajectory.

    ids: (N,) sorted. Made from the first frame; `numbers` then insists that later frames hold the same atoms with the
    same species, in any order.
    """

    def __init__(self, frame: Frame, layout: Layout):
        self._layout = layout
        self._n_atoms = frame.n_atoms
        tokens = self._tokens(frame)
        self.ids = self._sort(frame, self._column(tokens, "id"))
        if repeated := self.ids[1:][np.diff(self.ids) == 0].tolist():
            raise TrajectoryError(f"{frame.path}, step {frame.step}: atom id {repeated[0]} stands twice in one frame")
        self._species = {name: self.words(frame, name) for name in ("type", "element") if layout.has(name)}

    def words(self, frame: Frame, name: str) -> list[bytes]:
        """One column as it stands, sorted by id."""
        return self._sorted(self._column(self._tokens(frame), name))

    def floats(self, frame: Frame, name: str) -> np.ndarray:
        """One column (N,) as numbers, sorted by id."""
        column = self._column(self._tokens(frame), name)
        return self._converted(frame, [column], (name,))[0]

    def numbers(self, frame: Frame) -> np.ndarray:
        """Numeric columns (n_columns, N) of `layout.numbers`, sorted by id.

        Raises TrajectoryError, with the line, for a changed set of atoms, columns or species, a word that is not a
        number, NaN and infinity.
        """
        if frame.columns != self._layout.names:
            raise self._changed(frame, f"columns '{' '.join(frame.columns)}'", f"'{' '.join(self._layout.names)}'")
        if frame.n_atoms != self._n_atoms:
            raise self._changed(frame, f"{frame.n_atoms} atoms", str(self._n_atoms))
        tokens = self._tokens(frame)
        self._follow(frame, tokens)
        names = self._layout.numbers
        return self._converted(frame, [self._column(tokens, name) for name in names], names)

    def _follow(self, frame: Frame, tokens: list[bytes]) -> None:
        found = self._column(tokens, "id")
        if found != self._seen:
            ids = self._sort(frame, found)
            if not np.array_equal(ids, self.ids):
                strange = np.setxor1d(ids, self.ids).tolist() or ids[1:][np.diff(ids) == 0].tolist()
                raise self._changed(frame, f"other atom ids (such as {strange[0]})", "those of the first frame")
        for name, known in self._species.items():
            if self._sorted(self._column(tokens, name)) != known:
                raise self._changed(frame, f"another {name} for some atoms", "what the first frame has")

    def _sort(self, frame: Frame, column: list[bytes]) -> np.ndarray:
        """Take the order of atoms from the id column of a frame; return the ids sorted."""
        try:
            ids = np.array([int(word) for word in column])
        except ValueError:
            raise self._bad_word(frame, ("id",), int) from None
        order = np.argsort(ids, kind="stable")
        self._seen = column
        self._order = None if (order[:-1] < order[1:]).all() else order  # None: sorted already
        return ids[order]

    def _sorted(self, column: list[bytes]) -> list[bytes]:
        return column if self._order is None else [column[i] for i in self._order]

    def _tokens(self, frame: Frame) -> list[bytes]:
        tokens = frame.body.split()
        if len(tokens) != self._n_atoms * len(self._layout.names):
            raise self._bad_line(frame)
        return tokens

    def _column(self, tokens: list[bytes], name: str) -> list[bytes]:
        return tokens[self._layout.index(name) :: len(self._layout.names)]

    def _converted(self, frame: Frame, columns: list[list[bytes]], names: tuple[str, ...]) -> np.ndarray:
        count = len(columns) * self._n_atoms
        try:
            values = np.fromiter(map(float, chain.from_iterable(columns)), float, count)
        except ValueError:
            raise self._bad_word(frame, names, float) from None
        values = values.reshape(len(columns), self._n_atoms)
        if not np.isfinite(values).all():
            column, atom = np.argwhere(~np.isfinite(values))[0]
            what = f"{names[column]} is {values[column, atom]}; the run went wrong before this frame"
            raise TrajectoryError(f"{frame.path}, line {frame.line + atom} (step {frame.step}): {what}")
        return values if self._order is None else values[:, self._order]

    def _bad_line(self, frame: Frame) -> TrajectoryError:
        wanted = len(self._layout.names)
        counts = [len(line.split()) for line in frame.body.splitlines()]
        row = next((row for row, count in enumerate(counts) if count != wanted), 0)
        what = f"{counts[row]} columns where {wanted} belong"
        return TrajectoryError(f"{frame.path}, line {frame.line + row} (step {frame.step}): {what}")

    def _bad_word(self, frame: Frame, names: tuple[str, ...], kind: type) -> TrajectoryError:
        for row, line in enumerate(frame.body.splitlines()):
            words = line.split()
            for name in names:
                if not _is(kind, words[self._layout.index(name)]):
                    word = words[self._layout.index(name)].decode(errors="replace")
                    where = f"{frame.path}, line {frame.line + row} (step {frame.step})"
                    return TrajectoryError(f"{where}: {word!r} in column {name} is not a number")
        return self._bad_line(frame)

    def _changed(self, frame: Frame, found: str, wanted: str) -> TrajectoryError:
        return TrajectoryError(f"{frame.path}, line {frame.line} (step {frame.step}): {found} where {wanted} belongs")


def _is(kind: type, word: bytes) -> bool:
    try:
        kind(word)
    except ValueError:
        return False
    return True
