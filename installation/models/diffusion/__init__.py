"""Text-to-image diffusion in one to four steps: words become a picture at once, without a perceptor."""

UNET = "unet/diffusion_pytorch_model.safetensors"  # weights of the network that removes noise
