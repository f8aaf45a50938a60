"""Bond angles of tetrahedra, crystals and random directions."""

from dataclasses import replace

import numpy as np
import pytest

from glasswf.errors import AnalysisError
from glasswf.structure.angle_peaks import maxima
from glasswf.structure.angles import AngleDistributions, default_triplets, measure_angles
from glasswf.structure.averages import Sampled
from glasswf.structure.pair_rows import angle_peak_rows, angle_rows
from glasswf.trajectory import from_arrays

CORNERS = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / np.sqrt(3)
TETRAHEDRAL = np.degrees(np.arccos(-1 / 3))


def trajectory_of(frames, box, elements):
    frames = np.asarray(frames, dtype=float)
    first = from_arrays(np.tile(frames[:1], (len(frames), 1, 1)), np.arange(len(frames)), box, elements)
    return replace(first, positions=frames)


def tetrahedra(rng, jitter_a=0.0, n_frames=1):
    """27 SiS4 of random orientation, far apart, across the faces of the box."""
    sites = 8.0 * np.stack(np.meshgrid(*3 * [range(3)]), axis=-1).reshape(-1, 1, 3)
    turns = np.linalg.qr(rng.normal(size=(27, 3, 3)))[0]
    atoms = sites + np.concatenate([np.zeros((27, 1, 3)), 2.13 * CORNERS @ turns], axis=1)
    frames = atoms.reshape(1, -1, 3) + jitter_a * rng.normal(size=(n_frames, 135, 3))
    return trajectory_of(frames, [24.0] * 3, ["Si", "S", "S", "S", "S"] * 27)


def test_perfect_tetrahedra():
    found = measure_angles([tetrahedra(np.random.default_rng(0))], [("S", "Si", "S")], {("Si", "S"): 2.7})
    density, _ = found.density(0)
    assert found.numbers.mean.sum() == 27 * 6
    assert np.flatnonzero(density).tolist() == [109]  # 109.47 degrees
    assert density.max() == pytest.approx(1.0)


def test_warm_tetrahedra_have_one_maximum_of_weight_one():
    rng = np.random.default_rng(1)
    replicas = [tetrahedra(rng, 0.08, 20) for _ in range(2)]
    found = measure_angles(replicas, [("S", "Si", "S")], {("S", "Si"): 2.7})
    (top,) = maxima(found, 0)
    assert top.angle_deg == pytest.approx(TETRAHEDRAL, abs=1.0)
    assert abs(top.angle_deg - TETRAHEDRAL) < 3 * top.angle_error_deg + 0.5
    assert 2 < top.width_deg < 6
    assert (top.weight, top.weight_error) == pytest.approx((1, 0))


def test_random_directions_follow_the_sine():
    """Ends on a sphere around each of 64 centres; divided by the sine they are level."""
    rng = np.random.default_rng(2)
    sites = 7.0 * np.stack(np.meshgrid(*3 * [range(4)]), axis=-1).reshape(-1, 1, 3)
    frames = []
    for _ in range(60):
        ends = rng.normal(size=(64, 6, 3))
        ends *= 2.0 / np.linalg.norm(ends, axis=-1, keepdims=True)
        frames.append(np.concatenate([np.broadcast_to(sites, (64, 1, 3)), sites + ends], axis=1).reshape(-1, 3))
    trajectory = trajectory_of(frames, [28.0] * 3, ["S"] + ["Na"] * 6 + (["S"] + ["Na"] * 6) * 63)
    found = measure_angles([trajectory], [("Na", "S", "Na")], {("Na", "S"): 2.5}, bin_deg=5.0)
    density, error = found.density(0)
    expected = -np.diff(np.cos(np.radians(found.edges_deg))) / 2 / 5.0
    assert found.numbers.mean.sum() == pytest.approx(64 * 15)
    assert np.abs(density - expected).max() < 6e-4
    assert (np.abs(density - expected) < 3.5 * error).mean() > 0.85
    assert found.over_sine(0)[2:-2] == pytest.approx(1 / 180, rel=0.12)
    for each in (density, found.over_sine(0)):
        assert each.sum() * 5.0 == pytest.approx(1.0, rel=1e-12)


def test_antifluorite():
    """Na2S: cubes of Na around S, tetrahedra of S around Na."""
    cells = np.stack(np.meshgrid(*3 * [range(3)]), axis=-1).reshape(-1, 1, 3)
    sulfur = np.array([[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])
    sodium = np.stack(np.meshgrid(*3 * [[0.25, 0.75]]), axis=-1).reshape(-1, 3)
    points = 6.5 * np.concatenate([(cells + sulfur).reshape(-1, 3), (cells + sodium).reshape(-1, 3)])
    trajectory = trajectory_of([points], [19.5] * 3, ["S"] * 108 + ["Na"] * 216)
    cutoffs = {("Na", "S"): 3.2}
    triplets = default_triplets(trajectory.species, cutoffs)
    assert triplets == (("Na", "S", "Na"), ("S", "Na", "S"))
    found = measure_angles([trajectory], triplets, cutoffs)
    around_sulfur, around_sodium = found.numbers.mean
    assert np.flatnonzero(around_sulfur).tolist() == [70, 109, 179]
    assert around_sulfur[[70, 109, 179]].tolist() == [108 * 12, 108 * 12, 108 * 4]
    assert np.flatnonzero(around_sodium).tolist() == [109]
    assert around_sodium[109] == 216 * 6


def test_angles_are_those_of_a_slow_search():
    rng = np.random.default_rng(6)
    box, elements = np.array([9.0, 10.0, 11.0]), np.array(["Si"] * 15 + ["S"] * 25)
    points = np.float32(rng.uniform(-20, 20, (40, 3))).astype(float)
    trajectory = trajectory_of([points], box, elements)
    found = measure_angles([trajectory], [("S", "Si", "Si")], {("S", "Si"): 4.0, ("Si", "Si"): 4.4}, bin_deg=2.0)
    expected = np.zeros(90)
    for c in range(15):
        vectors = points - points[c]
        vectors -= box * np.round(vectors / box)
        lengths = np.linalg.norm(vectors, axis=1)
        for a in range(15, 40):
            for b in range(15):
                if b != c and lengths[a] < 4.0 and lengths[b] < 4.4:
                    cosine = vectors[a] @ vectors[b] / (lengths[a] * lengths[b])
                    expected[int(np.degrees(np.arccos(cosine)) / 2)] += 1
    assert expected.sum() > 100
    assert np.array_equal(found.numbers.mean[0], expected)


def test_two_maxima_share_the_weight():
    edges = np.linspace(0, 180, 181)
    middles = (edges[1:] + edges[:-1]) / 2
    truth = 0.4 * np.exp(-((middles - 88) ** 2) / 32) / 4 + 0.6 * np.exp(-((middles - 112) ** 2) / 72) / 6
    rng = np.random.default_rng(3)
    numbers = rng.poisson(truth * 4000, (3, 5, 1, 180)).astype(float)
    first, second = maxima(AngleDistributions(edges, (("Si", "S", "Si"),), Sampled(numbers)), 0)
    assert (first.angle_deg, second.angle_deg) == pytest.approx((88, 112), abs=0.7)
    assert (first.width_deg, second.width_deg) == pytest.approx((4, 6), abs=0.6)
    assert (first.weight, second.weight) == pytest.approx((0.4, 0.6), abs=0.02)
    assert first.weight + second.weight == pytest.approx(1, rel=1e-12)
    assert 0 < first.weight_error < 0.05 and 0 < first.angle_error_deg < 1


def test_rows_leave_out_what_has_no_angles():
    rng = np.random.default_rng(1)
    triplets = [("S", "Si", "S"), ("Si", "S", "Si")]
    found = measure_angles([tetrahedra(rng, 0.1, 5)], triplets, {("S", "Si"): 2.7})
    rows = angle_rows(found)
    assert {(row["species_a"], row["centre"], row["species_b"]) for row in rows} == {("S", "Si", "S")}
    assert sum(row["density_1_deg"] for row in rows) == pytest.approx(1)
    assert [row["number"] for row in angle_peak_rows(found)] == [1]
    assert maxima(found, 1) == []
    assert np.isnan(found.density(1)[0]).all()


def test_only_angles_between_species_that_exist_and_have_bonds():
    assert default_triplets(("Na", "S", "Si"))[0] == ("Si", "S", "Si") and len(default_triplets(("Na", "S", "Si"))) == 5
    assert default_triplets(("S", "Si")) == (("Si", "S", "Si"), ("S", "Si", "S"), ("S", "Si", "Si"))
    assert default_triplets(("S", "Si"), {("S", "Si"): 2.7}) == (("Si", "S", "Si"), ("S", "Si", "S"))


@pytest.mark.parametrize(
    ("cutoffs", "bin_deg", "message"),
    [
        ({("Na", "S"): 3.0}, 1.0, "no bond length given for S-Si, which the angle S-Si-S needs"),
        ({("Si", "S"): 2.7}, 7.0, "bins of 7 degrees do not divide 180"),
        ({("Si", "S"): 2.7}, 0.0, "bins of 0 degrees"),
        ({("Si", "S"): 13.0}, 1.0, "longer than half the box"),
    ],
)
def test_impossible_angles_are_refused(cutoffs, bin_deg, message):
    with pytest.raises(AnalysisError, match=message):
        measure_angles([tetrahedra(np.random.default_rng(0))], [("S", "Si", "S")], cutoffs, bin_deg)
