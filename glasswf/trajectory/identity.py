"""Every frame must hold the same atoms with the same species, in any order."""

from collections.abc import Mapping

import numpy as np

from glasswf.errors import TrajectoryError


class Identity:
    """The atoms of the first frame, and the order that sorts those of any other by id.

    ids: (N,) sorted. where: file, place and step of the first frame. species: columns (N,) that must never change,
    such as type and element, by name.
    """

    def __init__(self, where: str, ids: np.ndarray, species: Mapping[str, np.ndarray]):
        self.ids = self._sort(ids)
        if repeated := self.ids[1:][np.diff(self.ids) == 0].tolist():
            raise TrajectoryError(f"{where}: atom id {repeated[0]} stands twice in one frame")
        self._species = {name: self.sorted(column) for name, column in species.items()}
        self._last: tuple = ()

    def follow(self, where: str, ids: np.ndarray, species: Mapping[str, np.ndarray]) -> None:
        """Take over the order of another frame; TrajectoryError if its atoms are not those of the first."""
        if self._last and ids is self._last[0] and species is self._last[1]:
            return  # the very columns of the frame before: nothing was read anew
        if not _same(ids, self._seen):
            self._reorder(where, ids)
        for name, known in self._species.items():
            if not _same(self.sorted(species[name]), known):
                raise _changed(where, f"another {name} for some atoms", "what the first frame has")
        self._last = ids, species

    def sorted(self, column: np.ndarray) -> np.ndarray:
        """A column (..., N) of the frame followed last, sorted by id."""
        return column if self._order is None else np.take(column.T, self._order, axis=0).T

    def _sort(self, ids: np.ndarray) -> np.ndarray:
        order = np.argsort(ids, kind="stable")
        self._seen = ids
        self._order = None if (order[:-1] < order[1:]).all() else order  # None: sorted already
        return ids[order]

    def _reorder(self, where: str, ids: np.ndarray) -> None:
        order = self._scattered(ids)
        if order is None:
            self._check(where, self._sort(ids))
        else:
            self._seen, self._order = ids, order

    def _scattered(self, ids: np.ndarray) -> np.ndarray | None:
        """The order of ids without gaps, ten times as fast as sorting; None if they have gaps or are not the known."""
        low, high, count = self.ids[0], self.ids[-1], len(self.ids)
        if high - low + 1 != count or len(ids) != count or ids.min() != low or ids.max() != high:
            return None
        order = np.full(count, -1)
        order[ids - low] = np.arange(count)
        return order if order.min() == 0 else None

    def _check(self, where: str, ids: np.ndarray) -> None:
        if len(ids) != len(self.ids):
            raise _changed(where, f"{len(ids)} atoms", str(len(self.ids)))
        if not np.array_equal(ids, self.ids):
            strange = np.setxor1d(ids, self.ids).tolist() or ids[1:][np.diff(ids) == 0].tolist()
            raise _changed(where, f"other atom ids (such as {strange[0]})", "those of the first frame")


def _same(words: np.ndarray, others: np.ndarray) -> bool:
    if words.dtype == others.dtype:
        return words.tobytes() == others.tobytes()  # ten times as fast as comparing words
    return np.array_equal(words, others)


def _changed(where: str, found: str, wanted: str) -> TrajectoryError:
    return TrajectoryError(f"{where}: {found} where {wanted} belongs")
