"""What a person can get wrong in a configuration, each told in one line that names the key."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from glasswf import config as configuration
from glasswf import plan as planning
from glasswf.config import reference
from glasswf.errors import ConfigError, ForceFieldError, GlasswfError
from tests.conftest import write_config

ROOT = Path(__file__).parents[1]


def put(data, path, value):
    """Set data[a][b][0]... for a path like "cell.n_atoms" or "systems.0.x"."""
    *parents, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    for key in parents:
        data = data[key]
    data[last] = value


BAD = {
    "unknown key": ("cell.n_atms", 3, r"cell\.n_atms: unknown key"),
    "unknown block": ("thermostat", {}, r"thermostat: unknown key"),
    "wrong type": ("cell.n_atoms", "many", r"cell\.n_atoms: .*integer.*'many'"),
    "negative density": ("cell.density_per_a3", -0.04, r"cell\.density_per_a3: .*greater than 0"),
    "no density": ("cell.density_per_a3", None, r"cell: density_per_a3 or box_length_a is required"),
    "density and box": ("cell.box_length_a", 13.0, r"cell: .*not both"),
    "x above 1": ("systems.0", {"name": "a", "x": 1.2, "m": 2}, r"systems\[0\]\.x: .*less than or equal to 1"),
    "x scanned above 1": (
        "systems.0", {"name": "a", "m": 2, "scan": {"x": [0.5, 1.3]}}, r"systems\[0\] \(a\): x = 1\.3",
    ),
    "m too small": ("systems.0.scan", {"m": [1.5]}, r"systems\[0\] \(NS9\): m = 1\.5 is below 2"),
    "m in words": ("systems.0.scan", {"m": ["two"]}, r"systems\[0\]\.scan\.m\[0\]"),
    "two scans": ("systems.0.scan", {"m": [2], "x": [0.1]}, r"systems\[0\]\.scan: give exactly one"),
    "empty scan": ("systems.0.scan", {"m": []}, r"systems\[0\]\.scan\.m"),
    "two points, one cell": ("systems.0.scan", {"m": [2.0, 2.001]}, r"scan: m2.001 and m2 give the same cell"),
    "two points, one label": ("systems.0.scan", {"m": [3.00001, 3.00002]}, r"give the same cell"),
    "too many formers": ("systems.0.scan", {"n_former": [900]}, r"systems\[0\] \(NS9\): .*no such cell"),
    "m and x = 1": ("systems.0", {"name": "a", "x": 1, "scan": {"m": [2]}}, r"m has no meaning"),
    "no m": ("systems.0", {"name": "a", "x": 0.5}, r"systems\[0\]\.m: is required"),
    "unknown series": ("systems.0.series", "NS8", r"systems\[0\]\.series: 'NS8' is none of NS9"),
    "unknown force field": ("forcefield", "legrand2099", r"legrand2099"),
    "element without parameters": ("systems.0.modifier", "K", r"force field legrand2025 has no K"),
    "no element": ("systems.0.modifier", "Xx", r"has no Xx"),
    "duplicate names": ("systems.1.name", "NS9", r"two systems are called 'ns9'"),
    "names alike but for case": ("systems.1.name", "ns9", r"two systems are called 'ns9'"),
    "name as path": ("systems.0.name", "../x", r"systems\[0\]\.name"),
    "density list of wrong length": ("systems.0.density_per_a3", [0.04, 0.04], r"lists 2 values for 3 points"),
    "quench goes up": (
        "protocol.quench.1", {"stage": "staircase", "temperatures_k": [2200, 2300], "hold_ps": 1, "rate_k_per_ps": 10},
        r"protocol\.quench\[1\]\.temperatures_k: goes up or repeats from 2200 to 2300",
    ),
    "ramp goes up": ("protocol.quench.1.to_k", 2700, r"protocol\.quench\[1\]: goes up from 2600 to 2700"),
    "starts with a ramp": ("protocol.quench", [{"stage": "ramp", "to_k": 300, "duration_ps": 1}], "must be a hold"),
    "rate and duration": ("protocol.quench.1.duration_ps", 1.0, r"either rate_k_per_ps or duration_ps"),
    "unknown stage": ("protocol.quench.1.stage", "anneal", r"protocol\.quench\[1\].*anneal"),
    "temperature not passed": ("protocol.isotherms.temperatures_k", [300], r"does not pass 300 K"),
    "temperature above the melt": ("protocol.isotherms.temperatures_k", [3000], r"does not pass 3000 K"),
    "temperature twice": ("protocol.isotherms.temperatures_k", [2200, 2200], r"lists a temperature twice"),
    "durations of wrong length": ("protocol.isotherms.duration_ps", [1.6], r"lists 1 values for 2 temperatures"),
    "dump interval too long": ("output.dump_every_fs", 5000, r"output\.dump_every_fs: .*fewer than 10 frames"),
    "dump between steps": ("output.dump_every_fs", 3, r"output\.dump_every_fs: .*no whole number of timesteps"),
    "unknown column": ("output.dump_content", ["colour"], r"output\.dump_content\[0\]"),
    "cutoff too long": ("numerics.cutoff_a", 9.0, r"NS9 m2: the cutoff of 9 Å is larger than half the box"),
    "no replicas": ("replicas", 0, r"replicas: .*greater than or equal to 1"),
    "structure file missing": ("cell.start", {"file": "nowhere.cif"}, r"cell\.start\.file: nowhere\.cif: no such"),
    "box too full": ("cell.min_distance_a", -1, r"cell\.min_distance_a"),
    "unknown thermostat": ("protocol.thermostat", {"kind": "berendsen"}, r"protocol\.thermostat\.kind"),
    "infinite temperature": ("protocol.quench.0.temperature_k", float("inf"), r"protocol\.quench\[0\]\.temperature_k"),
    "mobile species absent": ("analysis", {"mobile": ["K"]}, r"analysis\.mobile: K is in none of the systems"),
    "no window possible": ("analysis", {"window": {"max_lag_fraction": 0.9}}, r"analysis\.window\.max_lag_fraction"),
    "negative viscosity": ("analysis", {"viscosity_pa_s": {2200: -1}}, r"analysis\.viscosity_pa_s"),
    "unknown van Hove part": ("analysis", {"van_hove": "some"}, r"analysis\.van_hove"),
    "nothing to simulate": ("systems", [], r"systems"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_configurations(tiny, tmp_path, case):
    path, value, message = BAD[case]
    put(tiny, path, value)
    file = write_config(tmp_path, tiny)
    with pytest.raises(GlasswfError, match=message) as caught:
        planning.make(configuration.load(file), tmp_path)
    assert "\n" not in str(caught.value)


def test_constant_pressure_with_a_background_is_refused(tiny):
    tiny["cell"]["charge_compensation"] = "background"
    planning.make(configuration.from_mapping(tiny))
    tiny["protocol"]["isotherms"]["ensemble"] = "npt"
    with pytest.raises(ConfigError, match=r"NS9 m3.111: ensemble npt with a charged cell"):
        planning.make(configuration.from_mapping(tiny))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cell: {n_atoms: 3\n", r"config\.yaml, line \d+"),
        ("cell: {}\ncell: {}\n", r"config\.yaml, line 2: the key 'cell' is given twice"),
        ("- 1\n- 2\n", r"must hold keys and values"),
        ("", r"must hold keys and values"),
        ("!!python/object/apply:os.system [true]\n", r"config\.yaml, line 1"),
    ],
)
def test_broken_files(tmp_path, text, message):
    file = tmp_path / "config.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        configuration.load(file)


def test_missing_and_binary_files(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        configuration.load(tmp_path / "nowhere.yaml")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not a text file"):
        configuration.load(tmp_path / "binary.yaml")


@given(st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["systems", "cell", "protocol", "n_atoms", "scan", "m", "stage", "quench", "replicas"]),
        inner, max_size=4),
    max_leaves=12,
))  # fmt: skip
def test_no_configuration_gives_a_traceback(data):
    try:
        planning.make(configuration.from_mapping(data if isinstance(data, dict) else {"systems": data}))
    except (ConfigError, ForceFieldError) as error:
        assert str(error) and "\n" not in str(error)


@pytest.mark.parametrize("name", ["config.yaml", "config/paper.yaml"])
def test_shipped_configurations_are_valid(name):
    plan = planning.make(configuration.load(ROOT / name), ROOT)
    assert len(plan.points) >= 10
    json.dumps(planning.overview(plan), allow_nan=False)


def test_paper_configuration_has_the_printed_counts():
    plan = planning.make(configuration.load(ROOT / "config" / "paper.yaml"))
    points = {(point.system, point.label): point for point in plan.points}
    assert points["NS9", "n900"].counts == {"Na": 200, "Si": 900, "S": 1900}
    assert points["NS9", "n675"].counts == {"Na": 150, "Si": 675, "S": 2175}
    assert points["NS", "m2"].counts == {"Na": 1000, "Si": 500, "S": 1500}
    assert points["depolymerised", "x0.5"].box_length_a == pytest.approx(41.17, abs=0.01)


def test_key_reference_is_up_to_date():
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert page == reference.markdown() + "\n", "run `make docs`"


def test_schema_names_every_block():
    schema = configuration.Config.model_json_schema()
    assert {"systems", "cell", "protocol", "output", "replicas", "seed"} <= set(schema["properties"])
    assert all("description" in field for field in schema["properties"].values())


def test_numbers_that_plain_yaml_reads_as_text(tiny, tmp_path):
    text = yaml.safe_dump(tiny).replace("cutoff_a: 6.0", "cutoff_a: 6.0\n  kspace_accuracy: 1e-4")
    (tmp_path / "config.yaml").write_text(text)
    assert configuration.load(tmp_path / "config.yaml").numerics.kspace_accuracy == 1e-4
