"""Training of the embedded CLIP."""
