"""Made-up tables of the structure for tests: peaks and shares as in sulfide glasses, with no simulation behind them."""

from itertools import combinations_with_replacement
from pathlib import Path

import numpy as np
from scipy.signal import find_peaks

from glasswf.composition import Composition
from glasswf.results import write_json, write_table
from glasswf.theory.constraints import Network
from glasswf.units import BOLTZMANN_EV_K
from tests.figures.synthetic_slab import slab

SYSTEMS = (("NS9", "m", 0.10), ("Na2S-SiS2", "x", 2.0))
M_SCAN, X_SCAN = (2.0, 2.5, 3.1, 4.0), (0.50, 0.60, 0.66, 0.70, 0.75, 0.80)
SPECIES = ("Na", "S", "Si")
PAIRS = tuple(combinations_with_replacement(SPECIES, 2))
# maxima of g(r) at x = 0.50 and 0.80: position (Å), height, width
_DISTANCES = {
    ("S", "Si"): [(2.13, 28, 28, 0.07), (5.2, 1.2, 1.0, 0.5)],
    ("Na", "S"): [(2.88, 4.5, 5.5, 0.2), (5.0, 0.8, 1.0, 0.5)],
    ("S", "S"): [(3.08, 0.8, 0.2, 0.12), (3.48, 4.5, 3.6, 0.18), (4.5, 0.3, 1.2, 0.35)],
    ("Si", "Si"): [(3.05, 3.0, 0.3, 0.1), (3.53, 4.0, 1.5, 0.15), (6.2, 1.0, 1.2, 0.5)],
    ("Na", "Na"): [(3.7, 1.0, 1.4, 0.5), (5.5, 0.2, 0.9, 0.45)],
    ("Na", "Si"): [(3.6, 1.8, 2.0, 0.35), (6.0, 0.4, 0.5, 0.5)],
}
_ANGLES = {
    ("Si", "S", "Si"): [(89, 0.45, 0.1, 5), (108, 0.55, 0.9, 9)],
    ("S", "Si", "S"): [(94, 0.12, 0.03, 5), (109, 0.88, 0.97, 9)],
    ("Na", "S", "Na"): [(84, 0.75, 0.7, 16), (150, 0.25, 0.3, 18)],
    ("S", "Na", "S"): [(78, 0.55, 0.5, 14), (130, 0.45, 0.5, 28)],
}


def write(
    folder: Path, systems=SYSTEMS, temperatures=(1000.0, 300.0), pure: bool = True, errors: bool = True,
    provenance: bool = True, m_scan=M_SCAN, x_scan=X_SCAN, seed: int = 1,
) -> Path:  # fmt: skip
    """Write all tables of the structure of `systems` (name, scan, x or m); return the folder.

    pure: with Na₂S in the systems scanned over x. errors: False as for one block of one replica.
    """
    rng = np.random.default_rng(seed)
    scans = {"m": m_scan, "x": x_scan}
    points = [_point(name, scan, fixed, value) for name, scan, fixed in systems for value in scans[scan]]
    points += [_pure(name) for name, scan, _ in systems if scan == "x" and pure]
    tables: dict[str, list[dict]] = {}
    for state in ({**point, "temperature_k": level} for point in points for level in temperatures):
        for name, rows in _tables(state, rng).items():
            tables.setdefault(name, []).extend({**state, **row} for row in rows)
    for name, rows in tables.items():
        kept = rows if errors else [{key: v for key, v in row.items() if "err" not in key} for row in rows]
        write_table(folder / "tables" / f"{name}.csv", name, kept)
    if provenance:
        write_json(folder / "provenance.json", _provenance(points))
    return folder


def _point(name: str, scan: str, fixed: float, value: float) -> dict:
    cell = Composition(*((fixed, value) if scan == "m" else (value, fixed)))
    counts = cell.counts(600)
    x, m = cell.realised(counts)
    return {"system": name, "label": f"{scan}{value:.2f}", "x": x, "m": m, "n_atoms": 600, "n_na": counts["Na"],
            "n_si": counts["Si"], "n_s": counts["S"]}  # fmt: skip


def _pure(name: str) -> dict:
    return {"system": name, "label": "x1.00", "x": 1.0, "m": None, "n_atoms": 600, "n_na": 400, "n_si": 0, "n_s": 200}


def _tables(state: dict, rng) -> dict[str, list[dict]]:
    depth = min(max((state["x"] - 0.5) / 0.3, 0.0), 1.3)  # 0 at x = 0.50, 1 at 0.80
    loose = 1 + 0.6 * (state["temperature_k"] > 700)  # broader peaks in a melt
    made = {
        "pair_correlation": (g := _correlations(state, depth, loose)),
        "pair_peaks": _pair_peaks(g),
        "structure_factor": (s := _factors(state, depth, loose)),
        "diffraction_peaks": _diffraction(s),
        "angles": _angles(state, depth, loose),
        "angle_peaks": _angle_peaks(state, depth),
        "slab": slab(state, rng),
    }
    if state["n_si"]:
        made |= {"network": _network(state, rng), "rings": _rings(state), "clusters": _clusters(state),
                 "constraints": _constraints(state), "excursions": _excursions(state),
                 "wright": _wright(state)}  # fmt: skip
    return made


def _present(names, state: dict) -> bool:
    return all(state[f"n_{name.lower()}"] for name in names)


def _curve(x: np.ndarray, peaks: list, depth: float, loose: float) -> np.ndarray:
    return sum(((1 - depth) * a + depth * b) / loose * np.exp(-(((x - at) / (width * loose)) ** 2) / 2)
               for at, a, b, width in peaks)  # fmt: skip


def _total(curves: dict, state: dict) -> np.ndarray:
    """Weighted by atomic numbers, as X-rays do roughly."""
    weight = {"Na": 11 * state["n_na"], "S": 16 * state["n_s"], "Si": 14 * state["n_si"]}
    norm = sum(weight.values()) ** 2
    return sum((1 + (a != b)) * weight[a] * weight[b] / norm * curve for (a, b), curve in curves.items())


def _named(part: dict, pairs: dict, axis: dict, value: str, error: float) -> list[dict]:
    (name, places), rows = next(iter(axis.items())), []
    for (a, b), curve in pairs.items():
        rows += [{**part, "species_a": a, "species_b": b, name: float(x), value: float(y),
                  f"{value}_err": error * (0.05 + abs(float(y)))}
                 for x, y in zip(places, curve, strict=True)]  # fmt: skip
    return rows


def _correlations(state: dict, depth: float, loose: float) -> list[dict]:
    r = np.arange(0.05, 10, 0.1)
    partial = {}
    for pair in (pair for pair in PAIRS if _present(pair, state)):
        first, width = _DISTANCES[pair][0][0], _DISTANCES[pair][0][3] * loose
        level = 1 / (1 + np.exp(-(r - first - 1.0 - width) / 0.2))
        partial[pair] = level + _curve(r, _DISTANCES[pair], min(depth, 1.0), loose)
    rows = _named({"part": "partial"}, partial, {"r_a": r}, "g", 0.03)
    for part in ("xray", "neutron"):
        rows += _named({"part": part}, {("all", "all"): _total(partial, state)}, {"r_a": r}, "g", 0.02)
    return rows


def _maxima(rows: list[dict], along: str, value: str) -> list[tuple[tuple, list[dict]]]:
    """What makes up each curve, and the rows of its maxima."""
    curves: dict[tuple, list[dict]] = {}
    for row in rows:
        curves.setdefault(tuple(sorted((key, name) for key, name in row.items() if isinstance(name, str))), []).append(
            row
        )
    return [(key, [mine[i] for i in find_peaks([row[value] for row in mine], prominence=0.01)[0]])
            for key, mine in curves.items() if mine[0][along] is not None]  # fmt: skip


def _pair_peaks(rows: list[dict]) -> list[dict]:
    made = []
    for key, peaks in _maxima(rows, "r_a", "g"):
        made += [dict(key) | {"kind": "peak", "number": n, "r_a": row["r_a"], "r_err_a": 0.01, "height": row["g"],
                              "height_err": row["g_err"], "area": 3.9, "area_err": 0.1}
                 for n, row in enumerate(peaks, start=1)]  # fmt: skip
        made.append(dict(key) | {"kind": "minimum", "number": 1, "r_a": 2.5, "height": 0.4})
    return made


def _waves(depth: float, pair: tuple[str, str]) -> list:
    prepeak = 1.1 if pair == ("Na", "Na") else 0.5 if "Na" not in pair else -0.5
    main = 1.0 if pair[0] == pair[1] else 0.6 if pair == ("S", "Si") else -0.4
    return [(1.02, prepeak, 0.0, 0.16), (2.1, main, 1.4 * main, 0.25), (3.9, 0.4, 0.5, 0.4), (5.6, 0.15, 0.15, 0.6)]


def _factors(state: dict, depth: float, loose: float) -> list[dict]:
    k = np.arange(0.3, 12, 0.1)
    partial = {}
    for pair in (pair for pair in PAIRS if _present(pair, state)):
        partial[pair] = 1 - 0.8 * np.exp(-((k / 1.4) ** 4)) + _curve(k, _waves(depth, pair), min(depth, 1.0), loose)
    rows = _named({"convention": "faber-ziman"}, partial, {"k_1_a": k}, "value", 0.04)
    for name in ("xray", "neutron"):
        rows += _named({"convention": name}, {("all", "all"): _total(partial, state)}, {"k_1_a": k}, "value", 0.03)
    return [row | {"method": method, "n_vectors": 150} for row in rows for method in ("direct", "transform")]


def _diffraction(rows: list[dict]) -> list[dict]:
    made = []
    for key, peaks in _maxima(rows, "k_1_a", "value"):
        made += [dict(key) | {"number": n, "k_1_a": row["k_1_a"], "k_err_1_a": 0.02, "height": row["value"],
                              "height_err": 0.04, "area": max(0.4 * (row["value"] - 0.6), 0.01), "area_err": 0.03}
                 for n, row in enumerate(peaks, start=1)]  # fmt: skip
        if not peaks or peaks[0]["k_1_a"] > 1.7:
            made.append(dict(key) | {"reason": "no maximum stands out of the noise below 1.7 1/Å"})
    return made


def _angles(state: dict, depth: float, loose: float) -> list[dict]:
    theta = np.arange(1, 180, 2.0)
    rows = []
    for triplet in (triplet for triplet in _ANGLES if _present(triplet, state)):
        curve = _curve(theta, [(at, a / w, b / w, w) for at, a, b, w in _ANGLES[triplet]], min(depth, 1.0), loose)
        curve = curve / (2 * curve.sum())
        rows += [{"species_a": triplet[0], "centre": triplet[1], "species_b": triplet[2], "angle_deg": float(t),
                  "density_1_deg": float(y), "density_err_1_deg": 3e-4 + 0.03 * float(y), "density_over_sine": float(y)}
                 for t, y in zip(theta, curve, strict=True)]  # fmt: skip
    return rows


def _angle_peaks(state: dict, depth: float) -> list[dict]:
    return [
        {"species_a": a, "centre": centre, "species_b": b, "number": n, "angle_deg": at, "angle_err_deg": 0.4,
         "width_deg": width, "width_err_deg": 0.3, "weight": (1 - depth) * low + depth * high, "weight_err": 0.02}
        for (a, centre, b), peaks in _ANGLES.items() if _present((a, centre, b), state)
        for n, (at, low, high, width) in enumerate(peaks, start=1)
    ]  # fmt: skip


def _network(state: dict, rng) -> list[dict]:
    """Bridging anions at random: binomial Qⁿ about the mean that the composition sets."""
    anions = state["n_s"] / state["n_si"]
    free = 0.05 * state["x"]
    extra = max(state["m"] - 2, 0.0)
    mean = float(np.clip(2 * (4 - anions * (1 - free) + extra), 0.15, 3.9))
    p = mean / 4
    q = [float(c * p**n * (1 - p) ** (4 - n)) for n, c in enumerate((1, 4, 6, 4, 1))]
    edges = 0.45 * p**2
    bridging = mean / 2 / anions
    values = {f"q{n}": share for n, share in enumerate(q)} | {
        "mean_n": mean, "bridging": bridging, "non_bridging": max(1 - bridging - free, 0.0), "free_anion": free,
        "triply_bonded": 0.01, "edge_sharing_tetrahedra": edges, "homopolar": 0.12 * extra, "former_3fold": 0.02,
        "former_4fold": 0.96, "former_5fold": 0.02,
    }  # fmt: skip
    return [{"quantity": name, "value": value, "value_err": 0.02 * (0.2 + rng.random()), "value_shorter": 0.97 * value,
             "value_longer": 1.02 * value + 0.005, "cutoff_a": 2.71}
            for name, value in values.items()]  # fmt: skip


def _rings(state: dict) -> list[dict]:
    share = (1 - min(state["x"], 0.8)) * 2 / state["m"]
    return [{"criterion": "shortest-path", "size": size, "rings_per_former_err": 0.01,
             "rings_per_former": share * (0.2 * (size == 2) + 0.35 * float(np.exp(-(((size - 6) / 2.2) ** 2))))}
            for size in range(2, 13)]  # fmt: skip


def _clusters(state: dict) -> list[dict]:
    largest = max(int(450 * (1 - state["x"])), 20)
    sizes = {1: 0.03, 5: 0.1 + 0.1 * state["x"], 8: 0.08, largest: 0.79 - 0.1 * state["x"]}
    return [{"size": size, "fraction": share, "fraction_err": 0.01} for size, share in sizes.items()]


def _ideal(state: dict) -> float | None:
    return 3 - Network().freedom(state["x"], state["m"]) if state["x"] <= state["m"] / (1 + state["m"]) else None


def _constraints(state: dict) -> list[dict]:
    share = {name: state[f"n_{name.lower()}"] / state["n_atoms"] for name in SPECIES}
    thaw = (0.4 if state["temperature_k"] > 700 else 0.95) * (1.1 - 0.05 * state["m"])
    counts = {("Si", "radial"): 2 * thaw, ("S", "radial"): 0.75 * thaw, ("Na", "radial"): 0.1 * thaw}
    rows = [{"species": name, "kind": kind, "limit": 0.07, "constraints": value, "constraints_err": 0.03}
            for (name, kind), value in counts.items()]  # fmt: skip
    for limit in (10.0, 15.0, 20.0):
        swing = thaw * limit / (limit + 3)
        angular = {"Si": 5 * swing, "S": 0.55 * swing, "Na": 0.0}
        rows += [{"species": name, "kind": "angular", "limit": limit, "constraints": value, "constraints_err": 0.05}
                 for name, value in angular.items()]  # fmt: skip
        total = sum(share[name] * (counts[name, "radial"] + angular[name]) for name in SPECIES)
        rows += [{"species": name, "kind": "total", "limit": limit, "constraints": total + more,
                  "constraints_err": 0.04, "mean_field": _ideal(state)}
                 for name, more in (("all", share["Na"]), ("all, every bond", 0.1))]  # fmt: skip
    return rows


def _excursions(state: dict) -> list[dict]:
    warm = np.sqrt(BOLTZMANN_EV_K * state["temperature_k"] / 0.026) * (0.7 + 0.15 * state["m"] + 0.5 * state["x"])
    rows = []
    for name, neighbours in (("Si", 6), ("S", 4), ("Na", 8)):
        for n in range(1, neighbours + 1):
            value = 0.07 * warm * (1 + 5 / (1 + np.exp(4.5 - n)))
            rows.append({"species": name, "kind": "radial", "number": n, "mean": 2.1 + 0.2 * n, "deviation": value,
                         "deviation_err": 0.05 * value, "unit": "A"})  # fmt: skip
        for n in range(1, neighbours * (neighbours - 1) // 2 + 1):
            value = warm * (6 + 18 / (1 + np.exp(7.5 - n)))
            rows.append({"species": name, "kind": "angular", "number": n, "mean": 105.0, "deviation": value,
                         "deviation_err": 0.05 * value, "unit": "degree"})  # fmt: skip
    return rows


def _wright(state: dict) -> list[dict]:
    return [{"file": "measured.dat", "quantity": "S_X", "definition": "legrand", "range_start": 0.6, "range_stop": 12.0,
             "n_points": 228, "value": 0.0071, "value_err": 0.0004}]  # fmt: skip


def _provenance(points: list[dict]) -> dict:
    return {
        "config": {"title": "Synthetic"}, "forcefield": {"name": "legrand2025"},
        "settings": {"charge_compensation": "anion", "density_per_a3": 0.043},
        "runs": [{"system": p["system"], "label": p["label"], "replica": replica} for p in points
                 for replica in (1, 2)],
    }  # fmt: skip
