"""Rows of the tables `network`, `rings` and `clusters`."""

import numpy as np

from glasswf.structure.averages import derived
from glasswf.structure.network import Network
from glasswf.structure.network_frame import DENOMINATORS, GIVEN, NAMES


def network_rows(found: Network) -> list[dict]:
    """Rows of table `network`: ratios of means over frames. What has no atoms or links to rest on is left out.

    value_shorter, value_longer: with all cut-offs 5 % shorter or longer. cutoff_a: the one the quantity rests on most.
    """
    top, bottom = ([NAMES.index(name) for name in names] for names in (DENOMINATORS, DENOMINATORS.values()))

    def ratios(mean: np.ndarray) -> np.ndarray:
        with np.errstate(invalid="ignore", divide="ignore"):
            return mean[:, top] / mean[:, bottom]

    values, errors = derived(ratios, found.counts)
    return [
        {"quantity": name, "value": float(value[GIVEN]), "value_err": float(error[GIVEN]), "unit": "1",
         "value_shorter": float(value[0]), "value_longer": float(value[-1]), "cutoff_a": found.cutoffs.of(name)}
        for name, value, error in zip(DENOMINATORS, values.T, errors.T, strict=True)
        if np.isfinite(value[GIVEN])
    ]  # fmt: skip


def ring_rows(found: Network) -> list[dict]:
    """Rows of table `rings`: every size looked for, none without formers."""
    if found.rings is None:
        return []
    return [
        {"criterion": found.ring_criterion, "size": size, "rings_per_former": float(value),
         "rings_per_former_err": float(error)}
        for size, (value, error) in enumerate(zip(found.rings.mean, found.rings.error, strict=True))
        if size > 1
    ]  # fmt: skip


def cluster_rows(found: Network) -> list[dict]:
    """Rows of table `clusters`: the sizes, in formers and anions, that were met."""
    return [
        {"size": size, "fraction": float(value), "fraction_err": float(error)}
        for size, (value, error) in enumerate(zip(found.clusters.mean, found.clusters.error, strict=True))
        if value > 0
    ]
