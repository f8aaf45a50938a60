"""The bill of third-party licences, from the metadata of what is installed: `python -m tests.third_party`."""

import csv
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
COLUMNS = ("package", "version", "licence", "role", "used")

# Where metadata say too little: read in the packages' own files, or at the places these name.
_STATED = {
    "docutils": "LicenseRef-Public-Domain AND BSD-2-Clause",  # its GPL part, an Emacs mode, is not installed
    "mpich": "mpich2",  # SPDX's name for MPICH's licence
    "packaging": "Apache-2.0 OR BSD-2-Clause",  # one file for each
    "pandas": "BSD-3-Clause",
}
_NAMES = {
    "apache 2.0": "Apache-2.0", "apache license, version 2.0": "Apache-2.0", "mit license": "MIT",
    "apache software license": "Apache-2.0", "public domain": "LicenseRef-Public-Domain",
    "python software foundation license": "PSF-2.0", "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "gnu lesser general public license v3 or later (lgplv3+)": "LGPL-3.0-or-later",
    "gnu general public license v2 (gplv2)": "GPL-2.0-only",
}  # fmt: skip
# First match counts: a text that quotes another licence names its own before.
_TEXTS = (
    (r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 2\.1", "LGPL-2.1-or-later"),
    (r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3", "LGPL-3.0-or-later"),
    (r"GNU GENERAL PUBLIC LICENSE\s+Version 2", "GPL-2.0-only"),
    (r"Mozilla Public License.{0,20}2\.0", "MPL-2.0"),
    (r"Apache License\s+Version 2\.0", "Apache-2.0"),
    (r"Permission is hereby granted, free of charge", "MIT"),
    (
        r"Redistribution and use in source and binary forms.*(Neither the name|name of .{0,80} may not)",
        "BSD-3-Clause",
    ),
    (r"Redistribution and use in source and binary forms", "BSD-2-Clause"),
)


def bill() -> list[dict[str, str]]:
    """One row per package of the lock file that is installed here: its licence (SPDX), and why it is here."""
    told = _comments()
    reached = _reached()
    rows = []
    for name in sorted(locked() & reached.keys() & _installed().keys()):
        distribution = _installed()[name]
        roles, through = reached[name]
        rows.append({
            "package": name, "version": distribution.version, "licence": licence(distribution),
            "role": "core" if "core" in roles else " ".join(sorted(roles)),
            "used": told.get(name, f"through {through}"),
        })  # fmt: skip
    return rows


def locked() -> set[str]:
    """Names in the lock file."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return {canonicalize_name(found[1]) for line in lines if (found := re.match(r"([\w.-]+)==", line))}


def licence(distribution: metadata.Distribution) -> str:
    """SPDX expression of a distribution, or nothing where it does not say."""
    about = distribution.metadata
    name = canonicalize_name(about["Name"])
    if stated := _STATED.get(name) or about.get("License-Expression"):
        return stated
    field = about.get("License") or ""
    if re.fullmatch(r"[A-Z][\w.-]*-[\d.]+\S*( (AND|OR|WITH) \S+)*|MIT|MPL-2.0 AND MIT", field):
        return field
    classifiers = [each.split(" :: ")[-1] for each in about.get_all("Classifier", []) if each.startswith("License ::")]
    named = [_NAMES[each.lower()] for each in (field, *classifiers) if each.lower() in _NAMES]
    texts = (_of_text(text) for text in (field, *_files(distribution)))
    return next(filter(None, (*named, *texts)), "")


def _files(distribution: metadata.Distribution) -> Iterator[str]:
    for path in distribution.files or ():
        if re.match(r"(licen[cs]e|copying)", path.name, re.IGNORECASE) and path.suffix not in (".py", ".pyc"):
            yield path.locate().read_text(encoding="utf-8", errors="replace")


def _of_text(text: str) -> str | None:
    found = [(match.start(), name) for pattern, name in _TEXTS if (match := re.search(pattern, text, re.DOTALL))]
    return min(found, key=lambda each: each[0])[1] if found else None


@cache
def _installed() -> dict[str, metadata.Distribution]:
    return {canonicalize_name(each.metadata["Name"]): each for each in metadata.distributions()}


def _project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _comments() -> dict[str, str]:
    """What pyproject.toml says each dependency is for."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return {canonicalize_name(name): use for name, use in re.findall(r'"([\w.-]+)[^"\n]*"[\],]*\s+# (.*)$', text, re.M)}


def _reached() -> dict[str, tuple[set[str], str]]:
    """Every package that the dependencies lead to: for which roles, and through which package first."""
    project = _project()
    roots = {"core": project["dependencies"], **project["optional-dependencies"]}
    found: dict[str, tuple[set[str], str]] = {}
    for role, requirements in roots.items():
        waiting = [(Requirement(each), "glasswf") for each in requirements]
        while waiting:
            requirement, parent = waiting.pop(0)
            roles, _ = found.setdefault(canonicalize_name(requirement.name), (set(), parent))
            if role not in roles:
                roles.add(role)
                waiting += [(each, requirement.name) for each in _needs(requirement)]
    return found


def _needs(requirement: Requirement) -> Iterator[Requirement]:
    distribution = _installed().get(canonicalize_name(requirement.name))
    for each in map(Requirement, (distribution and distribution.requires) or ()):
        extras: Iterable[str] = requirement.extras or {""}
        if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in extras):
            yield each


def main() -> int:
    """Print the bill as CSV."""
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(bill())
    return 0


if __name__ == "__main__":
    sys.exit(main())
