import pytest

from glasswf import scorecard
from glasswf.data import published
from glasswf.figures.tables import Results
from glasswf.results import TABLES

POINT = {"system": "NS", "label": "m2.00", "x": 0.5, "m": 2.0, "n_atoms": 600, "n_na": 200, "n_si": 100, "n_s": 300}
SETTINGS = {"n_atoms": 600, "density_per_a3": 0.04, "charge_compensation": "anion"}


def _diffusivity(species, value, error=None, temperature=1000, **changes):
    row = dict.fromkeys(TABLES["diffusivity"]) | POINT | {"temperature_k": temperature, "species": species}
    row |= {"diffusivity_cm2_s": value, "diffusivity_err_cm2_s": error, "diffusive": True, "gates_passed": True}
    return row | changes


def _fit(quantity, value, error):
    row = dict.fromkeys(TABLES["arrhenius"]) | POINT | {"quantity": quantity, "activation_energy_ev": value}
    return row | {"activation_energy_err_ev": error, "temperature_min_k": 1000.0, "temperature_max_k": 2000.0}


def _results(tmp_path, provenance=None, **tables):
    return Results(tmp_path, {name: tables.get(name, []) for name in TABLES}, provenance or {})


def _row(results, name):
    return next(row for row in scorecard.rows(results) if row["id"] == name)


def test_published_values_are_well_formed():
    data = published()
    names = [entry["id"] for entry in data["values"]]
    assert len(set(names)) == len(names) > 45
    for entry in data["values"]:
        assert entry["source"] in data["sources"]
        assert {"place", "quantity", "text", "unit"} <= set(entry)
        assert isinstance(entry.get("value", 1.0), float)
        assert "range" not in entry or entry["range"][0] < entry["range"][1]
        assert ("value" in entry) + ("range" in entry) == (0 if entry["quantity"] == "monotone_growth" else 1)


def test_deviation_in_ratio_and_combined_errors(tmp_path):
    row = _row(_results(tmp_path, diffusivity=[_diffusivity("Na", 2 * 3.54e-5, 0.4e-5)]), "legrand-d-na")
    assert row["status"] == "compared"
    assert row["ratio"] == pytest.approx(2.0)
    assert row["sigma"] == pytest.approx(3.54e-5 / (0.4e-5**2 + 0.005e-5**2) ** 0.5)


@pytest.mark.parametrize(("value", "sigma"), [(5e-6, 0.0), (6.62e-6, 2.0), (3.49e-6, -2.0)])
def test_a_published_range_counts_from_its_nearest_end(tmp_path, value, sigma):
    row = _row(_results(tmp_path, diffusivity=[_diffusivity("Si", value, 0.5e-6)]), "legrand-d-si")
    assert row["sigma"] == pytest.approx(sigma)
    assert (row["ratio"] == pytest.approx(1.0)) == (sigma == 0)


def test_without_an_error_there_is_a_ratio_but_no_sigma(tmp_path):
    row = _row(_results(tmp_path, diffusivity=[_diffusivity("Na", 3.54e-5)]), "legrand-d-na")
    assert (row["ratio"], row["sigma"]) == (pytest.approx(1.0), None)


def test_what_is_not_reached_says_why(tmp_path):
    empty = _row(_results(tmp_path), "legrand-d-na")
    assert empty["reason"] == "not reached by this configuration: no point at x = 0.50, m = 2.00, 1000 K"
    caged = _diffusivity("Na", 1e-7, 1e-8, diffusive=False, reason="exponent 0.5")
    assert "gives no value (exponent 0.5)" in _row(_results(tmp_path, diffusivity=[caged]), "legrand-d-na")["reason"]
    failed = _diffusivity("Na", 1e-5, 1e-6, gates_passed=False)
    assert "a gate failed" in _row(_results(tmp_path, diffusivity=[failed]), "legrand-d-na")["reason"]
    assert _row(_results(tmp_path), "bosi-li33-v0")["status"] == "not computed"


AT_300_K = {"system": "NS", "label": "x0.5_m2", "x": 0.5, "m": 2.0, "temperature_k": 300}


def test_a_maximum_is_compared_with_the_nearest_of_ours(tmp_path):
    peak = AT_300_K | {"part": "partial", "species_a": "Si", "species_b": "Si", "kind": "peak"}
    peaks = [peak | {"number": 1, "r_a": 3.05, "r_err_a": 0.02}, peak | {"number": 2, "r_a": 3.6, "r_err_a": 0.03}]
    results = _results(tmp_path, pair_peaks=[*peaks, peak | {"kind": "minimum", "number": 1, "r_a": 3.4}])
    assert _row(results, "legrand-sisi-es")["ours"] == 3.05
    assert _row(results, "legrand-sisi-cs")["ours"] == 3.6
    assert _row(results, "legrand-ss-main")["reason"].endswith("no structure at x = 0.50, 300 K")


def test_a_main_peak_is_no_prepeak(tmp_path):
    main = AT_300_K | {"part": "partial", "species_a": "S", "species_b": "S", "kind": "peak", "number": 1,
                       "r_a": 3.44, "r_err_a": 0.01}  # fmt: skip
    results = _results(tmp_path, pair_peaks=[main])
    assert _row(results, "legrand-ss-main")["ours"] == 3.44
    assert _row(results, "legrand-ss-prepeak")["status"] == "not reached"


def test_a_maximum_far_away_is_another_one(tmp_path):
    peak = AT_300_K | {"species_a": "Si", "centre": "S", "species_b": "Si", "number": 1, "angle_deg": 89.0,
                       "angle_err_deg": 1.0}  # fmt: skip
    results = _results(tmp_path, angle_peaks=[peak])
    assert _row(results, "legrand-sissi-es")["ours"] == 89.0
    assert "no maximum within 12 ° of it; ours: 89" in _row(results, "legrand-sissi-cs")["reason"]


def test_shares_of_the_network_are_in_percent(tmp_path):
    row = AT_300_K | {"quantity": "edge_sharing_tetrahedra", "value": 0.3, "value_err": 0.02, "cutoff_a": 2.7}
    found = _row(_results(tmp_path, network=[row]), "legrand-edge-sharing")
    assert (found["ours"], found["ours_err"]) == (pytest.approx(30), pytest.approx(2))


def test_another_composition_or_temperature_does_not_count(tmp_path):
    others = [_diffusivity("Na", 1.0, 0.1, x=0.52), _diffusivity("Na", 1.0, 0.1, m=2.1),
              _diffusivity("Na", 1.0, 0.1, temperature=1500)]  # fmt: skip
    assert _row(_results(tmp_path, diffusivity=others), "legrand-d-na")["status"] == "not reached"


def test_reasons_come_from_the_recorded_conditions(tmp_path):
    rows = [_diffusivity("Na", 3.5e-5, 1e-6)]
    ours = {"settings": SETTINGS, "forcefield": {"name": "legrand2025"}}
    reason = _row(_results(tmp_path, ours, diffusivity=rows), "legrand-d-na")["reason"]
    assert "force field legrand2025; theirs: the set as printed" in reason
    assert "N 600, theirs 3000" in reason
    assert "0.04, theirs 0.043" in reason
    same = {"settings": {"n_atoms": 3000, "density_per_a3": 0.043}, "forcefield": {"name": "legrand2025-abrupt"}}
    assert _row(_results(tmp_path, same, diffusivity=rows), "legrand-d-na")["reason"] == ""


def test_activation_energy(tmp_path):
    row = _row(_results(tmp_path, arrhenius=[_fit("sigma_collective", 0.474, 0.1)]), "legrand-ea-sigma")
    assert row["sigma"] == pytest.approx(2.0, rel=1e-4)
    assert row["note"] == "ours over 1000-2000 K"


def _part(name, value, error, **changes):
    row = dict.fromkeys(TABLES["conductivity_parts"]) | POINT | {"temperature_k": 750, "route": "self", "part": name}
    row |= {"conductivity_s_cm": value, "conductivity_err_s_cm": error, "diffusive": True, "gates_passed": True}
    return row | changes


def test_conductivity_split_is_the_ratio_of_the_self_parts(tmp_path):
    parts = [_part("Na", 0.02, 0.002), _part("network", 0.05, 0.004), _part("network", 9.0, 0.1, temperature_k=1000),
             _part("network-network", 7.0, 0.1, route="collective")]  # fmt: skip
    row = _row(_results(tmp_path, conductivity_parts=parts), "legrand-sigma-split")
    assert row["ours"] == pytest.approx(2.5)
    assert row["ours_err"] == pytest.approx(2.5 * (0.1**2 + 0.08**2) ** 0.5)
    assert row["sigma"] == pytest.approx(-0.2 / (row["ours_err"] ** 2 + 0.05**2) ** 0.5)
    assert "lacks N_k" in row["note"]


def test_a_caged_network_gives_no_split(tmp_path):
    parts = [_part("Na", 0.02, 0.002), _part("network", 0.05, 0.004, diffusive=False)]
    row = _row(_results(tmp_path, conductivity_parts=parts), "legrand-sigma-split")
    assert row["status"] == "not reached"
    assert "not diffusive" in row["reason"]
    assert "no point at x = 0.50" in _row(_results(tmp_path), "legrand-sigma-split")["reason"]


def test_ratio_of_diffusivities(tmp_path):
    rows = [_diffusivity("Na", 3.5e-5, 0.35e-5), _diffusivity("Si", 4e-6, 0.0), _diffusivity("S", 6e-6, 0.0)]
    row = _row(_results(tmp_path, diffusivity=rows), "legrand-d-ratio")
    assert (row["ours"], row["ours_err"]) == (pytest.approx(7.0), pytest.approx(0.7))
    assert row["sigma"] == pytest.approx(0.0, abs=1e-9)


def test_the_point_nearest_in_silicon_content_stands_beside_the_anomaly(tmp_path):
    rows = [_diffusivity("Na", 1e-5, 1e-6, x=0.1, m=m, n_si=n, temperature=t)
            for m, n in ((2.2, 170), (3.0, 139), (4.67, 100)) for t in (1500, 2000)]  # fmt: skip
    row = _row(_results(tmp_path, diffusivity=rows), "prl-d-na-500")
    assert row["note"] == "ours at 2000 K, m = 4.67; their temperature is not stated"
    assert row["ratio"] == pytest.approx(1e-5 / 0.6e-5)


def test_a_scan_is_scored_on_maximum_minimum_and_growth(tmp_path):
    scan = [(2.0, 1.0, 0.5), (2.5, 2.0, 0.45), (3.0, 4.0, 0.35), (3.5, 2.0, 0.4), (4.0, 1.0, 0.5)]
    place = {"system": "NS9", "x": 0.1}
    diffusion = [_diffusivity("Na", d * 1e-5, 1e-6, **place, m=m, n_si=150, label=f"m{m:.2f}") for m, d, _ in scan]
    fits = [_fit("D_Na", energy, 0.02) | place | {"m": m, "label": f"m{m:.2f}"} for m, _, energy in scan]
    blank = dict.fromkeys(TABLES["conductivity"]) | POINT | place | {"temperature_k": 1000, "kind": "collective"}
    charge = [blank | {"m": m, "conductivity_s_cm": d, "conductivity_err_s_cm": 0.1} for m, d, _ in scan]
    results = _results(tmp_path, diffusivity=diffusion, arrhenius=fits, conductivity=charge)
    assert _row(results, "prl-ea-na-minimum")["ours"] == 3.0
    assert _row(results, "prl-sigma-growth")["ours"] == pytest.approx(4.0)
    maximum = _row(results, "prl-d-na-maximum")
    assert maximum["ours"] == pytest.approx(3000 * 0.9 / (1.2 + 3.0 * 0.9))
    assert "settled: a maximum near m = 3.00" in maximum["note"]
    assert _row(results, "prl-threshold")["ours"] == pytest.approx(28 / 9)
