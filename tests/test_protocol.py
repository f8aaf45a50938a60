from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswf.config.models import Protocol
from glasswf.errors import ConfigError
from glasswf.protocol import isotherm_segments, quench_segments

HOLD = {"stage": "hold", "temperature_k": 2500, "duration_ps": 10}


def protocol(quench, temperatures=(2000,), **more):
    isotherms = {"temperatures_k": list(temperatures), "equilibrate_ps": 1, "duration_ps": 5}
    return Protocol.model_validate({"quench": quench, "isotherms": isotherms} | more)


def shape(segments):
    return [(s.start_step, s.stop_step, s.start_k, s.stop_k, s.save) for s in segments]


def test_ramp_is_cut_where_a_restart_is_left():
    stages = [HOLD, {"stage": "ramp", "to_k": 300, "rate_k_per_ps": 10}]
    found = shape(quench_segments(protocol(stages, [1500, 2000, 2500]), 1.0))
    assert found == [
        (0, 10000, 2500, 2500, "T2500"),
        (10000, 60000, 2500, 2000, "T2000"),
        (60000, 110000, 2000, 1500, "T1500"),
        (110000, 230000, 1500, 300, None),
    ]


def test_staircase_saves_at_the_end_of_each_step():
    stages = [HOLD, {"stage": "staircase", "temperatures_k": [2000, 1000], "hold_ps": 2, "rate_k_per_ps": 500}]
    found = shape(quench_segments(protocol(stages, [2000, 1000]), 2.0))
    assert found == [
        (0, 5000, 2500, 2500, None),
        (5000, 5500, 2500, 2000, None),
        (5500, 6500, 2000, 2000, "T2000"),
        (6500, 7500, 2000, 1000, None),
        (7500, 8500, 1000, 1000, "T1000"),
    ]


def test_fast_slow_fast_is_three_ramps():
    stage = {"stage": "fast-slow-fast", "slow_from_k": 1000, "slow_to_k": 600, "to_k": 300,
             "fast_rate_k_per_ps": 100, "slow_rate_k_per_ps": 1}  # fmt: skip
    segments = quench_segments(protocol([HOLD, stage], [2500], glass={"equilibrate_ps": 1, "duration_ps": 5}), 1.0)
    lengths = [s.stop_step - s.start_step for s in segments[1:]]
    assert lengths == [15000, 400000, 3000]
    assert segments[-1].save == "T300"


def test_npt_stage_keeps_its_pressure():
    stages = [HOLD, {"stage": "ramp", "to_k": 2000, "duration_ps": 5, "ensemble": "npt", "pressure_bar": 100}]
    segments = quench_segments(protocol(stages), 1.0)
    assert [(s.ensemble, s.pressure_bar) for s in segments] == [("nvt", 0), ("npt", 100)]


def test_recorded_time_is_whole_dump_intervals():
    run = protocol([HOLD], [2500]).isotherms
    equilibrate, record = isotherm_segments(run, 2500, run.durations_ps[2500], 2.0, 30)
    assert equilibrate.stop_step == 510 and not equilibrate.dump
    assert (record.start_step, record.stop_step, record.dump) == (510, 3030, True)


@given(st.lists(st.integers(300, 2400), min_size=1, max_size=6, unique=True), st.floats(0.5, 4.0))
def test_every_target_is_saved_once_and_time_is_conserved(targets, timestep):
    stages = [HOLD, {"stage": "ramp", "to_k": 300, "rate_k_per_ps": 20}]
    segments = quench_segments(protocol(stages, targets), timestep)
    assert sorted(s.save for s in segments if s.save) == sorted(f"T{t}" for t in targets)
    assert all(a.stop_step == b.start_step and a.stop_k == b.start_k for a, b in pairwise(segments))
    total = (10 + 2200 / 20) * 1000 / timestep
    assert segments[-1].stop_step == pytest.approx(total, abs=len(segments))


def test_quench_must_pass_the_temperatures():
    with pytest.raises(ConfigError, match=r"\(2500 to 2500 K\) does not pass 1000 K, 2000 K"):
        quench_segments(protocol([HOLD], [2000, 1000]), 1.0)
