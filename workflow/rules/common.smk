# The plan of the configuration, and what several rules share.
import sys
from pathlib import Path
from shlex import quote

import glasswf
from glasswf import config as configuration
from glasswf import machine
from glasswf import plan as planning
from glasswf import schedule
from glasswf.errors import GlasswfError
from glasswf import theories
from glasswf.results import MD_TABLES, MODEL_TABLES, STRUCTURE_TABLES

SCRIPTS = Path(workflow.basedir) / "workflow" / "scripts"
PACKAGE = Path(glasswf.__file__).parent

# Every command finds this Python and the scripts, in an environment that need not be active. Not part of the commands:
# moving the environment changes no rule, so nothing runs again.
shell.prefix(
    f"export PATH={quote(str(Path(sys.executable).parent))}:$PATH SCRIPTS={quote(str(SCRIPTS))}; "
)

try:
    CONFIG = configuration.from_mapping(
        config, source=str((workflow.configfiles or ["configuration"])[-1])
    )
    PLAN = planning.make(CONFIG)
    ENGINE = machine.engine(".")
    planning.write_specs(PLAN, source=str((workflow.configfiles or [""])[-1]))
except GlasswfError as error:
    sys.exit(f"error: {error}")

URGENCIES = schedule.urgencies(PLAN)
TARGETS = planning.target_names(PLAN)
BRANCHES = planning.branch_names(PLAN)
TABLE_NAMES = list(MD_TABLES)
FIGURES = planning.figure_names(PLAN)
STRUCTURE_FIGURES = planning.structure_figure_names(PLAN)
STRUCTURE_RUNS = planning.structure_names(PLAN)
EXPERIMENTS = [str(experiment.file) for experiment in CONFIG.structure.experiments]
THEORY_FIGURES = theories.theory_figures(CONFIG.theory)
LANDSCAPE_FIGURES = theories.landscape_figures(CONFIG.landscape)
GLASSES = theories.series_names(CONFIG)
DUMP = planning.trajectory_name(PLAN)


wildcard_constraints:
    system="[^/]+",
    series="[^/]+",
    label="[^/]+",
    replica="[0-9]+",
    run="(T[0-9.]+|glass)",


def code(*names):
    """Source files of parts of the package: analyses run again when these change, dynamics do not."""
    return sorted(
        str(path) for name in names for path in (PACKAGE / name).rglob("*.py")
    )


def replicas_of(file):
    """Paths of `file` for every replica of the state point {system}/{label}/{run}."""
    return [
        f"runs/{{system}}/{{label}}/r{replica}/{{run}}/{file}"
        for replica in range(1, CONFIG.replicas + 1)
    ]


def urgency(wildcards):
    """Priority of a run of LAMMPS: longest chains first."""
    return URGENCIES[wildcards.run]


def restart_of(wildcards):
    """Restart, left by the quench, that an isotherm or the glass starts from."""
    name = planning.restart_name(PLAN, wildcards.run)
    return (
        f"runs/{wildcards.system}/{wildcards.label}/r{wildcards.replica}/quench/{name}"
    )


def state_points():
    """Result files of every state point."""
    return [
        f"results/points/{point.system}/{point.label}/{run}.json"
        for point in PLAN.points
        for run in BRANCHES
    ]


def structures():
    """Result files of every structure that is described."""
    return [
        f"results/structure/{point.system}/{point.label}/{run}.json"
        for point in PLAN.points
        for run in STRUCTURE_RUNS
    ]


def records():
    """Records of every run that LAMMPS does."""
    return [f"{run.folder}/record.json" for run in PLAN.md_runs]
