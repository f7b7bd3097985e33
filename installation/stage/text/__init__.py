"""Typesetting for any script: fonts with fallback, bidirectional runs, grapheme clusters, line breaking."""
