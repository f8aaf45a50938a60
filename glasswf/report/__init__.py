"""The HTML report: what ran, figures, tables, gates and published values beside ours."""
