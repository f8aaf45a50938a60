"""From the trajectories of one state point to diffusivities, conductivities and the Haven ratio, with errors.

Every value is a linear functional of mean-square displacements, so it can be formed per replica and per block, and
all errors, those of sums and ratios included, come from the scatter of these.
"""

from collections.abc import Sequence
from dataclasses import replace

from glasswf.errors import AnalysisError
from glasswf.trajectory import Trajectory
from glasswf.transport import finite_size, non_gaussian, regression
from glasswf.transport import van_hove as van_hove_functions
from glasswf.transport.conductivity import collective, haven_ratio, nernst_einstein, prefactor
from glasswf.transport.curves import Curves
from glasswf.transport.diffusion import EINSTEIN, diffusion
from glasswf.transport.ensemble import FRAME, Ensemble
from glasswf.transport.green_kubo import green_kubo
from glasswf.transport.mobile import chosen
from glasswf.transport.onsager import correlation
from glasswf.transport.result import Diffusion, TransportResult, VanHove
from glasswf.transport.uncertainty import scaled
from glasswf.transport.window import WindowRule, log_lags

VAN_HOVE_PARTS = ("none", "self", "all")
_ALPHA2_PER_DECADE = 8  # lags of the non-Gaussian parameter


def analyse(
    trajectories: Sequence[Trajectory] | Trajectory,
    temperature_k: float | None = None,
    *,
    species: Sequence[str] | None = None,
    rule: WindowRule | None = None,
    skip_ps: float = 0.0,
    mobile: Sequence[str] | None = None,
    viscosity_pa_s: float | None = None,
    van_hove: str = "none",
    van_hove_lags_ps: Sequence[float] | None = None,
) -> TransportResult:
    """Transport of one state point from all its replicas.

    temperature_k: temperature (K); without it, or without charges, there are no conductivities.
    species: elements whose diffusion is wanted, default all; conductivities always include all.
    rule: what counts as diffusive. skip_ps: time left out at the start of every trajectory.
    mobile: species that count as mobile where σ is split, all others being the network; default the alkali metals.
    viscosity_pa_s: shear viscosity, for the finite-size correction of D. van_hove: "none", "self" or "all" (the
    distinct parts too), at `van_hove_lags_ps` or four lags up to a fifth of the run.

    Raises TrajectoryError or AnalysisError, in one line, if the trajectories cannot be analysed together.
    """
    trajectories = [trajectories] if isinstance(trajectories, Trajectory) else list(trajectories)
    if temperature_k is not None and not temperature_k > 0:
        raise AnalysisError(f"temperature {temperature_k} K; it must be positive")
    ensemble = Ensemble(trajectories, skip_ps)
    for name in species or ():
        trajectories[0].indices(name)
    curves = Curves(ensemble, rule or WindowRule())
    found = tuple(_diffusion(curves, name, temperature_k, viscosity_pa_s) for name in ensemble.species)
    result = TransportResult(
        temperature_k, ensemble.n_replicas, ensemble.n_frames, ensemble.interval_ps, ensemble.volume_a3, FRAME,
        ensemble.net_charge_e, found, (), None, tuple(curves.drawn(item.species, item.window) for item in found), (),
    )  # fmt: skip
    if temperature_k is not None and ensemble.charged:
        result = _with_conductivity(curves, result, chosen(ensemble.species, mobile))
    result = replace(
        result,
        non_gaussian=non_gaussian.curves(ensemble, log_lags(int(curves.lags[-1]), _ALPHA2_PER_DECADE)),
        van_hove=_van_hove(ensemble, van_hove, van_hove_lags_ps),
        notes=_notes(ensemble, result, viscosity_pa_s),
    )
    return result if species is None else _selected(result, species)


def _van_hove(ensemble: Ensemble, parts: str, lags_ps: Sequence[float] | None) -> tuple[VanHove, ...]:
    if parts not in VAN_HOVE_PARTS:
        raise AnalysisError(f"van Hove functions: {parts!r}; it must be one of {', '.join(VAN_HOVE_PARTS)}")
    if parts == "none":
        return ()
    lags_ps = van_hove_functions.default_lags(ensemble) if lags_ps is None else lags_ps
    return van_hove_functions.curves(ensemble, lags_ps, distinct=parts == "all")


def _diffusion(curves: Curves, name: str, temperature_k: float | None, viscosity_pa_s: float | None) -> Diffusion:
    found = diffusion(curves, name)
    size = None
    if viscosity_pa_s is not None and temperature_k is not None and curves.ensemble.cubic:
        size = finite_size.correction(temperature_k, curves.ensemble.volume_a3 ** (1 / 3), viscosity_pa_s)
    return replace(found, regression=regression.diffusivity(curves, name, found.window), finite_size=size)


def _with_conductivity(curves: Curves, result: TransportResult, mobile: Sequence[str]) -> TransportResult:
    ideal = nernst_einstein(curves, result)
    true = collective(curves, result)
    slope = regression.collective(curves, true.window)
    true = replace(true, regression=scaled(slope, EINSTEIN * prefactor(result.volume_a3, result.temperature_k)))
    drawn = (*result.msd, curves.drawn_charge(true.window))
    haven = haven_ratio(curves, result, ideal, true)
    result = replace(result, conductivity=(ideal, true), haven=haven, msd=drawn)
    result = replace(result, correlation=correlation(curves, result, mobile))
    if (found := green_kubo(curves.ensemble, result.temperature_k, curves.rule)) is None:
        return result
    return replace(result, conductivity=(ideal, true, found[0]), current=found[1])


def _selected(result: TransportResult, species: Sequence[str]) -> TransportResult:
    return replace(result, diffusion=tuple(item for item in result.diffusion if item.species in species))


def _notes(ensemble: Ensemble, result: TransportResult, viscosity_pa_s: float | None) -> tuple[str, ...]:
    notes = list(dict.fromkeys(note for replica in ensemble.replicas for note in replica.notes))
    lengths = {replica.n_frames for replica in ensemble.replicas}
    if len(lengths) > 1:
        notes.append(f"replicas of {min(lengths)} to {max(lengths)} frames were cut to {min(lengths)}")
    if not ensemble.charged:
        notes.append("no charges known: no conductivity")
    elif result.temperature_k is None:
        notes.append("no temperature given: no conductivity")
    if viscosity_pa_s is not None and (result.temperature_k is None or not ensemble.cubic):
        notes.append("no finite-size correction: it needs a temperature and a cubic cell")
    if result.correlation and not result.correlation.parts:
        notes.append(
            f"no mobile species (alkali metals, Ag, Cu) among {', '.join(ensemble.species)}: σ is not split; name them "
            "(mobile)"
        )
    if ensemble.net_charge_e:
        notes.append(
            f"the cell carries {ensemble.net_charge_e:+.3g} e: the collective conductivity depends on the frame, "
            "here the barycentric one"
        )
    return tuple(notes)
