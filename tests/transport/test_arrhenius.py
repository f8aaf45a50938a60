import numpy as np
import pytest
from walkers import random_walk, trajectory

from glasswf.errors import AnalysisError
from glasswf.transport import arrhenius, regression
from glasswf.transport.curves import Curves
from glasswf.transport.diffusion import diffusion
from glasswf.transport.ensemble import Ensemble
from glasswf.transport.window import WindowRule
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
    student = 1.8373  # half-width of the 68.3 % interval for one degree of freedom, over that for infinitely many
    expected = plain.activation_energy_err_ev * student * np.sqrt(found.reduced_chi2)
    assert found.activation_energy_err_ev == pytest.approx(expected, rel=1e-4)


def test_scatter_that_chance_allows_changes_nothing():
    values = line(TEMPERATURES) * np.array([1.0, 1.1, 1.0])
    found = arrhenius.fit(TEMPERATURES, values, 0.1 * values)
    plain = arrhenius.fit(TEMPERATURES, line(TEMPERATURES), 0.1 * line(TEMPERATURES))
    assert 0.1 < found.reduced_chi2 < 1.6
    assert found.covariance == plain.covariance


@pytest.mark.parametrize("hidden", [1.0, 4.0])  # true errors over those given
def test_intervals_hold_the_truth_also_where_the_errors_given_are_too_small(hidden):
    rng = np.random.default_rng(1)
    temperatures = np.array([1000.0, 1250.0, 1500.0, 2000.0])
    values, inside = line(temperatures), []
    for noise in np.exp(0.1 * hidden * rng.normal(size=(1000, 4))):
        found = arrhenius.fit(temperatures, values * noise, 0.1 * values * noise)
        _, low, high = found.predict(700.0)
        inside.append([
            abs(found.activation_energy_ev - 0.439) < found.activation_energy_err_ev,
            abs(found.log_prefactor - np.log(2e-3)) < found.log_prefactor_err,
            low < line(700.0) < high,
        ])  # fmt: skip
    coverage = np.mean(inside, axis=0)
    assert (coverage > 0.60).all(), coverage
    assert (coverage < 0.76).all(), coverage


def test_activation_energy_from_trajectories():
    """Four isotherms of random walkers whose D follow an Arrhenius law, by blocks and by regression."""
    rng = np.random.default_rng(2)
    temperatures, energy = np.array([1000.0, 1200.0, 1500.0, 2000.0]), 0.2
    true = line(temperatures, energy, prefactor=1.6)
    inside = []
    for _ in range(200):
        found = [both_ways(rng, d) for d in true]
        fits = [
            arrhenius.fit(temperatures, [each.value for each in column], [each.error for each in column])
            for column in zip(*found, strict=True)
        ]
        inside.append([abs(fit.activation_energy_ev - energy) < fit.activation_energy_err_ev for fit in fits])
    coverage = np.mean(inside, axis=0)
    assert (coverage > 0.60).all(), coverage
    assert (coverage < 0.76).all(), coverage


def both_ways(rng, d):
    """D of ten walkers by blocks and by regression."""
    heavy = np.zeros((100, 1, 3))
    walkers = np.concatenate([random_walk(rng, 100, [d] * 10), heavy], axis=1)
    curves = Curves(Ensemble([trajectory(walkers, ["Na"] * 10 + ["S"], masses=[1] * 10 + [1e12])]), WindowRule())
    found = diffusion(curves, "Na")
    return found.diffusivity, regression.diffusivity(curves, "Na", found.window)


def test_prediction_and_its_band_by_hand():
    values = line(TEMPERATURES[:2])
    found = arrhenius.fit(TEMPERATURES[:2], values, 0.1 * values)
    # At a point fitted, the band of an exact line is its error; far away, errors of both points add up.
    assert found.predict(1000.0) == pytest.approx((values[0], values[0] * np.exp(-0.1), values[0] * np.exp(0.1)))
    # 1/T of 750 K lies beyond that of 1000 K by as much as 1500 K lies before it: ln y = 2 ln y1 - ln y2.
    value, low, high = found.predict(750.0)
    assert value == pytest.approx(values[0] ** 2 / values[1])
    assert np.log(high / value) == pytest.approx(np.hypot(0.2, 0.1))
    assert np.log(value / low) == pytest.approx(np.hypot(0.2, 0.1))


def test_beyond_the_data():
    values = line(TEMPERATURES)
    found = arrhenius.fit(TEMPERATURES, values, 0.1 * values)
    expected = {300.0: True, 980.0: True, 995.0: False, 1700.0: False, 2010.0: False, 2100.0: True}
    assert {temperature: found.beyond_data(temperature) for temperature in expected} == expected


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
