"""Noise as a prompt: `noise#7` is a random direction of the embedding space, as VQGAN+CLIP's `noise_prompt_seeds`.

It asks for nothing that has a name. Beside words it leads a picture aside, each seed elsewhere; alone it is a picture
of its own.
"""

from __future__ import annotations

import torch

from installation.models.clip.ensemble import Ensemble
from installation.models.interfaces import Floats, Perceptor


def embed_noise(seed: int, perceptor: Perceptor) -> Floats:
    """Return the unit row that VQGAN+CLIP draws from a seed, for each perceptor of an ensemble. -> [embedding_size]."""
    if isinstance(perceptor, Ensemble):
        both: Floats = perceptor.joined(lambda member: embed_noise(seed, member)[None])[0]
        return both
    random = torch.Generator().manual_seed(seed)
    drawn = torch.empty(1, perceptor.embedding_size).normal_(generator=random)
    row: Floats = torch.nn.functional.normalize(drawn, dim=1)[0].numpy()
    return row
