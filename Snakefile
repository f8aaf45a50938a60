# glasswf: from config.yaml to figures and report. The science is in the configuration, the machine in profiles/.
from snakemake.utils import min_version

min_version("9.27")


# A configuration named on the command line stands alone: merged with this one it would be neither.
if not workflow.overwrite_configfiles:

    configfile: "config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/md.smk"
include: "workflow/rules/analysis.smk"
include: "workflow/rules/theories.smk"
include: "workflow/rules/figures.smk"


rule all:
    default_target: True
    input:
        ["results/report.html"] if PLAN.points else [],
        expand("results/figures/{name}.pdf", name=SHOWN),
        # named, or Snakemake would not miss them where what is made of them is still there; dumps may be deleted
        records(),
        state_points(),
        structures(),
        [tables for _, tables in DRAWINGS.values()],
