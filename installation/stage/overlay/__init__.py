"""Text over the picture: captions, help and the typed line."""
