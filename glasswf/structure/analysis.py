"""The structure of one state point: from the trajectories of its replicas to the rows of all tables."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement

from glasswf.composition import realised
from glasswf.structure import angles, constraints, cutoffs, network, pair_correlation, slab, totals
from glasswf.structure.constraints_table import constraint_rows, excursion_rows
from glasswf.structure.network_rows import cluster_rows, network_rows, ring_rows
from glasswf.structure.options import Options
from glasswf.structure.pair_rows import angle_peak_rows, angle_rows, correlation_rows, peak_rows
from glasswf.trajectory import Trajectory

FORMER, ANION = "Si", "S"
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Structure:
    """Rows of every table of glasswf.results.STRUCTURE_TABLES, without the columns that say which state point it is.

    cutoffs_a: bond lengths used, by pair. notes: what a reader should know.
    """

    tables: Mapping[str, list[dict]]
    cutoffs_a: Mapping[str, float]
    notes: tuple[str, ...]

    def to_dict(self) -> dict:
        """For JSON, each table as columns."""
        columns = {
            name: {key: [row.get(key) for row in found] for key in dict.fromkeys(key for row in found for key in row)}
            for name, found in self.tables.items()
        }
        return {"tables": columns, "cutoffs_a": dict(self.cutoffs_a), "notes": list(self.notes)}


def rows(entry: Mapping, name: str) -> Iterator[dict]:
    """Rows of one table of a state point stored as {"point": columns, "structure": Structure.to_dict()}."""
    columns = entry["structure"]["tables"].get(name, {})
    for values in zip(*columns.values(), strict=True):
        yield entry["point"] | dict(zip(columns, values, strict=True))


def analyse(
    trajectories: Sequence[Trajectory] | Trajectory,
    options: Options | None = None,
    *,
    former: str = FORMER,
    anion: str = ANION,
    system: str | None = None,
    tell: Tell | None = None,
) -> Structure:
    """Structure of one state point from every frame (or every n-th, if the options say so) of all its replicas.

    former, anion: elements of the network; all others are modifiers. system: name by which measurements may be meant
    for this one alone. tell: called with what is being done.

    Raises TrajectoryError or AnalysisError, in one line, if the trajectories cannot be analysed together.
    """
    trajectories = [trajectories] if isinstance(trajectories, Trajectory) else list(trajectories)
    options, tell = options or Options(), tell or (lambda _: None)
    trajectories = [_thinned(trajectory, options.every) for trajectory in trajectories]
    tell("pair correlations")
    pairs = pair_correlation.measure(trajectories, options.r_max_a, options.bin_a)
    modifiers = [name for name in pairs.species if name not in (former, anion)]
    wanted = [(former, anion), *((name, anion) for name in modifiers)]
    wanted += [pair for pair in combinations_with_replacement((*modifiers, former), 2) if pair not in wanted]
    lengths, notes = cutoffs.choose(pairs, wanted, options.cutoffs_a)
    by_name = {"-".join(pair): length for pair, length in lengths.items()}
    made = {"pair_correlation": correlation_rows(pairs), "pair_peaks": peak_rows(pairs)}
    tell("structure factors")
    x, m = _composition(pairs.counts, former, anion)
    for name, found in totals.tables(trajectories, pairs, options, system, x).items():
        made[name] = made.get(name, []) + found
    if anion in pairs.species:
        tell("network")
        made |= _network(trajectories, former, anion, modifiers, by_name, options)
        tell("angles")
        made |= _angles(trajectories, pairs.species, lengths)
        tell("constraints")
        if min(trajectory.n_frames for trajectory in trajectories) >= constraints.FEWEST_FRAMES:
            counted = constraints.measure(trajectories, former, anion, by_name, (x, m))
            made |= {"constraints": constraint_rows(counted), "excursions": excursion_rows(counted)}
        else:
            notes.append(f"no constraints: they need {constraints.FEWEST_FRAMES} frames of every replica")
        made["slab"] = slab.rows(
            trajectories[0], former, anion, cutoff_a=by_name.get(f"{former}-{anion}", 2.7),
            homopolar_a=options.homopolar_a,
        )  # fmt: skip
    return Structure(made, by_name, tuple(notes))


def _thinned(trajectory: Trajectory, every: int) -> Trajectory:
    if every == 1:
        return trajectory
    names = ("positions", "velocities", "steps", "times_ps", "box_lengths_a")
    arrays = {name: getattr(trajectory, name) for name in names}
    return replace(trajectory, **{name: None if array is None else array[::every] for name, array in arrays.items()})


def _composition(counts: Mapping[str, int], former: str, anion: str) -> tuple[float, float | None]:
    """x and m of xM₂Y-(1-x)AY_m."""
    formers, anions = counts.get(former, 0), counts.get(anion, 0)
    modifiers = sum(counts.values()) - formers - anions
    return realised(modifiers, formers, anions) if formers + modifiers else (0.0, None)


def _network(
    trajectories: Sequence[Trajectory], former: str, anion: str, modifiers: Sequence[str],
    lengths: Mapping[str, float], options: Options,
) -> dict[str, list[dict]]:  # fmt: skip
    found = network.measure(
        trajectories, former, anion, modifiers[0] if modifiers else None, lengths, options.homopolar_a,
        options.ring_criterion, options.largest_ring,
    )  # fmt: skip
    return {"network": network_rows(found), "rings": ring_rows(found), "clusters": cluster_rows(found)}


def _angles(
    trajectories: Sequence[Trajectory], species: Sequence[str], lengths: Mapping[tuple[str, str], float]
) -> dict[str, list[dict]]:
    triplets = angles.default_triplets(species, lengths)
    if not triplets:
        return {}
    found = angles.measure_angles(trajectories, triplets, lengths)
    return {"angles": angle_rows(found), "angle_peaks": angle_peak_rows(found)}
