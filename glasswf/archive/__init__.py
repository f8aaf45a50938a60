"""A finished scan as one archive: what belongs to it, what it says of itself, how it is checked and run again."""
