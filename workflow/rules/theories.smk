# The two theories, which need no dynamics. Their inputs are the small resolved files under runs/.
LANDSCAPE_TABLES = [name for name in MODEL_TABLES if name.startswith("landscape_")]


rule theory:
    input:
        spec="runs/theory.json",
        code=code("theory"),
    output:
        expand("results/tables/{name}.csv", name=["rigidity", "claims"]),
    log:
        "logs/theory.log",
    group:
        "small"
    conda:
        "../../environment.yml"
    message:
        "Rigidity theory"
    shell:
        'python3 "$SCRIPTS"/theory.py results/tables {input.spec:q} 2> >(tee {log:q} >&2)'


rule landscape:
    input:
        spec="runs/landscape/{series}.json",
        code=code("landscape"),
    output:
        "results/landscape/{series}.json",
    log:
        "logs/landscape/{series}.log",
    conda:
        "../../environment.yml"
    threads: 2
    message:
        "Landscapes: {wildcards.series}"
    shell:
        'python3 "$SCRIPTS"/landscape.py {output:q} {input.spec:q} --processes {threads} 2> >(tee {log:q} >&2)'


rule landscape_tables:
    input:
        expand("results/landscape/{series}.json", series=GLASSES),
    output:
        expand("results/tables/{name}.csv", name=LANDSCAPE_TABLES),
    log:
        "logs/landscape_tables.log",
    group:
        "small"
    conda:
        "../../environment.yml"
    message:
        "Landscape tables"
    shell:
        'python3 "$SCRIPTS"/landscape_tables.py results/tables {input:q} 2> >(tee {log:q} >&2)'
