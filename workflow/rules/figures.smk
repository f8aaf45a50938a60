# Figures and report, from the tables alone. One job draws all figures of the same tables: starting takes longer than
# drawing. Each figure is a target by its name all the same: `snakemake fig_prl_3a`.
SIMULATED = rules.tables.output + rules.provenance.output if PLAN.points else []
DRAWINGS = {
    "transport_figures": (FIGURES, SIMULATED),
    "structure_figures": (
        STRUCTURE_FIGURES,
        rules.structure_tables.output + rules.provenance.output,
    ),
    "theory_figures": (THEORY_FIGURES, rules.theory.output),
    "landscape_figures": (LANDSCAPE_FIGURES, rules.landscape_tables.output),
}
DRAWINGS = {key: value for key, value in DRAWINGS.items() if value[0]}
SHOWN = [name for names, _ in DRAWINGS.values() for name in names]

for drawing, (names, tables) in DRAWINGS.items():

    rule:
        name:
            drawing
        input:
            tables,
            code=code("figures"),
        output:
            pdf=expand("results/figures/{name}.pdf", name=names),
            others=expand(
                "results/figures/{name}.{suffix}",
                name=names,
                suffix=["svg", "png", "csv", "json"],
            ),
        log:
            f"logs/{drawing}.log",
        group:
            "small"
        conda:
            "../../environment.yml"
        message:
            "Figures: {rule}"
        shell:
            'python3 "$SCRIPTS"/figures.py results {output.pdf:q} 2> >(tee {log:q} >&2)'


for name in SHOWN:

    rule:
        name:
            name
        input:
            f"results/figures/{name}.pdf",


rule report:
    input:
        [tables for _, tables in DRAWINGS.values()],
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
