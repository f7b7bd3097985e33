"""The paper stage: BigGAN's backdrop, the theatre's figures before it."""
