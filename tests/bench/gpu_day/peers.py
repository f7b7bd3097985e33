"""The baselines: how others do the same step, over the same networks with random weights.

The library's forward pass with CLIP in float32 is `installation.bench.baseline`. Here are the same with CLIP in float16
as Big Sleep runs it, and the honest peer: what a good engineer gets from torch without writing a kernel.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.utils import remove_spectral_norm

from installation import models
from installation.bench.baseline import LEARNING_RATE, Baseline
from installation.bench.model_pair import ModelPair
from installation.models.biggan.loading import load_library
from installation.models.cuda_graphs import fast_precision

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


class Peer:
    """Spectral norms removed, channels last, all crops in one call; on CUDA autocast and `torch.compile` as well."""

    def __init__(self, pair: ModelPair, compiled: bool) -> None:
        """`compiled` compiles the library and the encoder, at the first step."""
        self._device = torch.device(pair.place.device)
        library = without_spectral_norms(load_library(pair.place.cache / pair.names[0]))
        library = library.to(self._device, memory_format=torch.channels_last)
        self._encode, self._library = encoder_of(pair), library
        if compiled:
            self._encode, self._library = torch.compile(self._encode), torch.compile(library)
        self._text, self._side = pair.text, pair.perceptor.input_size
        random = torch.Generator().manual_seed(1)
        sizes = (int(library.config.z_dim), int(library.config.num_classes))
        self._parameters = [
            torch.randn(1, size, generator=random).to(self._device).requires_grad_(True) for size in sizes
        ]
        self._optimiser = torch.optim.Adam(self._parameters, lr=LEARNING_RATE)

    def step(self, cutouts: int) -> None:
        """One optimisation step."""
        z, logits = self._parameters
        on_cuda = self._device.type == "cuda"  # on a CPU gradients take minutes in bfloat16
        with torch.autocast(self._device.type, fast_precision(self._device), enabled=on_cuda):
            picture = self._library(z, logits.softmax(dim=1), 1.0).add(1.0).mul(0.5)
            embeddings = F.normalize(self._encode(self._crops(picture.float(), cutouts)).float(), dim=1)
        loss = -100.0 * (embeddings @ self._text.T).mean()
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()

    def _crops(self, picture: Tensor, cutouts: int) -> Tensor:
        """Squares of half to nearly all of the side at random places, resized in one call."""
        scale = 0.5 + 0.45 * torch.rand(cutouts, device=self._device)
        place = (2.0 * torch.rand(cutouts, 2, device=self._device) - 1.0) * (1.0 - scale[:, None])
        matrices = torch.cat([torch.diag_embed(scale[:, None].expand(-1, 2)), place[:, :, None]], dim=2)
        grid = F.affine_grid(matrices, [cutouts, 3, self._side, self._side], align_corners=False)
        return F.grid_sample(picture.expand(cutouts, -1, -1, -1), grid, align_corners=False)


def without_spectral_norms(library: Any) -> Any:
    """The library with its weights divided by their spectral norms once, in place."""
    for module in library.modules():
        hooks = [hook for hook in module._forward_pre_hooks.values() if type(hook).__name__ == "SpectralNorm"]
        for hook in hooks:
            remove_spectral_norm(module, hook.name)
    return library.requires_grad_(False)
