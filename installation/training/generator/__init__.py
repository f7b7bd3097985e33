"""Training of the embedded BigGAN."""
