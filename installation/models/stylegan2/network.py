"""The network of StyleGAN2 in plain torch, with the key names of rosinality's port, which most other ports read.

Modulation is applied to the features instead of the weights: `conv(x * s) * d` is `conv` with weights scaled by s and
demodulated by d, and every picture of a batch shares one convolution.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

FIRST_SIDE = 4  # pixels
MAPPING_RATE = 0.01  # by which the mapping network's weights and biases are stored larger
SLOPE, GAIN = 0.2, math.sqrt(2.0)  # of the leaky ReLU
EPSILON = 1e-8
BLUR = (1.0, 3.0, 3.0, 1.0)


@dataclass(frozen=True)
class Architecture:
    """The sizes of a network.

    Attributes:
        channels: At each resolution, from 4 pixels up; config-f has 512 five times, then 512, 256, 128, 64 and 32.
        style: Numbers of z and of a style.
        mapping: Layers of the mapping network.
    """

    channels: tuple[int, ...]
    style: int = 512
    mapping: int = 8

    @classmethod
    def config_f(cls, side: int) -> Architecture:
        """Return the largest published architecture for pictures of that side, at least 8."""
        sides = [FIRST_SIDE << index for index in range(int(math.log2(side // FIRST_SIDE)) + 1)]
        return cls(tuple(min(512, (1 << 15) // each) for each in sides))

    @classmethod
    def of(cls, state: Mapping[str, Tensor]) -> Architecture:
        """Return the architecture that the shapes of a file belong to.

        Raises:
            KeyError, IndexError: They belong to no network of this kind.
        """
        blocks = sum(key.startswith("to_rgbs.") and key.endswith(".conv.weight") for key in state)
        mapping = sum(key.startswith("style.") and key.endswith(".weight") for key in state)
        wide = [state[f"convs.{2 * block}.conv.weight"].shape[1] for block in range(blocks)]
        return cls((state["input.input"].shape[1], *wide), state["style.1.weight"].shape[1], mapping)

    @property
    def side(self) -> int:
        """Pixels of a picture's side."""
        return FIRST_SIDE << (len(self.channels) - 1)

    @property
    def layers(self) -> int:
        """The number of styles of a picture."""
        return 2 * len(self.channels)


class ScaledLinear(nn.Module):
    """A linear layer whose weights are stored with unit deviation (equalised learning rate)."""

    def __init__(self, incoming: int, outgoing: int, rate: float = 1.0, bias: float = 0.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outgoing, incoming) / rate)
        self.bias = nn.Parameter(torch.full((outgoing,), bias))
        self._scale, self._rate = rate / math.sqrt(incoming), rate

    def forward(self, values: Tensor) -> Tensor:
        """[..., incoming] -> [..., outgoing]."""
        return F.linear(values, self.weight * self._scale, self.bias * self._rate)


class MappingLayer(ScaledLinear):
    """A layer of the mapping network."""

    def forward(self, values: Tensor) -> Tensor:
        """[..., incoming] -> [..., outgoing]."""
        return activated(super().forward(values))


class PixelNorm(nn.Module):
    """Gives z the length of normal noise."""

    def forward(self, z: Tensor) -> Tensor:
        """[..., style] -> the same."""
        return z * (z.square().mean(dim=-1, keepdim=True) + EPSILON).rsqrt()


class Blur(nn.Module):
    """A filter over enlarged features; the kernel is in the file."""

    kernel: Tensor

    def __init__(self, up: int, padding: tuple[int, int]) -> None:
        super().__init__()
        line = torch.tensor(BLUR)
        self.register_buffer("kernel", torch.outer(line, line) * 4.0 / line.sum() ** 2)
        self._up, self._padding = up, padding

    def forward(self, features: Tensor) -> Tensor:
        """[n, channels, h, w] -> the same with more or fewer rows and columns."""
        return upfirdn2d(features, self.kernel, self._up, self._padding)


class ModulatedConvolution(nn.Module):
    """A convolution whose input channels are scaled by a style; `enlarges` doubles the resolution."""

    def __init__(
        self, incoming: int, outgoing: int, kernel: int, style: int, *, demodulates: bool = True, enlarges: bool = False
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(1, outgoing, incoming, kernel, kernel))
        self.modulation = ScaledLinear(style, incoming, bias=1.0)
        if enlarges:
            self.blur = Blur(up=1, padding=(1, 1))
        self._scale = 1.0 / math.sqrt(incoming * kernel**2)
        self._demodulates, self._enlarges, self._padding = demodulates, enlarges, kernel // 2

    def forward(self, features: Tensor, style: Tensor) -> Tensor:
        """[n, incoming, h, w] and [n, style] -> [n, outgoing, ...]."""
        weight, scales = self.weight[0] * self._scale, self.modulation(style)
        features = features * scales[:, :, None, None]
        if self._enlarges:
            features = self.blur(F.conv_transpose2d(features, weight.transpose(0, 1), stride=2))
        else:
            features = F.conv2d(features, weight, padding=self._padding)
        if not self._demodulates:
            return features
        lengths = scales.square() @ weight.square().sum(dim=(2, 3)).T  # [n, outgoing]
        demodulated: Tensor = features * (lengths + EPSILON).rsqrt()[:, :, None, None]
        return demodulated


class Strength(nn.Module):
    """How much noise a layer gets."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))


class Bias(nn.Module):
    """What is added before the activation."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(channels))


class StyledConvolution(nn.Module):
    """A modulated convolution with noise and activation."""

    def __init__(self, incoming: int, outgoing: int, style: int, enlarges: bool = False) -> None:
        super().__init__()
        self.conv = ModulatedConvolution(incoming, outgoing, 3, style, enlarges=enlarges)
        self.noise = Strength()
        self.activate = Bias(outgoing)

    def forward(self, features: Tensor, style: Tensor, noise: Tensor) -> Tensor:
        """[n, incoming, h, w], [n, style] and [1, 1, H, W] -> [n, outgoing, H, W]."""
        convolved = self.conv(features, style) + self.noise.weight * noise
        return activated(convolved + self.activate.bias[:, None, None])


class ToColours(nn.Module):
    """Features to colours, added to the enlarged picture of the resolution before."""

    def __init__(self, incoming: int, style: int, enlarges: bool = True) -> None:
        super().__init__()
        if enlarges:
            self.upsample = Blur(up=2, padding=(2, 1))
        self.conv = ModulatedConvolution(incoming, 3, 1, style, demodulates=False)
        self.bias = nn.Parameter(torch.zeros(1, 3, 1, 1))

    def forward(self, features: Tensor, style: Tensor, before: Tensor | None = None) -> Tensor:
        """[n, incoming, h, w], [n, style] and [n, 3, h/2, w/2] -> [n, 3, h, w]."""
        colours: Tensor = self.conv(features, style) + self.bias
        return colours if before is None else colours + self.upsample(before)


class Constant(nn.Module):
    """What every picture begins with."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.input = nn.Parameter(torch.randn(1, channels, FIRST_SIDE, FIRST_SIDE))


class StyleGAN2Network(nn.Module):
    """Mapping network, synthesis network and the noise that is the same for all pictures."""

    def __init__(self, sizes: Architecture) -> None:
        super().__init__()
        first, style = sizes.channels[0], sizes.style
        mapping = (MappingLayer(style, style, MAPPING_RATE) for _ in range(sizes.mapping))
        self.style = nn.Sequential(PixelNorm(), *mapping)
        self.input = Constant(first)
        self.conv1, self.to_rgb1 = StyledConvolution(first, first, style), ToColours(first, style, enlarges=False)
        self.convs, self.to_rgbs, self.noises = nn.ModuleList(), nn.ModuleList(), nn.Module()
        for incoming, outgoing in zip(sizes.channels, sizes.channels[1:], strict=False):
            self.convs.append(StyledConvolution(incoming, outgoing, style, enlarges=True))
            self.convs.append(StyledConvolution(outgoing, outgoing, style))
            self.to_rgbs.append(ToColours(outgoing, style))
        for index in range(sizes.layers - 1):
            side = FIRST_SIDE << ((index + 1) // 2)
            self.noises.register_buffer(f"noise_{index}", torch.randn(1, 1, side, side))

    def styles(self, z: Tensor) -> Tensor:
        """[..., style] -> the same: the w of z."""
        styles: Tensor = self.style(z)
        return styles

    def paint(self, styles: Tensor) -> Tensor:
        """[n, layers, style] -> [n, 3, side, side], about -1..1."""
        noises = [getattr(self.noises, f"noise_{index}") for index in range(len(self.convs) + 1)]
        features = self.input.input.expand(len(styles), -1, -1, -1)
        features = self.conv1(features, styles[:, 0], noises[0])
        picture: Tensor = self.to_rgb1(features, styles[:, 1])
        for block, to_rgb in enumerate(self.to_rgbs):
            for index in (2 * block, 2 * block + 1):
                features = self.convs[index](features, styles[:, index + 1], noises[index + 1])
            picture = to_rgb(features, styles[:, 2 * block + 3], picture)
        return picture


def activated(values: Tensor) -> Tensor:
    """Leaky ReLU that keeps the variance."""
    return F.leaky_relu(values, SLOPE) * GAIN


def upfirdn2d(features: Tensor, kernel: Tensor, up: int, padding: tuple[int, int]) -> Tensor:
    """Insert zeros, pad and filter: the operator of StyleGAN2's authors, without its downsampling.

    Args:
        features: [n, channels, h, w].
        kernel: [rows, columns].
        up: Factor by which rows and columns are multiplied.
        padding: Rows above and below, and columns before and behind.
    """
    n, channels, height, width = features.shape
    planes = features.reshape(n * channels, 1, height, width)
    if up > 1:
        spread = F.pad(planes[..., None, :, None], (0, up - 1, 0, 0, 0, up - 1))  # [planes, 1, h, up, w, up]
        planes = spread.reshape(n * channels, 1, height * up, width * up)
    planes = F.pad(planes, (*padding, *padding))
    filtered = F.conv2d(planes, kernel.flip(0, 1)[None, None].to(planes))
    return filtered.view(n, channels, *filtered.shape[-2:])


def random_network(sizes: Architecture, seed: int) -> StyleGAN2Network:
    """A network with random weights, whose pictures are neither grey nor saturated."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = StyleGAN2Network(sizes)
        for module in network.modules():
            if isinstance(module, Strength):
                nn.init.constant_(module.weight, 0.1)
            if isinstance(module, ToColours):
                nn.init.normal_(module.conv.weight, std=0.5)
    return network.eval().requires_grad_(False)
