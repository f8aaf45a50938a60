"""What diffraction sees: structure factors both ways, total pair correlations, and measured curves beside ours."""

from collections.abc import Sequence

import numpy as np

from glasswf.structure import factor_rows, measured, structure_factor, transform
from glasswf.structure.averages import Sampled
from glasswf.structure.factor_curves import total, total_pair_correlation
from glasswf.structure.features import features
from glasswf.structure.options import Experiment, Options
from glasswf.structure.pair_correlation import PairCorrelations
from glasswf.structure.pair_rows import SMOOTHING_A
from glasswf.structure.real_space import broadened
from glasswf.structure.scattering import RADIATIONS
from glasswf.trajectory import Trajectory

_SAME_X = 0.02
_NO_ATOMS_BELOW_A = 1.5  # ripples of the transform, no distances
_SHORTEST_A = 0.5  # where the transform divides by small r
_LETTER = {"xray": "X", "neutron": "N"}


def tables(
    trajectories: Sequence[Trajectory], pairs: PairCorrelations, options: Options, system: str | None, x: float
) -> dict[str, list[dict]]:
    """Rows of structure_factor, diffraction_peaks, wright, and those of pair_correlation and pair_peaks of totals.

    S(k) directly and by transform of `pairs` (Lorch window up to their last r). Total g(r) are transforms of the direct
    S(k) up to q_max or k_max with a Lorch window, as of a measurement.
    """
    direct = structure_factor.measure(trajectories, options.k_max_1_a, options.bin_1_a, options.vectors_per_bin)
    other = transform.by_transform(
        pairs.r_a, pairs.g, pairs.pairs, pairs.counts, pairs.density_1_a3, direct.k_1_a, transform.LORCH
    )
    found = {
        "structure_factor": factor_rows.factor_rows(direct) + factor_rows.factor_rows(other),
        "diffraction_peaks": factor_rows.diffraction_rows(direct),
        "pair_correlation": _broadened(pairs, options),
        "pair_peaks": [],
        "wright": [],
    }
    curves = {}
    for radiation in RADIATIONS:
        g = total_pair_correlation(direct, radiation, pairs.density_1_a3, pairs.r_a, options.q_max_1_a)
        curves |= {f"S_{_LETTER[radiation]}": (direct.k_1_a, total(direct, radiation)),
                   f"g_{_LETTER[radiation]}": (pairs.r_a, g)}  # fmt: skip
        found["pair_correlation"] += _total(radiation, pairs.r_a, g)
        found["pair_peaks"] += _peaks(radiation, pairs.r_a, g)
    for experiment in options.experiments:
        if _meant(experiment, system, x):
            curve = measured.read(experiment.file)
            at, ours = curves[experiment.quantity]
            found["wright"] += factor_rows.wright_rows(curve, experiment.quantity, experiment.range, at, ours)
    return found


def _meant(experiment: Experiment, system: str | None, x: float) -> bool:
    return experiment.system in (None, system) and (experiment.x is None or abs(experiment.x - x) <= _SAME_X)


def _total(radiation: str, r_a: np.ndarray, g: Sampled) -> list[dict]:
    names = {"part": radiation, "species_a": "all", "species_b": "all"}
    columns = zip(r_a.tolist(), g.mean.tolist(), g.error.tolist(), strict=True)
    return [{**names, "r_a": r, "g": value, "g_err": error} for r, value, error in columns if r > _SHORTEST_A]


def _peaks(radiation: str, r_a: np.ndarray, g: Sampled) -> list[dict]:
    kept = r_a > _NO_ATOMS_BELOW_A
    return [
        {"part": radiation, "species_a": "all", "species_b": "all", "kind": each.kind, "number": each.number,
         "r_a": each.x, "r_err_a": each.x_error, "height": each.height, "height_err": each.height_error}
        for each in features(r_a[kept], Sampled(g.values[..., kept]), SMOOTHING_A)
    ]  # fmt: skip


def _broadened(pairs: PairCorrelations, options: Options) -> list[dict]:
    """Partial g(r) as an experiment that ends at Q_max would resolve them; nothing where it is not given."""
    if options.q_max_1_a is None:
        return []
    g = Sampled(broadened(pairs.r_a, pairs.g.values, options.q_max_1_a))
    return [
        {"part": "broadened", "species_a": a, "species_b": b, "r_a": r, "g": value, "g_err": error}
        for (a, b), mean, errors in zip(pairs.pairs, g.mean, g.error, strict=True)
        for r, value, error in zip(pairs.r_a.tolist(), mean.tolist(), errors.tolist(), strict=True)
    ]
