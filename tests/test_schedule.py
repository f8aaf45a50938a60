from glasswf import config as configuration
from glasswf import plan as planning
from glasswf import schedule


def urgencies(data):
    return schedule.urgencies(planning.make(configuration.from_mapping(data)))


def test_long_runs_come_before_short_ones_and_quenches_before_all(tiny):
    tiny["protocol"]["isotherms"] = {
        "temperatures_k": [2600, 2400, 2200], "equilibrate_ps": 0.1, "duration_ps": [1.0, 3.0, 2.0]
    }  # fmt: skip
    found = urgencies(tiny)
    assert sorted(found, key=lambda name: -found[name]) == ["quench", "T2400", "T2200", "T2600"]
    assert found["quench"] > 1 >= found["T2400"]


def test_short_analysis_fills_the_end_of_a_short_scan_and_is_seen_early_in_a_long_one(tiny):
    plan = planning.make(configuration.from_mapping(tiny))
    branches = [value for name, value in schedule.urgencies(plan).items() if name != "quench"]
    assert schedule.analysis_urgency(plan) < min(branches)
    tiny["protocol"]["isotherms"]["duration_ps"] = 1e5
    plan = planning.make(configuration.from_mapping(tiny))
    assert max(branches) < schedule.analysis_urgency(plan) < schedule.urgencies(plan)["quench"]


def test_a_scan_of_nothing_has_no_order():
    assert urgencies({"theory": {}}) == {}
