"""The student of the distillation: the function of the BigGAN library without spectral norm, in fewer operations.

Spectral norm serves adversarial training and only slows a distillation, so the student uses `weight_orig` as the
weights themselves; `export.to_library` sets the norms to 1, so that the library computes the same function. Batch
statistics are measured at the start and then frozen, which makes each normalisation one multiply-add. Additional heads
at 16, 32 and 64 pixels, which the library does not have, train coarse images before fine ones. Self-attention is left
out (its gamma is 0): when it was trained, gamma reached .003 and changed images by .0001, for a fifth of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from installation.models.theatre.composition import BACKDROP_ASPECT
from installation.training.data.distillation_targets import IMAGE_SIZE

MOMENTUM = 0.02  # of the running batch statistics
HEAD_SIZES = (16, 32, 64)  # pixels
LAYERS = (  # (upsampling, input channels, output channels), channels in units of the width
    *((False, 16, 16), (True, 16, 16), (False, 16, 16), (True, 16, 8), (False, 8, 8)),
    *((True, 8, 4), (False, 4, 4), (True, 4, 2), (False, 2, 2), (True, 2, 1)),
)
RESIDUAL_GAIN = 0.5  # of the orthogonal initialisation of the last convolution of a block
Z_STD, CLASS_STD, AFFINE_STD, RGB_STD = 0.12, 0.5, 0.02, 0.02  # of the normal initialisations

Activations = Iterator[Callable[[Tensor], Tensor]]  # normalisation and relu, in the order of the forward pass


class StudentGenerator(nn.Module):
    """A 128-pixel BigGAN-deep that uses the parameters of a library model."""

    def __init__(self, library: Any) -> None:
        """`library` is a `pytorch_pretrained_biggan.BigGAN` whose `weight_orig` are the weights themselves."""
        super().__init__()
        width = int(library.config.channel_width)
        self.library = library
        self.heads = nn.ModuleDict({str(size): nn.Conv2d(width * IMAGE_SIZE // size, 3, 1) for size in HEAD_SIZES})
        blocks = [layer for layer in library.generator.layers if hasattr(layer, "conv_0")]
        self.norms = [norm for block in blocks for norm in (block.bn_0, block.bn_1, block.bn_2, block.bn_3)]

    def forward(
        self, z: Tensor, class_weights: Tensor, size: int = IMAGE_SIZE, measure_statistics: bool = False
    ) -> dict[int, Tensor]:
        """Generate images at every size up to `size`.

        Args:
            z: Noise [batch, z_dim].
            class_weights: Class weights [batch, classes].
            size: The greatest size in pixels: 16, 32, 64 or 128.
            measure_statistics: Normalise by the statistics of the batch and update the running statistics; otherwise
                normalise by the running statistics.

        Returns:
            Images [batch, 3, size, size] in -1..1, by size.
        """
        generator = self.library.generator
        condition = torch.cat((z, self.library.embeddings(class_weights)), dim=1)
        activations = self._activations(condition, measure_statistics)
        x = F.linear(condition, generator.gen_z.weight_orig, generator.gen_z.bias)
        x = x.view(len(x), 4, 4, -1).permute(0, 3, 1, 2)
        images: dict[int, Tensor] = {}
        for layer in generator.layers:
            if not hasattr(layer, "conv_0"):
                continue
            x = _residual_block(layer, x, activations)
            current = int(x.shape[2])
            if not layer.up_sample and str(current) in self.heads:
                images[current] = torch.tanh(self.heads[str(current)](F.relu(x)))
                if current >= size:
                    return images
        rgb = generator.conv_to_rgb
        x = self._final_activation(x, measure_statistics)
        images[IMAGE_SIZE] = torch.tanh(F.conv2d(x, rgb.weight_orig[:3], rgb.bias[:3], padding=1))
        return images

    def _activations(self, condition: Tensor, measure_statistics: bool) -> Activations:
        scale = torch.cat([norm.scale.weight_orig for norm in self.norms])
        offset = torch.cat([norm.offset.weight_orig for norm in self.norms])
        with torch.autocast(condition.device.type, enabled=False):
            condition = condition.float()
            factor, shift = 1.0 + F.linear(condition, scale), F.linear(condition, offset)
            if not measure_statistics:  # scale, shift and running statistics as one multiply-add
                factor = factor * torch.cat([(norm.running_vars[0] + norm.eps).rsqrt() for norm in self.norms])
                shift = shift - factor * torch.cat([norm.running_means[0] for norm in self.norms])
        channels = [norm.num_features for norm in self.norms]
        factors, shifts = (torch.split(part[:, :, None, None], channels, dim=1) for part in (factor, shift))
        for norm, norm_factor, norm_shift in zip(self.norms, factors, shifts, strict=True):
            measured = norm if measure_statistics else None
            yield partial(_affine_relu, factor=norm_factor, shift=norm_shift, norm=measured)

    def _final_activation(self, x: Tensor, measure_statistics: bool) -> Tensor:
        norm = self.library.generator.bn
        factor, shift = norm.weight, norm.bias
        if not measure_statistics:
            factor = factor * (norm.running_vars[0] + norm.eps).rsqrt()
            shift = shift - norm.running_means[0] * factor
        measured = norm if measure_statistics else None
        return _affine_relu(x, factor.view(1, -1, 1, 1), shift.view(1, -1, 1, 1), measured)


def new_library(width: int, classes: int, z_dim: int = 96) -> Any:
    """An untrained 128-pixel model of the library, with self-attention at 32 pixels.

    The library needs at least two sets of batch statistics, so there are two, with the same content.
    """
    from pytorch_pretrained_biggan import BigGAN, BigGANConfig

    config = BigGANConfig(
        output_dim=IMAGE_SIZE,
        z_dim=z_dim,
        class_embed_dim=z_dim,
        channel_width=width,
        num_classes=classes,
        layers=[list(layer) for layer in LAYERS],
        attention_layer_position=6,
        eps=1e-4,
        n_stats=2,
    )
    config.aspect = BACKDROP_ASPECT
    return BigGAN(config)


def new_student(width: int, classes: int, seed: int) -> StudentGenerator:
    """A student with orthogonal initial weights, in channels-last layout. Seeds torch's global generator."""
    torch.manual_seed(seed)  # the library's constructors take no generator
    library = new_library(width, classes)
    student = StudentGenerator(library)
    generator = library.generator
    for module in library.modules():
        if hasattr(module, "weight_orig"):
            nn.init.orthogonal_(module.weight_orig)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    for norm in student.norms:
        nn.init.normal_(norm.scale.weight_orig, 0.0, AFFINE_STD)
        nn.init.normal_(norm.offset.weight_orig, 0.0, AFFINE_STD)
    for layer in generator.layers:
        if hasattr(layer, "conv_3"):
            layer.conv_3.weight_orig.data.mul_(RESIDUAL_GAIN)
    nn.init.normal_(library.embeddings.weight, 0.0, CLASS_STD)
    nn.init.normal_(generator.gen_z.weight_orig, 0.0, Z_STD)
    nn.init.normal_(generator.conv_to_rgb.weight_orig, 0.0, RGB_STD)
    nn.init.ones_(generator.bn.weight)
    nn.init.zeros_(generator.bn.bias)
    return student.to(memory_format=torch.channels_last)


def _affine_relu(x: Tensor, factor: Tensor, shift: Tensor, norm: Any = None) -> Tensor:
    """relu(x * factor + shift), after batch normalisation if `norm` is given, whose running statistics are updated."""
    if norm is not None:
        mean, variance = norm.running_means[0].clone(), norm.running_vars[0].clone()
        x = F.batch_norm(x, mean, variance, None, None, True, MOMENTUM, norm.eps)
        norm.running_means.copy_(mean.expand_as(norm.running_means))
        norm.running_vars.copy_(variance.expand_as(norm.running_vars))
    return torch.addcmul(shift.to(x.dtype), x, factor.to(x.dtype)).relu_()


def _residual_block(block: Any, x: Tensor, activations: Activations) -> Tensor:
    h = F.conv2d(next(activations)(x), block.conv_0.weight_orig, block.conv_0.bias)
    h = next(activations)(h)
    h = F.interpolate(h, scale_factor=2, mode="nearest") if block.up_sample else h
    h = F.conv2d(h, block.conv_1.weight_orig, block.conv_1.bias, padding=1)
    h = F.conv2d(next(activations)(h), block.conv_2.weight_orig, block.conv_2.bias, padding=1)
    h = F.conv2d(next(activations)(h), block.conv_3.weight_orig, block.conv_3.bias)
    x = x[:, : x.shape[1] // 2] if block.drop_channels else x
    return h + (F.interpolate(x, scale_factor=2, mode="nearest") if block.up_sample else x)
