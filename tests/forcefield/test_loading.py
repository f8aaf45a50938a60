"""Reading force-field files: what the library holds, and one clear line for every mistake."""

import copy
import re
import warnings

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from glasswf import forcefield
from glasswf.errors import ForceFieldError
from glasswf.forcefield import ForceFieldWarning

MINIMAL = {
    "name": "mine",
    "citation": "none",
    "note": "",
    "units": "metal",
    "charges": {"Na": 1.0, "Cl": -1.0},
    "pairs": {
        "Na-Na": "coulomb",
        "Na-Cl": {"a_ev": 1250.0, "rho_a": 0.317, "c_ev_a6": 0},
        "Cl-Cl": {"a_ev": 3500, "rho_a": 0.317, "c_ev_a6": 70.0},
    },
    "cutoff_a": 10,
    "timestep_fs": 1,
    "validity": {"compositions": "NaCl", "temperatures": "any", "fitted_on": "nothing"},
}


def written(folder, **changes):
    content = copy.deepcopy(MINIMAL) | changes
    path = folder / "mine.yaml"
    content = {key: value for key, value in content.items() if value is not None}
    path.write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
    return path


def refused(path, *fragments):
    with pytest.raises(ForceFieldError) as caught:
        forcefield.load(path)
    message = str(caught.value)
    assert "\n" not in message
    for fragment in fragments:
        assert fragment in message
    return message


def test_library_holds_the_published_sets():
    assert forcefield.names() == ("legrand2025", "legrand2025-abrupt", "poitras2023")


def test_legrand_table_1():
    field = forcefield.load("legrand2025")
    assert field.charges == {"Na": 0.6, "Si": 2.4, "S": -1.2}
    table = {("S", "S"): (42800, 0.284, 30), ("S", "Si"): (164000, 0.178, 80)}
    table |= {("S", "Na"): (833000, 0.182, 70), ("Na", "Na"): (13000, 0.3, 300)}
    for pair, values in table.items():
        term = field.pair(*pair)
        assert (term.a_ev, term.rho_a, term.c_ev_a6) == values
    assert field.pair("Si", "Si") is None
    assert field.pair("Na", "Si") is None


def test_both_legrand_sets_differ_in_the_angle_term_alone():
    smooth, abrupt = forcefield.load("legrand2025"), forcefield.load("legrand2025-abrupt")
    assert smooth.pairs == abrupt.pairs
    assert [term.kind for term in smooth.three_body] == ["angle-conservative"]
    assert [term.kind for term in abrupt.three_body] == ["angle-abrupt"]
    for field in (smooth, abrupt):
        assert (field.three_body[0].k_ev_rad2, field.three_body[0].theta_0_deg) == (1.5, 60)
    assert smooth.sha256 != abrupt.sha256


@pytest.mark.parametrize("name", ["legrand2025", "legrand2025-abrupt", "poitras2023"])
def test_library_sets_are_neutral_for_their_glass_and_do_not_collapse(name):
    field = forcefield.load(name)
    alkali = field.elements[0]
    assert 2 * field.charges[alkali] + field.charges["S"] == pytest.approx(0)
    assert field.charges["Si"] + 2 * field.charges["S"] == pytest.approx(0)
    assert field.warnings == ()


def test_masses_are_atomic_masses():
    assert forcefield.load("poitras2023").masses == pytest.approx({"Li": 6.94, "Si": 28.085, "S": 32.06}, abs=0.01)


def test_user_file_by_path(tmp_path):
    folder = tmp_path / "Kräfte und Felder"
    folder.mkdir()
    field = forcefield.load(written(folder))
    assert field.elements == ("Na", "Cl")
    assert field.pair("Cl", "Na") == field.pair("Na", "Cl")


def test_extending_a_library_set(tmp_path):
    path = tmp_path / "soft.yaml"
    path.write_text("extends: legrand2025\nname: soft\nthree_body: []\n", "utf-8")
    assert forcefield.load(path).pairs == forcefield.load("legrand2025").pairs
    assert forcefield.load(path).three_body == ()


def test_extending_another_file_follows_its_folder_and_its_content_is_hashed(tmp_path):
    written(tmp_path)
    child = tmp_path / "child.yaml"
    child.write_text("extends: ./mine.yaml\nname: child\n", "utf-8")
    before = forcefield.load(child).sha256
    written(tmp_path, cutoff_a=9)
    assert forcefield.load(child).sha256 != before


def test_files_that_extend_each_other(tmp_path):
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{name}.yaml").write_text(f"extends: {other}.yaml\n", "utf-8")
    refused(tmp_path / "a.yaml", "extends", "leads back")


def test_hash_ignores_prose_comments_and_key_order(tmp_path):
    before = forcefield.load(written(tmp_path)).sha256
    path = written(tmp_path, name="other", note="a better note")
    assert forcefield.load(path).sha256 == before
    path.write_text("# a comment\n" + yaml.safe_dump(MINIMAL, sort_keys=True), "utf-8")
    assert forcefield.load(path).sha256 == before


def test_hash_does_not_drift_silently(tmp_path):
    expected = "e1fb9c8055fce9382ace467b9f9ac23750ce4d8cd4a72b893d3fcbec2ec22712"
    assert forcefield.load(written(tmp_path)).sha256 == expected


def test_numbers_with_an_exponent_are_numbers(tmp_path):
    path = written(tmp_path)
    path.write_text(path.read_text("utf-8").replace("3500", "3.5e3"), "utf-8")
    assert forcefield.load(path).pair("Cl", "Cl").a_ev == 3500


def test_require_names_what_is_missing():
    with pytest.raises(ForceFieldError, match=r"legrand2025 has no K, Ge; it covers Na, Si, S"):
        forcefield.load("legrand2025").require(["Na", "K", "Ge"])


BUCKINGHAM = {"a_ev": 1000.0, "rho_a": 0.3, "c_ev_a6": 0.0}
ANGLE = {"kind": "angle-abrupt", "centre": "Cl", "ends": "Na", "k_ev_rad2": 1.0, "theta_0_deg": 90, "cutoff_a": 3}
SMOOTH = ANGLE | {"kind": "angle-conservative", "theta_ref_deg": 90, "gamma_a": 0.3, "r_bond_a": 2.0}


def pairs(**changes):
    changed = MINIMAL["pairs"] | {key.replace("_", "-"): value for key, value in changes.items()}
    return {key: value for key, value in changed.items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "fragments"),
    [
        ({"colour": "red"}, ["colour", "unknown key"]),
        ({"warnings": []}, ["warnings", "unknown key"]),
        ({"name": None}, ["name", "missing"]),
        ({"units": "real"}, ["units", "'metal'", "'real'"]),
        ({"cutoff_a": "long"}, ["cutoff_a", "number", "'long'"]),
        ({"cutoff_a": -1}, ["cutoff_a", "greater than 0", "-1"]),
        ({"timestep_fs": float("nan")}, ["timestep_fs", "finite"]),
        ({"timestep_fs": True}, ["timestep_fs", "number", "True"]),
        ({"charges": {"Na": 1.0, "Cl": -1.0, "Zz": 0.0}, "pairs": None}, ["charges.Zz", "not a chemical element"]),
        ({"charges": {}}, ["charges"]),
        ({"charges": {"Na": float("inf"), "Cl": -1.0}}, ["charges.Na", "finite"]),
        ({"charges": [1, 2]}, ["charges", "mapping"]),
        ({"pairs": pairs(Na_Cl=None)}, ["pairs", "Na-Cl is missing"]),
        ({"pairs": pairs(Cl_Na=BUCKINGHAM)}, ["pairs", "given twice", "different values"]),
        ({"pairs": pairs(K_Na=BUCKINGHAM)}, ["pairs.K-Na", "K has no charge"]),
        ({"pairs": pairs(NaCl=BUCKINGHAM)}, ["pairs.NaCl", "like Na-S"]),
        ({"pairs": pairs(Na_Na="none")}, ["pairs: Na-Na needs a_ev", "'none'"]),
        ({"pairs": pairs(Na_Na=BUCKINGHAM | {"rho_a": -0.3})}, ["pairs.Na-Na.rho_a", "greater than 0", "-0.3"]),
        ({"pairs": pairs(Na_Na=BUCKINGHAM | {"a_ev": -1})}, ["pairs.Na-Na.a_ev", "-1"]),
        ({"pairs": pairs(Na_Na=BUCKINGHAM | {"c_ev_a6": "x"})}, ["pairs.Na-Na.c_ev_a6", "'x'"]),
        ({"pairs": pairs(Na_Na=BUCKINGHAM | {"d": 1})}, ["pairs.Na-Na.d", "unknown key"]),
        ({"pairs": pairs(Na_Na={"a_ev": 1.0})}, ["pairs.Na-Na.rho_a", "missing"]),
        ({"three_body": [ANGLE | {"ends": "Si"}]}, ["three_body.0.ends", "Si is not among the elements Na, Cl"]),
        ({"three_body": [ANGLE | {"kind": "harmonic"}]}, ["three_body.0", "kind"]),
        ({"three_body": [ANGLE | {"theta_0_deg": 190}]}, ["three_body.0.theta_0_deg", "180"]),
        ({"three_body": [ANGLE | {"gamma_a": 0.3}]}, ["three_body.0.gamma_a", "unknown key"]),
        ({"three_body": [SMOOTH | {"r_bond_a": 3.0}]}, ["three_body.0", "r_bond_a", "smaller than cutoff_a"]),
        ({"three_body": [ANGLE, ANGLE]}, ["three_body", "Na-Cl-Na", "twice"]),
        ({"three_body": ANGLE}, ["three_body", "list"]),
        ({"extends": "nothing"}, ["unknown force field 'nothing'", "legrand2025"]),
        ({"extends": 3}, ["extends"]),
    ],
)
def test_mistakes(tmp_path, changes, fragments):
    path = written(tmp_path, **changes)
    message = refused(path, *fragments)
    assert str(path) in message or "extends" in changes


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("a: [1", "line 1"),
        ("- a\n- b\n", "must hold keys and values"),
        ("", "must hold keys and values"),
        ("pairs:\n  S-S: coulomb\n  S-S: coulomb\n", "line 3: the key 'S-S' is given twice"),
        ("name: !!python/object/apply:os.getcwd []\n", "line 1"),
    ],
)
def test_files_that_are_not_force_fields(tmp_path, text, fragment):
    path = tmp_path / "bad.yaml"
    path.write_text(text, "utf-8")
    refused(path, str(path), fragment)


def test_file_that_is_not_text(tmp_path):
    (tmp_path / "bad.yaml").write_bytes(b"\xff\xfe\x00")
    refused(tmp_path / "bad.yaml", "not a text file")


def test_unknown_name_and_missing_file(tmp_path):
    refused("dive2018", "unknown force field 'dive2018'", "poitras2023", "path")
    refused(tmp_path / "none.yaml", "none.yaml does not exist")


def test_weak_barrier_is_warned_about_and_recorded(tmp_path):
    path = written(tmp_path, pairs=pairs(Cl_Cl={"a_ev": 3500, "rho_a": 0.317, "c_ev_a6": 900}))
    with pytest.warns(ForceFieldWarning, match=r"mine\.yaml: Cl-Cl collapse over a barrier of only \S+ eV at"):
        field = forcefield.load(path)
    assert len(field.warnings) == 1
    assert "warnings" not in field.to_dict()


def test_pair_that_attracts_all_the_way_is_warned_about(tmp_path):
    path = written(tmp_path, pairs=pairs(Na_Cl="coulomb"))
    with pytest.warns(ForceFieldWarning, match="Na-Cl attract each other all the way down"):
        forcefield.load(path)


_numbers = st.floats(1e-3, 1e3, allow_nan=False).map(lambda x: float(f"{x:.6g}"))


@given(
    charges=st.dictionaries(st.sampled_from(["Na", "Si", "S", "Li", "P"]), st.floats(-3, 3), min_size=1, max_size=4),
    values=st.lists(st.tuples(_numbers, _numbers, _numbers), min_size=10, max_size=10),
    flips=st.lists(st.booleans(), min_size=10, max_size=10),
)
def test_any_complete_table_loads_and_is_symmetric(tmp_path_factory, charges, values, flips):
    elements = list(charges)
    keys = [(i, j) for n, i in enumerate(elements) for j in elements[n:]]
    table = {}
    for (i, j), (a, rho, c), flip in zip(keys, values, flips, strict=False):
        table[f"{j}-{i}" if flip else f"{i}-{j}"] = {"a_ev": a, "rho_a": rho, "c_ev_a6": c}
    path = written(tmp_path_factory.mktemp("any"), charges=charges, pairs=table)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ForceFieldWarning)
        field = forcefield.load(path)
    for (i, j), (a, rho, c) in zip(keys, values, strict=False):
        assert field.pair(i, j) == field.pair(j, i)
        assert (field.pair(i, j).a_ev, field.pair(i, j).rho_a, field.pair(i, j).c_ev_a6) == (a, rho, c)
    field.require(elements)
    assert re.fullmatch("[0-9a-f]{64}", field.sha256)
