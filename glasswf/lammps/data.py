"""Reading back the data file that a run of ours ends with, without the second it takes to import a general reader."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glasswf.errors import LammpsError


def final_positions(path: Path) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Positions (N, 3) in the order of the file, and box lengths (3,), in Å, of a data file of atom style `charge`.

    Raises LammpsError if the file is cut short.
    """
    head, _, rest = path.read_text(encoding="utf-8").partition("Atoms # charge")
    try:
        n_atoms = next(int(line.split()[0]) for line in head.splitlines() if line.endswith(" atoms"))
        bounds = [line.split()[:2] for line in head.splitlines() if line.endswith("hi")]
        lengths = np.diff(np.array(bounds, dtype=float).reshape(3, 2), axis=1)[:, 0]
        rows = [line.split()[3:6] for line in rest.split("\n", n_atoms + 2)[2 : n_atoms + 2]]
        return np.array(rows, dtype=float).reshape(n_atoms, 3), lengths
    except (ValueError, StopIteration):
        raise LammpsError(f"{path}: not the whole data file of a run; start the run again") from None
