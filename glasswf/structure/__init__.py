"""Structure of the glass: pair correlations, structure factors, network and angles (nothing here yet)."""
