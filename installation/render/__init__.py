"""The render process: the render loop, the latent walk and the frame budget."""
