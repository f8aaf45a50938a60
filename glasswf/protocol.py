"""A protocol is data: stages of the configuration become segments of constant or linearly changing temperature."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise

from glasswf.config.models import FastSlowFast, Glass, Hold, Isotherms, Protocol, Ramp, Staircase, _Stage
from glasswf.errors import ConfigError


@dataclass(frozen=True)
class Segment:
    """One `run` of LAMMPS: from `start_k` to `stop_k` (K) over the steps (start_step, stop_step].

    save: name of the restart written at its end, or None; dump: whether frames are written.
    """

    start_step: int
    stop_step: int
    start_k: float
    stop_k: float
    ensemble: str
    pressure_bar: float
    pressure_damping_ps: float
    save: str | None = None
    dump: bool = False


@dataclass(frozen=True)
class _Leg:
    start_k: float
    stop_k: float
    duration_ps: float
    stage: _Stage


def target_name(temperature_k: float) -> str:
    """Canonical name of a temperature in file names: T2000, T1500.5."""
    return f"T{temperature_k:g}"


def quench_segments(protocol: Protocol, timestep_fs: float) -> list[Segment]:
    """Segments of the quench, cut and saved where it passes the temperature of an isotherm or of the glass.

    Raises ConfigError if a stage heats, or if the quench does not pass a temperature that is asked for.
    """
    targets = set(protocol.isotherms.temperatures_k)
    if protocol.glass:
        targets.add(protocol.glass.temperature_k)
    legs = _last_visit_saved(list(_cut(_legs(protocol.quench), targets)), targets)
    segments, step = [], 0
    for leg, save in legs:
        stop = step + _steps(leg.duration_ps, timestep_fs)
        segments.append(_segment(step, stop, leg.start_k, leg.stop_k, leg.stage, save=save))
        step = stop
    return segments


def isotherm_segments(
    run: Isotherms | Glass, temperature_k: float, duration_ps: float, timestep_fs: float, dump_steps: int
) -> list[Segment]:
    """Equilibration without frames, then the recorded time; both whole numbers of dump intervals."""
    equilibrate = _round_up(_steps(run.equilibrate_ps, timestep_fs), dump_steps)
    stop = equilibrate + _round_up(_steps(duration_ps, timestep_fs), dump_steps)
    return [
        _segment(0, equilibrate, temperature_k, temperature_k, run),
        _segment(equilibrate, stop, temperature_k, temperature_k, run, dump=True),
    ]


def to_dicts(segments: Iterable[Segment]) -> list[dict]:
    """Segments as plain mappings, for JSON."""
    return [asdict(segment) for segment in segments]


def _legs(stages: Sequence[_Stage]) -> list[_Leg]:
    legs: list[_Leg] = []
    for number, stage in enumerate(stages):
        here = legs[-1].stop_k if legs else stage.temperature_k
        legs += _legs_of(stage, here, f"protocol.quench[{number}]")
    return legs


def _legs_of(stage: _Stage, here: float, key: str) -> list[_Leg]:
    match stage:
        case Hold():
            _must_not_heat(here, stage.temperature_k, key)
            return [_Leg(stage.temperature_k, stage.temperature_k, stage.duration_ps, stage)]
        case Ramp():
            _must_not_heat(here, stage.to_k, key)
            return [_ramp(here, stage.to_k, stage.rate_k_per_ps, stage, stage.duration_ps)]
        case Staircase():
            _must_not_heat(here, stage.temperatures_k[0], key)
            starts = [here, *stage.temperatures_k]
            pairs = zip(starts, stage.temperatures_k, strict=False)
            return [
                leg
                for start, stop in pairs
                for leg in (_ramp(start, stop, stage.rate_k_per_ps, stage), _Leg(stop, stop, stage.hold_ps, stage))
                if leg.duration_ps > 0
            ]
        case FastSlowFast():
            _must_not_heat(here, stage.slow_from_k, key)
            corners = [here, stage.slow_from_k, stage.slow_to_k, stage.to_k]
            rates = [stage.fast_rate_k_per_ps, stage.slow_rate_k_per_ps, stage.fast_rate_k_per_ps]
            ramps = [_ramp(a, b, rate, stage) for a, b, rate in zip(corners, corners[1:], rates, strict=False)]
            return [leg for leg in ramps if leg.duration_ps > 0]
    raise TypeError(f"no such stage: {stage!r}")


def _ramp(start: float, stop: float, rate: float | None, stage: _Stage, duration: float | None = None) -> _Leg:
    return _Leg(start, stop, duration if duration is not None else (start - stop) / rate, stage)


def _must_not_heat(here: float, there: float, key: str) -> None:
    if there > here:
        raise ConfigError(f"{key}: goes up from {here:g} to {there:g} K; a quench only cools")


def _cut(legs: Iterable[_Leg], targets: Iterable[float]) -> Iterable[_Leg]:
    for leg in legs:
        inside = sorted((t for t in targets if leg.stop_k < t < leg.start_k), reverse=True)
        corners = [leg.start_k, *inside, leg.stop_k]
        fall = leg.start_k - leg.stop_k
        for start, stop in pairwise(corners):
            share = (start - stop) / fall if fall else 1.0
            yield replace(leg, start_k=start, stop_k=stop, duration_ps=leg.duration_ps * share)


def _last_visit_saved(legs: list[_Leg], targets: set[float]) -> list[tuple[_Leg, str | None]]:
    last = {leg.stop_k: index for index, leg in enumerate(legs) if leg.stop_k in targets}
    if missed := sorted(targets - set(last)):
        span = f"{legs[0].start_k:g} to {legs[-1].stop_k:g} K"
        raise ConfigError(
            f"protocol: the quench ({span}) does not pass {', '.join(f'{t:g} K' for t in missed)}; "
            "extend the quench or drop these temperatures from isotherms (or glass)"
        )
    return [(leg, target_name(leg.stop_k) if last.get(leg.stop_k) == i else None) for i, leg in enumerate(legs)]


def _segment(start: int, stop: int, start_k: float, stop_k: float, stage: _Stage, **more) -> Segment:
    return Segment(start, stop, start_k, stop_k, stage.ensemble, stage.pressure_bar, stage.pressure_damping_ps, **more)


def _steps(duration_ps: float, timestep_fs: float) -> int:
    return max(1, round(duration_ps * 1000 / timestep_fs))


def _round_up(steps: int, multiple: int) -> int:
    return -(-steps // multiple) * multiple
