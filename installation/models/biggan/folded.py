"""The forward pass of BigGAN-deep with everything folded that does not depend on the latents.

`pytorch_pretrained_biggan` ("the library") divides every weight by its spectral norm in every forward pass, and
normalises, scales and shifts each feature map in separate steps. Here

- the spectral norms are folded into the weights;
- the batch statistics of one truncation and the conditional scale and shift become one affine, and the factors and
  shifts of all blocks come from a single matrix product;
- where it is faster (see `Variant`), biases of convolutions become part of the next shift, an affine and its ReLU one
  kernel, the three colours eight channels, and attention two matrix products;
- a nearest upsampling followed by a 3 x 3 convolution becomes a transposed 4 x 4 convolution (the same sums, 16
  products per pixel instead of 36).

The library's forward pass is the reference in the tests. Noise, classes, factors and shifts are computed in float32
whatever the precision of the feature maps is, since they are small and everything depends on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.capabilities import RenderPart

Affine = tuple[Tensor, Tensor]  # factor and shift, [batch or 1, channels, 1, 1]

_FIRST_SIDE = 4  # pixels of the first feature map
_FIRST_WIDTH = 16  # its channels, in units of the library's `channel_width`
_COLOUR_CHANNELS = 3
COLOURS_PADDED = 8


class Variant(NamedTuple):
    """Other ways to compute the same, which only some devices do faster; a measurement decides."""

    fused_affine: bool = False  # affine and ReLU as one kernel, with the bias of the convolution before in its shift
    padded_colours: bool = False  # the last convolution has eight channels instead of three: tensor cores need that
    product_attention: bool = False  # for sizes of heads that no fused attention takes


@dataclass(frozen=True)
class Block:
    """A residual block: four convolutions as (weight, bias), each after its own affine and ReLU.

    The first and the last convolution are 1 x 1 and stored as matrices [out, in].
    """

    convolutions: tuple[tuple[Tensor, Tensor | None], ...]
    upsample: bool
    halve: bool  # the skip connection keeps the first half of its channels
    affine_relu: Callable[[Tensor, Affine], Tensor]

    def __call__(self, x: Tensor, affines: Iterator[Affine]) -> Tensor:
        """Transform feature maps [batch, channels, side, side]; takes its four affines from `affines`."""
        first, second, third, fourth = self.convolutions
        affine_relu = self.affine_relu
        h = _convolve_1x1(affine_relu(x, next(affines)), *first)
        h = affine_relu(h, next(affines))
        h = F.conv_transpose2d(h, *second, stride=2, padding=1) if self.upsample else F.conv2d(h, *second, padding=1)
        h = F.conv2d(affine_relu(h, next(affines)), *third, padding=1)
        h = _convolve_1x1(affine_relu(h, next(affines)), *fourth)
        if self.halve:
            # sliced in the channels-last layout, so that the gradient of the slice has that layout as well
            x = _channels_first(_channels_last(x)[..., : x.shape[1] // 2])
        if self.upsample:
            x = F.interpolate(x, scale_factor=2, mode="nearest")
        return h + x

    def to(self, dtype: torch.dtype) -> Block:
        """The same block in another precision."""
        pairs = tuple(
            (weight.to(dtype), bias if bias is None else bias.to(dtype)) for weight, bias in self.convolutions
        )
        return replace(self, convolutions=pairs)

    def fused(self, affine_relu: Callable[[Tensor, Affine], Tensor]) -> Block:
        """The same block with another affine and ReLU, whose shifts hold the biases of the convolutions before them."""
        *inner, last = self.convolutions
        return replace(self, convolutions=(*((weight, None) for weight, _ in inner), last), affine_relu=affine_relu)


@dataclass(frozen=True)
class Attention:
    """Self-attention over pixels, with keys and values at half the resolution (Zhang et al., 2019)."""

    query: Tensor
    key: Tensor
    value: Tensor
    out: Tensor  # gamma is folded in
    by_products: bool = False

    def __call__(self, x: Tensor, affines: Iterator[Affine]) -> Tensor:
        """Transform feature maps [batch, channels, side, side]; attention is not conditional and takes no affine."""
        del affines
        batch, _, height, width = x.shape
        query = _convolve_1x1(x, self.query)
        key = F.max_pool2d(_convolve_1x1(x, self.key), 2)
        value = F.max_pool2d(_convolve_1x1(x, self.value), 2)
        q, k, v = (part.flatten(2).transpose(1, 2).unsqueeze(1) for part in (query, key, value))
        if self.by_products:
            attended = (q @ k.transpose(2, 3)).softmax(dim=3) @ v
        else:
            attended = F.scaled_dot_product_attention(q, k, v, scale=1.0)  # [batch, 1, pixels, channels / 2]
        return x + _channels_first(F.linear(attended.reshape(batch, height, width, -1), self.out))

    def to(self, dtype: torch.dtype) -> Attention:
        """The same attention in another precision."""
        weights = {name: getattr(self, name).to(dtype) for name in ("query", "key", "value", "out")}
        return replace(self, **weights)


class FoldedBigGAN:
    """`pytorch_pretrained_biggan.BigGAN`, folded for one truncation at a time."""

    def __init__(self, library: Any, device: str = "cpu", dtype: torch.dtype = torch.float32) -> None:
        """`library` is a loaded `BigGAN`; its parameters are copied.

        `dtype` is the precision of feature maps. With a library in float64 everything is computed in float64.
        """
        generator = library.generator
        self._full_dtype = library.embeddings.weight.dtype
        self._device = torch.device(device)
        self._width = int(library.config.channel_width)
        with torch.inference_mode(False), torch.no_grad():
            self._fold_affines(list(_conditional_norms(generator)))
            self._embedding = self._copy(library.embeddings.weight)
            self._first = (self._copy(_normalised_weight(generator.gen_z)), self._copy(generator.gen_z.bias))
            # attention with gamma 0 adds nothing, as in the embedded generator
            layers = [layer for layer in generator.layers if hasattr(layer, "conv_0") or float(layer.gamma) != 0.0]
            self._full_parts = [self._fold_layer(layer) for layer in layers]
            biases = [self._biases_before(layer) for layer in layers if hasattr(layer, "conv_0")]
            self._means_without_biases = self._means - torch.cat(biases)
            self._fold_output(generator.bn, generator.conv_to_rgb)
            self._row = torch.zeros(1, dtype=torch.long, device=self._device)  # of the batch statistics
        self.variant = Variant()
        self.statistics = -1
        self.set_statistics(int(library.config.n_stats) - 1)
        self.set_precision(dtype)

    @property
    def layers(self) -> int:
        """The number of noise vectors in a layered z: one for the first map and one for each block."""
        return len(self._channels) + 1

    @property
    def class_embeddings(self) -> Tensor:
        """What the network sees of each class. -> [classes, embedding_size]."""
        return self._embedding.T.float()

    def set_statistics(self, index: int) -> None:
        """Use row `index` of the batch statistics from the next image on, without waiting for the device.

        All rows are on the device and only an index there changes, which a captured graph reads as well.
        """
        if index != self.statistics:
            self._row.fill_(index)
            self.statistics = index

    def set_precision(self, dtype: torch.dtype) -> None:
        """Compute feature maps in `dtype` from now on. The float32 weights are kept beside their rounded copies."""
        self.dtype = dtype if self._full_dtype == torch.float32 else self._full_dtype
        with torch.inference_mode(False):  # gradients flow through them even if this is called in inference mode
            self._parts = [self._in_variant(part).to(self.dtype) for part in self._full_parts]
            weight, bias = (part.to(self.dtype) for part in self._full_rgb)
            missing = COLOURS_PADDED - len(bias) if self.variant.padded_colours else 0
            weight = F.pad(weight, (0, 0, 0, 0, 0, 0, 0, missing)).contiguous(memory_format=torch.channels_last)
            self._rgb = (weight, F.pad(bias, (0, missing)))

    def set_variant(self, variant: Variant) -> None:
        """Compute in another way from now on; what was captured before does not."""
        self.variant = variant
        self.set_precision(self.dtype)

    def _in_variant(self, part: Block | Attention) -> Block | Attention:
        if isinstance(part, Attention):
            return replace(part, by_products=self.variant.product_attention)
        if not self.variant.fused_affine:
            return part
        from installation.models.biggan.fused_affine import affine_relu

        return part.fused(affine_relu)

    def __call__(self, z: Tensor, weights: Tensor) -> Tensor:
        """Noise and class weights -> images in -1..1, in float32.

        [batch, z_dim] or [batch, layers, z_dim], and [batch, classes] -> [batch, 3, side, side].
        """
        tensors: tuple[Tensor, ...] = (z, weights)
        for part in self.parts():
            tensors = part(*tensors)
        return tensors[0]

    def parts(self) -> list[RenderPart]:
        """The same computation, block by block.

        Between the blocks there are the feature map, and the factors and shifts of all normalisations.
        """
        return [self._begin, *self._block_parts(), self._finish]

    def _begin(self, z: Tensor, weights: Tensor) -> tuple[Tensor, ...]:
        """Noise and class weights -> the first feature map, factors and shifts."""
        embedded = F.linear(weights, self._embedding)
        if z.ndim == 3:
            condition = torch.cat((z, embedded.unsqueeze(1).expand(-1, z.shape[1], -1)), dim=2)
            first = condition[:, 0]
        else:
            condition = first = torch.cat((z, embedded), dim=1)
        x = F.linear(first, *self._first).to(self.dtype)
        x = x.view(-1, _FIRST_SIDE, _FIRST_SIDE, _FIRST_WIDTH * self._width).permute(0, 3, 1, 2)
        return (x, *self._affine(condition))

    def _block_parts(self) -> Iterator[RenderPart]:
        channels, first = iter(self._channels), 0
        for part in self._parts:
            own = next(channels) if isinstance(part, Block) else []
            yield partial(_apply, part, own, first)
            first += sum(own)

    def _finish(self, x: Tensor, *_affines: Tensor) -> tuple[Tensor, ...]:
        """The last feature map -> images."""
        factor, shift = (rows.index_select(0, self._row).to(self.dtype)[:, :, None, None] for rows in self._last)
        colours = F.conv2d(_affine_relu(x, (factor, shift)), *self._rgb, padding=1)[:, :_COLOUR_CHANNELS]
        return (torch.tanh(colours.to(self._full_dtype)),)

    def _affine(self, condition: Tensor) -> Affine:
        """Factors and shifts of all normalisations, in the order of the forward pass. -> [batch, channels, 1, 1]."""
        if condition.ndim == 3:
            spans = [sum(block) for block in self._channels]
            scales = torch.split(self._scale, spans, dim=1)
            offsets = torch.split(self._offset, spans, dim=1)
            scale = torch.cat([condition[:, 1 + i] @ part for i, part in enumerate(scales)], dim=1)
            offset = torch.cat([condition[:, 1 + i] @ part for i, part in enumerate(offsets)], dim=1)
        else:
            scale, offset = condition @ self._scale, condition @ self._offset
        means = self._means_without_biases if self.variant.fused_affine else self._means
        mean, inverse_std = (rows.index_select(0, self._row) for rows in (means, self._inverse_stds))
        factor = (1.0 + scale) * inverse_std
        shift = offset - factor * mean
        return factor.to(self.dtype)[:, :, None, None], shift.to(self.dtype)[:, :, None, None]

    def _fold_affines(self, blocks: list[list[Any]]) -> None:
        """Concatenate the conditional normalisations of all blocks along the channels."""
        norms = [norm for block in blocks for norm in block]
        self._channels = [[norm.num_features for norm in block] for block in blocks]
        self._scale = self._copy(torch.cat([_normalised_weight(norm.scale) for norm in norms]).t())
        self._offset = self._copy(torch.cat([_normalised_weight(norm.offset) for norm in norms]).t())
        self._means = self._copy(torch.cat([norm.running_means for norm in norms], dim=1))  # [n_stats, all channels]
        inverse_stds = [(norm.running_vars + norm.eps).rsqrt() for norm in norms]
        self._inverse_stds = self._copy(torch.cat(inverse_stds, dim=1))

    def _fold_output(self, norm: Any, convolution: Any) -> None:
        """Fold the last normalisation, which is not conditional, and the convolution to colours.

        The convolution has as many outputs as inputs, of which only three are used.
        """
        factors = norm.weight * (norm.running_vars + norm.eps).rsqrt()  # [n_stats, width]
        self._last = (self._copy(factors), self._copy(norm.bias - norm.running_means * factors))
        weight, bias = _normalised_weight(convolution)[:_COLOUR_CHANNELS], convolution.bias[:_COLOUR_CHANNELS]
        self._full_rgb = (self._copy(weight), self._copy(bias))

    def _fold_layer(self, layer: Any) -> Block | Attention:
        if not hasattr(layer, "conv_0"):
            return Attention(
                query=self._copy(_normalised_weight(layer.snconv1x1_theta).flatten(1)),
                key=self._copy(_normalised_weight(layer.snconv1x1_phi).flatten(1)),
                value=self._copy(_normalised_weight(layer.snconv1x1_g).flatten(1)),
                out=self._copy(layer.gamma * _normalised_weight(layer.snconv1x1_o_conv).flatten(1)),
            )
        modules = (layer.conv_0, layer.conv_1, layer.conv_2, layer.conv_3)
        weights = [_normalised_weight(module) for module in modules]
        weights[0], weights[3] = weights[0].flatten(1), weights[3].flatten(1)
        if layer.up_sample:
            weights[1] = _upsampling_kernel(weights[1])
        pairs = zip(weights, modules, strict=True)
        convolutions = tuple((self._copy(weight), self._copy(module.bias)) for weight, module in pairs)
        return Block(convolutions, bool(layer.up_sample), bool(layer.drop_channels), _affine_relu)

    def _biases_before(self, layer: Any) -> Tensor:
        """The bias of the convolution before each of the block's normalisations; none is before the first."""
        none = torch.zeros_like(layer.bn_0.running_means[0])
        return self._copy(torch.cat([none, layer.conv_0.bias, layer.conv_1.bias, layer.conv_2.bias]))

    def _copy(self, tensor: Tensor) -> Tensor:
        """A copy on the device; kernels in channels-last layout, which is a quarter faster on a CPU."""
        layout = torch.channels_last if tensor.ndim == 4 else torch.contiguous_format
        return tensor.detach().to(self._device).clone(memory_format=layout)


def _apply(
    part: Block | Attention, channels: Sequence[int], first: int, x: Tensor, factor: Tensor, shift: Tensor
) -> tuple[Tensor, ...]:
    """Transform a feature map; the affines of the part have so many channels each, from `first` on."""
    if not channels:
        return part(x, iter(())), factor, shift
    own = slice(first, first + sum(channels))
    pieces = (torch.split(every[:, own], [*channels], dim=1) for every in (factor, shift))
    return part(x, zip(*pieces, strict=True)), factor, shift


def _affine_relu(x: Tensor, affine: Affine) -> Tensor:
    factor, shift = affine
    return torch.addcmul(shift, x, factor).relu_()


def _channels_last(x: Tensor) -> Tensor:
    return x.permute(0, 2, 3, 1)


def _channels_first(x: Tensor) -> Tensor:
    return x.permute(0, 3, 1, 2)


def _convolve_1x1(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """A 1 x 1 convolution as one matrix product, without a copy in the channels-last layout."""
    return _channels_first(F.linear(_channels_last(x), weight, bias))


def _conditional_norms(generator: Any) -> Iterator[list[Any]]:
    """The conditional normalisations, block by block."""
    for layer in generator.layers:
        if hasattr(layer, "conv_0"):
            yield [layer.bn_0, layer.bn_1, layer.bn_2, layer.bn_3]


def _normalised_weight(module: Any) -> Tensor:
    """The weight divided by its spectral norm u·W·v, as `torch.nn.utils.spectral_norm` computes it in evaluation."""
    weight: Tensor = module.weight_orig
    return weight / torch.dot(module.weight_u, torch.mv(weight.flatten(1), module.weight_v))


def _upsampling_kernel(kernel: Tensor) -> Tensor:
    """The transposed 4 x 4 kernel (stride 2, padding 1) of "upsample by nearest, then convolve with `kernel`".

    [out, in, 3, 3] -> [in, out, 4, 4]. Nearest upsampling is a transposed convolution with a 2 x 2 kernel of ones.
    """
    flipped = kernel.flip(2, 3)
    corners = ((0, 1, 0, 1), (1, 0, 0, 1), (0, 1, 1, 0), (1, 0, 1, 0))
    return sum((F.pad(flipped, corner) for corner in corners), torch.zeros(())).transpose(0, 1)
