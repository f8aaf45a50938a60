"""Every way of writing the same motion down is read as the same motion."""

import numpy as np
import pytest
from dumps import dump_text, frame_text, walk, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from glasswf import trajectory
from glasswf.errors import TrajectoryError

POSITIONS = walk()


@pytest.mark.parametrize(
    "columns",
    [
        "id type element q xu yu zu",
        "zu q id xu element yu type",
        "id element xsu ysu zsu",
        "id element x y z ix iy iz",
        "iz iy ix id element zs ys xs",
        "id element x y z xu yu zu",  # wrapped and unwrapped together: unwrapped wins
        "id element x y z xsu ysu zsu",
        "id element xs ys zs x y z ix iy iz",
    ],
)
def test_same_positions_whatever_the_columns(tmp_path, columns):
    path = write(tmp_path / "d", dump_text(POSITIONS, columns=columns))
    read = trajectory.open(path)
    np.testing.assert_allclose(read.positions, POSITIONS, atol=1e-12)


@pytest.mark.parametrize("columns", ["id element x y z", "id element xs ys zs"])
def test_wrapped_coordinates_are_continued_by_the_minimum_image(tmp_path, columns):
    assert np.ptp(np.floor(POSITIONS / 10), axis=0).any()  # some atoms do cross a face
    path = write(tmp_path / "d", dump_text(POSITIONS, columns=columns))
    read = trajectory.open(path)
    np.testing.assert_allclose(read.positions - read.positions[0], POSITIONS - POSITIONS[0], atol=1e-12)


def test_wrapped_coordinates_with_long_jumps_are_refused(tmp_path):
    positions = POSITIONS.copy()
    positions[3:, 2, 1] += 4.5  # of 10 Å
    path = write(tmp_path / "d", dump_text(positions, columns="id element x y z"))
    with pytest.raises(TrajectoryError, match=r"d, line .*\(step 300\): .*cannot be unwrapped.*'xu yu zu'"):
        trajectory.open(path)


def test_a_breathing_box_moves_no_atom_at_rest(tmp_path):
    fractions = np.array([[0.02, 0.5, 0.98]])
    lengths = [10.0, 10.4, 9.7]
    frames = [frame_text(fractions * L, 10 * i, length=L, columns="id element xs ys zs") for i, L in enumerate(lengths)]
    read = trajectory.open(write(tmp_path / "d", "".join(frames)), timestep_fs=1.0)
    np.testing.assert_allclose(read.box_lengths_a, np.repeat(lengths, 3).reshape(3, 3))
    np.testing.assert_allclose(read.positions[:, 0], np.outer(lengths, fractions[0]))
    assert read.volume_a3 == pytest.approx(np.mean(np.array(lengths) ** 3))


def test_unsorted_atoms_are_sorted_by_id(tmp_path):
    rng = np.random.default_rng(5)
    columns = "type vx vy vz id q xu yu zu element"
    frames = [
        frame_text(frame, 10 * i, order=rng.permutation(len(frame)), velocities=2 * frame, columns=columns)
        for i, frame in enumerate(POSITIONS)
    ]  # fmt: skip
    read = trajectory.open(write(tmp_path / "d", "".join(frames)), timestep_fs=2.0, velocities=True)
    np.testing.assert_array_equal(read.positions, POSITIONS)
    np.testing.assert_array_equal(read.velocities, 2 * POSITIONS)
    np.testing.assert_array_equal(read.ids, np.arange(1, 10))
    assert read.elements.tolist() == ["Na", "Si", "S"] * 3
    assert read.types.tolist() == [1, 2, 3] * 3
    assert read.charges.tolist() == [0.6, 2.4, -1.2] * 3


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    positions=hnp.arrays(
        float, st.tuples(st.integers(1, 4), st.integers(1, 6), st.just(3)), elements=st.floats(-1e6, 1e6, width=64)
    ),
    first=st.integers(0, 10**9),
    order=st.randoms(use_true_random=False),
)
def test_round_trip_is_exact(tmp_path, positions, first, order):
    mixed = list(range(positions.shape[1]))
    order.shuffle(mixed)
    path = write(tmp_path / "d", dump_text(positions, first=first, order=mixed, length=1e7))
    read = trajectory.open(path)
    np.testing.assert_array_equal(read.positions, positions)
    assert read.steps.tolist() == [first + 100 * i for i in range(len(positions))]


@pytest.mark.parametrize("columns", ["id element xu yu zu", "id element xsu ysu zsu", "id element x y z ix iy iz"])
def test_unwrapped_coordinates_with_jumps_over_half_a_box_are_refused(tmp_path, columns):
    positions = POSITIONS.copy()
    positions[3:, 2, 1] += 6  # of 10 Å
    path = write(tmp_path / "d", dump_text(positions, columns=columns))
    with pytest.raises(
        TrajectoryError, match=r"\(step 300\): an atom moved 0.\d\d box lengths .*limit 0.5 for unwrapped"
    ):
        trajectory.open(path)


def test_ids_with_gaps_are_sorted_too(tmp_path):
    rng = np.random.default_rng(5)
    frames = [frame_text(frame, 10 * i, order=rng.permutation(9)) for i, frame in enumerate(POSITIONS)]
    text = "".join(frames).replace("\n3 3 S", "\n30 3 S")
    read = trajectory.open(write(tmp_path / "d", text), timestep_fs=1.0)
    assert read.ids.tolist() == [1, 2, 4, 5, 6, 7, 8, 9, 30]
    np.testing.assert_array_equal(read.positions, POSITIONS[:, [0, 1, 3, 4, 5, 6, 7, 8, 2]])
