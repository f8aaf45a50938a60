"""Made-up correlation tables and curves for tests, consistent with the made-up diffusivities and conductivities."""

import math
from itertools import combinations_with_replacement

import numpy as np
from scipy import constants

CHARGES = {"Na": 0.6, "Si": 2.4, "S": -1.2}
DENSITY_A3 = 0.040
# shares of the collective σ: of pairs of species, and of the current of one species
_PAIRS = {
    ("Na", "Na"): 0.75,
    ("Na", "Si"): -0.15,
    ("Na", "S"): 0.3,
    ("Si", "Si"): 0.2,
    ("Si", "S"): -0.3,
    ("S", "S"): 0.2,
}
_PARTS = {"Na-Na": 0.75, "Na-network": 0.15, "network-network": 0.10}
_NUMBERS = {"Na": 0.82, "Si": -0.02, "S": 0.2}


def self_parts(state: dict, diffusion: list[dict]) -> dict[str, tuple[float, float]]:
    """Terms of σ_NE (S/cm) of every species with their errors."""
    volume_cm3 = state["n_atoms"] / DENSITY_A3 * 1e-24
    scale = constants.e**2 / (volume_cm3 * constants.k * state["temperature_k"])
    weights = {name: scale * state[f"n_{name.lower()}"] * charge**2 for name, charge in CHARGES.items()}
    return {
        row["species"]: (
            weights[row["species"]] * row["diffusivity_cm2_s"],
            weights[row["species"]] * row["diffusivity_err_cm2_s"],
        )
        for row in diffusion
    }


def parts(state: dict, diffusion: list[dict], sigma: dict) -> list[dict]:
    """Rows of conductivity_parts of one state point, on both routes."""
    own = self_parts(state, diffusion)
    network = [own[name] for name in ("Si", "S")]
    both = {"Na": own["Na"], "network": (sum(v for v, _ in network), math.hypot(*(e for _, e in network)))}
    common = {**state, "n_replicas": 2, "gates_passed": sigma["gates_passed"]}
    caged = any(row["diffusive"] is False for row in diffusion if row["species"] != "Na")
    rows = [
        {**common, "route": "self", "part": name, "conductivity_s_cm": value, "conductivity_err_s_cm": error,
         "diffusive": name == "Na" or not caged}
        for name, (value, error) in both.items()
    ]  # fmt: skip
    common |= {"route": "collective", "diffusive": sigma["diffusive"]}
    return rows + [{**common, "part": name} | _share(sigma, share) for name, share in _PARTS.items()]


def _share(sigma: dict, share: float) -> dict:
    value = share * sigma["conductivity_s_cm"]
    return {
        "conductivity_s_cm": value,
        "conductivity_err_s_cm": 0.15 * abs(value) + 0.1 * sigma["conductivity_err_s_cm"],
    }


def onsager(state: dict, sigma: dict) -> list[dict]:
    """Rows of onsager of one state point: all pairs, adding up to the collective σ."""
    common = {**state, "diffusive": sigma["diffusive"], "n_replicas": 2, "gates_passed": sigma["gates_passed"]}
    return [
        {**common, "species_a": a, "species_b": b, "onsager_1_jms": 1e40 * share, "onsager_err_1_jms": 1e39}
        | _share(sigma, share)
        for (a, b), share in _PAIRS.items()
    ]


def transference(state: dict, sigma: dict) -> list[dict]:
    """Rows of transference of one state point."""
    common = {**state, "diffusive": sigma["diffusive"], "n_replicas": 2, "gates_passed": sigma["gates_passed"]}
    return [
        {**common, "species": name, "transference_number": number, "transference_number_err": 0.06}
        for name, number in _NUMBERS.items()
    ]


def current(state: dict, sigma: dict) -> list[dict]:
    """A damped oscillation, whose integral runs into σ."""
    rows = []
    for lag in np.concatenate([[0.0], np.geomspace(0.004, 5, 60)]):
        wave = math.exp(-lag / 0.08) * math.cos(2 * math.pi * lag / 0.12)
        level = sigma["conductivity_s_cm"] * (1 - math.exp(-lag / 0.15)) + 8 * math.exp(-lag / 0.08) * lag
        rows.append({**state, "lag_ps": float(lag), "autocorrelation": wave, "integral_s_cm": level,
                     "integral_err_s_cm": 0.05 * sigma["conductivity_s_cm"] * math.sqrt(lag)})  # fmt: skip
    return rows


def non_gaussian(state: dict, diffusion: list[dict]) -> list[dict]:
    """A maximum where the cage opens, higher and later for what is slower."""
    rows = []
    for row in diffusion:
        slow = -math.log10(row["diffusivity_cm2_s"]) - 3.5
        for lag in np.geomspace(0.05, 10, 25):
            value = 0.25 * slow * math.exp(-(((math.log10(lag) - 0.3 * slow) / 0.6) ** 2))
            rows.append({**state, "species": row["species"], "lag_ps": float(lag), "alpha2": value,
                         "alpha2_err": 0.03 + 0.02 * lag**0.3})  # fmt: skip
    return rows


def van_hove(state: dict, diffusion: list[dict], distinct: bool) -> list[dict]:
    """Gaussian self parts of the made-up D, and distinct parts like a liquid's if wanted."""
    rows, radii = [], np.arange(0.1, 10, 0.3)
    for row in diffusion:
        for lag in (0.5, 2.0, 10.0):
            spread = 2 * (0.1 + 1e4 * row["diffusivity_cm2_s"] * lag)
            values = 4 * np.pi * radii**2 * np.exp(-(radii**2) / (2 * spread)) / (2 * np.pi * spread) ** 1.5
            rows += _curve(state, "self", row["species"], row["species"], lag, radii, values)
    for a, b in combinations_with_replacement([row["species"] for row in diffusion] if distinct else (), 2):
        for lag in (0.5, 2.0, 10.0):
            values = 1 + np.exp(-lag / 5) * np.cos(2 * radii) * np.exp(-radii / 4) * (radii > 1)
            rows += _curve(state, "distinct", a, b, lag, radii, values)
    return rows


def _curve(state: dict, part: str, a: str, b: str, lag: float, radii: np.ndarray, values: np.ndarray) -> list[dict]:
    point = {**state, "part": part, "species_a": a, "species_b": b, "lag_ps": lag}
    return [point | {"r_a": float(r), "value": float(v), "value_err": 0.02 * float(v)}
            for r, v in zip(radii, values, strict=True)]  # fmt: skip
