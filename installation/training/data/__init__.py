"""What training learns from: captions, words and painted scenes."""
