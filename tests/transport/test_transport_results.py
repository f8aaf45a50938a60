"""Results as data: JSON, tables, and what cannot be analysed."""

import json
from dataclasses import replace

import numpy as np
import pytest
from walkers import caged, salt, trajectory

from glasswf import results
from glasswf.errors import AnalysisError, TrajectoryError
from glasswf.transport import TransportResult, analyse, arrhenius_table, tables
from glasswf.transport.msd import self_msd
from glasswf.transport.report import with_error
from glasswf.transport.uncertainty import Estimate

POINT = {"system": "NS9", "label": "NS9-m2", "x": 0.1, "m": 2.0, "n_atoms": 24, "n_na": 12, "n_si": 0, "n_s": 12}


def replicas(n_replicas=2, seed=0, d=0.5):
    rng = np.random.default_rng(seed)
    return [salt(rng, 200, 12, d, d) for _ in range(n_replicas)]


def test_result_survives_json():
    for n_replicas in (1, 2):
        result = analyse(replicas(n_replicas), 1000.0)
        text = json.dumps(result.to_dict(), allow_nan=False)
        assert TransportResult.from_dict(json.loads(text)) == result


def test_tables_hold_exactly_the_known_columns(tmp_path):
    result = analyse(replicas(), 1000.0)
    for name, rows in tables.rows(POINT | {"temperature_k": 1000.0, "gates_passed": True}, result).items():
        assert rows or name in ("current", "van_hove")  # no velocities; not asked for
        assert all(set(row) == set(results.TABLES[name]) for row in rows)
        path = tmp_path / f"{name}.csv"
        results.write_table(path, name, rows)
        assert len(results.read_table(path, name)) == len(rows)


def test_table_values_are_those_of_the_result():
    result = analyse(replicas(), 1000.0)
    made = tables.rows(POINT | {"temperature_k": 1000.0}, result)
    sodium = next(row for row in made["diffusivity"] if row["species"] == "Na")
    assert sodium["diffusivity_cm2_s"] == result.of("Na").diffusivity.value
    assert sodium["diffusive"] is True
    assert sodium["gates_passed"] is None
    assert [row["kind"] for row in made["conductivity"]] == ["nernst_einstein", "collective"]
    assert {row["species"] for row in made["msd"]} == {"Na", "S"}
    windowed = [row["lag_ps"] for row in made["msd"] if row["in_window"] and row["species"] == "Na"]
    assert (min(windowed), max(windowed)) == (sodium["window_start_ps"], sodium["window_stop_ps"])


def test_msd_curve_is_the_mean_over_replicas():
    pair = replicas()
    curve = next(item for item in analyse(pair).msd if item.species == "Na")
    own = [self_msd(run.positions[:, :12] - run.positions.mean(axis=1, keepdims=True)) for run in pair]
    lags = np.round(curve.lag_ps).astype(int)
    np.testing.assert_allclose(curve.msd_a2, np.mean(own, axis=0)[lags], rtol=1e-9)
    assert all(error > 0 for error in curve.msd_err_a2)


def arrhenius_rows(diffusive=(True, True, True), **options):
    values = {1000.0: 1e-6, 1500.0: 5e-6, 2000.0: 1.1e-5}
    rows = [
        POINT | {
            "temperature_k": temperature, "species": "Na", "diffusivity_cm2_s": value,
            "diffusivity_err_cm2_s": 0.1 * value, "diffusive": good,
        }
        for (temperature, value), good in zip(values.items(), diffusive, strict=True)
    ]  # fmt: skip
    conducting = [
        POINT | {
            "temperature_k": temperature, "kind": "collective", "conductivity_s_cm": 1e4 * value,
            "conductivity_err_s_cm": 1e3 * value, "diffusive": True,
        }
        for temperature, value in values.items()
    ]  # fmt: skip
    return arrhenius_table.arrhenius_rows(rows, conducting, **options)


def test_arrhenius_rows_per_composition_and_quantity(tmp_path):
    rows = arrhenius_rows()
    assert [row["quantity"] for row in rows] == ["D_Na", "sigma_collective"]
    assert rows[0]["activation_energy_ev"] == pytest.approx(rows[1]["activation_energy_ev"])
    assert rows[1]["prefactor"] == pytest.approx(1e4 * rows[0]["prefactor"])
    assert (rows[0]["prefactor_unit"], rows[1]["prefactor_unit"]) == ("cm2/s", "S/cm")
    assert (rows[0]["n_temperatures"], rows[0]["temperature_min_k"], rows[0]["temperature_max_k"]) == (3, 1000, 2000)
    results.write_table(tmp_path / "arrhenius.csv", "arrhenius", rows)
    assert set(rows[0]) == set(results.TABLES["arrhenius"])
    assert rows[0]["preferred"] == ""  # three temperatures cannot tell a curve from a line


def test_arrhenius_leaves_out_what_is_not_diffusive_unless_asked():
    row = arrhenius_rows((False, True, True))[0]
    assert row["n_temperatures"] == 2
    assert row["reduced_chi2"] is None
    assert row["reason"].startswith("1 of 3 points not diffusive")
    assert "two points: exact line" in row["reason"]
    assert arrhenius_rows((False, True, True), only_diffusive=False)[0]["n_temperatures"] == 3
    alone = arrhenius_rows((False, False, True))[0]
    assert "no fit: fewer than two temperatures" in alone["reason"]
    assert "activation_energy_ev" not in alone


def test_caged_state_is_marked_in_the_tables():
    positions = caged(np.random.default_rng(1), 300, 12)
    result = analyse(trajectory(positions, ["Na"] * 6 + ["S"] * 6, [1] * 6 + [-1] * 6), 300.0)
    made = tables.rows(POINT | {"temperature_k": 300.0}, result)
    assert not any(row["diffusive"] for name in ("diffusivity", "conductivity", "haven") for row in made[name])
    assert all(row["reason"] for name in ("diffusivity", "conductivity") for row in made[name])
    assert all(row["upper_bound_cm2_s"] > 0 for row in made["diffusivity"])
    assert not any(row["in_window"] for row in made["msd"])


def test_atoms_that_do_not_move_at_all():
    result = analyse(trajectory(np.ones((100, 4, 3)), ["Na", "S"] * 2, [1, -1] * 2), 300.0)
    assert not result.of("Na").window.diffusive
    assert result.of("Na").diffusivity.value == pytest.approx(0.0, abs=1e-12)
    json.dumps(result.to_dict(), allow_nan=False)


def test_without_charges_or_temperature_there_is_no_conductivity_and_it_says_so():
    run = replicas(1)[0]
    assert analyse(run).notes == ("no temperature given: no conductivity",)
    assert analyse(replace(run, charges=None), 1000.0).notes == ("no charges known: no conductivity",)
    assert analyse(run).conductivity == ()


def test_skipped_start_is_not_analysed():
    run = replicas(1)[0]
    shifted = run.positions.copy()
    shifted[:50, :12] += 1e3  # the first 50 ps belong to something else
    late = analyse(replace(run, positions=shifted), skip_ps=50.0)
    fresh = replace(
        run, positions=run.positions[50:], steps=run.steps[50:], times_ps=run.times_ps[50:],
        box_lengths_a=run.box_lengths_a[50:],
    )  # fmt: skip
    assert late.of("Na").diffusivity.value == pytest.approx(analyse(fresh).of("Na").diffusivity.value)
    assert late.n_frames == 150


def test_replicas_of_unequal_length_are_cut_and_it_says_so():
    one, two = replicas(2)
    short = replace(two, positions=two.positions[:150], steps=two.steps[:150], times_ps=two.times_ps[:150])
    result = analyse([one, short])
    assert result.n_frames == 150
    assert result.notes[0] == "replicas of 150 to 200 frames were cut to 150"


def test_species_wanted():
    result = analyse(replicas(1), 1000.0, species=["Na"])
    assert [item.species for item in result.diffusion] == ["Na"]
    with pytest.raises(TrajectoryError, match="no Li atoms; the dump has Na, S"):
        analyse(replicas(1), species=["Li"])


def test_what_cannot_be_analysed():
    one = replicas(1)[0]
    with pytest.raises(AnalysisError, match="no trajectory"):
        analyse([])
    with pytest.raises(AnalysisError, match="temperature -1 K"):
        analyse(one, -1)
    with pytest.raises(AnalysisError, match=r"synthetic: 10 frames to analyse \(after 190 ps\); at least 16"):
        analyse(one, skip_ps=190)
    with pytest.raises(AnalysisError, match="cannot skip -1 ps"):
        analyse(one, skip_ps=-1)
    with pytest.raises(AnalysisError, match="its atoms are others"):
        analyse([one, replace(one, elements=np.array(["Li"] * 24))])
    with pytest.raises(AnalysisError, match="another number of atoms of some element"):
        analyse([one, replace(one, elements=np.array(["Na"] * 10 + ["S"] * 14))])
    with pytest.raises(AnalysisError, match="its charges differ"):
        analyse([one, replace(one, charges=2 * one.charges)])
    with pytest.raises(TrajectoryError, match="frames every 2 ps, but every 1 ps"):
        analyse([one, replace(one, times_ps=2 * one.times_ps)])


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (1.2341e-6, 2.3e-8, "(1.234 ± 0.023)e-06"),
        (-1e-8, 2.3e-7, "(-0.1 ± 2.3)e-07"),
        (0.5031, 0.0088, "0.5031 ± 0.0088"),
        (0.0, 0.0, "0.0000 ± 0.0000"),
        (12.0, 3.0, "12.0 ± 3.0"),
    ],
)
def test_values_are_printed_with_two_digits_of_the_error(value, error, text):
    assert with_error(Estimate(value, error, 3, "")) == text
