"""Optimises latents towards prompts: class selection, gradient steps on z, and the latent bank they start from."""
