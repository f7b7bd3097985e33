"""The twin of BigGAN that is trained: the library's function without spectral norm, drawn in as few passes as can be.

Dividing each weight by its spectral norm serves adversarial training and costs a distillation its pace, so the twin
takes `weight_orig` for the weights themselves; `seal` sets the norms to one, so that the library computes the same.
Batch statistics are measured for a short while, then frozen, and a normalisation is one multiply-add. Heads at 16, 32
and 64 pixels, which are no part of the library's model, let coarse pictures be learnt before fine ones. Attention is
left out (its gamma is 0): trained along, it came to .003, moved pictures by .0001, and cost a fifth of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MOMENTUM = 0.02  # of the running statistics while they are measured
HEADS = (16, 32, 64)  # pixels
SIDE = 128  # pixels of the whole picture
LAYERS = (  # whether it doubles, channels in and out in units of the width
    *((False, 16, 16), (True, 16, 16), (False, 16, 16), (True, 16, 8), (False, 8, 8)),
    *((True, 8, 4), (False, 4, 4), (True, 4, 2), (False, 2, 2), (True, 2, 1)),
)
Lit = Iterator[Callable[[Tensor], Tensor]]  # normalisations, each with its relu, in the order of the forward pass


def new_library(width: int, classes: int, z_dim: int = 96) -> Any:
    """The library's own 128-pixel model, untrained: attention at 32 pixels, one set of statistics, kept twice."""
    from pytorch_pretrained_biggan import BigGAN, BigGANConfig

    config = BigGANConfig(
        output_dim=SIDE,
        z_dim=z_dim,
        class_embed_dim=z_dim,
        channel_width=width,
        num_classes=classes,
        layers=[list(layer) for layer in LAYERS],
        attention_layer_position=6,
        eps=1e-4,
        n_stats=2,
    )
    return BigGAN(config)


class StudentGenerator(nn.Module):
    """Holds the library's model for its parameters, and draws with them."""

    def __init__(self, library: Any) -> None:
        """`library` is a `pytorch_pretrained_biggan.BigGAN` whose `weight_orig` are the weights themselves."""
        super().__init__()
        width = int(library.config.channel_width)
        self.library = library
        self.heads = nn.ModuleDict({str(side): nn.Conv2d(width * SIDE // side, 3, 1) for side in HEADS})
        blocks = [layer for layer in library.generator.layers if hasattr(layer, "conv_0")]
        self.norms = [norm for block in blocks for norm in (block.bn_0, block.bn_1, block.bn_2, block.bn_3)]

    def forward(self, z: Tensor, weights: Tensor, side: int = SIDE, measuring: bool = False) -> dict[int, Tensor]:
        """Noise [batch, z_dim] and class weights [batch, classes] -> pictures in -1..1 by their side, up to `side`.

        `measuring` normalises by the batch's own statistics and lets the stored ones follow.
        """
        generator = self.library.generator
        condition = torch.cat((z, self.library.embeddings(weights)), dim=1)
        lit = self._lit(condition, measuring)
        x = F.linear(condition, generator.gen_z.weight_orig, generator.gen_z.bias)
        x = x.view(len(x), 4, 4, -1).permute(0, 3, 1, 2)
        pictures: dict[int, Tensor] = {}
        for layer in generator.layers:
            if not hasattr(layer, "conv_0"):
                continue
            x = _through(layer, x, lit)
            size = int(x.shape[2])
            if not layer.up_sample and str(size) in self.heads:
                pictures[size] = torch.tanh(self.heads[str(size)](F.relu(x)))
                if size >= side:
                    return pictures
        rgb = generator.conv_to_rgb
        last = self._last(x, measuring)
        pictures[SIDE] = torch.tanh(F.conv2d(last, rgb.weight_orig[:3], rgb.bias[:3], padding=1))
        return pictures

    def _lit(self, condition: Tensor, measuring: bool) -> Lit:
        scale = torch.cat([norm.scale.weight_orig for norm in self.norms])
        offset = torch.cat([norm.offset.weight_orig for norm in self.norms])
        with torch.autocast(condition.device.type, enabled=False):
            condition = condition.float()
            factor, shift = 1.0 + F.linear(condition, scale), F.linear(condition, offset)
            if not measuring:  # scale, shift and stored statistics as one multiply-add
                factor = factor * torch.cat([(norm.running_vars[0] + norm.eps).rsqrt() for norm in self.norms])
                shift = shift - factor * torch.cat([norm.running_means[0] for norm in self.norms])
        counts = [norm.num_features for norm in self.norms]
        factors, shifts = (torch.split(part[:, :, None, None], counts, dim=1) for part in (factor, shift))
        for norm, one, other in zip(self.norms, factors, shifts, strict=True):
            yield partial(_affine_relu, factor=one, shift=other, norm=norm if measuring else None)

    def _last(self, x: Tensor, measuring: bool) -> Tensor:
        norm = self.library.generator.bn
        factor, shift = norm.weight, norm.bias
        if not measuring:
            factor = factor * (norm.running_vars[0] + norm.eps).rsqrt()
            shift = shift - norm.running_means[0] * factor
        return _affine_relu(x, factor.view(1, -1, 1, 1), shift.view(1, -1, 1, 1), norm if measuring else None)


def _affine_relu(x: Tensor, factor: Tensor, shift: Tensor, norm: Any = None) -> Tensor:
    """`norm` normalises by the batch's own mean and variance first, and stores them."""
    if norm is not None:
        mean, variance = norm.running_means[0].clone(), norm.running_vars[0].clone()
        x = F.batch_norm(x, mean, variance, None, None, True, MOMENTUM, norm.eps)
        norm.running_means.copy_(mean.expand_as(norm.running_means))
        norm.running_vars.copy_(variance.expand_as(norm.running_vars))
    return torch.addcmul(shift.to(x.dtype), x, factor.to(x.dtype)).relu_()


def _through(block: Any, x: Tensor, lit: Lit) -> Tensor:
    """One residual block. Doubling by nearest is as fast here as the folded forward's transposed convolution."""
    h = F.conv2d(next(lit)(x), block.conv_0.weight_orig, block.conv_0.bias)
    h = next(lit)(h)
    h = F.interpolate(h, scale_factor=2, mode="nearest") if block.up_sample else h
    h = F.conv2d(h, block.conv_1.weight_orig, block.conv_1.bias, padding=1)
    h = F.conv2d(next(lit)(h), block.conv_2.weight_orig, block.conv_2.bias, padding=1)
    h = F.conv2d(next(lit)(h), block.conv_3.weight_orig, block.conv_3.bias)
    x = x[:, : x.shape[1] // 2] if block.drop_channels else x
    return h + (F.interpolate(x, scale_factor=2, mode="nearest") if block.up_sample else x)
