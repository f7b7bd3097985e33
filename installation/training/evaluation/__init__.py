"""Evaluation: how often the images for held-out prompts show what the prompts ask for."""
