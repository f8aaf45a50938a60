"""The HTML report: what ran, figures, tables, gates and published values beside ours."""

from glasswf.report.page import build, headline

__all__ = ["build", "headline"]
