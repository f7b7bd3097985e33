"""Typesetting for any script: fonts, bidirectional runs, grapheme clusters."""
