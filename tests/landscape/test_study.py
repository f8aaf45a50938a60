import numpy as np
import pytest

from glasswf.errors import TheoryError
from glasswf.landscape.fit import attempt_frequency, fit_energies
from glasswf.landscape.model import Glass, activation_energy, conductivities
from glasswf.landscape.study import activation_energies, average, conductivity_averages
from glasswf.landscape.units import fractions
from glasswf.units import BOLTZMANN_EV_K

PARAMETERS = {"v0_ev": 0.64, "sigma": 0.42, "u0_ev": 0.064}


def lithium(x=0.4, **changes):
    return Glass(fractions(x, 0.33), **(PARAMETERS | changes))


def test_energies_scale_with_v0():
    glass = lithium()
    sample = glass.landscape(12, 1)
    double = lithium(v0_ev=1.28, u0_ev=0.128)
    assert activation_energy(double, sample) == pytest.approx(2 * activation_energy(glass, sample))


def test_u0_adds_to_the_activation_energy():
    sample = lithium().landscape(12, 1)
    assert activation_energy(lithium(u0_ev=0.2), sample) == pytest.approx(activation_energy(lithium(), sample) + 0.136)


def test_conductivity_is_proportional_to_the_attempt_frequency():
    sample = lithium().landscape(10, 2)
    slow, fast = (conductivities(lithium(attempt_hz=nu), sample, [400.0])[0] for nu in (1e13, 4e14))
    assert fast == pytest.approx(40 * slow)


def test_uniform_landscape_has_the_conductivity_of_a_lattice_gas():
    # no charges, no noise: σ = e²ν e^{-βu0} c(1-c)/(k_B T a)
    glass = Glass({"B4": 0, "B3": 0.5, "B2": 0, "P3": 0, "P2": 0.5, "P1": 0, "P0": 0}, 1e-9, 0.0, 0.3, vacant=0.5)
    sample = glass.landscape(8, 1)
    assert sample.accessible.all()
    expected = 1.602176634e-19 * 1e14 * np.exp(-0.3 / (BOLTZMANN_EV_K * 500)) / 4 / (BOLTZMANN_EV_K * 500 * 5e-8)
    assert conductivities(glass, sample, [500.0])[0] == pytest.approx(expected, rel=1e-6)


def test_slope_of_the_conductivity_approaches_the_critical_barrier():
    glass = lithium()
    sample = glass.landscape(16, 3)
    cold = np.array([60.0, 80.0])
    values = np.log(conductivities(glass, sample, cold.tolist()) * cold)
    slope = -np.diff(values)[0] / np.diff(1 / (BOLTZMANN_EV_K * cold))[0]
    assert slope == pytest.approx(activation_energy(glass, sample), rel=0.03)


def test_averages_do_not_depend_on_the_number_of_processes():
    glasses = [lithium(0.2), lithium(0.8)]
    assert activation_energies(glasses, 8, 3, 7) == activation_energies(glasses, 8, 3, 7, processes=2)
    one = conductivity_averages(glasses, [400.0], 6, 2, 7)
    assert (len(one), len(one[0]), one[0][0].n_samples) == (2, 1, 2)


def test_progress_is_told():
    seen = []
    activation_energies([lithium()], 6, 3, 1, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_average_of_one_sample_has_no_error():
    assert np.isnan(average([1.0]).error)
    assert average([1.0, 3.0]).mean == 2.0


def test_fit_finds_the_parameters_back():
    glasses = [lithium(x) for x in (0.0, 0.5, 1.0)]
    measured = [each.mean for each in activation_energies(glasses, 16, 4, 11)]
    wrong = [lithium(x, v0_ev=1.0, sigma=0.1, u0_ev=0.1) for x in (0.0, 0.5, 1.0)]
    found = fit_energies(wrong, measured, [0.01] * 3, 16, 4, 11)
    assert found.v0_ev == pytest.approx(0.64, abs=0.005)
    assert found.sigma == pytest.approx(0.42, abs=0.01)
    assert found.dof == 1 and found.chi2 < 0.1
    assert found.v0_err_ev > 0 and found.sigma_err > 0


def test_two_end_members_are_matched():
    glasses = [lithium(x) for x in (0.0, 1.0)]
    measured = [each.mean for each in activation_energies(glasses, 12, 3, 5)]
    found = fit_energies(glasses, measured, [0.01, 0.01], 12, 3, 5)
    assert found.modelled == pytest.approx(measured, abs=2e-3)


def test_attempt_frequency_by_hand():
    assert attempt_frequency([1e-6, 1e-5], [4e-6, 4e-5], 1e14) == pytest.approx(4e14)
    with pytest.raises(TheoryError, match="positive"):
        attempt_frequency([1e-6], [0.0], 1e14)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"v0_ev": 0.0}, "V0 = 0"),
        ({"sigma": -1.0}, "sigma = -1"),
        ({"u0_ev": -0.1}, "u0 = -0.1"),
        ({"jump_a": float("nan")}, "a = nan"),
    ],
)
def test_nonsense_is_refused(changes, match):
    with pytest.raises(TheoryError, match=match):
        lithium(**changes)


def test_fit_needs_two_compositions():
    with pytest.raises(TheoryError, match="two compositions"):
        fit_energies([lithium()], [0.7], None, 8, 1, 1)
