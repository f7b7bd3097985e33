"""CLIP: image and text towers from open_clip."""
