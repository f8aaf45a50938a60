"""Scattering of X-rays and neutrons by elements, and the weights of partials."""

import numpy as np
import pytest

from glasswf.errors import AnalysisError
from glasswf.structure.scattering import form_factors, scattering_lengths, weights

SPECIES = ("Na", "S", "Si")
K = np.linspace(0.2, 20, 50)


def test_form_factors_begin_at_the_atomic_number_and_fall():
    found = form_factors(SPECIES, np.linspace(0, 25, 200))
    assert found[:, 0] == pytest.approx([11, 16, 14], abs=0.02)
    assert (np.diff(found, axis=1) < 0).all()


def test_form_factor_of_hydrogen_is_that_of_the_1s_orbital():
    """f = 1 / (1 + (k a₀/2)²)², a₀ the Bohr radius: what tells k from sin θ / λ."""
    k = np.linspace(0, 10, 40)
    assert form_factors(["H"], k)[0] == pytest.approx(1 / (1 + (0.529177 * k / 2) ** 2) ** 2, abs=1e-3)


def test_scattering_lengths():
    """Sears, Neutron News 3 (1992) 26; periodictable has newer values for some."""
    assert scattering_lengths(SPECIES) == pytest.approx([3.63, 2.847, 4.149], abs=0.002)


@pytest.mark.parametrize("radiation", ["xray", "neutron"])
def test_weights_add_up_to_one(radiation):
    found = weights(radiation, SPECIES, np.array([1 / 3, 1 / 2, 1 / 6]), K)
    assert found.shape == (6, 50)
    assert found.sum(axis=0) == pytest.approx(np.ones(50))


def test_neutron_weights_by_hand():
    found = weights("neutron", ("Na", "S"), np.array([2 / 3, 1 / 3]), K[:2])
    mean = (2 * 3.63 + 2.847) / 3
    assert found[:, 0] == pytest.approx(
        np.array([(2 * 3.63 / 3) ** 2, 2 * (2 * 3.63 / 3) * (2.847 / 3), (2.847 / 3) ** 2]) / mean**2
    )
    assert found[:, 0] == pytest.approx(found[:, 1])


def test_xray_weights_depend_on_k():
    found = weights("xray", SPECIES, np.array([1 / 3, 1 / 2, 1 / 6]), K)
    assert np.ptp(found, axis=1).max() > 0.02


def null_mixture():
    deuterium, hydrogen = scattering_lengths(["D", "H"])
    return np.array([-hydrogen, deuterium]) / (deuterium - hydrogen)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: form_factors(["Xx"], K), "no element 'Xx'"),
        (lambda: scattering_lengths(["Na", "Po"]), "no neutron scattering length is known for Po"),
        (lambda: form_factors(["Lr"], K), "no X-ray form factor is known for Lr"),
        (lambda: form_factors(["Na"], np.array([80.0])), "to 75.4 1/Å, not at 80"),
        (lambda: weights("neutron", ("D", "H"), null_mixture(), K), "D-H: the mean scattering length is zero"),
    ],
)
def test_what_is_not_known_is_one_line(call, message):
    with pytest.raises(AnalysisError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
