"""The network of a glass: species of formers and anions, links, rings, clusters, surroundings of mobile ions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from glasswf.errors import AnalysisError
from glasswf.structure.averages import N_BLOCKS, Sampled
from glasswf.structure.network_frame import NAMES, SCALES, frame_network
from glasswf.structure.network_setup import Atoms, Cutoffs, cutoffs_for
from glasswf.structure.streaming import Progress, sampled
from glasswf.trajectory import Trajectory


@dataclass(frozen=True, eq=False)
class Network:
    """What was counted, averaged over the frames of each block of each replica.

    counts: (n_replicas, n_blocks, 3, n_names) by cut-off (5 % shorter, as given, 5 % longer) and network_frame.NAMES.
    rings: (n_replicas, n_blocks, largest_ring + 1) rings of each size per former; None without formers.
    clusters: (n_replicas, n_blocks, n + 1) fraction of the formers and anions in clusters of each size.
    """

    counts: Sampled
    rings: Sampled | None
    clusters: Sampled
    ring_criterion: str
    cutoffs: Cutoffs


def measure(
    trajectories: Sequence[Trajectory],
    former: str,
    anion: str,
    mobile: str | None,
    cutoffs_a: Mapping[str, float],
    homopolar_a: float = 3.2,
    ring_criterion: str = "shortest-path",
    largest_ring: int = 12,
    former_former_a: float = 2.6,
    n_blocks: int = N_BLOCKS,
    progress: Progress | None = None,
) -> Network:
    """Network of all replicas of one composition at one temperature, from every frame, one at a time.

    former, anion, mobile: elements; what rests on one that is not there is left out. cutoffs_a: bond lengths in Å by
    pair, {"Si-S": 2.7, "Na-S": 3.8, "Na-Na": 5.0}, of which Na-Na may be missing. homopolar_a, former_former_a:
    distances up to which two anions without a common former, or two formers, count as bonded. Raises AnalysisError for
    a cut-off that is missing or, made 5 % longer, exceeds half the box, an unknown criterion, or neither formers nor
    anions.
    """
    if not trajectories:
        raise AnalysisError("no trajectories to analyse; at least one is needed")
    atoms = {id(each): Atoms.of(each, former, anion, mobile) for each in trajectories}
    first = atoms[id(trajectories[0])]
    cutoffs = cutoffs_for(first, former, anion, mobile, cutoffs_a, (homopolar_a, former_former_a))
    longest = max(roles.n_network for roles in atoms.values())

    def of_frame(trajectory: Trajectory, frame: int) -> np.ndarray:
        roles, box = atoms[id(trajectory)], np.asarray(trajectory.box_lengths_a[frame], dtype=float)
        found = frame_network(trajectory.positions[frame], box, roles, cutoffs, ring_criterion, largest_ring)
        padding = np.zeros(longest - roles.n_network)
        return np.concatenate([found.counts.ravel(), found.rings, found.clusters, padding])

    values = sampled(trajectories, of_frame, n_blocks, progress).values
    counts, rings, clusters = np.split(values, np.cumsum([len(SCALES) * len(NAMES), largest_ring + 1]), axis=2)
    counts = counts.reshape(*counts.shape[:2], len(SCALES), len(NAMES))
    ringed = Sampled(rings) if len(first.formers) else None
    return Network(Sampled(counts), ringed, Sampled(clusters), ring_criterion, cutoffs)
