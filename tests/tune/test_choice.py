"""The choice on made-up measurements."""

import math

import pytest

from glasswf.errors import GlasswfError
from glasswf.lammps.numerics import Numerics
from glasswf.tune.candidate import Candidate, Row, Targets, fastest
from glasswf.tune.search import Search, Space, Wish

BASE = Candidate(Numerics(), 2.0)
TARGETS = Targets(1e-3, 1e-4)


def row(skin, speed, force_error=5e-4, drift=1e-6, candidate=None, scatter=0.0, drift_err=1e-6, **changes):
    made = candidate or BASE.with_numerics(skin_a=skin, **changes)
    speeds = [speed] if isinstance(speed, int | float) else list(speed)
    return Row(made, "test", force_error, scatter, speeds, drift, drift_err)


class Bench:
    """Answers for the real one: drifts by the skin of the candidate, speeds that never change."""

    def __init__(self, drifts):
        self.drifts, self.asked = drifts, []

    def drift(self, candidate, steps):
        self.asked.append(candidate.numerics.skin_a)
        return self.drifts[candidate.numerics.skin_a], 1e-6


def search(rows, drifts=None, **wish):
    textbook = row(2.0, 10, candidate=Candidate(Numerics(), 1.0, textbook=True))
    base = row(1.0, 20)
    made = Search(Bench(drifts or {}), Wish(base.candidate, TARGETS, 10.0, **wish), lambda line: None, Space())
    made.rows, made._drift_steps = [textbook, base, *rows], 1000
    return made


def test_the_fastest_that_meets_both_targets():
    rows = [row(0.5, 90, force_error=1.1e-3), row(0.6, 80, drift=2e-4), row(0.7, 70), row(0.8, 60)]
    assert search(rows)._verified().candidate.numerics.skin_a == 0.7


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"force_error": 1.001e-3}, "force error"),
        ({"force_error": 9.9e-4, "scatter": 2e-5}, "force error"),
        ({"force_error": math.nan}, "force error"),
        ({"drift": -1.1e-4}, "drift"),
        ({"drift": 9.9e-5, "drift_err": 1e-6}, "drift"),
        ({"drift": 0.0, "drift_err": 1e-4}, "drift"),
        ({"drift": math.nan}, "drift not measured"),
        ({"speed": []}, "not timed"),
        ({"dsf_alpha_per_a": 0.2}, "damped shifted force, needs --allow-dsf"),
        ({}, ""),
    ],
)
def test_reasons_against_a_candidate(changes, reason):
    made = row(0.5, changes.pop("speed", 90), **changes)
    assert made.why_not(TARGETS, 2.0, allow_dsf=False) == reason


def test_damped_coulomb_only_if_allowed():
    damped = row(0.5, 90, force_error=0.05, dsf_alpha_per_a=0.2)
    assert damped.why_not(TARGETS, 2.0, allow_dsf=True) == ""
    assert search([damped])._verified().candidate == BASE
    assert search([damped], allow_dsf=True)._verified() is damped


def test_another_timestep_only_if_allowed():
    longer = Row(Candidate(Numerics(), 3.0), "test", 5e-4, 0.0, [20.0], 1e-6, 1e-6)
    assert search([longer])._verified().candidate == BASE
    assert search([longer], any_timestep=True)._verified() is longer


def test_of_equals_the_more_accurate():
    rows = [row(0.5, 100, 8e-4), row(0.6, 99.5, 4e-4), row(0.7, 98, 1e-4)]
    assert fastest(rows) is rows[1]


def test_speed_counts_per_core():
    two = row(0.5, 150, candidate=Candidate(Numerics(skin_a=0.5), 2.0, tasks=2))
    assert fastest([two, row(0.6, 80)]).candidate.tasks == 1


def test_drifts_are_measured_from_the_fastest_on_until_one_passes():
    rows = [row(skin, speed, drift=math.nan, drift_err=math.nan) for skin, speed in ((0.5, 90), (0.6, 80), (0.7, 70))]
    made = search(rows, {0.5: 3e-4, 0.6: 2e-6, 0.7: 1e-6})
    assert made._verified() is rows[1]
    assert made.bench.asked == [0.5, 0.6]


def test_a_candidate_that_blows_up_is_left_behind():
    blown = row(0.5, 90, drift=math.nan)
    made = search([blown], {0.5: math.nan})
    assert made._verified().candidate == BASE
    assert blown.problem.startswith("does not conserve energy")


def test_nothing_meets_the_force_target():
    made = search([row(0.5, 90, force_error=2e-3)])
    made.rows[1].force_error = 3e-3
    with pytest.raises(GlasswfError, match=r"no setting reaches a force error of 0\.001 \(closest: 0\.002\)") as caught:
        made._verified()
    assert "\n" not in str(caught.value)


def test_nothing_meets_the_drift_target():
    made = search([row(0.5, 90, drift=3e-4)])
    made.rows[1].drift = 5e-4
    with pytest.raises(GlasswfError, match=r"drift shown to be below 0\.0001 eV/atom/ps \(closest: 0\.0003\)"):
        made._verified()


def test_the_last_are_timed_side_by_side():
    """A burst of luck in the search does not decide."""
    lucky, steady = row(0.5, 90), row(0.6, 80)
    made = search([lucky, steady])
    made._steps = 100
    finalists = made._finalists()
    assert finalists == [*made.rows[:2], lucky, steady]
    made.bench.speed = lambda candidate, steps: 50.0 if candidate.numerics.skin_a == 0.5 else 60.0
    made._in_turns(finalists)
    assert made._verified() is not lucky


def test_ratio_to_the_yardstick():
    made = search([])
    made.rows[0].speeds[:], made.rows[1].speeds[:] = [10, 20, 10], [40, 60, 20]
    assert made.ratio(made.rows[1])[0] == 3
    assert made.ratio(made.rows[1], per_time=True)[0] == 6
