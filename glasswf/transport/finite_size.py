"""Finite-size correction of self-diffusion coefficients (Yeh and Hummer, J. Phys. Chem. B 108, 15873 (2004)).

In a periodic cell an atom drags its own images along: D(L) = D_∞ − k_B T ξ/(6π η L). This is hydrodynamics of a
simple liquid in a cube. It holds for melts whose shear viscosity η is known from elsewhere and says nothing about a
glass, where η diverges and atoms hop; there is no correction of this form for a collective conductivity.
"""

import math

from glasswf.errors import AnalysisError
from glasswf.transport.uncertainty import Estimate
from glasswf.units import BOLTZMANN_EV_K, EV_J

XI = 2.837297  # of a cubic lattice of images
_M2_TO_CM2 = 1e4


def correction(
    temperature_k: float, box_length_a: float, viscosity_pa_s: float, viscosity_err_pa_s: float = 0.0
) -> Estimate:
    """k_B T ξ/(6π η L) in cm²/s, to be added to D of a cube of `box_length_a`, with the error that η brings.

    Raises AnalysisError unless temperature, length and viscosity are positive and the error is not negative.
    """
    given = {"temperature": temperature_k, "box length": box_length_a, "viscosity": viscosity_pa_s}
    for name, value in given.items():
        if not (value > 0 and math.isfinite(value)):
            raise AnalysisError(f"finite-size correction: {name} {value:g}; it must be positive")
    if not viscosity_err_pa_s >= 0:
        raise AnalysisError(
            f"finite-size correction: error {viscosity_err_pa_s:g} of the viscosity; it cannot be negative"
        )
    thermal = BOLTZMANN_EV_K * EV_J * temperature_k
    value = _M2_TO_CM2 * thermal * XI / (6 * math.pi * viscosity_pa_s * box_length_a * 1e-10)
    return Estimate(value, value * viscosity_err_pa_s / viscosity_pa_s, 0, "Yeh-Hummer")
