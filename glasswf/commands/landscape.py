"""`glasswf landscape`: activation energies and conductivities of the site-energy landscape model."""

import argparse
import json
from pathlib import Path

from glasswf.commands import output
from glasswf.errors import ConfigError

_FIGURES = ("fig_bosi", "fig_landscape")
_EXAMPLE = """\
examples:
  glasswf landscape --y 0.33 --x 0 0.5 1 --v0 0.64 --sigma 0.42        # E_a of three compositions
  glasswf landscape --y 0.35 --x 0.2 --v0 0.76 --sigma 0.30 --temperature 303 403 --attempt-hz 5e14
  glasswf landscape borophosphates.yaml --out landscape                 # every table and figure of a configuration
"""


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Declare the command and its options."""
    parser = subparsers.add_parser(
        "landscape",
        help="site-energy landscapes of borophosphate glasses: activation energy and conductivity",
        description="Critical percolation barriers and conductances of yM2O-(1-y)[xB2O3-(1-x)P2O5] landscapes.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("config", nargs="?", metavar="CONFIG", help="configuration with a landscape block; or give --y")
    parser.add_argument("--y", type=float, metavar="Y", help="fraction of alkali oxide")
    parser.add_argument("--x", type=float, nargs="+", default=[0.0, 0.2, 0.4, 0.6, 0.8, 1.0], help="borate fractions")
    parser.add_argument("--v0", type=float, default=0.64, metavar="EV", help="V0 in eV (0.64)")
    parser.add_argument("--sigma", type=float, default=0.42, help="noise in units of V0 (0.42)")
    parser.add_argument("--u0", type=float, default=0.1, help="lowest barrier in units of V0 (0.1)")
    parser.add_argument("--vacant", type=float, default=0.05, metavar="F0", help="fraction of vacant ion sites (0.05)")
    parser.add_argument("--attempt-hz", type=float, default=4e14, metavar="HZ", help="attempt frequency (4e14)")
    parser.add_argument("--temperature", type=float, nargs="+", metavar="K", help="temperatures of conductivities")
    parser.add_argument("--size", type=int, default=50, metavar="N", help="sites along an edge (50)")
    parser.add_argument("--samples", type=int, default=8, metavar="N", help="random landscapes (8)")
    parser.add_argument("--seed", type=int, default=2021)
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="processes that share the samples (1)")
    parser.add_argument("--out", metavar="DIR", help="write tables as CSV and figures there (with CONFIG)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Compute and print; with a configuration also tables and figures."""
    if options.config is None and options.y is None:
        raise ConfigError("glasswf landscape: give a configuration with a landscape block, or --y")
    rows = _configured(options) if options.config else _compositions(options)
    print(json.dumps(rows, indent=1, ensure_ascii=False) if options.json else _text(rows))
    return 0


def _compositions(options: argparse.Namespace) -> list[dict]:
    from glasswf.landscape.model import Glass
    from glasswf.landscape.progress import tell
    from glasswf.landscape.study import activation_energies, conductivity_averages
    from glasswf.landscape.units import fractions

    glasses = [
        Glass(fractions(x, options.y), options.v0, options.sigma, options.u0 * options.v0, options.vacant,
              attempt_hz=options.attempt_hz)
        for x in options.x
    ]  # fmt: skip
    show = tell()
    part = (options.size, options.samples, options.seed)
    found = activation_energies(glasses, *part, processes=options.processes,
                                progress=lambda done, total: show("activation energies", done, total))  # fmt: skip
    rows = [
        {"x": x, "quantity": "activation_energy_ev", "value": each.mean, "error": each.error}
        for x, each in zip(options.x, found, strict=True)
    ]
    if options.temperature:
        flows = conductivity_averages(glasses, options.temperature, *part, processes=options.processes,
                                      progress=lambda done, total: show("conductivities", done, total))  # fmt: skip
        rows += [
            {"x": x, "quantity": "conductivity_s_cm", "temperature_k": t, "value": each.mean, "error": each.error}
            for x, averages in zip(options.x, flows, strict=True)
            for t, each in zip(options.temperature, averages, strict=True)
        ]
    return rows


def _configured(options: argparse.Namespace) -> list[dict]:
    from glasswf import config as configuration
    from glasswf import theories
    from glasswf.landscape.progress import tell
    from glasswf.landscape.tables import Study

    path = Path(options.config)
    config = configuration.load(path)
    if config.landscape is None:
        raise ConfigError(f"{path}: has no landscape block; config/borophosphates.yaml is an example")
    theories.check(config, path.parent)
    specs = {name: spec for name, spec in theories.specs(config, path.parent).items() if name.startswith("landscape/")}
    tables = [Study(spec, options.processes, tell()).tables() for spec in specs.values()]
    merged = {name: [row for each in tables for row in each[name]] for name in tables[0]}
    if options.out:
        output.write(Path(options.out), merged, _FIGURES)
    return [
        {"series": row["series"], "x": row["x"], "quantity": "activation_energy_ev",
         "value": row["activation_energy_ev"], "error": row["activation_energy_err_ev"]}
        for row in merged["landscape_energy"] if row["kind"] == "curve"
    ]  # fmt: skip


def _text(rows: list[dict]) -> str:
    units = {"activation_energy_ev": ("E_a", "eV"), "conductivity_s_cm": ("σ_dc", "S/cm")}
    lines = []
    for row in rows:
        symbol, unit = units[row["quantity"]]
        temperature = f"T = {row['temperature_k']:g} K" if "temperature_k" in row else ""
        where = " ".join(filter(None, [row.get("series", ""), f"x = {row['x']:.3f}", temperature]))
        error = "" if row["error"] is None or row["error"] != row["error"] else f" ± {row['error']:.2g}"
        lines.append(f"{where:34}{symbol:>5} = {row['value']:.4g}{error} {unit}")
    return "\n".join([*lines, "± is the half-width of the 68 % interval of the mean over landscapes"])
