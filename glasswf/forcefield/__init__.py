"""Force fields: YAML sets, their checks, and the functions they stand for."""
