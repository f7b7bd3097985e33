"""Trains, builds and evaluates the embedded models. A show does not use this package."""
