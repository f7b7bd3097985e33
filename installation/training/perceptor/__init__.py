"""Training and metrics of the embedded perceptor, `clip-embedded`."""
