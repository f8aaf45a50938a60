import json

import numpy as np
import pytest

from glasswf import config as configuration
from glasswf import figures, provenance, statepoint
from glasswf import plan as planning
from glasswf.composition import carries_charge
from glasswf.errors import ConfigError
from glasswf.results import MD_TABLES
from glasswf.trajectory import Trajectory
from glasswf.transport import analyse
from tests.figures import synthetic


def make(data):
    return planning.make(configuration.from_mapping(data))


def specs(plan):
    return {str(run.folder): run.spec for run in plan.runs}


def test_runs_of_every_point_and_replica(tiny_plan):
    names = [run.spec["run"] for run in tiny_plan.runs]
    assert {name: names.count(name) for name in set(names)} == {"cell": 10, "quench": 10, "T2600": 10, "T2200": 10}
    assert len(tiny_plan.md_runs) == 30


def test_seeds_differ_and_stay_what_they_are(tiny_plan):
    seeds = [run.spec["seed"] for run in tiny_plan.runs]
    assert len(set(seeds)) == len(seeds) and all(0 < seed <= 900_000_000 for seed in seeds)
    assert tiny_plan.run(tiny_plan.points[0], 1, "quench").spec["seed"] == 860387720
    assert tiny_plan.run(tiny_plan.points[0], 2, "quench").spec["seed"] != 860387720


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.update(title="other"),
        lambda c: c["systems"].append({"name": "extra", "series": "Na2S-SiS2", "scan": {"x": [0.6]}}),
        lambda c: c["protocol"]["isotherms"].update(temperatures_k=[2600, 2200]),
        lambda c: c.update(replicas=3),
    ],
)
def test_dynamics_do_not_depend_on_what_does_not_concern_them(tiny, tiny_plan, change):
    change(tiny)
    after = specs(make(tiny))
    assert all(after[folder] == spec for folder, spec in specs(tiny_plan).items())


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (lambda c: c["protocol"].update(timestep_fs=1.0), {"cell"}),
        (lambda c: c["cell"].update(charge_compensation="cation"), set()),
        (lambda c: c.update(forcefield="legrand2025-abrupt"), {"cell"}),
        (lambda c: c["protocol"]["isotherms"].update(equilibrate_ps=0.5), {"cell", "quench"}),
        (lambda c: c.update(seed=8), set()),
    ],
)
def test_dynamics_depend_on_what_does(tiny, tiny_plan, change, same):
    change(tiny)
    after = specs(make(tiny))
    charged = {folder: spec for folder, spec in specs(tiny_plan).items() if "/m3" in folder}  # m = 2 is neutral anyway
    unchanged = {folder.split("/")[-1] for folder, spec in charged.items() if after[folder] == spec}
    assert unchanged <= same | {"cell"}
    assert same <= unchanged


def test_specifications_are_written_only_when_they_change(tiny_plan, tmp_path):
    planning.write_specs(tiny_plan, tmp_path)
    files = sorted(tmp_path.rglob("*.json"))
    before = [file.stat().st_mtime_ns for file in files]
    planning.write_specs(tiny_plan, tmp_path)
    assert [file.stat().st_mtime_ns for file in files] == before
    assert len(files) == len(tiny_plan.runs) + 3  # runs/plan.json, runs/analysis.json and runs/structure.json


MELT = {"fig_legrand_2", "fig_legrand_3a", "fig_legrand_3b"}
OVER_X = {"fig_legrand_4a", "fig_legrand_4b", "fig_legrand_5", "fig_legrand_6"}
OVER_M = {"fig_prl_3b", "fig_prl_4", "fig_diffusivity_m", "fig_haven"}


def of_system(name):
    return {f"{kind}_{name}" for kind in ("fig_msd", "fig_alpha2", "fig_van_hove", "fig_onsager")}


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ({"name": "NS9", "series": "NS9", "scan": {"m": [2, 4]}},
         MELT | OVER_M | {"fig_prl_3a", "fig_conductivity_ways"}),
        ({"name": "NS", "series": "NS", "scan": {"m": [2.5, 3]}}, OVER_M | {"fig_conductivity_ways"}),
        ({"name": "d", "series": "Na2S-SiS2", "scan": {"x": [0.5, 0.6]}},
         MELT | OVER_X | {"fig_legrand_14b", "fig_conductivity_ways"}),
        ({"name": "d", "series": "Na2S-SiS2", "scan": {"x": [0.7]}},
         MELT | OVER_X - {"fig_legrand_5"} | {"fig_conductivity_ways"}),
        ({"name": "one", "series": "NS", "m": 2}, MELT),
        ({"name": "one", "series": "NS", "m": 3}, set()),
    ],
)  # fmt: skip
def test_figures_follow_from_what_is_scanned(tiny, system, expected):
    tiny["systems"] = [system]
    names = planning.figure_names(make(tiny))
    assert names == sorted(set(names))
    assert set(names) == expected | of_system(system["name"]) | {"fig_arrhenius"}


STRUCTURE = ("fig_angles", "fig_constraints", "fig_factor", "fig_fsdp", "fig_network", "fig_structure")


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ({"name": "NS9", "series": "NS9", "scan": {"m": [2, 4]}}, {"fig_legrand_1a", "fig_legrand_1b", "fig_prl_2"}),
        ({"name": "d", "series": "Na2S-SiS2", "scan": {"x": [0.5, 0.6]}},
         {f"fig_legrand_{name}" for name in ("1a", "1b", "7a", "7b", "8", "9a", "9b", "10", "11", "12a", "12b", "13a",
                                             "13b")}),
        ({"name": "one", "series": "NS", "m": 3}, set()),
    ],
)  # fmt: skip
def test_figures_of_the_structure_follow_from_what_is_scanned(tiny, system, expected):
    tiny["systems"] = [system]
    names = planning.structure_figure_names(make(tiny))
    assert set(names) == expected | {f"{kind}_{system['name']}" for kind in STRUCTURE}


def test_the_structure_is_that_of_the_glass_or_the_coldest_melt(tiny):
    assert planning.structure_names(make(tiny)) == ["T2200"]
    tiny["structure"] = {"runs": "all"}
    assert planning.structure_names(make(tiny)) == ["T2600", "T2200"]
    tiny["structure"] = {"runs": "none"}
    assert planning.structure_names(make(tiny)) == []
    assert planning.structure_figure_names(make(tiny)) == []
    tiny["protocol"]["quench"].append({"stage": "ramp", "to_k": 300, "rate_k_per_ps": 2000})
    tiny["protocol"]["glass"] = {"temperature_k": 300, "equilibrate_ps": 0.2, "duration_ps": 1}
    tiny["structure"] = {}
    assert planning.structure_names(make(tiny)) == ["glass"]


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({"runs": "glass"}, r"structure\.runs: glass, but protocol\.glass is not given"),
        ({"cutoffs_a": {"Si-S": 30}}, r"structure\.cutoffs_a\.Si-S: 30 Å is more than half the smallest box"),
        ({"cutoffs_a": {"Ge-S": 2.5}}, r"structure\.cutoffs_a: Ge-S: none of the systems holds Ge"),
        ({"cutoffs_a": {"SiS": 2.5}}, "'SiS' is no pair of elements; write for instance Si-S"),
        (
            {"experiments": [{"file": "gone.dat", "quantity": "S_X"}]},
            r"experiments\[0\]\.file: gone\.dat: no such file",
        ),
        ({"experiments": [{"file": "f", "quantity": "S_X", "range": [3, 1]}]}, "range must be two rising numbers"),
    ],
)
def test_what_cannot_be_analysed_is_refused_before_it_runs(tiny, block, message):
    tiny["structure"] = block
    with pytest.raises(ConfigError, match=message):
        make(tiny)


def test_figures_follow_from_what_is_dumped_and_analysed(tiny):
    tiny["systems"] = [{"name": "one", "series": "NS", "m": 2}]
    tiny["output"]["dump_content"] = ["velocities"]
    tiny["analysis"] = {"van_hove": "none"}
    names = planning.figure_names(make(tiny))
    assert "fig_current_one" in names
    assert "fig_van_hove_one" not in names


@pytest.mark.parametrize(
    ("systems", "m_scan"),
    [((("NS9", "m", 0.10), ("NS", "m", 0.50)), (2, 3)), ((("d", "x", 2.0),), ()), ((("NS", "m", 0.50),), (2.5, 3))],
)
def test_what_the_plan_offers_is_what_its_results_can_fill(tiny, tmp_path, systems, m_scan):
    scans = {"m": list(m_scan), "x": list(synthetic.X_SCAN)}
    tiny["systems"] = [{"name": name, "scan": {scan: scans[scan]}, "m" if scan == "x" else "x": fixed}
                       for name, scan, fixed in systems]  # fmt: skip
    tiny["cell"]["n_atoms"] = 240
    folder = synthetic.write(tmp_path, systems=systems, temperatures=(2000.0, 1500.0), m_scan=m_scan, n_atoms=240)
    assert planning.figure_names(make(tiny)) == sorted(figures.available(figures.load(folder)))


def test_held_modifiers(tiny):
    tiny["systems"] = [{"name": "a", "series": "NS9", "hold": "n_modifier", "scan": {"n_former": [25, 20]}}]
    tiny["cell"]["n_atoms"] = 90
    points = make(tiny).points
    assert [point.counts["Na"] for point in points] == [6, 6]
    assert [point.counts["Si"] for point in points] == [25, 20]


def test_density_per_point(tiny):
    tiny["systems"] = [{**tiny["systems"][0], "density_per_a3": [0.035, 0.036, 0.037]}]
    densities = [point.n_atoms / point.box_length_a**3 for point in make(tiny).points]
    assert densities == pytest.approx([0.035, 0.036, 0.037])


def test_background_leaves_the_charges(tiny):
    tiny["cell"]["charge_compensation"] = "background"
    points = make(tiny).points
    assert [carries_charge(point.counts, point.charges) for point in points] == [False, True, True, False, True]
    assert all(point.charges["S"] == -1.2 for point in points)


def test_overview_is_complete_json(tiny_plan):
    data = json.loads(json.dumps(planning.overview(tiny_plan, "somewhere/config.yaml"), allow_nan=False))
    assert data["config_file"] == "config.yaml" and len(data["config_sha256"]) == 64
    assert data["settings"]["density_per_a3"] == pytest.approx(0.04) and data["settings"]["cooling_rate_k_ps"] == 1000
    assert [system["m_c"] for system in data["systems"]] == [pytest.approx(28 / 9), None]
    collected = provenance.collect(data, [record("T2600")])
    assert collected["runs"][0]["seed"] == 5 and collected["packages"]["scipy"]


def record(run, temperature=2600.0, passed=True):
    gate = {"gate": "temperature_offset", "value": 1.0, "error": 2.0, "limit": 20.0, "unit": "K", "passed": passed}
    return {
        "system": "NS9", "label": "m2", "replica": 1, "run": run, "temperature_k": temperature, "seed": 5,
        "counts": {"Na": 20, "Si": 90, "S": 190}, "lammps": "22 Jul 2025", "gates": [gate],
    }  # fmt: skip


def walk(diffusivity_a2_ps, seed):
    """Random walkers with a known diffusivity as a trajectory."""
    generator = np.random.default_rng(seed)
    elements = np.array(["Na"] * 20 + ["Si"] * 10 + ["S"] * 20)
    steps = generator.normal(0, np.sqrt(2 * diffusivity_a2_ps * 0.1), (400, 50, 3))
    return Trajectory(
        positions=np.cumsum(steps, axis=0), velocities=None, steps=np.arange(400) * 100, times_ps=np.arange(400) * 0.1,
        box_lengths_a=np.full((400, 3), 12.0), ids=np.arange(1, 51), types=np.ones(50, dtype=int), elements=elements,
        charges=np.select([elements == "Na", elements == "Si"], [0.6, 1.2], -1.2), masses=np.ones(50), source=("test",),
    )  # fmt: skip


def tables_of(gates_passed):
    temperatures = {2600.0: 2.0, 2200.0: 1.0}
    points, records = [], []
    for temperature, diffusivity in temperatures.items():
        result = analyse([walk(diffusivity, seed) for seed in (1, 2)], temperature)
        mine = record(f"T{temperature:g}", temperature, gates_passed or temperature != 2200)
        points.append({"point": statepoint.columns(mine), "transport": result.to_dict()})
        records.append(mine)
    return statepoint.tables(json.loads(json.dumps(points)), records)


def test_tables_from_state_points():
    rows = tables_of(gates_passed=True)
    assert set(rows) == set(MD_TABLES)
    sodium = [row for row in rows["diffusivity"] if row["species"] == "Na"]
    for row, expected in zip(sodium, (2e-4, 1e-4), strict=True):
        assert abs(row["diffusivity_cm2_s"] - expected) < 4 * row["diffusivity_err_cm2_s"]
        assert row["diffusive"] and row["gates_passed"]
    (energy,) = [row for row in rows["arrhenius"] if row["quantity"] == "D_Na"]
    exact = 8.617343e-5 * np.log(2) / (1 / 2200 - 1 / 2600)
    assert abs(energy["activation_energy_ev"] - exact) < 4 * energy["activation_energy_err_ev"]
    assert sodium[0]["x"] == 0.1 and sodium[0]["m"] == 2.0 and sodium[0]["n_na"] == 20


def test_failed_gates_are_carried_along_and_leave_the_fit():
    rows = tables_of(gates_passed=False)
    assert [row["gates_passed"] for row in rows["diffusivity"] if row["species"] == "Na"] == [True, False]
    (energy,) = [row for row in rows["arrhenius"] if row["quantity"] == "D_Na"]
    assert energy["n_temperatures"] == 1 and energy.get("activation_energy_ev") is None
    assert [row["passed"] for row in rows["gates"]] == [True, False]


def checkpoint_steps(data):
    plan = planning.make(configuration.from_mapping(data))
    return plan.run(plan.points[0], 1, "quench").spec["checkpoint_every"]


def test_checkpoints_come_by_simulated_time_or_sooner_by_the_clock(tiny):
    tiny["output"]["checkpoint_every_ps"] = 5
    assert checkpoint_steps(tiny) == 2500
    tiny["cell"]["n_atoms"] = 90_000  # ten minutes on one core are some 1100 steps
    assert checkpoint_steps(tiny) == pytest.approx(600 * planning.CORE_RATE / 90_000, rel=0.01)
    assert checkpoint_steps(tiny) % 10 == 0  # a whole number of dump intervals


@pytest.mark.parametrize(("every", "drawn"), [(1, True), (8, True), (9, False)])
def test_constraints_are_drawn_where_there_are_frames_enough(tiny, every, drawn):
    """81 frames of a run: every eighth are eleven, every ninth nine."""
    tiny["structure"] = {"every": every}
    names = planning.structure_figure_names(planning.make(configuration.from_mapping(tiny)))
    assert ("fig_constraints_NS" in names) == drawn
    assert "fig_network_NS" in names
