"""Rows of the tables pair_correlation, pair_peaks, angles and angle_peaks."""

import numpy as np

from glasswf.structure.angle_peaks import maxima
from glasswf.structure.angles import AngleDistributions
from glasswf.structure.averages import Sampled
from glasswf.structure.features import Feature, features
from glasswf.structure.pair_correlation import PairCorrelations

SMOOTHING_A = 0.05  # less than thermal motion spreads any distance in a glass at room temperature


def correlation_rows(correlations: PairCorrelations) -> list[dict]:
    """g(r) of all pairs; neighbours are running numbers, of atoms closer than the middle of the bin."""
    mean, error = correlations.g.mean, correlations.g.error
    rows = []
    for index, (a, b) in enumerate(correlations.pairs):
        columns = {
            "r_a": correlations.r_a,
            "g": mean[index],
            "g_err": error[index],
            "neighbours_b_of_a": correlations.coordination(a, b),
            "neighbours_a_of_b": correlations.coordination(b, a),
        }
        rows += _rows({"part": "partial", "species_a": a, "species_b": b}, columns)
    return rows


def pair_features(correlations: PairCorrelations, one: str, other: str) -> list[Feature]:
    """Peaks and minima of g(r) of a pair; areas are numbers of atoms `other` around a `one`."""
    index = correlations.index(one, other)
    shells = correlations.neighbours.values[:, :, index]
    if one > other:
        shells = shells * (correlations.counts[other] / correlations.counts[one])
    g = Sampled(correlations.g.values[:, :, index])
    return features(correlations.r_a, g, SMOOTHING_A, Sampled(shells))


def peak_rows(correlations: PairCorrelations) -> list[dict]:
    """Peaks and minima of all g(r); area: atoms b around an a from the minimum before to the minimum after."""
    return [
        {"part": "partial", "species_a": a, "species_b": b, "kind": found.kind, "number": found.number, "r_a": found.x,
         "r_err_a": found.x_error, "height": found.height, "height_err": found.height_error, "area": found.area,
         "area_err": found.area_error}
        for a, b in correlations.pairs
        for found in pair_features(correlations, a, b)
    ]  # fmt: skip


def angle_rows(distributions: AngleDistributions) -> list[dict]:
    """Distributions of all triplets that have angles, and the same divided by sin θ (both of integral one)."""
    rows = []
    for index in _present(distributions):
        mean, error = distributions.density(index)
        columns = {
            "angle_deg": distributions.angle_deg,
            "density_1_deg": mean,
            "density_err_1_deg": error,
            "density_over_sine": distributions.over_sine(index),
        }
        rows += _rows(_names(distributions, index), columns)
    return rows


def angle_peak_rows(distributions: AngleDistributions) -> list[dict]:
    """Maxima of the distributions (not divided by sin θ)."""
    return [
        {**_names(distributions, index), "number": number, "angle_deg": found.angle_deg,
         "angle_err_deg": found.angle_error_deg, "width_deg": found.width_deg, "width_err_deg": found.width_error_deg,
         "weight": found.weight, "weight_err": found.weight_error}
        for index in _present(distributions)
        for number, found in enumerate(maxima(distributions, index), start=1)
    ]  # fmt: skip


def _present(distributions: AngleDistributions) -> list[int]:
    return np.flatnonzero(distributions.numbers.mean.sum(axis=-1)).tolist()


def _names(distributions: AngleDistributions, index: int) -> dict:
    a, c, b = distributions.triplets[index]
    return {"species_a": a, "centre": c, "species_b": b}


def _rows(names: dict, columns: dict[str, np.ndarray]) -> list[dict]:
    lists = [values.tolist() for values in columns.values()]
    return [names | dict(zip(columns, values, strict=True)) for values in zip(*lists, strict=True)]
