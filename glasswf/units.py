"""Constants and conversions. Internal units are LAMMPS `metal`: Å, ps, eV, e, g/mol, K, bar.

The three constants are the ones LAMMPS itself uses in `metal` units (CODATA 2006 for k_B, as in its `update.cpp`),
so that energies computed here and there agree to rounding.
"""

BOLTZMANN_EV_K = 8.617343e-5
COULOMB_EV_A = 14.399645  # e²/(4πε₀)
EV_A3_BAR = 1.6021765e6  # 1 eV/Å³ in bar

EV_J = 1.602176634e-19
A2_PS_TO_CM2_S = 1e-4  # 1 Å²/ps = 1e-8 m²/s = 1e-4 cm²/s
# e²/(Å · ps · eV) in S/cm: e = 1.602176634e-19 C; e²/(eV) = e (in C/V); /(1e-8 cm · 1e-12 s)
E2_EV_A_PS_TO_S_CM = EV_J / (1e-8 * 1e-12)


def fs_to_ps(value: float) -> float:
    """Femtoseconds to picoseconds."""
    return value * 1e-3
