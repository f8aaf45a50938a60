"""Figures: registry, one module per kind of figure, drawn from result tables alone."""

from glasswf.figures.registry import FIGURES, available, draw, shows_curves
from glasswf.figures.tables import Results, load

__all__ = ["FIGURES", "Results", "available", "draw", "load", "shows_curves"]
