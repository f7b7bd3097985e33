"""What lies over the picture: captions, the help page and the text input."""
