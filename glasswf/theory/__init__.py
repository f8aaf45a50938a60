"""Rigidity and ion hopping: constraint counts and the two-cluster model (nothing here yet)."""
