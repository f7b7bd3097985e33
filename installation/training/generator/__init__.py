"""Training of the embedded generator, `biggan-embedded`, by distillation of the theatre."""
