"""Figures: one module per figure, drawn from result tables alone."""
