"""All that is counted of the network in one frame, with the cut-offs as given, shorter and longer."""

from dataclasses import dataclass

import numpy as np

from glasswf.structure import clusters, environments, linkage, rings, speciation
from glasswf.structure.frame_bonds import FrameBonds, frame_bonds, images_of
from glasswf.structure.neighbours import bonds
from glasswf.structure.network_setup import Atoms, Cutoffs

SCALES = (0.95, 1.0, 1.05)  # of every cut-off, to tell how much hangs on it
GIVEN = SCALES.index(1.0)
DENOMINATORS = speciation.DENOMINATORS | linkage.DENOMINATORS | clusters.DENOMINATORS | environments.DENOMINATORS
NAMES = tuple(dict.fromkeys((*DENOMINATORS, *DENOMINATORS.values())))


@dataclass(frozen=True, eq=False)
class FrameNetwork:
    """counts: (3, n_names) by cut-off. rings: (largest + 1,) per former. clusters: (n_network + 1,) fractions."""

    counts: np.ndarray
    rings: np.ndarray
    clusters: np.ndarray


def frame_network(
    positions: np.ndarray, box: np.ndarray, atoms: Atoms, cutoffs: Cutoffs, ring_criterion: str, largest_ring: int
) -> FrameNetwork:
    """Network of one frame: positions (N, 3) and box (3,) in Å."""
    formers, anions, mobile = (positions[each].astype(float) for each in (atoms.formers, atoms.anions, atoms.mobile))
    network = _by_cutoff(formers, anions, box, cutoffs.former_anion)
    around = _by_cutoff(mobile, anions, box, cutoffs.mobile_anion)
    close = _pairs(anions, box, cutoffs.homopolar)
    counts, sizes = [], []
    for bonded, contacts, scale in zip(network, around, SCALES, strict=True):
        found = clusters.find(bonded)
        sizes.append(found[0])
        counts.append(
            speciation.counts(bonded) | linkage.counts(bonded.links) | clusters.counts(*found)
            | environments.counts(contacts, bonded)
            | speciation.homopolar_counts(bonded, close, cutoffs.homopolar * scale)
        )  # fmt: skip
    for name, points in (("former_former", formers), ("mobile_mobile", mobile)):
        for count, number in zip(counts, _neighbours(points, box, getattr(cutoffs, name)), strict=True):
            count[name] = number
    return FrameNetwork(
        np.array([[count[name] for name in NAMES] for count in counts], dtype=float),
        rings.count(network[GIVEN].links, largest_ring, ring_criterion) / max(1, len(formers)),
        clusters.size_distribution(sizes[GIVEN], atoms.n_network),
    )


def _by_cutoff(first: np.ndarray, second: np.ndarray, box: np.ndarray, cutoff_a: float | None) -> list[FrameBonds]:
    longest = frame_bonds(first, second, box, (cutoff_a or 0.0) * SCALES[-1])
    return [longest.within((cutoff_a or 0.0) * scale) for scale in SCALES]


def _neighbours(points: np.ndarray, box: np.ndarray, cutoff_a: float | None) -> list[float]:
    """Neighbours of their own kind, summed over the points."""
    lengths = _pairs(points, box, cutoff_a)[2]
    return [np.nan if cutoff_a is None else np.count_nonzero(lengths < cutoff_a * scale) for scale in SCALES]


def _pairs(points: np.ndarray, box: np.ndarray, cutoff_a: float | None) -> tuple[np.ndarray, ...]:
    """First, second, length and image of the second of every pair, in both directions, up to the longest cut-off."""
    if cutoff_a is None or not len(points):
        nothing = np.zeros(0, dtype=int)
        return nothing, nothing, np.zeros(0), np.zeros((0, 3), dtype=int)
    first, second, vectors = bonds(points, points, box, cutoff_a * SCALES[-1])
    lengths = np.linalg.norm(vectors, axis=1)
    return first, second, lengths, images_of(points[first], points[second], vectors, box)
