"""What a plan costs, from its own numbers."""

import json

import pytest

from glasswf import config as configuration
from glasswf import cost
from glasswf import plan as planning


@pytest.fixture
def plan(tiny):
    return planning.make(configuration.from_mapping(tiny))


def test_without_finished_runs_the_stated_rate_counts(plan, tmp_path):
    found = cost.estimate(plan, tmp_path)
    assert (found.rate, found.measured_on) == (cost.CORE_RATE, 0)
    work = sum(sum(run.spec["counts"].values()) * run.spec["segments"][-1]["stop_step"] for run in plan.md_runs)
    assert found.core_hours == pytest.approx(work / cost.CORE_RATE / 3600)
    assert {each.stage: each.runs for each in found.stages} == {"quench": 10, "isotherms": 20}
    assert "no run finished here" in cost.text(found)[0]


def _finish(plan, folder, seconds, **more):
    run = plan.md_runs[0]
    record = {"steps": run.spec["segments"][-1]["stop_step"], "counts": run.spec["counts"], "lammps_s": seconds,
              "restarts_used": 0, "engine": {"tasks": 2, "threads": 1}} | more  # fmt: skip
    path = folder / run.folder / "record.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(record))
    return run


def test_finished_runs_are_left_out_and_measure_the_rate(plan, tmp_path):
    before = cost.estimate(plan, tmp_path)
    run = _finish(plan, tmp_path, 5.0)
    found = cost.estimate(plan, tmp_path)
    atom_steps = sum(run.spec["counts"].values()) * run.spec["segments"][-1]["stop_step"]
    assert found.rate == pytest.approx(atom_steps / 5.0 / 2)  # two ranks
    assert found.measured_on == 1
    assert found.core_hours * found.rate == pytest.approx(before.core_hours * before.rate - atom_steps / 3600)
    assert found.dump_bytes == before.dump_bytes


def test_a_continued_run_measures_nothing(plan, tmp_path):
    _finish(plan, tmp_path, 5.0, restarts_used=1)
    assert cost.estimate(plan, tmp_path).measured_on == 0


def test_a_damaged_record_is_a_run_not_done(plan, tmp_path):
    path = tmp_path / plan.md_runs[0].folder / "record.json"
    path.parent.mkdir(parents=True)
    path.write_text("{")
    assert sum(each.done for each in cost.estimate(plan, tmp_path).stages) == 0


def test_months_are_warned_of(tiny, tmp_path):
    tiny["protocol"]["isotherms"]["duration_ps"] = 4e7
    found = cost.estimate(planning.make(configuration.from_mapping(tiny)), tmp_path)
    assert "warning" in cost.text(found, 2)[-1]
    assert "months on 2 cores" in cost.text(found, 2)[-1]
    assert not any("warning" in line for line in cost.text(found, 10_000_000))


def test_more_columns_and_no_compression_take_more_disk(tiny, tmp_path):
    sizes = []
    for output in ({}, {"dump_content": ["velocities"]}, {"dump_compression": "none"}):
        data = tiny | {"output": tiny["output"] | output}
        sizes.append(cost.estimate(planning.make(configuration.from_mapping(data)), tmp_path).dump_bytes)
    assert sizes == sorted(sizes) and len(set(sizes)) == 3


def dump_bytes(data, folder, **output):
    data["output"] |= output
    return cost.estimate(planning.make(configuration.from_mapping(data)), folder).dump_bytes


def test_what_is_kept_decides_the_disk(tiny, tmp_path):
    text = dump_bytes(tiny, tmp_path)
    rounded = dump_bytes(tiny, tmp_path, trajectory="h5md", precision_a=1e-3)
    assert rounded == pytest.approx(text * 6.8 / 15)
    assert dump_bytes(tiny, tmp_path, trajectory="both") == pytest.approx(text + rounded)
    assert dump_bytes(tiny, tmp_path, trajectory="h5md", precision_a=1e-4) == pytest.approx(rounded * 8.2 / 6.8)
