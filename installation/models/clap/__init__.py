"""CLAP (Wu et al., Large-scale Contrastive Language-Audio Pretraining, 2023): sounds and words in one space."""

WEIGHTS = "model.safetensors"
NAME = "clap"
