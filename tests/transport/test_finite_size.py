from dataclasses import replace

import numpy as np
import pytest
from walkers import salt

from glasswf.errors import AnalysisError
from glasswf.transport import analyse
from glasswf.transport.finite_size import correction


def test_a_case_by_hand():
    # k_B T = 1.380649e-23 J/K · 300 K; 6π η L = 6π · 1e-3 Pa s · 20e-10 m; 1 m²/s = 1e4 cm²/s
    expected = 1.380649e-23 * 300 * 2.837297 / (18.8495559 * 1e-3 * 20e-10) * 1e4
    assert correction(300, 20.0, 1e-3).value == pytest.approx(expected, rel=1e-5)


def test_scaling_and_error():
    one = correction(1000, 20.0, 1e-3, 1e-4)
    assert correction(1000, 40.0, 1e-3).value == pytest.approx(one.value / 2)
    assert correction(2000, 20.0, 1e-3).value == pytest.approx(2 * one.value)
    assert one.error == pytest.approx(0.1 * one.value)
    assert correction(1000, 20.0, 1e6).value < 1e-12  # a glass: nothing to correct, and nothing said


@pytest.mark.parametrize(
    ("arguments", "name"),
    [((0, 20, 1), "temperature"), ((1000, -1, 1), "box length"), ((1000, 20, 0), "viscosity"),
     ((1000, 20, float("nan")), "viscosity"), ((1000, 20, 1, -0.1), "cannot be negative")],
)  # fmt: skip
def test_nonsense_is_refused(arguments, name):
    with pytest.raises(AnalysisError, match=name):
        correction(*arguments)


def test_only_cubes_are_corrected():
    rng = np.random.default_rng(0)
    cube, slab = salt(rng, 60, 6), replace(salt(rng, 60, 6), box_lengths_a=np.full((60, 3), [20.0, 20.0, 40.0]))
    size = analyse(cube, 1000.0, viscosity_pa_s=1e-3).of("Na").finite_size
    assert size.value == pytest.approx(correction(1000.0, 20.0, 1e-3).value)
    refused = analyse(slab, 1000.0, viscosity_pa_s=1e-3)
    assert refused.of("Na").finite_size is None
    assert any("cubic cell" in note for note in refused.notes)
