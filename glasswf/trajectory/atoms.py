"""Frames of text as snapshots: columns sorted by id, the same atoms in every frame."""

import numpy as np

from glasswf.trajectory.columns import Layout
from glasswf.trajectory.dump import Frame
from glasswf.trajectory.identity import Identity
from glasswf.trajectory.lines import AtomLines
from glasswf.trajectory.snapshot import Atoms, Snapshot


class SortedAtoms:
    """Reads the atom lines of one trajectory; made from its first frame."""

    def __init__(self, frame: Frame, layout: Layout, compiled: bool):
        self._layout = layout
        lines = AtomLines(layout, compiled=False)
        table = lines.table(frame)
        self._identity = Identity(f"{frame.path}, step {frame.step}", table.ids, table.species)
        self.atoms = self._atoms(frame, lines, table.species)
        self._lines = AtomLines(layout, compiled=True) if compiled else lines

    def numbers(self, frame: Frame) -> np.ndarray:
        """Numeric columns (n_columns, N) of `layout.numbers`, sorted by id.

        Raises TrajectoryError, with the line, for a changed set of atoms, columns or species, a word that is not a
        number, NaN and infinity.
        """
        table = self._lines.table(frame)
        self._identity.follow(frame.where, table.ids, table.species)
        return self._identity.sorted(table.numbers)

    def snapshot(self, frame: Frame, time_ps: float | None) -> Snapshot:
        """A frame with its columns by use; raises as `numbers` does."""
        numbers, layout = self.numbers(frame), self._layout
        return Snapshot(
            path=frame.path,
            where=frame.where,
            step=frame.step,
            time_ps=time_ps,
            atoms=self.atoms,
            style=layout.style,
            bounds=frame.bounds,
            coordinates=numbers[:3].T,
            images=numbers[3:6].T if layout.images else None,
            velocities=numbers[-3:].T if layout.velocities else None,
        )

    def _atoms(self, frame: Frame, lines: AtomLines, species: dict[str, np.ndarray]) -> Atoms:
        named, by_id = self._layout.has, self._identity.sorted
        return Atoms(
            ids=self._identity.ids,
            types=by_id(lines.floats(frame, "type")).astype(int) if named("type") else None,
            elements=np.char.decode(by_id(species["element"])) if named("element") else None,
            charges=by_id(lines.floats(frame, "q")) if named("q") else None,
        )
