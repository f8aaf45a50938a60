"""Tables of the constraints counted from a trajectory, with their mean field, PRL 134, 036303 (2025), eq. (1)."""

import numpy as np

from glasswf.errors import TheoryError
from glasswf.structure.averages import derived
from glasswf.structure.constraints import ANGULAR_LIMITS_DEG, Constraints
from glasswf.theory.constraints import MODIFIER, Network, bending, stretching

EQ_1, EVERY_BOND = "all", "all, every bond"


def mean_field(found: Constraints) -> dict[tuple[str, str], float]:
    """Constraints per atom from ideal coordination numbers, by (species, kind), where eq. (1) counts them.

    An anion's bonds are those to formers; a modifier has one bond, shared with its anion. ("all", "total") is
    N_c/N = 3 − f. Empty beyond x = m/(1+m), where there are more non-bridging anions than anions.
    """
    if found.former not in found.fractions or found.m is None:
        return {}
    try:
        total = 3 - Network().freedom(found.x, found.m)
    except TheoryError:
        return {}
    anions = found.m * (1 - found.x) + found.x
    bridging = (anions - 2 * found.x) / anions
    values = {(found.former, "radial"): stretching(4), (found.former, "angular"): float(bending(4))}
    values |= {(found.anion, "radial"): (1 + bridging) / 2, (found.anion, "angular"): bridging}
    for name in found.modifiers:
        values |= {(name, "radial"): MODIFIER, (name, "angular"): 0.0}
    return values | {(EQ_1, "total"): total}


def constraint_rows(found: Constraints) -> list[dict]:
    """Rows of table `constraints`: every species, and the total per atom of the cell.

    Total "all": Si-S bonds and angles as counted, and one bond per modifier, as eq. (1) has it. "all, every bond":
    the stiff bonds of the modifiers as counted, at both ends.
    """
    ideal = mean_field(found)
    rows = [
        _row(name, kind, limit, (sample.mean, sample.error), ideal.get((name, kind)))
        for (name, kind, limit), sample in found.counts.items()
    ]
    totals = (EQ_1, EVERY_BOND) if found.former in found.fractions else (EVERY_BOND,)
    for limit in ANGULAR_LIMITS_DEG:
        for name in totals:
            rows.append(_row(name, "total", limit, _total(found, name, limit), ideal.get((name, "total"))))
    return rows


def _total(found: Constraints, name: str, limit_deg: float) -> tuple[np.ndarray, np.ndarray]:
    """Σ c_k n_k per atom of the cell and its error."""
    weight = {species: 2 if species in found.modifiers else 1 for species in found.fractions}
    parts = [
        (found.fractions[species] * weight[species], sample)
        for (species, kind, limit), sample in found.counts.items()
        if (kind == "radial" or limit == limit_deg) and (species not in found.modifiers or name == EVERY_BOND)
    ]
    once = 0.0 if name == EVERY_BOND else sum(found.fractions[modifier] for modifier in found.modifiers)
    weights = [weight for weight, _ in parts]
    return derived(
        lambda *means: once + sum(w * m for w, m in zip(weights, means, strict=True)), *(each for _, each in parts)
    )


def _row(species: str, kind: str, limit: float, value: tuple, ideal: float | None) -> dict:
    return {"species": species, "kind": kind, "limit": limit, "constraints": float(value[0]),
            "constraints_err": float(value[1]), "mean_field": ideal}  # fmt: skip


def excursion_rows(found: Constraints) -> list[dict]:
    """Rows of table `excursions`: mean and deviation in time of every rank of neighbour, or pair of neighbours."""
    return [
        {"species": name, "kind": kind, "number": rank + 1, "mean": float(mean.mean[rank]),
         "deviation": float(deviation.mean[rank]), "deviation_err": float(deviation.error[rank]),
         "unit": "A" if kind == "radial" else "degree"}
        for (name, kind), (mean, deviation) in found.swings.items()
        for rank in range(len(mean.mean))
    ]  # fmt: skip
