"""`glasswf theory`: rigidity and hopping of xM₂Y-(1-x)AY_m, without a simulation."""

import argparse
import json
from pathlib import Path

from glasswf.commands import output

_FIGURES = ("fig_prl_1", "fig_rigidity")
_EXAMPLE = """\
examples:
  glasswf theory                                  # the paper's parameters, m = 2, 3, 4; what each reading reproduces
  glasswf theory --x 0.10 --m 3.111               # one composition
  glasswf theory --floppy-kt 7.7 --out theory     # Δ = 0.2 eV at 300 K; tables and figures into theory/
  glasswf theory --coordination 3 --m 1.5 2 --json
"""


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Declare the command and its options."""
    parser = subparsers.add_parser(
        "theory",
        help="rigidity theory and ion hopping: thresholds, cluster probabilities, conductivity",
        description="Constraint counts, rigidity thresholds, clusters in three readings, and the hopping conductivity.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--m", type=float, nargs="+", default=[2.0, 3.0, 4.0], metavar="M", help="flexibility indices")
    parser.add_argument("--x", type=float, nargs="+", metavar="X", help="modifier fractions (default: 0 to 1/3)")
    parser.add_argument("--coordination", type=int, default=4, metavar="R", help="bonds of the network former (4)")
    parser.add_argument("--coulomb-kt", type=float, default=0.0002, metavar="E", help="E_c in k_BT (0.0002)")
    parser.add_argument("--floppy-kt", type=float, default=0.2, metavar="D", help="Δ in k_BT (0.2)")
    parser.add_argument("--out", metavar="DIR", help="write tables as CSV and figures there")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Compute and print; with --out also tables and figures."""
    from glasswf.config.theories import Theory
    from glasswf.theory import tables
    from glasswf.theory.constraints import Network
    from glasswf.theory.hopping import Hopping

    model = Hopping(Network(options.coordination), coulomb=options.coulomb_kt, floppy=options.floppy_kt)
    xs = options.x or [model.network.largest_x * step / 10 for step in range(11)]
    found = {"rigidity": tables.rigidity_rows(model, xs, options.m), "claims": tables.claim_rows(model)}
    if options.out:
        block = Theory(m=options.m, coordination=options.coordination, coulomb_kt=options.coulomb_kt,
                       floppy_kt=options.floppy_kt)  # fmt: skip
        output.write(Path(options.out), tables.tables(block.model_dump(mode="json")), _FIGURES)
    print(json.dumps(found, indent=1, ensure_ascii=False) if options.json else _text(model, options.m, found))
    return 0


def _text(model, ms: list[float], found: dict[str, list[dict]]) -> str:
    thresholds = ", ".join(f"x_c({m:g}) = {model.network.critical_x(m):.4f}" for m in ms)
    lines = [f"rigidity threshold f = 0: {thresholds}", ""]
    lines.append(f"{'reading':15}{'m':>7}{'x':>8}{'stressed':>10}{'isostatic':>10}{'flexible':>10}{'f':>9}{'f(2)':>9}"
                 f"{'σ':>9}")  # fmt: skip
    lines += [
        f"{row['reading']:15}{row['m']:7.3f}{row['x']:8.4f}{row['stressed']:10.4f}{row['isostatic']:10.4f}"
        f"{row['flexible']:10.4f}{row['freedom']:9.4f}{row['flexible_freedom']:9.4f}{row['conductivity']:9.4f}"
        for row in found["rigidity"]
    ]
    lines += ["", "what the paper says of the model, with these parameters:"]
    lines += [
        f"  {row['reading']:15}{'yes' if row['holds'] else 'no':4}{row['claim']}: {row['reason']} "
        + ("none" if row["value"] is None else f"{row['value']:.4g}")
        for row in found["claims"]
    ]
    return "\n".join([*lines, "", "σ in units of one free cation per formula unit; readings: docs/theory.md"])
