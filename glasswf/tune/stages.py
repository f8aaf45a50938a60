"""Stages of the search: what is varied from the best so far, one setting after the other."""

from dataclasses import replace
from typing import TYPE_CHECKING

from glasswf.tune import accelerators

if TYPE_CHECKING:
    from glasswf.tune.search import Search


def cutoffs(search: "Search") -> None:
    """Coulomb cutoff and Buckingham range."""
    rows = [search.row(search.wish.base)]
    for cutoff in search.space.cutoffs_a:
        if cutoff > search.wish.largest_cutoff_a:
            search.notes.append(f"cutoff {cutoff:g} Å: more than half the smallest box, skipped")
            continue
        for reach in _reaches(search, cutoff):
            lengths = {"cutoff_a": cutoff, "buckingham_cutoff_a": reach if reach != cutoff else None}
            rows += search.at_target(search.vary(search.wish.base, **lengths), "cutoff")
    search.best = search.fastest(rows)


def _reaches(search: "Search", cutoff: float) -> list[float]:
    """Ranges of the Buckingham terms: the exact one, and where Coulomb ends earlier one that is shorter by 1 Å."""
    exact = min(search.bench.reach_a, search.wish.largest_cutoff_a)
    return list(dict.fromkeys([exact, max(cutoff, exact - 1.0) if cutoff < exact else exact]))


def mesh(search: "Search") -> None:
    """Interpolation order and differentiation of PPPM."""
    rows = [search.row(search.best)]
    for order in search.space.orders:
        rows += search.at_target(search.vary(search.best, kspace_order=order), "order")
    rows += search.at_target(search.vary(search.best, kspace_diff="ik"), "diff")
    search.best = search.fastest(rows)


def skins(search: "Search") -> None:
    """Neighbour-list skin."""
    rows = [search.row(search.best)]
    rows += [search.measure(search.vary(search.best, skin_a=skin), "skin") for skin in search.space.skins_a]
    search.best = search.fastest(rows)


def accelerated(search: "Search") -> None:
    """Accelerator packages, on one core."""
    if accelerators.chosen_already(search.bench.engine):
        search.notes.append(f"accelerators: those of the command `{search.bench.engine.lammps}`, no others")
        return
    for package in accelerators.OPTIONS:
        if package not in search.packages:
            search.notes.append(f"accelerator {package}: this LAMMPS does not hold it, skipped")
    rows = [search.row(search.best)]
    rows += [search.measure(replace(search.best, options=accelerators.options(name)), "accelerator")
             for name in search.packages]  # fmt: skip
    search.best = search.fastest(rows)


def parallel(search: "Search") -> None:
    """Ranks, and threads where a package has them; what counts is the speed per core."""
    rows = [search.row(search.best)]
    for cores in powers_of_two(search.wish.cores):
        rows.append(search.measure(replace(search.best, tasks=cores), "parallel"))
        threaded = (name for name in search.packages if name in accelerators.THREADED)
        tried = (replace(search.best, options=accelerators.options(name, cores), threads=cores) for name in threaded)
        rows += [search.measure(candidate, "parallel") for candidate in tried]
    search.best = search.fastest(rows)


def damped(search: "Search") -> None:
    """Listed with its force error; no base for further stages, as its effect is not one of accuracy."""
    if search.wish.fixed & {"cutoff_a", "dsf_alpha_per_a"}:
        return
    for cutoff, alpha in search.space.dsf:
        reach = _reaches(search, cutoff)[0]
        if cutoff <= search.wish.largest_cutoff_a:
            damped = {"cutoff_a": cutoff, "dsf_alpha_per_a": alpha,
                      "buckingham_cutoff_a": reach if reach != cutoff else None}  # fmt: skip
            search.measure(search.best.with_numerics(**damped), "damped")


def settled(search: "Search") -> None:
    """The best of all so far, whatever stage it comes from."""
    usual = search.wish.base.timestep_fs
    rows = [row for row in search.rows if not (row.candidate.textbook or row.candidate.is_dsf)]
    search.best = search.fastest(row for row in rows if row.candidate.timestep_fs == usual)


def timesteps(search: "Search") -> None:
    """Other timesteps, each with its drift, which is told even where the timestep may not change."""
    for factor in search.space.timestep_factors:
        timestep_fs = round(search.wish.base.timestep_fs * factor, 3)
        if not search.wish.timestep_suits(timestep_fs):
            search.notes.append(f"timestep {timestep_fs:g} fs: output intervals are no whole number of it, skipped")
            continue
        row = search.measure(replace(search.best, timestep_fs=timestep_fs), "timestep")
        search.measure_drift(row)


STAGES = (cutoffs, mesh, skins, accelerated, parallel, damped, settled, timesteps)


def powers_of_two(cores: int) -> list[int]:
    """2, 4, 8, ... and the number of cores itself."""
    return sorted({cores} | {2**n for n in range(1, cores.bit_length()) if 2**n <= cores}) if cores > 1 else []
