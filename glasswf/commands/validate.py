"""`glasswf validate [CONFIG]`: check a configuration and tell what it will do."""

import argparse
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glasswf.config import Config
    from glasswf.cost import Estimate
    from glasswf.plan import Plan

_EXAMPLE = "example: glasswf validate config/paper.yaml"


def add_parser(subparsers) -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser("validate", help="check a configuration", description=__doc__, epilog=_EXAMPLE)
    parser.add_argument("config", nargs="?", type=Path, default=Path("config.yaml"), help="default: config.yaml")
    parser.add_argument("--directory", type=Path, default=Path(), help="working folder that paths are relative to")
    parser.add_argument("--json", action="store_true", help="print the resolved plan as JSON")
    parser.add_argument("--schema", action="store_true", help="print the JSON schema of the configuration and stop")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the plan."""
    from glasswf import config as configuration  # they take a second to import, which --help need not wait for
    from glasswf import cost
    from glasswf import plan as planning

    if options.schema:
        print(json.dumps(configuration.Config.model_json_schema(), indent=1, ensure_ascii=False))
        return 0
    plan = planning.make(configuration.load(options.config), options.directory)
    summary = planning.summary(plan)
    found = cost.estimate(plan, options.directory)
    if options.json:
        print(json.dumps(summary | {"cost": asdict(found)}, indent=1, ensure_ascii=False))
        return 0
    print(_text(plan, summary))
    if plan.points:
        print("\n".join([*cost.text(found, os.cpu_count()), *_settings(options.directory, found)]))
    return 0


def _settings(folder: Path, found: "Estimate") -> list[str]:
    """Where the settings of LAMMPS come from; tuning is named before the first run, as it would repeat it."""
    from glasswf import machine

    tuned = machine.load(folder)
    if tuned is not None:
        given = ", ".join(f"{key} {value:g}" if isinstance(value, float) else f"{key} {value}"
                          for key, value in tuned.numerics.model_dump(exclude_none=True).items())  # fmt: skip
        return [f"machine.yaml: LAMMPS as `{tuned.lammps}`, {given or 'default settings'}"]
    if found.measured_on == 0:
        return ["not tuned on this machine: `glasswf tune`, before the first run, finds settings that may be faster"]
    return []


def _text(plan: "Plan", summary: dict) -> str:
    lines = [plan.config.title or "Scan", *_models(plan.config)]
    return "\n".join(lines + (_simulation(plan, summary) if plan.points else []))


def _models(config: "Config") -> list[str]:
    """What is computed without dynamics."""
    lines = []
    if config.theory:
        lines.append(f"rigidity theory at m = {', '.join(f'{m:g}' for m in config.theory.m)}")
    if config.landscape:
        part = config.landscape.activation
        lines += [
            f"landscapes {series.name}: y = {series.y:g}, V0 = {series.v0_ev:g} eV, sigma = {series.sigma:g}, "
            f"{part.samples} samples of {part.size}³ sites per composition"
            for series in config.landscape.series
        ]
    return lines


def _simulation(plan: "Plan", summary: dict) -> list[str]:
    lines = [f"force field {plan.forcefield.name}, charge compensation {plan.config.cell.charge_compensation}"]
    for system in summary["systems"]:
        threshold = f", m_c = {system['m_c']:.3f}" if system["m_c"] else ""
        lines += [
            f"\n{system['name']}{threshold}",
            f"  {'label':<10}{'x':>8}{'m':>8}{'box (Å)':>10}  atoms, charges (e)",
        ]
        lines += [_point_line(point) for point in system["points"]]
    temperatures = ", ".join(f"{t:g}" for t in summary["temperatures_k"])
    lines.append(
        f"\n{summary['replicas']} replicas, isotherms at {temperatures} K: {summary['runs']} runs, "
        f"{summary['steps'] / 1e6:.3g} million steps of {summary['timestep_fs']:g} fs, {summary['simulated_ns']:.3g} ns"
    )
    return lines


def _point_line(point: dict) -> str:
    atoms = ", ".join(f"{n} {e} ({point['charges'][e]:+.4g})" for e, n in point["counts"].items())
    m = "–" if point["m"] is None else f"{point['m']:.4f}"
    return f"  {point['label']:<10}{point['x']:>8.4f}{m:>8}{point['box_length_a']:>10.3f}  {atoms}"
