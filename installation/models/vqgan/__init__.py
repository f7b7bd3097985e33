"""VQGAN (Esser, Rombach, Ommer, 2021): pictures as a grid of codebook vectors."""

WEIGHTS = "last.ckpt"
