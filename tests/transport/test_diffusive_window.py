import numpy as np
import pytest
from walkers import caged, random_walk, trajectory

from glasswf.transport import analyse, tables
from glasswf.transport.arrhenius_table import arrhenius_rows
from glasswf.transport.window import WindowRule, find_window, log_lags, slope_weights

RULE = WindowRule()
LAGS = log_lags(400) * 0.1


def test_log_lags_are_distinct_whole_and_reach_both_ends():
    for n_max in (1, 2, 5, 37, 4000):
        lags = log_lags(n_max)
        assert lags[0] == 1
        assert lags[-1] == n_max
        assert (np.diff(lags) > 0).all()
    assert len(log_lags(10**6)) < 130


def test_slope_of_a_straight_line_with_intercept_is_exact():
    assert slope_weights(LAGS) @ (0.7 + 3.0 * LAGS) == pytest.approx(3.0)


def test_window_starts_beyond_the_cage_and_gives_the_slope():
    cage, slope = 0.8, 1.5
    msd = cage * (1 - np.exp(-LAGS / 0.3)) + slope * LAGS
    window = find_window(LAGS, msd, RULE)
    inside = window.select(LAGS)
    assert window.diffusive
    assert msd[inside][0] >= RULE.cage_a2
    assert window.stop_ps / window.start_ps == pytest.approx(5, rel=0.15)
    assert slope_weights(LAGS[inside]) @ msd[inside] == pytest.approx(slope, rel=1e-3)


@pytest.mark.parametrize(
    ("msd", "reason"),
    [
        (0.5 * (1 - np.exp(-LAGS)), "caged: MSD 0.5 Å²"),
        (5.0 * (1 - np.exp(-LAGS)), "sub-diffusive: exponent 0.00"),
        (3.0 * LAGS**0.5, "sub-diffusive: exponent 0.50"),
        (0.1 * LAGS**2, "super-diffusive: exponent 2.00"),
        (0.07 * LAGS, "too short: MSD passes 2 Å² too late"),
        (np.zeros_like(LAGS), "caged: MSD 0 Å²"),
    ],
)
def test_what_is_not_diffusive_says_why(msd, reason):
    window = find_window(LAGS, msd, RULE)
    assert not window.diffusive
    assert window.reason.startswith(reason)
    assert window.stop_ps == LAGS[-1]


def test_a_bend_whose_mean_exponent_is_one_is_not_diffusive():
    msd = np.where(LAGS < 4.5, 0.5 * LAGS**1.8, 0.5 * 4.5**1.8 * (LAGS / 4.5) ** 0.2)
    assert not find_window(LAGS, msd, RULE).diffusive


def on_alternating_bonds(rng, n_frames, n_atoms, spacing, *chances):
    """Walkers on a chain of sites per dimension, whose bonds are crossed with one chance and the other in turn."""
    sites = np.zeros((n_frames, n_atoms, 3), dtype=int)
    sites[0] = rng.integers(0, 2, (n_atoms, 3))
    for now in range(1, n_frames):
        odd, drawn = sites[now - 1] % 2, rng.random((n_atoms, 3))
        right, left = np.take(chances, odd), np.take(chances, 1 - odd)
        sites[now] = sites[now - 1] + (drawn < right) - (drawn > 1 - left)
    return spacing * sites.astype(float)


def alternating_msd(lags, spacing, one, other):
    """Exact MSD per dimension: 2 D n + C (1 − λⁿ), λ = 1 − 2(p₁ + p₂), from the parity of the site, and D.

    In the coordinate whose bonds are long in proportion to 1/p a walker is a martingale: D = 2a²/(1/p₁ + 1/p₂).
    """
    d = 2 * spacing**2 / (1 / one + 1 / other)
    forgotten = 1 - 2 * (one + other)
    back_and_forth = (spacing**2 * (one + other) - 2 * d) / (1 - forgotten)
    return 2 * d * lags + back_and_forth * (1 - forgotten**lags), d


def test_msd_on_alternating_bonds():
    positions = on_alternating_bonds(np.random.default_rng(0), 2000, 200, 2.5, 0.2, 0.02)
    lags = np.array([1, 3, 10, 40])
    seen = [np.mean((positions[lag:] - positions[:-lag]) ** 2) for lag in lags]
    np.testing.assert_allclose(seen, alternating_msd(lags, 2.5, 0.2, 0.02)[0], rtol=0.03)


@pytest.mark.parametrize("ratio", [1, 2, 5, 10, 30])
@pytest.mark.parametrize("chance", [0.3, 0.03])
def test_exact_hopping_gives_its_diffusivity(ratio, chance):
    """Also where the first lags beyond 2 Å² are straight, and bend only later (0.03, 5)."""
    lags = log_lags(4000) * 1.0
    per_dimension, d = alternating_msd(lags, 2.5, chance, chance / ratio)
    window = find_window(lags, 3 * per_dimension, RULE)
    inside = window.select(lags)
    assert window.diffusive
    assert slope_weights(lags[inside]) @ (3 * per_dimension[inside]) / 6 == pytest.approx(d, rel=0.08)


def test_hopping_lattice_gives_its_known_diffusivity():
    """Ten hops lead back and forth for one that leads on: the MSD bends, and D is a third of what short times show."""
    rng = np.random.default_rng(1)
    spacing, chances = 2.5, (0.2, 0.02)
    d = alternating_msd(1, spacing, *chances)[1]
    positions = np.concatenate([on_alternating_bonds(rng, 3000, 60, spacing, *chances), np.zeros((3000, 1, 3))], axis=1)
    item = analyse(trajectory(positions, ["Na"] * 60 + ["S"], masses=[1] * 60 + [1e12], length=50.0)).of("Na")
    assert item.window.diffusive
    assert item.window.start_ps > 5
    assert d < alternating_msd(1, spacing, *chances)[0] / 2 / 3
    for found in (item.diffusivity, item.regression):
        assert found.value == pytest.approx(d * 1e-4, abs=3 * found.error)
        assert found.error < 0.06 * d * 1e-4


def test_hops_back_and_forth_alone_are_not_diffusive():
    positions = on_alternating_bonds(np.random.default_rng(2), 1000, 60, 2.5, 0.2, 0.0)
    item = analyse(trajectory(positions, ["Na"] * 60, length=50.0)).of("Na")
    assert not item.window.diffusive
    assert item.window.reason.startswith("sub-diffusive")


def test_caged_states_are_left_out_of_arrhenius_fits():
    rng = np.random.default_rng(3)
    moving = {temperature: random_walk(rng, 400, [d] * 20) for temperature, d in ((1500, 0.2), (2000, 0.5))}
    states = moving | {300: caged(rng, 400, 20)}
    found = []
    for temperature, positions in states.items():
        result = analyse(trajectory(positions, ["Na"] * 20, length=50.0))
        found += tables.rows({"system": "a", "temperature_k": float(temperature)}, result)["diffusivity"]
    frozen = next(row for row in found if row["temperature_k"] == 300)
    assert not frozen["diffusive"]
    assert 0 < frozen["upper_bound_cm2_s"] < 1e-6
    (fit,) = arrhenius_rows(found, [])
    assert (fit["n_temperatures"], fit["temperature_min_k"]) == (2, 1500)
    assert "1 of 3 points not diffusive" in fit["reason"]
    (forced,) = arrhenius_rows(found, [], only_diffusive=False)
    assert forced["n_temperatures"] == 3


def test_drift_of_all_atoms_does_not_make_the_window():
    """A cage that drifts as a whole is still a cage; the same drift of one species against the rest is not."""
    rng = np.random.default_rng(4)
    drift = np.arange(400.0)[:, None, None] * np.array([0.1, 0.0, 0.0])
    cages = caged(rng, 400, 40)
    kinds = ["Na"] * 20 + ["S"] * 20
    item = analyse(trajectory(cages + drift, kinds)).of("Na")
    assert item.window.reason.startswith("caged")
    sliding = cages.copy()
    sliding[:, :20] += drift
    assert analyse(trajectory(sliding, kinds)).of("Na").window.reason.startswith("super-diffusive")
