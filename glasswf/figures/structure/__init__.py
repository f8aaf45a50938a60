"""Figures of the structure: correlations, structure factors, network, angles, constraints, snapshots."""
