"""CLIP (Radford et al., 2021): image and text towers, through open_clip."""

CHECKPOINTS = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")  # as the Hugging Face hub names them
