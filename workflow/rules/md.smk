# Cells, quenches and isotherms. Their inputs are the small resolved files under runs/, never the configuration itself.
MD = (
    "python3 -m glasswf.lammps.run {input.spec:q} --lammps {resources.lammps:q} "
    "--launcher {resources.launcher:q} --tasks {resources.tasks} --threads {threads} 2> >(tee {log:q} >&2)"
)


rule cell:
    input:
        spec="runs/{system}/{label}/r{replica}/cell.json",
    output:
        "runs/{system}/{label}/r{replica}/cell/cell.data",
    log:
        "logs/{system}/{label}/r{replica}/cell.log",
    priority: 20
    group:
        "cells"
    conda:
        "../../environment.yml"
    message:
        "Cell: {wildcards.system} {wildcards.label} r{wildcards.replica}"
    shell:
        'python3 "$SCRIPTS"/cell.py {input.spec:q} 2> >(tee {log:q} >&2)'


rule quench:
    input:
        spec="runs/{system}/{label}/r{replica}/quench.json",
        cell="runs/{system}/{label}/r{replica}/cell/cell.data",
    output:
        record="runs/{system}/{label}/r{replica}/quench/record.json",
        thermo="runs/{system}/{label}/r{replica}/quench/thermo.csv",
        restarts=expand(
            "runs/{system}/{label}/r{replica}/quench/{target}.restart",
            target=TARGETS,
            allow_missing=True,
        ),
    log:
        "logs/{system}/{label}/r{replica}/quench.log",
    priority: schedule.QUENCH
    conda:
        "../../environment.yml"
    threads: ENGINE.threads
    resources:
        lammps=ENGINE.lammps,
        launcher=ENGINE.launcher,
        tasks=ENGINE.tasks,
    message:
        "Quench: {wildcards.system} {wildcards.label} r{wildcards.replica}"
    shell:
        MD


rule isotherm:
    input:
        spec="runs/{system}/{label}/r{replica}/{run}.json",
        restart=restart_of,
    output:
        record="runs/{system}/{label}/r{replica}/{run}/record.json",
        thermo="runs/{system}/{label}/r{replica}/{run}/thermo.csv",
        dump=f"runs/{{system}}/{{label}}/r{{replica}}/{{run}}/{DUMP}",
    log:
        "logs/{system}/{label}/r{replica}/{run}.log",
    priority: urgency
    conda:
        "../../environment.yml"
    threads: ENGINE.threads
    resources:
        lammps=ENGINE.lammps,
        launcher=ENGINE.launcher,
        tasks=ENGINE.tasks,
    message:
        "Isotherm: {wildcards.system} {wildcards.label} r{wildcards.replica} {wildcards.run}"
    shell:
        MD
