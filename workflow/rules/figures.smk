# Figures and report, from the tables alone. Each figure is a target by its name: `snakemake fig_prl_3a`.
DRAWN = [rules.tables.output, rules.provenance.output] if PLAN.points else []
MODELS = [rules.theory.output] if THEORY_FIGURES else []
MODELS += [rules.landscape_tables.output] if LANDSCAPE_FIGURES else []
SHOWN = {
    **dict.fromkeys(FIGURES, rules.tables.output + rules.provenance.output),
    **dict.fromkeys(THEORY_FIGURES, rules.theory.output),
    **dict.fromkeys(LANDSCAPE_FIGURES, rules.landscape_tables.output),
}

for name, tables in SHOWN.items():

    rule:
        name:
            name
        input:
            tables,
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
        MODELS,
        figures=expand("results/figures/{name}.json", name=SHOWN),
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
