"""Rows of the tables structure_factor, diffraction_peaks and wright."""

from collections.abc import Sequence

import numpy as np

from glasswf.structure import conventions, measured, wright
from glasswf.structure.averages import Sampled
from glasswf.structure.diffraction import peaks
from glasswf.structure.factor_curves import partials, total
from glasswf.structure.scattering import RADIATIONS
from glasswf.structure.structure_factor import Pair, StructureFactors

_TOTAL = {"species_a": "all", "species_b": "all"}


def factor_rows(factors: StructureFactors) -> list[dict]:
    """Partials in all three conventions, and both totals; no number of vectors where they come from g(r)."""
    rows = []
    for convention in conventions.PARTIAL_CONVENTIONS:
        found = partials(factors, convention)
        for index, (a, b) in enumerate(conventions.labels(convention, factors.species)):
            names = {"convention": convention, "species_a": a, "species_b": b}
            rows += _curve(factors, names, Sampled(found.values[:, :, index]))
    for radiation in RADIATIONS:
        rows += _curve(factors, {"convention": radiation, **_TOTAL}, total(factors, radiation))
    return rows


def diffraction_rows(factors: StructureFactors, pairs: Sequence[Pair] = (("Na", "Na"),)) -> list[dict]:
    """Peaks of both totals and of the Faber-Ziman partials of those of the pairs that there are."""
    curves = [({"convention": radiation, **_TOTAL}, total(factors, radiation)) for radiation in RADIATIONS]
    found = partials(factors, conventions.FABER_ZIMAN)
    for a, b in (tuple(sorted(pair)) for pair in pairs):
        if (a, b) in factors.pairs:
            names = {"convention": conventions.FABER_ZIMAN, "species_a": a, "species_b": b}
            curves.append((names, Sampled(found.values[:, :, factors.pairs.index((a, b))])))
    return [
        {**names, "method": factors.method, "number": peak.number, "k_1_a": peak.k_1_a, "k_err_1_a": peak.k_error_1_a,
         "height": peak.height, "height_err": peak.height_error, "area": peak.area, "area_err": peak.area_error,
         "reason": peak.reason}
        for names, curve in curves
        for peak in peaks(factors.k_1_a, curve, factors.bin_1_a)
    ]  # fmt: skip


def wright_rows(
    curve: measured.Measured, quantity: str, span: tuple[float, float], x: np.ndarray, ours: Sampled
) -> list[dict]:
    """R of a measured curve by both definitions; quantity: S_X, S_N, g_X or g_N, on x (n,) as ours is."""
    return [
        {"file": curve.source, "quantity": quantity, "definition": found.definition, "range_start": found.start,
         "range_stop": found.stop, "n_points": found.n_points, "value": found.value, "value_err": found.error}
        for found in wright.compare(curve, x, ours, span)
    ]  # fmt: skip


def _curve(factors: StructureFactors, names: dict, curve: Sampled) -> list[dict]:
    numbers = [round(n) or None for n in factors.n_vectors.tolist()]
    columns = zip(factors.k_1_a.tolist(), curve.mean.tolist(), curve.error.tolist(), numbers, strict=True)
    return [
        {**names, "method": factors.method, "k_1_a": k, "value": value, "value_err": error, "n_vectors": number}
        for k, value, error, number in columns
    ]
