"""Writing a force field as LAMMPS reads it: `forcefield.lammps` and the tables of the angle terms."""

from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement, product
from pathlib import Path

import numpy as np

from glasswf.errors import ForceFieldError
from glasswf.files import write_text
from glasswf.forcefield import AbruptAngle, ConservativeAngle, ForceField
from glasswf.lammps.mesh import Mesh
from glasswf.lammps.numerics import Numerics
from glasswf.templates import render

INCLUDE_NAME = "forcefield.lammps"
_STYLES = {"angle-conservative": "sw/angle/table", "angle-abrupt": "nb3b/harmonic"}
_FILES = {"angle-conservative": "angle.sw", "angle-abrupt": "angle.nb3b"}
_TABLE_NAME = "angle.table"
_TABLE_POINTS = 181  # the splines are exact for a quadratic energy and its linear force: more points gain nothing


def required_styles(force_field: ForceField, elements: Sequence[str]) -> dict[str, list[str]]:
    """LAMMPS styles by category that the input of these elements needs: {"pair": [...], "kspace": [...]}."""
    angle_styles = [_STYLES[kind] for kind in _kinds(force_field, elements)]
    hybrid = ["hybrid/overlay"] if angle_styles else []
    return {"pair": [*hybrid, "buck/coul/long", *angle_styles], "kspace": ["pppm"]}


def write(
    folder: Path | str,
    force_field: ForceField,
    elements: Sequence[str],
    charges: Mapping[str, float],
    numerics: Numerics,
    mesh: Mesh | None = None,
) -> list[Path]:
    """Write `forcefield.lammps` and its tables into `folder`; the paths written, the include file first.

    elements: chemical symbols in the order of the LAMMPS atom types. charges: element to charge (e) actually used.
    mesh: Ewald splitting and mesh; LAMMPS chooses them if not given.
    Raises ForceFieldError if an element is not covered by the force field or has no charge.
    """
    force_field.require(elements)
    if missing := [element for element in elements if element not in charges]:
        raise ForceFieldError(f"no charge given for {', '.join(missing)}; charges are given for {', '.join(charges)}")
    texts = {INCLUDE_NAME: _include(force_field, elements, charges, numerics, mesh)}
    for kind in _kinds(force_field, elements):
        terms = [term for term in force_field.angles(elements) if term.kind == kind]
        texts |= _angle_files(kind, terms)
    for name, text in texts.items():
        write_text(Path(folder) / name, text)
    return [Path(folder) / name for name in texts]


def _include(
    force_field: ForceField, elements: Sequence[str], charges: Mapping, numerics: Numerics, mesh: Mesh | None
) -> str:
    cutoff_a = force_field.cutoff_a if numerics.cutoff_a is None else numerics.cutoff_a
    buckingham_a = cutoff_a if numerics.buckingham_cutoff_a is None else numerics.buckingham_cutoff_a
    return render(
        INCLUDE_NAME,
        force_field=force_field,
        elements=elements,
        charges=charges,
        cutoff_a=cutoff_a,
        buckingham_a=buckingham_a,
        pairs=_pair_rows(force_field, elements),
        substyles=[_substyle(kind, force_field, elements) for kind in _kinds(force_field, elements)],
        numerics=numerics,
        mesh=mesh,
    )


def _kinds(force_field: ForceField, elements: Sequence[str]) -> list[str]:
    """Kinds of angle term that act in this cell, each once."""
    return list(dict.fromkeys(term.kind for term in force_field.angles(elements)))


def _pair_rows(force_field: ForceField, elements: Sequence[str]) -> list[dict]:
    rows = []
    for (i, first), (j, second) in combinations_with_replacement(enumerate(elements, start=1), 2):
        term = force_field.pair(first, second)
        a, rho, c = (term.a_ev, term.rho_a, term.c_ev_a6) if term else (0.0, 1.0, 0.0)
        rows.append({"i": i, "j": j, "a": a, "rho": rho, "c": c, "name": f"{first}-{second}"})
    return rows


def _substyle(kind: str, force_field: ForceField, elements: Sequence[str]) -> dict[str, str]:
    involved = _involved(term for term in force_field.angles(elements) if term.kind == kind)
    mapping = " ".join(element if element in involved else "NULL" for element in elements)
    return {"style": _STYLES[kind], "file": _FILES[kind], "mapping": mapping}


def _involved(terms) -> list[str]:
    return sorted({element for term in terms for element in (term.centre, term.ends)})


def _angle_files(kind: str, terms: list) -> dict[str, str]:
    if kind == "angle-abrupt":
        return {_FILES[kind]: _nb3b(terms)}
    return {_FILES[kind]: _stillinger_weber(terms), _TABLE_NAME: _tables(terms)}


def _triplets(terms: list):
    """Every triplet (centre, end, end) LAMMPS asks for, with the term that acts on it or None."""
    acting = {(term.centre, term.ends, term.ends): term for term in terms}
    for triplet in product(_involved(terms), repeat=3):
        yield triplet, acting.get(triplet)


def _nb3b(terms: list[AbruptAngle]) -> str:
    lines = ["# centre end end  K (eV/rad^2)  theta_0 (degrees)  cutoff (angstrom): K (theta - theta_0)^2 below it"]
    for triplet, term in _triplets(terms):
        values = f"{term.k_ev_rad2} {term.theta_0_deg} {term.cutoff_a}" if term else "0 0 0"
        lines.append(f"{' '.join(triplet)} {values}")
    return "\n".join(lines) + "\n"


def _stillinger_weber(terms: list[ConservativeAngle]) -> str:
    lines = [
        "# Radial factor exp(gamma sigma/(r - a sigma)) on both bonds, tabulated angle energy, no two-body part.",
        "# centre end end  epsilon sigma a lambda gamma cos_theta_0  A B p q tol  file keyword interpolation points",
    ]
    for triplet, term in _triplets(terms):
        cutoff_a, gamma_a = (term.cutoff_a, term.gamma_a) if term else (0.0, 0.0)
        keyword = _keyword(term) if term else "NONE"
        lines.append(
            f"{' '.join(triplet)} 1.0 1.0 {cutoff_a} 1.0 {gamma_a} 0.0  0.0 0.0 0.0 0.0 0.0 "
            f" {_TABLE_NAME} {keyword} spline {_TABLE_POINTS}"
        )
    return "\n".join(lines) + "\n"


def _keyword(term: ConservativeAngle) -> str:
    return f"{term.ends}-{term.centre}-{term.ends}"


def _tables(terms: list[ConservativeAngle]) -> str:
    degrees = np.linspace(0.0, 180.0, _TABLE_POINTS)
    sections = [_table(_keyword(term), degrees, *_angle_energy(term, degrees)) for term in terms]
    nothing = np.zeros_like(degrees)
    return "\n".join([*sections, _table("NONE", degrees, nothing, nothing)])


def _angle_energy(term: ConservativeAngle, degrees: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Energy (eV) and -dE/dθ (eV/degree) at the given angles, without the radial factors."""
    delta, reference = np.radians(degrees - term.theta_0_deg), np.radians(term.theta_ref_deg - term.theta_0_deg)
    energy = term.strength_ev_rad2 * (delta**2 - reference**2)
    return energy, -2 * term.strength_ev_rad2 * delta * np.pi / 180


def _table(keyword: str, degrees: np.ndarray, energy: np.ndarray, force: np.ndarray) -> str:
    rows = [f"{i} {d:g} {e:.15g} {f:.15g}" for i, (d, e, f) in enumerate(zip(degrees, energy, force, strict=True), 1)]
    header = ["# point, angle (degrees), energy (eV), -dE/dangle (eV/degree)", keyword, f"N {len(rows)}", ""]
    return "\n".join([*header, *rows]) + "\n"
