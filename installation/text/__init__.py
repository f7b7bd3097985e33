"""Text processing for speech: tokenisation, word similarity, disfluencies, and following a script."""
