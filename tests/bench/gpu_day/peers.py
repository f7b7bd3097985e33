"""The baselines: how others do the same step, over the same networks with random weights.

The library's forward pass with CLIP in float32 is `installation.bench.baseline`. Here are the same with CLIP in float16
as Big Sleep runs it; `installation.bench.peer` is what a good engineer gets from torch.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from installation import models
from installation.bench.baseline import Baseline
from installation.bench.model_pair import ModelPair

Encode = Callable[[Tensor], Tensor]


def encoder_of(pair: ModelPair) -> Encode:
    """The authors' image encoder in float32."""
    reference = models.perceptor_spec(pair.names[1]).reference
    if reference is None:
        raise ValueError(f"{pair.names[1]} has no reference implementation.")
    return reference(pair.place)


def half_clip(pair: ModelPair, cutouts: int) -> Baseline:
    """The library's forward pass, and an encoder under float16 autocast."""
    generator, encode = models.generator_spec(pair.names[0]).reference, encoder_of(pair)
    if generator is None:
        raise ValueError(f"{pair.names[0]} has no reference implementation.")

    def encode_half(views: Tensor) -> Tensor:
        with torch.autocast(views.device.type, torch.float16):
            return encode(views).float()

    place, side = pair.place, pair.perceptor.input_size
    return Baseline(generator(place), encode_half, pair.text, side=side, cutouts=cutouts, seed=1)
