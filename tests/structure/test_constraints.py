"""Constraints of networks whose stiffness is known."""

import numpy as np
import pytest

from glasswf.errors import AnalysisError
from glasswf.structure import constraints
from glasswf.structure.constraints_table import EQ_1, EVERY_BOND, constraint_rows, excursion_rows
from glasswf.theory.constraints import Network
from glasswf.trajectory import from_arrays

CUTOFFS = {"Si-S": 2.7, "Na-S": 3.5}


def cristobalite(n_cells=2, edge_a=9.8):
    """Positions, elements and box of SiS₂ with Si on a diamond lattice and S halfway along every bond."""
    face = np.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
    bond = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / 8
    silicon = np.vstack([face, face + 0.25])
    sulfur = (face[:, None] + bond[None]).reshape(-1, 3)
    shifts = np.stack(np.meshgrid(*[np.arange(n_cells)] * 3, indexing="ij"), axis=-1).reshape(-1, 1, 3)
    parts = [((part[None] + shifts).reshape(-1, 3)) * edge_a for part in (silicon, sulfur)]
    elements = ["Si"] * len(parts[0]) + ["S"] * len(parts[1])
    return np.vstack(parts), elements, np.full(3, n_cells * edge_a)


def shaken(positions, elements, box, amplitude_a, frames=60, seed=0):
    rng = np.random.default_rng(seed)
    moved = positions + rng.normal(0, amplitude_a, (frames, *positions.shape))
    return from_arrays(moved, 0.1 * np.arange(frames), box, elements)


def values(rows, kind, limit=None):
    return {row["species"]: row["constraints"] for row in rows if row["kind"] == kind and limit in (None, row["limit"])}


def test_a_stiff_network_has_the_constraints_of_eq_1():
    trajectory = shaken(*cristobalite(), 0.02)
    rows = constraint_rows(constraints.measure([trajectory], "Si", "S", CUTOFFS, (0.0, 2.0)))
    assert values(rows, "radial") == {"Si": 2.0, "S": 1.0}
    assert values(rows, "angular", 15.0) == {"Si": 5.0, "S": 1.0}
    total = next(row for row in rows if row["species"] == EQ_1 and row["limit"] == 15.0)
    assert total["constraints"] == pytest.approx(11 / 3)
    assert total["mean_field"] == pytest.approx(3 - Network().freedom(0.0, 2.0))
    assert total["constraints_err"] == 0


def test_loose_angles_are_none():
    trajectory = shaken(*cristobalite(), 0.06)
    rows = constraint_rows(constraints.measure([trajectory], "Si", "S", CUTOFFS, (0.0, 2.0)))
    assert values(rows, "radial")["Si"] == pytest.approx(2.0, abs=0.01)
    assert values(rows, "angular", 20.0)["Si"] == 5.0
    tight = values(rows, "angular", 10.0)["Si"]
    trajectory = shaken(*cristobalite(), 0.35)
    rows = constraint_rows(constraints.measure([trajectory], "Si", "S", CUTOFFS, (0.0, 2.0)))
    assert values(rows, "angular", 10.0)["Si"] < 0.5 < tight
    assert values(rows, "radial")["Si"] < 0.5


def test_deviations_are_those_of_the_shaking():
    amplitude = 0.03
    trajectory = shaken(*cristobalite(), amplitude, frames=400)
    rows = excursion_rows(constraints.measure([trajectory], "Si", "S", CUTOFFS, (0.0, 2.0), n_blocks=2))
    bonds = [row for row in rows if row["species"] == "Si" and row["kind"] == "radial"][:4]
    assert [row["deviation"] for row in bonds] == pytest.approx([np.sqrt(2) * amplitude] * 4, rel=0.02)
    angle = next(row for row in rows if row["species"] == "S" and row["kind"] == "angular")
    assert angle["mean"] > 175
    length = 9.8 * np.sqrt(3) / 8
    inside = next(row for row in rows if row["species"] == "Si" and row["kind"] == "angular")
    # in the plane of the angle θ: each end across its bond, and the centre, which moves both sides: 2 + 2 − 2 cos θ
    expected = np.degrees(amplitude / length) * np.sqrt(4 + 2 / 3)
    assert inside["deviation"] == pytest.approx(expected, rel=0.03)


def test_a_modifier_counts_once_as_in_eq_1():
    positions, elements, box = cristobalite()
    sulfur = positions[np.array(elements) == "S"]
    sodium = sulfur[:6] + np.array([1.6, -1.6, 0.0])
    trajectory = shaken(np.vstack([positions, sodium]), [*elements, *["Na"] * 6], box, 0.01)
    found = constraints.measure([trajectory, trajectory], "Si", "S", CUTOFFS, (0.045, 2.05))
    rows = constraint_rows(found)
    n = trajectory.n_atoms
    all_bonds, once = (next(r["constraints"] for r in rows if r["species"] == s and r["limit"] == 15.0)
                       for s in (EVERY_BOND, EQ_1))  # fmt: skip
    assert once == pytest.approx((64 * 7 + 128 * 2 + 6) / n)
    assert all_bonds == pytest.approx((64 * 7 + 128 * 2) / n + 2 * 6 / n * values(rows, "radial")["Na"])


def test_too_few_frames_are_refused():
    with pytest.raises(AnalysisError, match="constraints from 9 frames; deviations in time need 10"):
        constraints.measure([shaken(*cristobalite(), 0.02, frames=9)], "Si", "S", CUTOFFS, (0.0, 2.0))


def test_pure_modifier_has_no_angles_and_no_mean_field():
    rng = np.random.default_rng(1)
    trajectory = shaken(rng.uniform(0, 12, (60, 3)), ["Na"] * 40 + ["S"] * 20, np.full(3, 12.0), 0.02)
    rows = constraint_rows(constraints.measure([trajectory], "Si", "S", CUTOFFS, (1.0, None)))
    assert {row["species"] for row in rows} == {"Na", EVERY_BOND}
    assert all(row["mean_field"] is None for row in rows)
    assert set(values(rows, "angular").values()) == {0.0}
