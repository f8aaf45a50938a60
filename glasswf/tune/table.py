"""What was measured, as a table for people and as CSV."""

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path

from glasswf.files import write_text
from glasswf.lammps.numerics import Numerics
from glasswf.tune.candidate import Candidate, Row

COLUMNS = (
    "stage", "cutoff_a", "buckingham_cutoff_a", "coulomb", "accuracy", "order", "diff", "dsf_alpha_1_a", "skin_a",
    "options", "tasks", "threads", "timestep_fs", "steps_per_s", "steps_err_per_s", "repetitions", "ns_per_core_day",
    "force_error", "force_scatter", "drift_ev_atom_ps", "drift_err_ev_atom_ps", "verdict",
)  # fmt: skip
_SHOWN = {
    "stage": 11, "cutoff_a": 9, "buckingham_cutoff_a": 6, "coulomb": 9, "accuracy": 9, "order": 6, "diff": 5,
    "skin_a": 7, "options": 12, "cores": 6, "timestep_fs": 5, "steps_per_s": 9, "ns_per_core_day": 9,
    "force_error": 10, "drift": 17, "verdict": 0,
}  # fmt: skip
_HEADS = {"cutoff_a": "cutoff", "buckingham_cutoff_a": "Buck.", "skin_a": "skin", "timestep_fs": "fs",
          "steps_per_s": "steps/s", "ns_per_core_day": "ns/c.day", "force_error": "force err",
          "drift": "drift 1e-6"}  # fmt: skip


def cells(row: Row, verdict: str, own_cutoff_a: float) -> dict:
    """One row of the table; own_cutoff_a: the force field's own cutoff (Å), where a candidate names none."""
    candidate = row.candidate
    numerics = candidate.numerics
    cutoff = numerics.cutoff_a or own_cutoff_a
    mesh = {} if candidate.is_dsf else {"accuracy": numerics.kspace_accuracy, "order": numerics.kspace_order,
                                        "diff": numerics.kspace_diff}  # fmt: skip
    measured = {
        "steps_per_s": row.steps_per_s, "steps_err_per_s": row.steps_per_s_err, "repetitions": len(row.speeds),
        "ns_per_core_day": row.ns_per_core_day, "force_error": row.force_error, "force_scatter": row.force_scatter,
        "drift_ev_atom_ps": row.drift, "drift_err_ev_atom_ps": row.drift_err,
    }  # fmt: skip
    return mesh | measured | {
        "stage": row.stage, "cutoff_a": cutoff, "buckingham_cutoff_a": numerics.buckingham_cutoff_a or cutoff,
        "coulomb": "DSF" if candidate.is_dsf else "PPPM", "dsf_alpha_1_a": numerics.dsf_alpha_per_a,
        "skin_a": numerics.skin_a, "options": candidate.options, "tasks": candidate.tasks, "threads": candidate.threads,
        "timestep_fs": candidate.timestep_fs, "verdict": verdict,
    }  # fmt: skip


def write(path: Path, rows: Sequence[dict]) -> None:
    """Write the rows as CSV; what was not measured is empty."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    write_text(path, buffer.getvalue())


def text(rows: Sequence[dict]) -> str:
    """The table for a terminal."""
    head = "".join(f"{_HEADS.get(name, name):<{width}}" for name, width in _SHOWN.items())
    return "\n".join([head.rstrip(), *(_line(row) for row in rows)])


def _line(row: dict) -> str:
    shown = row | {"cores": f"{row['tasks']}x{row['threads']}", "drift": _drift(row)}
    return "".join(f"{_short(shown.get(name)):<{width}}" for name, width in _SHOWN.items()).rstrip()


def _drift(row: dict) -> str:
    drift, error = row["drift_ev_atom_ps"], row["drift_err_ev_atom_ps"]
    return "–" if math.isnan(drift) else f"{1e6 * drift:.3g} ± {1e6 * error:.2g}"


def _short(value) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _cell(value):
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:.6g}" if isinstance(value, float) else value


def settings(candidate: Candidate, own_cutoff_a: float) -> dict:
    """Numerical settings of a candidate that differ from the defaults, which take the force field's own cutoff (Å)."""
    usual = Numerics(cutoff_a=own_cutoff_a).to_dict()
    return {key: value for key, value in candidate.numerics.to_dict().items() if value != usual.get(key)}
