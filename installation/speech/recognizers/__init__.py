"""Speech recognisers, one module each, and their registry."""
