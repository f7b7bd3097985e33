"""Words as text: similarity, disfluencies, and following a script."""
