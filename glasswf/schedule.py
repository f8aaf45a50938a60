"""The order in which jobs are started: longest chains first, so that no core waits for a long run begun last."""

from glasswf.cost import atom_steps
from glasswf.plan import CORE_RATE, Plan

QUENCH = 10.0
_EARLY, _LATE = 5.0, 0.0
_LONG_S = 600.0  # a scan whose runs take longer is looked at while it runs


def urgencies(plan: Plan) -> dict[str, float]:
    """Priority of every run by its name (quench, T2000, ..., glass), the same in all cells as these are of one size.

    A branch off the quench has its share of the longest one, 0 to 1 (longest processing time first: Graham, SIAM J.
    Appl. Math. 17, 416 (1969)); the quench, for which the others wait, is above all.
    """
    work = {run.spec["run"]: atom_steps(run) for run in plan.md_runs}
    longest = max(work.values(), default=1.0)
    return {name: QUENCH if name == "quench" else each / longest for name, each in work.items()}


def analysis_urgency(plan: Plan) -> float:
    """Priority of the analysis of a state point.

    It is short, and short jobs come last, where they fill the cores best; in long scans it comes first, to be seen.
    """
    longest = max(map(atom_steps, plan.md_runs), default=0.0)
    return _EARLY if longest > _LONG_S * CORE_RATE else _LATE
