"""Trajectories from plain arrays are checked as files are."""

import numpy as np
import pytest
from dumps import CHARGES, species, walk

from glasswf import trajectory
from glasswf.errors import TrajectoryError

POSITIONS = walk()
TIMES = 0.1 * np.arange(6)
BOX = [10.0, 10.0, 10.0]


def made(**changes):
    given = {"positions": POSITIONS, "times_ps": TIMES, "box_lengths_a": BOX, "elements": species(9)} | changes
    return trajectory.from_arrays(**given)


def test_arrays_are_taken_as_they_are():
    read = made(charges=CHARGES, velocities=POSITIONS)
    assert read.positions is POSITIONS
    assert read.timestep == pytest.approx(0.1)
    assert read.volume_a3 == pytest.approx(1000)
    assert read.species == ("Na", "S", "Si")
    assert read.charges.tolist() == [CHARGES[name] for name in species(9)]
    assert read.masses[0] == pytest.approx(22.99, abs=0.01)
    assert read.notes == ()
    assert made(charges=np.ones(9), masses={"Na": 1, "Si": 2, "S": 3}).masses.tolist() == [1, 2, 3] * 3


def test_wrapped_arrays_are_continued_and_not_changed():
    wrapped = POSITIONS % 10
    assert (wrapped[1:] - wrapped[:-1]).max() > 5
    before = wrapped.copy()
    read = made(positions=wrapped, wrapped=True)
    np.testing.assert_allclose(read.positions - read.positions[0], POSITIONS - POSITIONS[0], atol=1e-12)
    np.testing.assert_array_equal(wrapped, before)
    assert "continued by the minimum image" in read.notes[0]


def jumped(by):
    positions = POSITIONS.copy()
    positions[3:, 2, 1] += by
    return positions


def with_nan(values, *where):
    values = np.array(values, dtype=float)
    values[where] = np.nan
    return values


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"positions": POSITIONS[:, :, :2]}, r"positions of shape \(6, 9, 2\) where \(n_frames, 9, 3\) belongs"),
        ({"elements": species(8)}, r"positions of shape \(6, 9, 3\) where \(n_frames, 8, 3\) belongs"),
        ({"positions": [[1, 2], [3]]}, "positions are not numbers of one shape"),
        ({"positions": POSITIONS[:0], "times_ps": []}, "0 frames of 9 atoms"),
        ({"positions": with_nan(POSITIONS, 2, 3, 1)}, r"positions\[2, 3, 1\] is nan"),
        ({"times_ps": TIMES[:5]}, r"times_ps of shape \(5,\) where \(6\) belongs"),
        ({"times_ps": with_nan(TIMES, 2)}, r"times_ps\[2\] is nan"),
        ({"times_ps": TIMES[[0, 1, 2, 2, 4, 5]]}, "frame 4: time 0.2 ps after 0.2 ps; times must increase"),
        ({"box_lengths_a": [10, 10]}, r"box_lengths_a of shape \(2,\)"),
        ({"box_lengths_a": [10, 10, 0]}, "box lengths must be positive, not 0"),
        ({"charges": np.ones(8)}, r"charges of shape \(8,\) where \(9\) belongs"),
        ({"charges": {"Na": 1}}, "no charges given for S"),
        ({"masses": np.zeros(9)}, "masses must be positive, not 0"),
        ({"velocities": POSITIONS[:5]}, r"velocities of shape \(5, 9, 3\)"),
        ({"elements": ["Xx"] * 9}, "'Xx' is no chemical element"),
        ({"positions": jumped(6)}, r"frame 4: an atom moved 0.[56]\d box lengths .*limit 0.5 for unwrapped"),
        ({"positions": jumped(4.5) % 10, "wrapped": True}, "frame 4: wrapped coordinates cannot be unwrapped"),
    ],
)
def test_faults_are_one_line(changes, match):
    with pytest.raises(TrajectoryError, match=f"arrays.*{match}") as caught:
        made(**changes)
    assert "\n" not in str(caught.value)


def test_one_frame_has_no_timestep():
    with pytest.raises(TrajectoryError, match="one frame only"):
        made(positions=POSITIONS[:1], times_ps=[0]).timestep  # noqa: B018
