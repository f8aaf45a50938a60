# From dumps to tables. Every rule here is small next to the dynamics.


rule transport:
    input:
        dumps=replicas_of(DUMP),
        records=replicas_of("record.json"),
        options="runs/analysis.json",
        code=code("trajectory", "transport"),
    output:
        "results/points/{system}/{label}/{run}.json",
    log:
        "logs/{system}/{label}/transport-{run}.log",
    priority: schedule.analysis_urgency(PLAN)
    group:
        "analysis"
    conda:
        "../../environment.yml"
    message:
        "Transport: {wildcards.system} {wildcards.label} {wildcards.run}"
    shell:
        'python3 "$SCRIPTS"/transport.py {output:q} {input.options:q} {input.dumps:q} 2> >(tee {log:q} >&2)'


rule structure:
    input:
        dumps=replicas_of(DUMP),
        records=replicas_of("record.json"),
        options="runs/structure.json",
        measured=EXPERIMENTS,
        code=code("trajectory", "structure"),
    output:
        found="results/structure/{system}/{label}/{run}.json",
        pictures=multiext(
            "results/structure/{system}/{label}/{run}", ".extxyz", ".xyz", ".tcl"
        ),
    log:
        "logs/{system}/{label}/structure-{run}.log",
    priority: schedule.analysis_urgency(PLAN)
    group:
        "analysis"
    conda:
        "../../environment.yml"
    message:
        "Structure: {wildcards.system} {wildcards.label} {wildcards.run}"
    shell:
        'python3 "$SCRIPTS"/structure.py {output.found:q} {input.options:q} {input.dumps:q} 2> >(tee {log:q} >&2)'


rule structure_tables:
    input:
        structures(),
    output:
        expand("results/tables/{name}.csv", name=list(STRUCTURE_TABLES)),
    log:
        "logs/structure_tables.log",
    group:
        "small"
    conda:
        "../../environment.yml"
    message:
        "Tables of the structure"
    shell:
        'python3 "$SCRIPTS"/structure_tables.py results/tables {input:q} 2> >(tee {log:q} >&2)'


rule tables:
    input:
        points=state_points(),
        records=records(),
        options="runs/analysis.json",
        code=code("transport"),
    output:
        expand("results/tables/{name}.csv", name=TABLE_NAMES),
    log:
        "logs/tables.log",
    group:
        "small"
    conda:
        "../../environment.yml"
    message:
        "Tables"
    shell:
        'python3 "$SCRIPTS"/tables.py results/tables {input.options:q} {input.points:q} --records {input.records:q}'
        " 2> >(tee {log:q} >&2)"


rule provenance:
    input:
        plan="runs/plan.json",
        records=records(),
    output:
        "results/provenance.json",
    log:
        "logs/provenance.log",
    group:
        "small"
    conda:
        "../../environment.yml"
    message:
        "Provenance"
    shell:
        'python3 "$SCRIPTS"/provenance.py {output:q} {input.plan:q} {input.records:q} 2> >(tee {log:q} >&2)'
