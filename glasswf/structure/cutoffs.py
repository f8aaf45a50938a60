"""Bond lengths: those given, else the first minimum of g(r), else a stated multiple of its highest peak."""

from collections.abc import Mapping, Sequence

import numpy as np

from glasswf.errors import AnalysisError
from glasswf.structure.averages import Sampled
from glasswf.structure.extrema import smoothed
from glasswf.structure.features import first_minimum, noise
from glasswf.structure.pair_correlation import PairCorrelations

SMOOTHING_A = 0.05
BEYOND_PEAK = 1.27  # first minimum over first maximum of Si-S and Na-S in these glasses
LARGEST_SCALE = 1.05  # the network is looked at with longer bonds too

Pair = tuple[str, str]


def choose(
    found: PairCorrelations, pairs: Sequence[Pair], given: Mapping[str, float]
) -> tuple[dict[Pair, float], list[str]]:
    """Bond length (Å) of every pair that has one, by (one, other) as asked for, and notes on those that were guessed.

    given: by "Si-S" or "S-Si". Raises AnalysisError for a given pair of species that are not there, and for lengths
    beyond half the range of g(r) that make no neighbours.
    """
    known = {_pair(name): length for name, length in given.items()}
    for pair in known:
        if unknown := [name for name in pair if name not in found.species]:
            raise AnalysisError(
                f"cutoffs_a: {'-'.join(pair)}: there is no {unknown[0]} here; species: {', '.join(found.species)}"
            )
    lengths, notes = {}, []
    for one, other in pairs:
        pair = _pair(f"{one}-{other}")
        if pair not in known and pair not in found.pairs:
            continue
        length, note = (known[pair], "") if pair in known else _from(found, pair)
        longest = found.edges_a[-1] / LARGEST_SCALE
        if length > longest:
            raise AnalysisError(
                f"bond length {one}-{other} {length:.3g} Å is too long for g(r) up to {found.edges_a[-1]:.3g} Å (with "
                "5 % to spare); give a smaller one in cutoffs_a"
            )
        lengths[one, other] = length
        notes += [note] if note else []
    return lengths, notes


def _pair(name: str) -> Pair:
    one, dash, other = name.partition("-")
    if not (dash and one and other):
        raise AnalysisError(f"cutoffs_a: {name!r} is no pair of elements; write for instance Si-S")
    return tuple(sorted((one, other)))


def _from(found: PairCorrelations, pair: Pair) -> tuple[float, str]:
    index = found.index(*pair)
    curve = Sampled(found.g.values[:, :, index])
    minimum = first_minimum(found.r_a, curve.mean, SMOOTHING_A, noise(found.r_a, curve, SMOOTHING_A))
    if minimum is not None:
        return minimum, ""
    top = found.r_a[np.argmax(smoothed(found.r_a, curve.mean, SMOOTHING_A))]
    length = min(BEYOND_PEAK * float(top), float(found.edges_a[-1]) / LARGEST_SCALE)
    note = f"g(r) of {'-'.join(pair)} has no first minimum: bonds up to {length:.2f} Å, {BEYOND_PEAK} times its peak"
    return length, note
