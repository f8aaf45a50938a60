"""From a configuration to runs: one small resolved mapping per cell, quench, isotherm and glass.

A run's mapping holds all that its dynamics depend on and nothing else: as a JSON file it is what the workflow watches,
so a change elsewhere in the configuration, or in the analysis, never repeats molecular dynamics.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from glasswf import forcefield, landmarks, machine, theories
from glasswf.composition import carries_charge, critical_m
from glasswf.config.models import Config, Glass, Isotherms, Structure
from glasswf.errors import ConfigError
from glasswf.files import write_if_changed
from glasswf.forcefield import ForceField
from glasswf.lammps import storage
from glasswf.lammps.numerics import Numerics
from glasswf.lammps.workspace import frames_expected
from glasswf.points import Point, design_points, resolved
from glasswf.protocol import isotherm_segments, quench_segments, target_name, to_dicts
from glasswf.statistics import FEWEST_FRAMES
from glasswf.units import fs_to_ps

_LARGEST_SEED = 900_000_000  # limit of LAMMPS's Marsaglia generator
RUNS = Path("runs")
CORE_RATE = 1.7e5  # atoms times steps per second on one core of a 2.5 GHz Xeon, at the default accuracy
_ALKALI = ("Li", "Na", "K", "Rb", "Cs")


@dataclass(frozen=True)
class Run:
    """One run: its folder under the working folder, and its resolved mapping."""

    folder: Path
    spec: dict

    @property
    def spec_file(self) -> Path:
        """JSON file of the mapping, beside the folder."""
        return self.folder.with_name(self.folder.name + ".json")


@dataclass(frozen=True)
class Plan:
    """Everything a configuration asks for."""

    config: Config
    forcefield: ForceField | None  # None where there is nothing to simulate
    numerics: Numerics
    timestep_fs: float
    points: tuple[Point, ...]
    runs: tuple[Run, ...]

    def run(self, point: Point, replica: int, name: str) -> Run:
        """The run `name` (cell, quench, T..., glass) of one replica of one point."""
        folder = _folder(point, replica, name)
        return next(run for run in self.runs if run.folder == folder)

    @property
    def md_runs(self) -> tuple[Run, ...]:
        """The runs that LAMMPS does."""
        return tuple(run for run in self.runs if run.spec["run"] != "cell")

    @property
    def scans(self) -> dict[str, str]:
        """What varies in each system: m, n_former, x, or none."""
        systems = [resolved(system, "systems") for system in self.config.systems]
        return {system.name: system.scan.variable if system.scan else "none" for system in systems}


def make(config: Config, folder: Path | str = ".", tuned: bool = True) -> Plan:
    """The plan of a configuration; paths in it are relative to `folder`. Raises ConfigError, ForceFieldError.

    tuned: whether numerics and timestep that the configuration leaves out come from machine.yaml, where there is one.
    """
    theories.check(config, Path(folder))
    if not config.systems:
        return Plan(config, None, _numerics(config), 0.0, (), ())
    force_field = _load_force_field(config.forcefield, Path(folder))
    found = machine.load(folder) if tuned else None
    if found:
        found.require(force_field, Path(folder) / machine.NAME)
    numerics = _numerics(config, found)
    timestep_fs = config.protocol.timestep_fs or (found and found.timestep_fs) or force_field.timestep_fs
    points = tuple(design_points(config, force_field))
    plan = Plan(config, force_field, numerics, timestep_fs, points, ())
    _check_cutoff(plan)
    _check_pressure(plan)
    _check_intervals(plan)
    _check_mobile(plan)
    _check_structure(plan, Path(folder))
    return replace(plan, runs=tuple(_all_runs(plan, Path(folder))))


def write_specs(plan: Plan, folder: Path | str = ".", source: str = "") -> None:
    """Write the mapping of every run, those of the analyses and runs/plan.json, touching only files that change."""
    for run in plan.runs:
        _write(Path(folder) / run.spec_file, run.spec)
    for name in ("analysis", "structure"):
        _write(Path(folder) / RUNS / f"{name}.json", getattr(plan.config, name).model_dump(mode="json"))
    for path, spec in theories.specs(plan.config, Path(folder)).items():
        _write(Path(folder) / RUNS / path, spec)
    _write(Path(folder) / RUNS / "plan.json", overview(plan, source))


def _write(path: Path, data: dict) -> None:
    write_if_changed(path, json.dumps(data, indent=1, ensure_ascii=False) + "\n")


def target_names(plan: Plan) -> list[str]:
    """Names of the restarts that a quench leaves."""
    protocol = plan.config.protocol
    if protocol is None:
        return []
    glass = [protocol.glass.temperature_k] if protocol.glass else []
    return list(dict.fromkeys(target_name(t) for t in [*protocol.isotherms.temperatures_k, *glass]))


def branch_names(plan: Plan) -> list[str]:
    """Names of the runs that branch off a quench and are analysed: T2000, ..., glass."""
    protocol = plan.config.protocol
    if protocol is None:
        return []
    return [*map(target_name, protocol.isotherms.temperatures_k), *(["glass"] if protocol.glass else [])]


def structure_names(plan: Plan) -> list[str]:
    """Names of the runs whose structure is described."""
    protocol, chosen = plan.config.protocol, plan.config.structure.runs
    if protocol is None or chosen == "none":
        return []
    if chosen == "all":
        return branch_names(plan)
    if protocol.glass:
        return ["glass"]
    return [target_name(min(protocol.isotherms.temperatures_k))] if chosen == "auto" else []


def figure_names(plan: Plan) -> list[str]:
    """Figures that the results of this plan can fill: what is scanned, and what is dumped and analysed, decide."""
    if not plan.points:
        return []
    names = ["fig_arrhenius"]
    scanned = set(plan.scans.values())
    if scanned & {"m", "n_former"}:
        names += ["fig_prl_3b", "fig_prl_4", "fig_diffusivity_m", "fig_haven"]
        if any(_system_summary(plan, name)["m_c"] for name in plan.scans):
            names.append("fig_prl_3a")
    if scanned - {"none"}:
        names.append("fig_conductivity_ways")
    return sorted(names + _melt_figures(plan) + _modifier_figures(plan) + _system_figures(plan))


def structure_figure_names(plan: Plan) -> list[str]:
    """Figures of the structure that the results of this plan can fill."""
    if not structure_names(plan):
        return []
    kinds = ["fig_structure", "fig_factor", "fig_angles", "fig_network", "fig_fsdp"]
    kinds += ["fig_constraints"] if _fewest_frames(plan) >= FEWEST_FRAMES else []
    names = [f"{kind}_{system}" for kind in kinds for system in plan.scans if _has_network(plan, system)]
    if _at_disulfide(plan, landmarks.NS_X):
        names += ["fig_legrand_1a", "fig_legrand_1b"]
    if set(plan.scans.values()) & {"m", "n_former"}:
        names.append("fig_prl_2")
    if any(scan == "x" and _has_network(plan, system) for system, scan in plan.scans.items()):
        numbers = ("7a", "7b", "8", "9a", "9b", "10", "11", "12a", "12b", "13a", "13b")
        names += [f"fig_legrand_{number}" for number in numbers]
    return sorted(names)


def _fewest_frames(plan: Plan) -> int:
    """Frames of the shortest run whose structure is described, as many as are looked at."""
    names, every = structure_names(plan), plan.config.structure.every
    return min(-(-frames_expected(run.spec) // every) for run in plan.md_runs if run.spec["run"] in names)


def _has_network(plan: Plan, system: str) -> bool:
    return any("Si" in point.counts for point in plan.points if point.system == system)


def _at_disulfide(plan: Plan, x: float, within: float = 1.0) -> bool:
    """Whether there is a composition with Na at m = 2, and x within reach."""
    compositions = [(point.x, point.m) for point in plan.points if point.counts.get("Na")]
    return landmarks.nearest(compositions, x, within) is not None


def _melt_figures(plan: Plan) -> list[str]:
    """Those of one composition with Na at m = 2 against temperature."""
    names = []
    if _at_disulfide(plan, landmarks.NS_X):
        names += ["fig_legrand_2", "fig_legrand_3a", "fig_legrand_3b"]
    if _at_disulfide(plan, landmarks.DEPOLYMERISED_X, landmarks.DEPOLYMERISED_WITHIN):
        names.append("fig_legrand_14b")
    return names


def _modifier_figures(plan: Plan) -> list[str]:
    """Those against x."""
    scanned = [name for name, scan in plan.scans.items() if scan == "x"]
    if not scanned:
        return []
    names = ["fig_legrand_4b", "fig_legrand_6"]
    if any(point.system in scanned and point.counts.get("Na") for point in plan.points):
        names.append("fig_legrand_4a")
    if len({point.label for point in plan.points if point.system == scanned[0]}) > 1:
        names.append("fig_legrand_5")
    return names


def _system_figures(plan: Plan) -> list[str]:
    """Those that every system has."""
    kinds = ["fig_msd", "fig_alpha2"]
    kinds += ["fig_van_hove"] if plan.config.analysis.van_hove != "none" else []
    kinds += ["fig_current"] if "velocities" in plan.config.output.dump_content else []
    names = [f"{kind}_{system}" for kind in kinds for system in plan.scans]
    return names + [f"fig_onsager_{system}" for system in plan.scans if _has_mobile(plan, system)]


def _has_mobile(plan: Plan, system: str) -> bool:
    """Whether σ of a system can be split, for certain; what else can be drawn, the report draws."""
    wanted = set(plan.config.analysis.mobile or _ALKALI)
    return any(wanted & set(point.counts) for point in plan.points if point.system == system)


def trajectory_name(plan: Plan) -> str:
    """File name of the frames of a finished run that are analysed."""
    output = plan.config.output
    return storage.names({"trajectory": output.trajectory, "compression": output.dump_compression})[0]


def restart_name(plan: Plan, branch: str) -> str:
    """File name of the restart that a branch starts from."""
    name = target_name(plan.config.protocol.glass.temperature_k) if branch == "glass" else branch
    return f"{name}.restart"


def overview(plan: Plan, source: str = "") -> dict:
    """What the plan resolves to, for provenance: configuration, force field, settings, systems and their points."""
    config = plan.config
    resolved_config = config.model_dump(mode="json", exclude_none=True)
    digest = hashlib.sha256(json.dumps(resolved_config, sort_keys=True).encode()).hexdigest()
    known = {
        "title": config.title,
        "config": resolved_config,
        "config_file": Path(source).name,
        "config_sha256": digest,
    }
    return known | _simulation(plan) if plan.points else known


def _simulation(plan: Plan) -> dict:
    config, field = plan.config, plan.forcefield
    return {
        "forcefield": field.to_dict() | {"sha256": field.sha256, "warnings": list(field.warnings)},
        "settings": {
            "timestep_fs": plan.timestep_fs,
            "charge_compensation": config.cell.charge_compensation,
            "n_atoms": config.cell.n_atoms,
            "density_per_a3": _only({round(point.n_atoms / point.box_length_a**3, 6) for point in plan.points}),
            "cooling_rate_k_ps": _only(_cooling_rates(plan)),
            "ensemble": config.protocol.isotherms.ensemble,
            "thermostat": config.protocol.thermostat.kind,
            "replicas": config.replicas,
            "numerics": plan.numerics.to_dict(),
        },
        "systems": [_system_summary(plan, name) for name in plan.scans],
    }


def _cooling_rates(plan: Plan) -> set[float]:
    """Rates (K/ps) of the ramps of the quench."""
    timestep_ps = fs_to_ps(plan.timestep_fs)
    segments = quench_segments(plan.config.protocol, plan.timestep_fs)
    return {
        round((s.start_k - s.stop_k) / ((s.stop_step - s.start_step) * timestep_ps), 1)
        for s in segments
        if s.stop_k != s.start_k
    }


def _only(values: set[float]) -> float | None:
    """The one value that all agree on, or None."""
    return values.pop() if len(values) == 1 else None


def summary(plan: Plan) -> dict:
    """What the plan will do, for people: systems, points, counts, runs, simulated time."""
    steps = sum(run.spec["segments"][-1]["stop_step"] for run in plan.md_runs)
    protocol = plan.config.protocol
    return {
        "systems": [_system_summary(plan, name) for name in plan.scans],
        "temperatures_k": list(protocol.isotherms.temperatures_k) if protocol else [],
        "replicas": plan.config.replicas,
        "runs": len(plan.md_runs),
        "timestep_fs": plan.timestep_fs,
        "steps": steps,
        "simulated_ns": steps * plan.timestep_fs * 1e-6,
    }


def _system_summary(plan: Plan, name: str) -> dict:
    points = [point for point in plan.points if point.system == name]
    scan = plan.scans[name]
    return {
        "name": name,
        "x": points[0].x if scan != "x" else None,
        "m_c": critical_m(_asked_x(plan, name)) if scan in ("m", "n_former") else None,
        "scan": {"n_former": "n_si"}.get(scan, scan),
        "points": [{k: v for k, v in asdict(point).items() if k != "system"} for point in points],
    }


def _asked_x(plan: Plan, name: str) -> float:
    return next(resolved(s, "systems").x for s in plan.config.systems if s.name == name)


def _load_force_field(name: str, folder: Path) -> ForceField:
    path = folder / name
    return forcefield.load(path if path.suffix in (".yaml", ".yml") else name)


def _numerics(config: Config, found: machine.Machine | None = None) -> Numerics:
    """What the configuration gives, else what was measured on this machine, else the defaults."""
    measured = found.numerics.model_dump(exclude_none=True) if found else {}
    return Numerics(**measured | config.numerics.model_dump(exclude_none=True))


def _check_cutoff(plan: Plan) -> None:
    cutoff = max(plan.numerics.cutoff_a or plan.forcefield.cutoff_a, plan.numerics.buckingham_cutoff_a or 0.0)
    for point in plan.points:
        if cutoff > point.box_length_a / 2:
            raise ConfigError(
                f"{point.system} {point.label}: the cutoff of {cutoff:g} Å is larger than half the box "
                f"({point.box_length_a:.4g} Å); take more atoms or a smaller numerics.cutoff_a"
            )


def _check_pressure(plan: Plan) -> None:
    """LAMMPS counts the energy of a neutralising background but not its pressure, so no barostat can work with one."""
    protocol = plan.config.protocol
    stages = [*protocol.quench, protocol.isotherms, *([protocol.glass] if protocol.glass else [])]
    for point in plan.points:
        if carries_charge(point.counts, point.charges) and any(stage.ensemble == "npt" for stage in stages):
            raise ConfigError(
                f"{point.system} {point.label}: ensemble npt with a charged cell and charge_compensation background: "
                "LAMMPS leaves the background out of the pressure; use nvt, or another charge_compensation"
            )


def is_whole_steps(interval_fs: float, timestep_fs: float) -> bool:
    """Whether an interval is a whole number of timesteps."""
    steps = interval_fs / timestep_fs
    return abs(steps - round(steps)) <= 1e-6


def _check_intervals(plan: Plan) -> None:
    output, protocol = plan.config.output, plan.config.protocol
    for key in ("dump_every_fs", "thermo_every_fs"):
        interval = getattr(output, key)
        if not is_whole_steps(interval, plan.timestep_fs):
            raise ConfigError(
                f"output.{key}: {interval:g} fs is no whole number of timesteps ({plan.timestep_fs:g} fs)"
            )
    recorded = {f"isotherms at {t:g} K": duration for t, duration in protocol.isotherms.durations_ps.items()}
    if protocol.glass:
        recorded["glass"] = protocol.glass.duration_ps
    for name, duration in recorded.items():
        if output.dump_every_fs * 10 > duration * 1000:
            raise ConfigError(
                f"output.dump_every_fs: {output.dump_every_fs:g} fs leaves fewer than 10 frames of the {duration:g} ps "
                f"of protocol.{name}; record longer or dump more often"
            )


def _check_mobile(plan: Plan) -> None:
    present = sorted({element for point in plan.points for element in point.counts})
    for name in plan.config.analysis.mobile or ():
        if name not in present:
            raise ConfigError(f"analysis.mobile: {name} is in none of the systems; they hold {', '.join(present)}")


def _check_structure(plan: Plan, folder: Path) -> None:
    """What the structure analysis is given must fit the cells, before any dynamics."""
    block = plan.config.structure
    if block.runs == "glass" and not plan.config.protocol.glass:
        raise ConfigError("structure.runs: glass, but protocol.glass is not given; add it, or take auto or all")
    shortest = min(point.box_length_a for point in plan.points) / 2
    lengths = {"r_max_a": block.r_max_a, "homopolar_a": block.homopolar_a}
    lengths |= {f"cutoffs_a.{pair}": length for pair, length in block.cutoffs_a.items()}
    for key, length in lengths.items():
        if length is not None and length > shortest:
            raise ConfigError(f"structure.{key}: {length:g} Å is more than half the smallest box ({shortest:.4g} Å)")
    present = {element for point in plan.points for element in point.counts}
    for pair in block.cutoffs_a:
        if unknown := set(pair.split("-")) - present:
            raise ConfigError(f"structure.cutoffs_a: {pair}: none of the systems holds {', '.join(unknown)}")
    for number, experiment in enumerate(block.experiments):
        where = f"structure.experiments[{number}]"
        if not (folder / experiment.file).is_file():
            raise ConfigError(f"{where}.file: {experiment.file}: no such file")
        if set("{}") & set(str(experiment.file)):
            raise ConfigError(
                f"{where}.file: {experiment.file}: Snakemake takes {{...}} for a wildcard; rename the file"
            )
        if experiment.system is not None and experiment.system not in plan.scans:
            raise ConfigError(f"{where}.system: {experiment.system} is none of {', '.join(plan.scans)}")


def _all_runs(plan: Plan, folder: Path) -> Iterator[Run]:
    protocol = plan.config.protocol
    structure = _structure(plan.config, folder)
    quench = to_dicts(quench_segments(protocol, plan.timestep_fs))
    for point in plan.points:
        for replica in range(1, plan.config.replicas + 1):
            yield _cell(plan, point, replica, structure)
            yield _md(plan, point, replica, "quench", quench, {"data": "../cell/cell.data"})
            isotherms, glass = protocol.isotherms, protocol.glass
            for temperature, duration in isotherms.durations_ps.items():
                yield _branch(plan, point, replica, target_name(temperature), isotherms, temperature, duration)
            if glass:
                yield _branch(plan, point, replica, "glass", glass, glass.temperature_k, glass.duration_ps)


def _cell(plan: Plan, point: Point, replica: int, structure: dict | None) -> Run:
    start = structure or {"min_distance_a": plan.config.cell.min_distance_a}
    spec = _identity(plan, point, replica, "cell") | {"start": start}
    return Run(_folder(point, replica, "cell"), spec)


def _branch(
    plan: Plan, point: Point, replica: int, name: str, stage: Isotherms | Glass, temperature: float, duration: float
) -> Run:
    segments = to_dicts(isotherm_segments(stage, temperature, duration, plan.timestep_fs, _dump_steps(plan)))
    start = {"restart": f"../quench/{target_name(temperature)}.restart"}
    return _md(plan, point, replica, name, segments, start, temperature_k=temperature)


def _md(plan: Plan, point: Point, replica: int, name: str, segments: list[dict], start: dict, **more) -> Run:
    output = plan.config.output
    spec = _identity(plan, point, replica, name) | {
        "start": start,
        "forcefield": {"name": plan.config.forcefield, "sha256": plan.forcefield.sha256},
        "numerics": plan.numerics.to_dict(),
        "timestep_fs": plan.timestep_fs,
        "thermostat": plan.config.protocol.thermostat.model_dump(),
        "segments": segments,
        "dump": _dump(plan),
        "thermo_every": max(1, round(output.thermo_every_fs / plan.timestep_fs)),
        "checkpoint_every": _checkpoint_steps(plan, point),
    }
    return Run(_folder(point, replica, name), spec | more)


def _dump(plan: Plan) -> dict:
    """What is dumped and kept; what is new since the first version is left out where it is not used."""
    output = plan.config.output
    content = {
        "every": _dump_steps(plan),
        "content": list(output.dump_content),
        "compression": output.dump_compression,
    }
    if output.trajectory != "dump":
        content |= {"trajectory": output.trajectory, "precision_a": output.precision_a}
    return content


def _identity(plan: Plan, point: Point, replica: int, name: str) -> dict:
    return {
        "system": point.system,
        "label": point.label,
        "replica": replica,
        "run": name,
        "counts": dict(point.counts),
        "charges": dict(point.charges),
        "box_length_a": point.box_length_a,
        "seed": _seed(plan.config.seed, point, replica, name),
    }


def _seed(seed: int, point: Point, replica: int, name: str) -> int:
    text = f"{seed}/{point.system}/{point.label}/{replica}/{name}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % _LARGEST_SEED + 1


def _dump_steps(plan: Plan) -> int:
    return max(1, round(plan.config.output.dump_every_fs / plan.timestep_fs))


def _checkpoint_steps(plan: Plan, point: Point) -> int:
    """A whole number of dump intervals, so that a checkpoint and a frame never fall between each other.

    From the simulated time, or from the minutes of one core at its usual rate, never from a clock: the steps at which
    LAMMPS sets up anew decide the bits of a run.
    """
    every, output = _dump_steps(plan), plan.config.output
    by_clock = output.checkpoint_every_min * 60 * CORE_RATE / point.n_atoms
    steps = min(output.checkpoint_every_ps * 1000 / plan.timestep_fs, by_clock)
    return max(1, round(steps / every)) * every


def _structure(config: Config, folder: Path) -> dict | None:
    start = config.cell.start
    if not isinstance(start, Structure):
        return None
    path = folder / start.file
    if not path.is_file():
        raise ConfigError(f"cell.start.file: {start.file}: no such structure file")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {"file": str(start.file), "sha256": digest, "substitute": dict(start.substitute)}


def _folder(point: Point, replica: int, name: str) -> Path:
    return RUNS / point.system / point.label / f"r{replica}" / name
