# Figures and report, from the tables alone. Each figure is a target by its name: `snakemake fig_prl_3a`.
DRAWN = [rules.tables.output, rules.provenance.output]

for name in FIGURES:

    rule:
        name:
            name
        input:
            DRAWN,
            code=code("figures"),
        output:
            pdf=f"results/figures/{name}.pdf",
            others=multiext(f"results/figures/{name}", ".svg", ".png", ".csv", ".json"),
        log:
            f"logs/{name}.log",
        group:
            "small"
        conda:
            "../../environment.yml"
        message:
            "Figure: {rule}"
        shell:
            'python3 "$SCRIPTS"/figure.py {output.pdf:q} results 2> >(tee {log:q} >&2)'


rule report:
    input:
        DRAWN,
        figures=expand("results/figures/{name}.json", name=FIGURES),
        code=code("report"),
    output:
        "results/report.html",
    log:
        "logs/report.log",
    group:
        "small"
    conda:
        "../../environment.yml"
    message:
        "Report"
    shell:
        "python3 -m glasswf report results --out {output:q} 2> >(tee {log:q} >&2)"
