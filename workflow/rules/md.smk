# Cells, quenches and isotherms. Their inputs are the small resolved files under runs/, never the configuration itself.
MD = (
    "{PYTHON:q} -m glasswf.lammps.run {input.spec:q} --lammps {resources.lammps:q} "
    "--launcher {resources.launcher:q} --tasks {resources.tasks} --threads {threads} 2> >(tee {log:q} >&2)"
)


rule cell:
    input:
        spec=REPLICA + "/cell.json",
    output:
        REPLICA + "/cell/cell.data",
    log:
        "logs/{system}/{label}/r{replica}/cell.log",
    priority: 20
    group:
        "small"
    conda:
        "../../environment.yml"
    message:
        "Cell: {wildcards.system} {wildcards.label} r{wildcards.replica}"
    shell:
        "{PYTHON:q} {SCRIPTS:q}/cell.py {input.spec:q} 2> >(tee {log:q} >&2)"


rule quench:
    input:
        spec=REPLICA + "/quench.json",
        cell=REPLICA + "/cell/cell.data",
    output:
        record=REPLICA + "/quench/record.json",
        thermo=REPLICA + "/quench/thermo.csv",
        restarts=expand(
            REPLICA + "/quench/{target}.restart", target=TARGETS, allow_missing=True
        ),
    log:
        "logs/{system}/{label}/r{replica}/quench.log",
    priority: 10
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        lammps="module",
        launcher="mpiexec",
        tasks=1,
    message:
        "Quench: {wildcards.system} {wildcards.label} r{wildcards.replica}"
    shell:
        MD


rule isotherm:
    input:
        spec=REPLICA + "/{run}.json",
        restart=restart_of,
    output:
        record=REPLICA + "/{run}/record.json",
        thermo=REPLICA + "/{run}/thermo.csv",
        dump=REPLICA + "/{run}/" + DUMP,
    log:
        "logs/{system}/{label}/r{replica}/{run}.log",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        lammps="module",
        launcher="mpiexec",
        tasks=1,
    message:
        "Isotherm: {wildcards.system} {wildcards.label} r{wildcards.replica} {wildcards.run}"
    shell:
        MD
