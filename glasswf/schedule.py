"""The order in which runs are started: longest chains first, so that no core waits for a long run begun last."""

from glasswf.cost import atom_steps
from glasswf.plan import Plan

# Between these two is the analysis of what is done (priority 5 in the workflow): it is short, and a long scan is looked
# at while it runs.
QUENCH, BRANCH = 10.0, 0.0


def urgencies(plan: Plan) -> dict[str, float]:
    """Priority of every run by its name (quench, T2000, ..., glass), the same in all cells as these are of one size.

    A branch off the quench has its share of the longest one, 0 to 1 above BRANCH (longest processing time first:
    Graham, SIAM J. Appl. Math. 17, 416 (1969)); the quench, for which the others wait, is above all.
    """
    work = {run.spec["run"]: atom_steps(run) for run in plan.md_runs}
    longest = max(work.values(), default=1.0)
    return {name: QUENCH if name == "quench" else BRANCH + each / longest for name, each in work.items()}
