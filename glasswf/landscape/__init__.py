"""Site-energy landscape of borophosphate glasses: percolation barriers and conductances (nothing here yet)."""
