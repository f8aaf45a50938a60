"""`glasswf analyze --structure`: the structure from trajectories that need not come from this workflow."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from glasswf import results
from glasswf.errors import GlasswfError

_QUANTITIES = ("S_X", "S_N", "g_X", "g_N")
_SHOWN = ("former_4fold", "q0", "q1", "q2", "q3", "q4", "mean_n", "bridging", "non_bridging", "free_anion",
          "edge_sharing_tetrahedra", "homopolar", "mobile_coordination")  # fmt: skip


def run(arguments: argparse.Namespace, trajectories: Sequence) -> int:
    """Analyse, write and print; every mistake of the user is a GlasswfError."""
    from glasswf import structure
    from glasswf.commands import analyze

    options = structure.Options(
        cutoffs_a=analyze.table("--cutoffs", arguments.cutoffs) or {},
        experiments=tuple(_experiment(word, tuple(arguments.range)) for word in arguments.measured),
    )
    tell = (lambda stage: print(f"{stage} ...", file=sys.stderr)) if sys.stderr.isatty() else None
    found = structure.analyse(trajectories, options, tell=tell)
    point = analyze.point(arguments, trajectories[0])
    if arguments.out:
        _write(Path(arguments.out), point, found, trajectories[0], options, not arguments.no_figures)
    print(json.dumps(found.to_dict(), indent=1, ensure_ascii=False) if arguments.json else _text(found))
    return 0


def _experiment(word: str, limits: tuple[float, float]):
    from glasswf.structure import Experiment

    quantity, equals, file = word.partition("=")
    if not (equals and file) or quantity not in _QUANTITIES:
        raise GlasswfError(f"--measured: {word!r} is not QUANTITY=FILE with one of {', '.join(_QUANTITIES)}")
    return Experiment(file, quantity, limits)


def _write(folder: Path, point: dict, found, trajectory, options, figures: bool) -> None:
    from glasswf.commands import analyze
    from glasswf.structure import write_files

    analyze.write_tables(folder, {name: [point | row for row in rows] for name, rows in found.tables.items()})
    results.write_json(folder / "structure.json", found.to_dict())
    write_files(folder / "structure", trajectory, found.cutoffs_a, options.homopolar_a)
    if figures:
        analyze.draw(folder, point)


def _text(found) -> str:
    """The main numbers for a person."""
    lengths = ", ".join(f"{pair} {length:.2f} Å" for pair, length in found.cutoffs_a.items())
    lines = [f"bonds up to {lengths}"] if lengths else []
    lines += [f"{row['quantity']:<26}{_number(row['value'], row['value_err'])}"
              for row in found.tables.get("network", ()) if row["quantity"] in _SHOWN]  # fmt: skip
    lines += [f"g {row['species_a']}-{row['species_b']:<22}{_number(row['r_a'], row['r_err_a'])} Å"
              for row in found.tables["pair_peaks"] if row["kind"] == "peak" and row["number"] == 1
              and row["part"] == "partial"]  # fmt: skip
    lines += [f"S {row['convention']:<24}{_number(row['k_1_a'], row['k_err_1_a'])} 1/Å"
              for row in found.tables["diffraction_peaks"] if row["k_1_a"] is not None
              and row["species_a"] == "all" and row["method"] == "direct"]  # fmt: skip
    lines += [f"{row['file']}: R ({row['definition']}) {_number(row['value'], row['value_err'])}"
              for row in found.tables.get("wright", ())]  # fmt: skip
    return "\n".join([*lines, *found.notes])


def _number(value: float | None, error: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.4g}" + (f" ± {error:.2g}" if error is not None and error == error else "")
