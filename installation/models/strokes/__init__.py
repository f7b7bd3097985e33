"""Brush strokes along Bézier curves."""
