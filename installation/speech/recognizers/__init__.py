"""Recognisers: audio to text."""
