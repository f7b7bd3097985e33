"""StyleGAN2 (Karras et al., 2020): noise becomes a style, and styles paint a picture layer by layer."""

WEIGHTS = "stylegan2.pt"
