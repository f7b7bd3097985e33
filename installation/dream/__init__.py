"""From words to latents, from latents to a walk, from a walk to frames."""
