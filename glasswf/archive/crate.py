"""What an archive says of itself: RO-Crate 1.1 metadata (researchobject.org/ro-crate), as a workflow's crate.

JSON-LD written by hand: a dozen entities, no library, no network.
"""

import platform
import re
from collections.abc import Mapping, Sequence
from importlib import metadata
from urllib.parse import quote

from glasswf.archive.contents import WORKFLOW, media_type

NAME = "ro-crate-metadata.json"
_SPECIFICATION = "https://w3id.org/ro/crate/1.1"
_PROFILE = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
_MAIN = f"{WORKFLOW}/Snakefile"
_STATES = {"finished": "Completed", "unfinished": "Active"}


def describe(
    files: Mapping[str, tuple[int, str]],
    provenance: Mapping,
    about: Mapping,
    licence: str | None = None,
    authors: Sequence[str] = (),
) -> dict:
    """The metadata document.

    files: size and SHA-256 by name. provenance: results/provenance.json. about: name, description, status, config (its
    name) and inputs (names of files). licence: SPDX identifier, address or words, or None. authors: names.
    """
    root = {
        "@id": "./", "@type": "Dataset", "name": about["name"], "description": about["description"],
        "datePublished": provenance["date"], "hasPart": [_ref(name) for name in files], "mainEntity": _ref(_MAIN),
        "mentions": [_ref("#scan")], "conformsTo": _ref(_PROFILE), "creativeWorkStatus": about["status"],
    }  # fmt: skip
    root["license"] = _licence(licence) if licence else "None stated: ask the authors before using more than facts."
    if authors:
        root["author"] = [_ref(_person_id(author)) for author in authors]
    descriptor = {"@id": NAME, "@type": "CreativeWork", "conformsTo": [_ref(_SPECIFICATION), _ref(_PROFILE)],
                  "about": _ref("./")}  # fmt: skip
    return {
        "@context": [f"{_SPECIFICATION}/context", {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}],
        "@graph": [descriptor, root, _scan(files, provenance, about), *_software(provenance), *_people(authors),
                   *_licences(root["license"]), *(_file(name, *facts) for name, facts in files.items())],
    }  # fmt: skip


def _licence(name: str) -> dict | str:
    """An SPDX identifier or an address as a link, other words as they are."""
    if name.startswith(("https://", "http://")):
        return {"@id": name}
    return {"@id": f"https://spdx.org/licenses/{name}"} if re.fullmatch(r"[A-Za-z0-9.+-]+", name) else name


def installed() -> dict[str, str]:
    """Names and versions of all distributions of this Python, and its own."""
    found = {each.metadata["Name"]: each.version for each in metadata.distributions() if each.metadata["Name"]}
    return {"python": platform.python_version()} | dict(sorted(found.items(), key=lambda item: item[0].lower()))


def _scan(files: Mapping, provenance: Mapping, about: Mapping) -> dict:
    """The run of the workflow: what went in, what came out, with what."""
    results = [name for name in files if name.startswith("results/")]
    return {
        "@id": "#scan", "@type": "CreateAction", "name": f"glasswf run --configfile {about['config']}",
        "endTime": provenance["date"], "actionStatus": f"http://schema.org/{_STATES[about['status']]}ActionStatus",
        "instrument": [_ref(_MAIN), _ref("#glasswf"), _ref("#lammps")],
        "object": [_ref(name) for name in about["inputs"]], "result": [_ref(name) for name in results],
    }  # fmt: skip


def _software(provenance: Mapping) -> list[dict]:
    lammps = ", ".join(provenance.get("lammps", {}).get("version", [])) or "none"
    force_field = provenance.get("forcefield")
    found = [
        {"@id": "#glasswf", "@type": "SoftwareApplication", "name": "glasswf",
         "softwareVersion": provenance["glasswf"]},
        {"@id": "#lammps", "@type": "SoftwareApplication", "name": "LAMMPS", "softwareVersion": lammps,
         "url": "https://www.lammps.org"},
        {"@id": "#snakemake", "@type": "ComputerLanguage", "name": "Snakemake", "url": "https://snakemake.readthedocs.io",
         "version": provenance.get("packages", {}).get("snakemake", "unknown")},
    ]  # fmt: skip
    if force_field:
        found.append({"@id": "#forcefield", "@type": "CreativeWork", "name": f"force field {force_field['name']}",
                      "citation": force_field.get("citation", ""), "sha256": force_field["sha256"]})  # fmt: skip
    return found


def _people(authors: Sequence[str]) -> list[dict]:
    return [{"@id": _person_id(author), "@type": "Person", "name": author} for author in authors]


def _licences(stated: dict | str) -> list[dict]:
    return (
        [stated | {"@type": "CreativeWork", "name": stated["@id"].rpartition("/")[2]}]
        if isinstance(stated, dict)
        else []
    )


def _person_id(author: str) -> str:
    return "#author-" + "-".join(quote(author.lower()).replace("%20", " ").split())


def _file(name: str, size: int, sha256: str) -> dict:
    entity = {"@id": identity(name), "@type": "File", "name": name, "encodingFormat": media_type(name),
              "contentSize": str(size), "sha256": sha256}  # fmt: skip
    if name != _MAIN:
        return entity
    kinds = ["File", "SoftwareSourceCode", "ComputationalWorkflow"]
    return entity | {"@type": kinds, "programmingLanguage": _ref("#snakemake"), "name": "glasswf"}


def _ref(identifier: str) -> dict[str, str]:
    return {"@id": identifier if identifier.startswith(("#", "http", "./")) else identity(identifier)}


def identity(name: str) -> str:
    """Identifier of a file by its name: a relative address, as JSON-LD wants it."""
    return quote(name)
