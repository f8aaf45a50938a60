"""Rigidity theory of modified networks: constraint counts, clusters in three readings, and the hopping model."""
