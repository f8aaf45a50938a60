"""What is in an archive, and what it says of itself."""

import hashlib
import json
import zipfile
from urllib.parse import unquote

import pytest
from rocrate import rocrate

from glasswf.cli import main
from tests.archive.conftest import ONE
from tests.conftest import write_config

pytestmark = pytest.mark.pipeline


def read(archive, name):
    with zipfile.ZipFile(archive) as opened:
        return opened.read(name).decode()


def names(archive):
    with zipfile.ZipFile(archive) as opened:
        return set(opened.namelist())


def export(scan, target, *more):
    return main(["export", str(target), "--directory", str(scan), "--configfile", str(scan / "config.yaml"), *more])


def test_everything_that_made_the_numbers_is_in_it(exported):
    found = names(exported)
    run = "runs/NS/x0.5_m2/r1/T2200"
    assert {
        "config.yaml", "my field.yaml", "environment.json", "manifest-sha256.txt", "ro-crate-metadata.json",
        f"{run}.json", f"{run}/in.lammps", f"{run}/forcefield.lammps", f"{run}/log.1.lammps", f"{run}/record.json",
        f"{run}/thermo.csv", f"{run}/final.data", "runs/NS/x0.5_m2/r1/cell/cell.data", "results/report.html",
        "results/tables/diffusivity.csv", "results/figures/fig_arrhenius.pdf", "results/provenance.json",
        "workflow/Snakefile", "workflow/workflow/rules/md.smk",
    } <= found  # fmt: skip
    assert not [name for name in found if "trajectory" in name or name.endswith(".restart")]
    versions = json.loads(read(exported, "environment.json"))
    assert {"python", "numpy", "lammps", "snakemake", "glasswf"} <= set(versions)


def test_manifest_is_that_of_sha256sum(exported):
    lines = read(exported, "manifest-sha256.txt").splitlines()
    listed = dict(reversed(line.split("  ", 1)) for line in lines)
    assert set(listed) == names(exported) - {"manifest-sha256.txt"}
    with zipfile.ZipFile(exported) as opened:
        assert all(hashlib.sha256(opened.read(name)).hexdigest() == value for name, value in listed.items())


def test_metadata_follow_the_rules_of_ro_crate(exported):
    """RO-Crate 1.1, sections 4 (root data entity), 5 (files), 8 (workflows) and 9 (provenance)."""
    document = json.loads(read(exported, "ro-crate-metadata.json"))
    assert document["@context"][0] == "https://w3id.org/ro/crate/1.1/context" and "sha256" in document["@context"][1]
    entities = {entity["@id"]: entity for entity in document["@graph"]}
    assert len(entities) == len(document["@graph"])
    descriptor, root = entities["ro-crate-metadata.json"], entities["./"]
    assert descriptor["about"] == {"@id": "./"}
    assert {"@id": "https://w3id.org/ro/crate/1.1"} in descriptor["conformsTo"]
    assert root["@type"] == "Dataset" and root["name"] == "One point & <all> of it" and root["datePublished"]
    assert (
        root["license"] == {"@id": "https://spdx.org/licenses/CC-BY-4.0"}
        and entities["#author-ada-example"]["name"] == "Ada Example"
    )
    parts = {unquote(part["@id"]) for part in root["hasPart"]}
    assert parts == names(exported) - {"manifest-sha256.txt", "environment.json", "ro-crate-metadata.json"}
    files = [entity for entity in entities.values() if "File" in entity["@type"]]
    assert {unquote(entity["@id"]) for entity in files} == parts
    assert all(entity["encodingFormat"] and int(entity["contentSize"]) >= 0 for entity in files)
    assert "ComputationalWorkflow" in entities[root["mainEntity"]["@id"]]["@type"]
    action = entities["#scan"]
    assert {"@id": "my%20field.yaml"} in action["object"] and {"@id": "results/report.html"} in action["result"]
    references = [each["@id"] for key in ("instrument", "object", "result") for each in action[key]]
    assert set(references) <= set(entities)
    assert entities["#lammps"]["softwareVersion"].startswith("22 Jul 2025")


def test_the_same_files_give_the_same_bytes(exported, scan, tmp_path):
    again = tmp_path / "again.zip"
    export(scan, again, "--author", "Ada Example", "--licence", "CC-BY-4.0")
    assert again.read_bytes() == exported.read_bytes()


def test_dumps_and_restarts_if_wanted(scan, tmp_path):
    export(scan, tmp_path / "full.zip", "--with-dumps", "--with-restarts")
    found = names(tmp_path / "full.zip")
    run = "runs/NS/x0.5_m2/r1"
    assert {f"{run}/T2200/trajectory.lammpstrj.zst", f"{run}/quench/T2200.restart"} <= found


def test_nothing_is_overwritten(scan, tmp_path, capsys):
    target = tmp_path / "mine.zip"
    target.write_text("mine")
    assert export(scan, target) == 1
    assert "mine.zip: is there already" in capsys.readouterr().err and target.read_text() == "mine"


def test_an_unfinished_scan_is_refused_or_says_so(tmp_path, capsys):
    write_config(tmp_path, ONE | {"forcefield": "legrand2025"})
    assert export(tmp_path, tmp_path / "x.zip") == 1
    said = capsys.readouterr().err
    assert "not finished, 4 files are missing or out of date (runs/NS/x0.5_m2/r1/quench/record.json, ...)" in said
    assert not (tmp_path / "x.zip").exists()
    assert export(tmp_path, tmp_path / "x.zip", "--unfinished") == 0
    graph = json.loads(read(tmp_path / "x.zip", "ro-crate-metadata.json"))["@graph"]
    assert next(entity for entity in graph if entity["@id"] == "./")["creativeWorkStatus"] == "unfinished"


def test_a_file_outside_the_working_folder_is_refused(scan, tmp_path, capsys):
    (tmp_path / "field.yaml").write_text((scan / "my field.yaml").read_text())
    (tmp_path / "scan").mkdir()
    write_config(tmp_path / "scan", ONE | {"forcefield": "../field.yaml"})
    assert export(tmp_path / "scan", tmp_path / "x.zip", "--unfinished") == 1
    assert "../field.yaml: is named by the configuration but outside the working folder" in capsys.readouterr().err


@pytest.mark.parametrize(("change", "says"), [
    ({"seed": 8}, "not finished, 3 files are missing or out of date"),
    ({"title": "Another"}, "the results are of another configuration than Another"),
])  # fmt: skip
def test_results_of_another_configuration_are_refused(scan, tmp_path, capsys, change, says):
    other = write_config(tmp_path, ONE | change)
    assert main(["export", str(tmp_path / "x.zip"), "--directory", str(scan), "--configfile", str(other)]) == 1
    assert says in capsys.readouterr().err and not (tmp_path / "x.zip").exists()


def test_what_a_force_field_extends_comes_along(tmp_path):
    write_config(tmp_path, ONE | {"forcefield": "fields/mine.yaml"})
    write_config(tmp_path, {"extends": "base.yaml", "name": "mine"}, "fields/mine.yaml")
    write_config(tmp_path, {"extends": "legrand2025", "name": "base"}, "fields/base.yaml")
    assert export(tmp_path, tmp_path / "x.zip", "--unfinished") == 0
    assert {"fields/mine.yaml", "fields/base.yaml"} <= names(tmp_path / "x.zip")


def test_the_crate_is_read_by_others(exported, tmp_path):
    """By the reference library, which knows the specification; nothing is fetched."""
    with zipfile.ZipFile(exported) as opened:
        opened.extractall(tmp_path)
    crate = rocrate.ROCrate(tmp_path)
    assert (
        crate.mainEntity.id == "workflow/Snakefile" and crate.mainEntity["programmingLanguage"]["name"] == "Snakemake"
    )
    assert crate.root_dataset["author"][0]["name"] == "Ada Example"
    assert [action["instrument"][0].id for action in crate.root_dataset["mentions"]] == ["workflow/Snakefile"]
    assert {unquote(part.id) for part in crate.data_entities} == names(exported) - {
        "manifest-sha256.txt", "environment.json", "ro-crate-metadata.json"
    }  # fmt: skip
