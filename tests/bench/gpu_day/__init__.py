"""Measures and checks the GPU path on a borrowed card, in one go; see `tests/README.md`."""
