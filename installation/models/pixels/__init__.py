"""A mosaic of pixels."""
