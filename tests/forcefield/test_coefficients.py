"""The files written for LAMMPS, read without LAMMPS."""

import re

import numpy as np
import pytest

from glasswf import forcefield
from glasswf.errors import ForceFieldError, GlasswfError
from glasswf.lammps import coefficients
from glasswf.lammps.numerics import Numerics

ELEMENTS = ["Na", "Si", "S"]


def write(folder, name="legrand2025", elements=ELEMENTS, numerics=None, **update):
    field = forcefield.load(name).model_copy(update=update)
    return coefficients.write(folder, field, elements, field.charges, numerics or Numerics())


def test_files_of_each_kind_of_term(tmp_path):
    def names(name):
        return [path.name for path in write(tmp_path / name, name)]

    assert names("legrand2025") == ["forcefield.lammps", "angle.sw", "angle.table"]
    assert names("legrand2025-abrupt") == ["forcefield.lammps", "angle.nb3b"]


@pytest.mark.parametrize("name", ["legrand2025", "legrand2025-abrupt"])
def test_same_text_wherever_it_is_written(tmp_path, name):
    first, second = (write(tmp_path / folder, name) for folder in ("a", "ein Ort mit Lücken"))
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
        assert str(tmp_path) not in one.read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "elements", "expected"),
    [
        ("legrand2025", ELEMENTS, ["hybrid/overlay", "buck/coul/long", "sw/angle/table"]),
        ("legrand2025-abrupt", ELEMENTS, ["hybrid/overlay", "buck/coul/long", "nb3b/harmonic"]),
        ("legrand2025", ["Na", "S"], ["buck/coul/long"]),
        ("poitras2023", ["Li", "Si", "S"], ["buck/coul/long"]),
    ],
)
def test_required_styles_are_those_in_the_input(tmp_path, name, elements, expected):
    styles = coefficients.required_styles(forcefield.load(name), elements)
    assert styles == {"pair": expected, "kspace": ["pppm"]}
    text = write(tmp_path, name, elements)[0].read_text("utf-8")
    line = re.search(r"^pair_style (.*)$", text, re.MULTILINE)[1]
    assert [word for word in line.split() if not re.fullmatch(r"[\d.]+", word)] == expected


def test_every_pair_of_types_has_coefficients(tmp_path):
    text = write(tmp_path)[0].read_text("utf-8")
    pairs = re.findall(r"^pair_coeff (\d) (\d) ", text, re.MULTILINE)
    assert sorted(pairs) == [("1", "1"), ("1", "2"), ("1", "3"), ("2", "2"), ("2", "3"), ("3", "3")]


def test_cutoff_is_that_of_the_settings_or_of_the_force_field(tmp_path):
    assert "buck/coul/long 7.5 " in write(tmp_path, numerics=Numerics(cutoff_a=7.5))[0].read_text("utf-8")
    assert "buck/coul/long 11.0 " in write(tmp_path, cutoff_a=11.0)[0].read_text("utf-8")


def test_citation_with_line_breaks_stays_a_comment(tmp_path):
    text = write(tmp_path, citation="A. Author\nrun 5\nB. Author &")[0].read_text("utf-8")
    assert "\nrun" not in text
    assert "&\n" not in text


def test_table_is_the_angle_energy_and_its_derivative(tmp_path):
    text = write(tmp_path)[2].read_text("utf-8")
    rows = text.split("Si-S-Si\nN 181\n\n")[1].split("\n\n")[0].split("\n#")[0].splitlines()
    _, degrees, energy, force = np.array([row.split() for row in rows], dtype=float).T
    assert (degrees[0], degrees[-1]) == (0, 180)
    np.testing.assert_allclose(force[1:-1], -(energy[2:] - energy[:-2]) / 2, rtol=0, atol=1e-9)
    reference = forcefield.load("legrand2025").three_body[0].theta_ref_deg
    assert np.interp(reference, degrees, energy) == pytest.approx(0, abs=1e-3)


def test_element_without_parameters_or_charge(tmp_path):
    field = forcefield.load("legrand2025")
    with pytest.raises(ForceFieldError, match="legrand2025 has no K"):
        coefficients.write(tmp_path, field, ["K", "S"], {"K": 1, "S": -1}, Numerics())
    with pytest.raises(ForceFieldError, match="no charge given for S; charges are given for Na"):
        coefficients.write(tmp_path, field, ["Na", "S"], {"Na": 1.0}, Numerics())


def test_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(GlasswfError, match="cannot write"):
        write(tmp_path / "file" / "run")
