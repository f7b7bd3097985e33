"""BigGAN's forward pass over folded parts: plain convolutions, one affine, relu.

The library divides every weight by its spectral norm in every forward, and normalises, scales and shifts each
feature map in separate steps. None of that depends on the picture, so it is done once here: the spectral norm goes
into the weights; the batch statistics of one truncation and the conditional scale and shift become one
multiply-add, whose factors for all blocks come from a single matrix product; a nearest upsampling followed by a
3 x 3 convolution becomes one transposed 4 x 4 convolution (the same sums, 16 taps a pixel instead of 36).
The library's own forward is the reference in the tests.

Noise, classes, factors and shifts are computed in float32 whatever the precision of the feature maps is: they are
small, and everything depends on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

Affine = tuple[Tensor, Tensor]  # factor and shift, [batch or 1, channels, 1, 1]


@dataclass(frozen=True)
class Block:
    """One residual block: four convolutions as (weight, bias), each after its own affine and relu.

    The first and the last are 1 x 1 and stand here as matrices [out, in].
    """

    convolutions: tuple[tuple[Tensor, Tensor], ...]
    upsample: bool
    halve: bool  # the skip keeps the first half of its channels

    def __call__(self, x: Tensor, affines: Iterator[Affine]) -> Tensor:
        """[n, in, h, w] -> [n, out, h or 2 h, w or 2 w]; takes its four affines from the iterator."""
        first, second, third, fourth = self.convolutions
        h = _pointwise(_lit(x, next(affines)), *first)
        h = _lit(h, next(affines))
        h = F.conv_transpose2d(h, *second, stride=2, padding=1) if self.upsample else F.conv2d(h, *second, padding=1)
        h = F.conv2d(_lit(h, next(affines)), *third, padding=1)
        h = _pointwise(_lit(h, next(affines)), *fourth)
        if self.halve:
            # the gradient of a slice is laid out as what is sliced, and to be added to one that is channels-last
            x = _last_to_second(_second_to_last(x)[..., : x.shape[1] // 2])
        if self.upsample:
            x = F.interpolate(x, scale_factor=2, mode="nearest")
        return h + x

    def to(self, dtype: torch.dtype) -> Block:
        """The same block in another precision."""
        pairs = tuple((weight.to(dtype), bias.to(dtype)) for weight, bias in self.convolutions)
        return replace(self, convolutions=pairs)


@dataclass(frozen=True)
class Attention:
    """Self-attention over places, keys and values at half the resolution (Zhang et al., 2019)."""

    query: Tensor
    key: Tensor
    value: Tensor
    out: Tensor  # gamma is folded in

    def __call__(self, x: Tensor, affines: Iterator[Affine]) -> Tensor:
        """[n, channels, h, w] -> the same shape."""
        del affines  # attention is not conditional
        batch, _, height, width = x.shape
        query = _pointwise(x, self.query)
        key = F.max_pool2d(_pointwise(x, self.key), 2)
        value = F.max_pool2d(_pointwise(x, self.value), 2)
        rows = [part.flatten(2).transpose(1, 2).unsqueeze(1) for part in (query, key, value)]
        seen = F.scaled_dot_product_attention(rows[0], rows[1], rows[2], scale=1.0)  # [batch, 1, places, channels / 2]
        return x + _last_to_second(F.linear(seen.reshape(batch, height, width, -1), self.out))

    def to(self, dtype: torch.dtype) -> Attention:
        """The same in another precision."""
        return Attention(self.query.to(dtype), self.key.to(dtype), self.value.to(dtype), self.out.to(dtype))


class FoldedBigGAN:
    """`pytorch_pretrained_biggan.BigGAN`, folded for one truncation at a time."""

    def __init__(self, library: Any, device: str = "cpu", dtype: torch.dtype = torch.float32) -> None:
        """`library` is the loaded `BigGAN`; its parameters are read, and neither changed nor kept.

        Of a library in float64 all is computed in that, whatever `dtype` says.
        """
        generator = library.generator
        self._full = library.embeddings.weight.dtype
        self._device = torch.device(device)
        self._width = int(library.config.channel_width)
        with torch.inference_mode(False), torch.no_grad():
            norms = list(_norms(generator))
            self._counts = [[norm.num_features for norm in block] for block in norms]
            flat = [norm for block in norms for norm in block]
            self._scale = self._put(torch.cat([_plain(norm.scale) for norm in flat]).t())
            self._offset = self._put(torch.cat([_plain(norm.offset) for norm in flat]).t())
            self._embed = self._put(library.embeddings.weight)
            self._first = (self._put(_plain(generator.gen_z)), self._put(generator.gen_z.bias))
            # attention whose gamma is 0 adds nothing, as in the embedded generator
            layers = [layer for layer in generator.layers if hasattr(layer, "conv_0") or float(layer.gamma) != 0.0]
            self._exact = [self._part(layer) for layer in layers]
            self._means = self._put(torch.cat([norm.running_means for norm in flat], dim=1))  # [n_stats, all channels]
            self._inverses = self._put(torch.cat([(norm.running_vars + norm.eps).rsqrt() for norm in flat], dim=1))
            last = generator.bn
            factors = last.weight * (last.running_vars + last.eps).rsqrt()  # [n_stats, width]
            self._last = (self._put(factors), self._put(last.bias - last.running_means * factors))
            rgb = generator.conv_to_rgb  # it has as many outputs as inputs, of which three are used
            self._exact_rgb = (self._put(_plain(rgb)[:3]), self._put(rgb.bias[:3]))
            self._row = torch.zeros(1, dtype=torch.long, device=self._device)
        self.statistics = -1
        self.set_statistics(int(library.config.n_stats) - 1)
        self.set_precision(dtype)

    @property
    def layers(self) -> int:
        """How many noise vectors a layered z has: one for the first map and one for each block."""
        return len(self._counts) + 1

    def set_statistics(self, index: int) -> None:
        """Take the batch statistics of row `index` from the next picture on; nothing waits for it.

        All rows lie on the device and only a number there changes, which a captured graph reads as well.
        """
        if index != self.statistics:
            self._row.fill_(index)
            self.statistics = index

    def set_precision(self, dtype: torch.dtype) -> None:
        """Compute feature maps in `dtype` from now on. The weights in float32 stay beside their rounded copies."""
        self.dtype = dtype if self._full == torch.float32 else self._full
        with torch.inference_mode(False):  # gradients will flow through them, whoever calls
            self._parts = [part.to(self.dtype) for part in self._exact]
            self._rgb = (self._exact_rgb[0].to(self.dtype), self._exact_rgb[1].to(self.dtype))

    def __call__(self, z: Tensor, weights: Tensor) -> Tensor:
        """Noise and class weights -> pictures in -1..1, in float32.

        [batch, z_dim] or [batch, layers, z_dim], and [batch, classes] -> [batch, 3, side, side].
        """
        embedded = F.linear(weights, self._embed)
        if z.ndim == 3:
            condition = torch.cat((z, embedded.unsqueeze(1).expand(-1, z.shape[1], -1)), dim=2)
            first = condition[:, 0]
        else:
            condition = first = torch.cat((z, embedded), dim=1)
        x = F.linear(first, *self._first).to(self.dtype).view(-1, 4, 4, 16 * self._width).permute(0, 3, 1, 2)
        affines = self._affines(condition)
        for part in self._parts:
            x = part(x, affines)
        factor, shift = (rows.index_select(0, self._row).to(self.dtype)[:, :, None, None] for rows in self._last)
        return torch.tanh(F.conv2d(_lit(x, (factor, shift)), *self._rgb, padding=1).to(self._full))

    def _affines(self, condition: Tensor) -> Iterator[Affine]:
        """Factor and shift for each normalisation, in the order of the forward pass."""
        if condition.ndim == 3:
            spans = [sum(block) for block in self._counts]
            scales = torch.split(self._scale, spans, dim=1)
            offsets = torch.split(self._offset, spans, dim=1)
            scale = torch.cat([condition[:, 1 + i] @ part for i, part in enumerate(scales)], dim=1)
            offset = torch.cat([condition[:, 1 + i] @ part for i, part in enumerate(offsets)], dim=1)
        else:
            scale, offset = condition @ self._scale, condition @ self._offset
        mean, inverse = (rows.index_select(0, self._row) for rows in (self._means, self._inverses))
        factor = (1.0 + scale) * inverse
        shift = offset - factor * mean
        counts = [count for block in self._counts for count in block]
        parts = (part.to(self.dtype)[:, :, None, None] for part in (factor, shift))
        factors, shifts = (torch.split(part, counts, dim=1) for part in parts)
        return zip(factors, shifts, strict=True)

    def _part(self, layer: Any) -> Block | Attention:
        if not hasattr(layer, "conv_0"):
            return Attention(
                query=self._put(_plain(layer.snconv1x1_theta).flatten(1)),
                key=self._put(_plain(layer.snconv1x1_phi).flatten(1)),
                value=self._put(_plain(layer.snconv1x1_g).flatten(1)),
                out=self._put(layer.gamma * _plain(layer.snconv1x1_o_conv).flatten(1)),
            )
        modules = (layer.conv_0, layer.conv_1, layer.conv_2, layer.conv_3)
        weights = [_plain(module) for module in modules]
        weights[0], weights[3] = weights[0].flatten(1), weights[3].flatten(1)
        if layer.up_sample:
            weights[1] = _upsampling(weights[1])
        pairs = zip(weights, modules, strict=True)
        convolutions = tuple((self._put(weight), self._put(module.bias)) for weight, module in pairs)
        return Block(convolutions, bool(layer.up_sample), bool(layer.drop_channels))

    def _put(self, tensor: Tensor) -> Tensor:
        """On the device, in the memory layout of the hot path: channels last, measured a quarter faster on a CPU."""
        layout = torch.channels_last if tensor.ndim == 4 else torch.contiguous_format
        return tensor.detach().to(self._device).clone(memory_format=layout)


def _lit(x: Tensor, affine: Affine) -> Tensor:
    factor, shift = affine
    return torch.addcmul(shift, x, factor).relu_()


def _second_to_last(x: Tensor) -> Tensor:
    return x.permute(0, 2, 3, 1)


def _last_to_second(x: Tensor) -> Tensor:
    return x.permute(0, 3, 1, 2)


def _pointwise(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """A 1 x 1 convolution: in channels-last one matrix product."""
    return _last_to_second(F.linear(_second_to_last(x), weight, bias))


def _norms(generator: Any) -> Iterator[list[Any]]:
    """The conditional normalisations, block by block."""
    for layer in generator.layers:
        if hasattr(layer, "conv_0"):
            yield [layer.bn_0, layer.bn_1, layer.bn_2, layer.bn_3]


def _plain(module: Any) -> Tensor:
    """The weight divided by its spectral norm u·W·v, as `torch.nn.utils.spectral_norm` has it in evaluation."""
    weight: Tensor = module.weight_orig
    return weight / torch.dot(module.weight_u, torch.mv(weight.flatten(1), module.weight_v))


def _upsampling(kernel: Tensor) -> Tensor:
    """The transposed 4 x 4 kernel (stride 2, padding 1) of "double by nearest, then convolve with `kernel`".

    [out, in, 3, 3] -> [in, out, 4, 4]: doubling is a transposed convolution with a 2 x 2 block of ones.
    """
    turned = kernel.flip(2, 3)
    corners = ((0, 1, 0, 1), (1, 0, 0, 1), (0, 1, 1, 0), (1, 0, 1, 0))
    return sum((F.pad(turned, corner) for corner in corners), torch.zeros(())).transpose(0, 1)
