"""Pair correlations: gases, crystals, a slow reference, another package."""

from dataclasses import replace
from itertools import combinations_with_replacement

import freud
import numpy as np
import pytest

from glasswf.errors import AnalysisError
from glasswf.structure import pair_counts as counting
from glasswf.structure.averages import Sampled
from glasswf.structure.pair_correlation import measure
from glasswf.structure.pair_rows import correlation_rows, peak_rows
from glasswf.trajectory import from_arrays

BASES = {
    "sc": [[0, 0, 0]],
    "fcc": [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]],
}
BASES["diamond"] = BASES["fcc"] + [[x + 0.25, y + 0.25, z + 0.25] for x, y, z in BASES["fcc"]]


def crystal(basis, n_cells, edge_a):
    """Positions (n, 3) and edges of the box (3,)."""
    cells = np.stack(np.meshgrid(*(range(n) for n in n_cells), indexing="ij"), axis=-1).reshape(-1, 1, 3)
    return (edge_a * (cells + np.array(basis))).reshape(-1, 3), edge_a * np.array(n_cells, dtype=float)


def trajectory_of(frames, boxes, elements):
    frames = np.asarray(frames, dtype=float)
    return from_arrays(frames, np.arange(len(frames)), boxes, elements)


def gas(rng, box, elements):
    """Frames that have nothing to do with each other, which no reader would take for a trajectory."""
    frames = rng.uniform(0, 1, (400, len(elements), 3)) * box
    return replace(from_arrays(np.tile(frames[:1], (400, 1, 1)), np.arange(400), box, elements), positions=frames)


def slow_counts(positions, kinds, n_kinds, box, bin_a, n_bins):
    counts = np.zeros((n_kinds, n_kinds, n_bins), dtype=int)
    for one, position in enumerate(positions):
        vectors = positions - position
        vectors -= box * np.round(vectors / box)
        bins = (np.linalg.norm(vectors, axis=1) / bin_a).astype(int)
        near = (bins < n_bins) & (np.arange(len(positions)) != one)
        np.add.at(counts, (kinds[one], kinds[near], bins[near]), 1)
    return counts


@pytest.mark.parametrize("route", [0.0, np.inf])
@pytest.mark.parametrize(
    ("n_atoms", "box", "longest_a"),
    [(300, (20.0, 23.0, 31.0), 5.0), (250, (18.0, 40.0, 20.0), 9.0), (200, (60.0, 24.0, 24.0), 4.0), (7, (9, 9, 9), 4)],
)
def test_counts_are_those_of_a_slow_search(monkeypatch, route, n_atoms, box, longest_a):
    """By columns and directly."""
    monkeypatch.setattr(counting, "_WORTH_COLUMNS", route)
    rng = np.random.default_rng(n_atoms)
    positions, kinds, box = rng.uniform(-70, 70, (n_atoms, 3)), rng.integers(0, 3, n_atoms), np.array(box, dtype=float)
    found = counting.pair_counts(positions, kinds, 3, box, 0.1, round(longest_a / 0.1))
    assert found.sum() > 0
    assert np.array_equal(found, slow_counts(positions, kinds, 3, box, 0.1, round(longest_a / 0.1)))


@pytest.mark.parametrize("route", [0.0, np.inf])
def test_atoms_on_the_faces_of_the_box_lose_no_neighbour(monkeypatch, route):
    monkeypatch.setattr(counting, "_WORTH_COLUMNS", route)
    positions, box = crystal(BASES["sc"], (6, 5, 7), 3.0)
    noise = np.random.default_rng(0).choice([-1e-17, 0.0, 1e-15], positions.shape)
    found = counting.pair_counts(positions + noise, np.zeros(210, dtype=int), 1, box, 0.4, 15)
    assert found[0, 0, 7] == 210 * 6  # 3 Å
    assert found[0, 0, 10] == 210 * 12  # 4.24 Å


def test_g_is_that_of_a_slow_search_in_boxes_that_change():
    rng = np.random.default_rng(5)
    boxes = rng.uniform(14, 17, (4, 3))
    elements = np.array(["Si"] * 30 + ["S"] * 50 + ["Na"] * 20)
    frames = rng.uniform(0, 1, (1, 100, 3)) * boxes[:, None]
    found = measure([trajectory_of(frames, boxes, elements)], 6.0, 0.25, n_blocks=2)
    edges = 0.25 * np.arange(25)
    kinds = np.searchsorted(found.species, elements)
    stored = np.float32(frames).astype(float)
    for index, pair in enumerate(combinations_with_replacement(found.species, 2)):
        assert found.pairs[index] == pair
        a, b = (found.species.index(name) for name in pair)
        n_pairs = found.counts[pair[0]] * (found.counts[pair[1]] - (a == b))
        expected = [
            slow_counts(frame, kinds, 3, box, 0.25, 24)[a, b]
            / n_pairs
            * box.prod()
            / (4 / 3 * np.pi * np.diff(edges**3))
            for frame, box in zip(stored, boxes, strict=True)
        ]
        halves = np.reshape(expected, (2, 2, -1)).mean(axis=1)
        assert found.g.values[0, :, index] == pytest.approx(halves, rel=1e-12)
    assert found.density_1_a3 == pytest.approx(np.mean(100 / boxes.prod(axis=1)), rel=1e-12)


def test_a_gas_has_g_of_one_with_honest_errors():
    """Few atoms, so that N for N − 1 would show: 1 − 1/12."""
    rng = np.random.default_rng(8)
    elements, box = ["Na"] * 12 + ["S"] * 20, np.array([16.0, 18.0, 20.0])
    replicas = [gas(rng, box, elements) for _ in range(3)]
    found = measure(replicas, None, 0.5)
    deviation = (found.g.mean - 1)[:, 3:] / found.g.error[:, 3:]
    assert found.g.mean.shape == (3, 16)
    assert 0.55 < (np.abs(deviation) < 1).mean() < 0.97  # the larger of two errors covers more than 68 %
    assert np.abs(deviation).max() < 5
    weights = found.edges_a[1:] ** 3 - found.edges_a[:-1] ** 3
    assert np.average(found.g.mean, axis=1, weights=weights) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    ("name", "n_cells", "edge_a", "shells"),
    [
        ("sc", (8, 8, 8), 3.033, {1: 6, 2**0.5: 12, 3**0.5: 8, 2: 6, 5**0.5: 24}),
        ("fcc", (5, 5, 6), 5.03, {0.5**0.5: 12, 1: 6, 1.5**0.5: 24, 2**0.5: 12}),
        ("diamond", (4, 5, 4), 5.43, {3**0.5 / 4: 4, 0.5**0.5: 12, 11**0.5 / 4: 12, 1: 6}),
    ],
)
def test_shells_of_crystals(name, n_cells, edge_a, shells):
    positions, box = crystal(BASES[name], n_cells, edge_a)
    found = measure([trajectory_of([positions + 0.3], box, ["Si"] * len(positions))], edge_a * max(shells) + 0.2, 0.02)
    filled = np.flatnonzero(found.neighbours.mean[0])
    for (distance, number), place in zip(shells.items(), filled, strict=True):
        assert abs(found.r_a[place] - edge_a * distance) < 0.0101
        assert found.neighbours.mean[0, place] == pytest.approx(number, rel=1e-12)
    running = found.coordination("Si", "Si")
    assert running[-1] == pytest.approx(sum(shells.values()))
    assert running[filled[0] + 1] == pytest.approx(next(iter(shells.values())))


def test_antifluorite_is_counted_both_ways():
    """Na2S: eight Na around S at √3/4 of the cell, four S around Na."""
    sulfur, box = crystal(BASES["fcc"], (4, 4, 4), 6.5)
    sodium = crystal([[x, y, z] for x in (0.25, 0.75) for y in (0.25, 0.75) for z in (0.25, 0.75)], (4, 4, 4), 6.5)[0]
    found = measure([trajectory_of([np.vstack((sulfur, sodium))], box, ["S"] * 256 + ["Na"] * 512)], 4.0, 0.02)
    assert found.coordination("S", "Na")[-1] == pytest.approx(8)
    assert found.coordination("Na", "S")[-1] == pytest.approx(4)
    assert found.coordination("Na", "Na")[-1] == pytest.approx(6)
    assert found.r_a[np.flatnonzero(found.neighbours.mean[found.index("S", "Na")])] == pytest.approx(2.815, abs=0.011)
    rows = [row for row in correlation_rows(found) if (row["species_a"], row["species_b"]) == ("Na", "S")]
    assert (rows[-1]["neighbours_b_of_a"], rows[-1]["neighbours_a_of_b"]) == pytest.approx((4, 8))


def test_a_breathing_box_keeps_the_shells_of_a_crystal():
    """Positions and boxes swell together: the distances in units of the cell stay."""
    boxes, frames = [], []
    for edge in (3.0, 3.1, 3.2):
        positions, box = crystal(BASES["sc"], (5, 5, 5), edge)
        boxes.append(box), frames.append(positions)
    found = measure([trajectory_of(frames, boxes, ["Si"] * 125)], 3.6, 0.04, n_blocks=3)
    assert found.r_a[[np.flatnonzero(block)[0] for block in found.g.values[0, :, 0]]] == pytest.approx(
        [3.0, 3.1, 3.2], abs=0.0201
    )
    assert found.coordination("Si", "Si")[-1] == pytest.approx(6)
    assert found.density_1_a3 == pytest.approx(np.mean([1 / 3.0**3, 1 / 3.1**3, 1 / 3.2**3]))


@pytest.mark.parametrize("longest_a", [5.0, 9.9])
def test_freud_agrees(longest_a):
    """It takes ideal-gas shells by N, not N − 1, and single precision."""
    rng = np.random.default_rng(2)
    positions = rng.uniform(0, 20, (600, 3)).astype(np.float32)
    elements = np.repeat(["Na", "S"], 300)
    found = measure([trajectory_of([positions], [20.0] * 3, elements)], longest_a, longest_a / 50)
    box = freud.box.Box.cube(20)
    for one, other, factor in (("Na", "Na", 300 / 299), ("Na", "S", 1.0)):
        rdf = freud.density.RDF(50, longest_a)
        system = (box, positions[elements == other] - 10)
        rdf.compute(system, None if one == other else positions[elements == one] - 10)
        index = found.index(one, other)
        counts = found.neighbours.mean[index] * 300
        moved = np.abs(counts - rdf.bin_counts)
        assert moved.max() <= 2 and moved.sum() <= 4  # a distance at the edge of a bin
        kept = (counts > 0) & (moved == 0)
        assert kept.sum() > 30
        assert found.g.mean[index][kept] == pytest.approx(factor * rdf.rdf[kept], rel=2e-5)


def test_peak_rows_of_a_warm_crystal():
    """First and second shells of SC: 6 and 12 neighbours, at positions within their errors."""
    rng = np.random.default_rng(4)
    positions, box = crystal(BASES["sc"], (6, 6, 6), 3.5)
    replicas = [trajectory_of(positions + rng.normal(0, 0.1, (6, 216, 3)), box, ["Si"] * 216) for _ in range(2)]
    rows = [row for row in peak_rows(measure(replicas, 6.5, 0.02)) if row["kind"] == "peak"]
    assert [row["number"] for row in rows[:2]] == [1, 2]
    assert [row["r_a"] for row in rows[:2]] == pytest.approx([3.5, 3.5 * 2**0.5], abs=0.02)
    assert [row["area"] for row in rows[:2]] == pytest.approx([6, 12], abs=0.35)
    assert abs(rows[0]["area"] - 6) < 0.01
    assert all(0 < row["r_err_a"] < 0.05 for row in rows[:2])


def test_replicas_of_different_composition_are_refused():
    one, other = (trajectory_of(np.zeros((1, 2, 3)), [9.0] * 3, names) for names in (["Na", "S"], ["S", "S"]))
    with pytest.raises(AnalysisError, match=r"2 S, but .*1 Na, 1 S; replicas must be of the same composition"):
        measure([one, other])


@pytest.mark.parametrize(
    ("longest_a", "bin_a", "message"),
    [
        (4.6, 0.1, "up to 4.6 Å in a box of 9 Å.*up to 4.5 Å"),
        (None, 0.0, "width must be above 0"),
        (2, 3.0, "bins of 3"),
    ],
)
def test_impossible_ranges_are_refused(longest_a, bin_a, message):
    with pytest.raises(AnalysisError, match=message):
        measure([trajectory_of(np.zeros((1, 2, 3)), [9.0, 10.0, 11.0], ["Na", "S"])], longest_a, bin_a)


def test_nothing_to_measure_and_unknown_pairs_are_refused():
    with pytest.raises(AnalysisError, match="no trajectories"):
        measure([])
    found = measure([trajectory_of([[[0, 0, 0], [1.0, 0, 0]]], [9.0] * 3, ["Na", "S"])], 3.0)
    assert found.pairs == (("Na", "S"),)  # one atom of each: no pairs of its own kind
    with pytest.raises(AnalysisError, match="no pair correlation of Na-Na; there are Na-S"):
        found.index("Na", "Na")


def test_progress_counts_every_frame():
    seen = []
    one = trajectory_of(np.tile([[0.0], [1.0]], (3, 1, 3)), [9.0] * 3, ["Na", "S"])
    found = measure([one, one], 3.0, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(number, 6) for number in range(1, 7)]
    assert isinstance(found.g, Sampled) and found.g.values.shape == (2, 3, 1, 150)
