import numpy as np
import pytest

from glasswf.errors import AnalysisError
from glasswf.transport import arrhenius
from glasswf.units import BOLTZMANN_EV_K

TEMPERATURES = np.array([1000.0, 1500.0, 2000.0])


def line(temperatures, energy=0.439, prefactor=2e-3):
    return prefactor * np.exp(-energy / (BOLTZMANN_EV_K * temperatures))


def test_known_activation_energy():
    values = line(TEMPERATURES)
    found = arrhenius.fit(TEMPERATURES, values, 0.1 * values)
    assert found.activation_energy_ev == pytest.approx(0.439)
    assert found.prefactor == pytest.approx(2e-3)
    assert found.reduced_chi2 == pytest.approx(0.0, abs=1e-20)
    assert found.dof == 1


def test_two_points_give_the_exact_line_and_propagated_error():
    temperatures, relative = TEMPERATURES[:2], np.array([0.1, 0.2])
    values = line(temperatures)
    found = arrhenius.fit(temperatures, values, relative * values)
    inverse = 1 / (BOLTZMANN_EV_K * temperatures)
    assert found.activation_energy_ev == pytest.approx(0.439)
    assert found.activation_energy_err_ev == pytest.approx(np.hypot(*relative) / (inverse[0] - inverse[1]))
    assert (found.dof, found.reduced_chi2) == (0, None)


def test_errors_are_those_of_repeated_experiments():
    rng = np.random.default_rng(0)
    values, relative = line(TEMPERATURES), np.array([0.05, 0.02, 0.01])
    noise = np.exp(relative * rng.normal(size=(2000, 3)))
    fits = [arrhenius.fit(TEMPERATURES, values * factor, relative * values * factor) for factor in noise]
    plain = arrhenius.fit(TEMPERATURES, values, relative * values)
    assert np.std([fit.activation_energy_ev for fit in fits]) == pytest.approx(plain.activation_energy_err_ev, rel=0.05)
    assert np.std([fit.log_prefactor for fit in fits]) == pytest.approx(plain.log_prefactor_err, rel=0.05)


def test_weights_follow_the_errors():
    values = line(TEMPERATURES) * np.array([3.0, 1.0, 1.0])
    errors = values * np.array([100.0, 0.01, 0.01])
    assert arrhenius.fit(TEMPERATURES, values, errors).activation_energy_ev == pytest.approx(0.439, abs=1e-4)


def test_scatter_beyond_the_errors_widens_them():
    values = line(TEMPERATURES) * np.array([1.0, 2.0, 1.0])
    found = arrhenius.fit(TEMPERATURES, values, 0.01 * values)
    assert found.reduced_chi2 > 100
    plain = arrhenius.fit(TEMPERATURES, line(TEMPERATURES), 0.01 * line(TEMPERATURES))
    expected = plain.activation_energy_err_ev * np.sqrt(found.reduced_chi2)
    assert found.activation_energy_err_ev == pytest.approx(expected)


@pytest.mark.parametrize(
    ("temperatures", "values", "errors", "match"),
    [
        ([1000.0], [1.0], [0.1], "needs two temperatures; there are 1"),
        ([1000.0, 1000.0], [1.0, 1.1], [0.1, 0.1], "needs two temperatures; there are 1"),
        ([1000.0, 2000.0], [1.0, -1.0], [0.1, 0.1], "positive temperatures, values and errors"),
        ([1000.0, 2000.0], [1.0, 1.0], [0.1, 0.0], "positive temperatures, values and errors"),
    ],
)
def test_what_cannot_be_fitted(temperatures, values, errors, match):
    with pytest.raises(AnalysisError, match=match):
        arrhenius.fit(temperatures, values, errors)
