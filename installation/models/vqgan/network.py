"""The network of VQGAN as in taming-transformers, with the same key names: encoder, decoder, codebook."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

GROUPS = 32  # of the normalisations


@dataclass(frozen=True)
class Architecture:
    """The sizes of a network, by default those of the published ImageNet models with 16 pixels per code."""

    codes: int = 16384
    code_size: int = 256
    channels: int = 128
    multipliers: tuple[int, ...] = (1, 1, 2, 2, 4)
    blocks: int = 2
    attention_side: int = 16
    picture_side: int = 256

    @property
    def grid_side(self) -> int:
        """Codes of a side."""
        return self.picture_side >> (len(self.multipliers) - 1)


class ResidualBlock(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        super().__init__()
        self.norm1 = nn.GroupNorm(GROUPS, incoming, eps=1e-6)
        self.conv1 = nn.Conv2d(incoming, outgoing, 3, padding=1)
        self.norm2 = nn.GroupNorm(GROUPS, outgoing, eps=1e-6)
        self.conv2 = nn.Conv2d(outgoing, outgoing, 3, padding=1)
        if incoming != outgoing:
            self.nin_shortcut = nn.Conv2d(incoming, outgoing, 1)

    def forward(self, features: Tensor) -> Tensor:
        """[n, incoming, h, w] -> [n, outgoing, h, w]."""
        inner = self.conv1(F.silu(self.norm1(features)))
        inner = self.conv2(F.silu(self.norm2(inner)))
        shortcut = self.nin_shortcut(features) if hasattr(self, "nin_shortcut") else features
        summed: Tensor = shortcut + inner
        return summed


class Attention(nn.Module):
    """Self-attention of all places with one head."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(GROUPS, channels, eps=1e-6)
        self.q, self.k, self.v = (nn.Conv2d(channels, channels, 1) for _ in range(3))
        self.proj_out = nn.Conv2d(channels, channels, 1)

    def forward(self, features: Tensor) -> Tensor:
        """[n, channels, h, w] -> the same."""
        normed = self.norm(features)
        rows = (layer(normed).flatten(2).transpose(1, 2)[:, None] for layer in (self.q, self.k, self.v))
        attended = F.scaled_dot_product_attention(*rows)[:, 0].transpose(1, 2).reshape(features.shape)
        summed: Tensor = features + self.proj_out(attended)
        return summed


class Level(nn.Module):
    """The blocks of one resolution, and what leads to the next one."""

    downsample: nn.Module
    upsample: nn.Module

    def __init__(self, incoming: int, outgoing: int, blocks: int, attends: bool) -> None:
        super().__init__()
        sizes = [incoming, *[outgoing] * (blocks - 1)]
        self.block = nn.ModuleList(ResidualBlock(size, outgoing) for size in sizes)
        self.attn = nn.ModuleList(Attention(outgoing) for _ in range(blocks) if attends)

    def forward(self, features: Tensor) -> Tensor:
        """Run the blocks. [n, incoming, h, w] -> [n, outgoing, h, w]."""
        for index, block in enumerate(self.block):
            features = block(features)
            if self.attn:
                features = self.attn[index](features)
        return features


class Resampling(nn.Module):
    """Half or double the resolution, then or before a convolution."""

    def __init__(self, channels: int, enlarges: bool) -> None:
        super().__init__()
        self._enlarges = enlarges
        self.conv = nn.Conv2d(channels, channels, 3, stride=1 if enlarges else 2, padding=1 if enlarges else 0)

    def forward(self, features: Tensor) -> Tensor:
        """[n, channels, h, w] -> [n, channels, 2h, 2w] or [n, channels, h/2, w/2]."""
        if self._enlarges:
            resized: Tensor = self.conv(F.interpolate(features, scale_factor=2.0, mode="nearest"))
        else:
            resized = self.conv(F.pad(features, (0, 1, 0, 1)))
        return resized


class Middle(nn.Module):
    """The blocks between encoder or decoder levels and the codes."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.block_1 = ResidualBlock(channels, channels)
        self.attn_1 = Attention(channels)
        self.block_2 = ResidualBlock(channels, channels)

    def forward(self, features: Tensor) -> Tensor:
        """[n, channels, h, w] -> the same."""
        out: Tensor = self.block_2(self.attn_1(self.block_1(features)))
        return out


class Encoder(nn.Module):
    """Pictures to features of codes."""

    def __init__(self, sizes: Architecture) -> None:
        super().__init__()
        self.conv_in = nn.Conv2d(3, sizes.channels, 3, padding=1)
        self.down = nn.ModuleList()
        incoming, side = sizes.channels, sizes.picture_side
        for index, multiplier in enumerate(sizes.multipliers):
            outgoing = sizes.channels * multiplier
            level = Level(incoming, outgoing, sizes.blocks, side == sizes.attention_side)
            if index < len(sizes.multipliers) - 1:
                level.downsample = Resampling(outgoing, enlarges=False)
                side //= 2
            self.down.append(level)
            incoming = outgoing
        self.mid = Middle(incoming)
        self.norm_out = nn.GroupNorm(GROUPS, incoming, eps=1e-6)
        self.conv_out = nn.Conv2d(incoming, sizes.code_size, 3, padding=1)

    def forward(self, pictures: Tensor) -> Tensor:
        """[n, 3, side, side] in -1..1 -> [n, code_size, grid, grid]."""
        features = self.conv_in(pictures)
        for level in self.down:
            assert isinstance(level, Level)
            features = level(features)
            if hasattr(level, "downsample"):
                features = level.downsample(features)
        encoded: Tensor = self.conv_out(F.silu(self.norm_out(self.mid(features))))
        return encoded


class Decoder(nn.Module):
    """Codes to pictures."""

    def __init__(self, sizes: Architecture) -> None:
        super().__init__()
        incoming, side = sizes.channels * sizes.multipliers[-1], sizes.grid_side
        self.conv_in = nn.Conv2d(sizes.code_size, incoming, 3, padding=1)
        self.mid = Middle(incoming)
        levels = []
        for index in reversed(range(len(sizes.multipliers))):
            outgoing = sizes.channels * sizes.multipliers[index]
            level = Level(incoming, outgoing, sizes.blocks + 1, side == sizes.attention_side)
            if index:
                level.upsample = Resampling(outgoing, enlarges=True)
                side *= 2
            levels.append(level)
            incoming = outgoing
        self.up = nn.ModuleList(reversed(levels))  # the finest first, as the keys are numbered
        self.norm_out = nn.GroupNorm(GROUPS, incoming, eps=1e-6)
        self.conv_out = nn.Conv2d(incoming, 3, 3, padding=1)

    def forward(self, codes: Tensor) -> Tensor:
        """[n, code_size, grid, grid] -> [n, 3, side, side], about -1..1."""
        features = self.mid(self.conv_in(codes))
        for level in reversed(self.up):
            assert isinstance(level, Level)
            features = level(features)
            if hasattr(level, "upsample"):
                features = level.upsample(features)
        decoded: Tensor = self.conv_out(F.silu(self.norm_out(features)))
        return decoded


class Quantizer(nn.Module):
    """The codebook."""

    def __init__(self, sizes: Architecture) -> None:
        super().__init__()
        self.embedding = nn.Embedding(sizes.codes, sizes.code_size)

    def forward(self, vectors: Tensor) -> Tensor:
        """The nearest code of each vector; the gradient passes straight through. [..., code_size] -> the same."""
        book = self.embedding.weight
        flat = vectors.detach().reshape(-1, book.shape[1])
        distances = book.square().sum(1) - 2.0 * flat @ book.T
        nearest = book[distances.argmin(dim=1)].view(vectors.shape)
        return vectors + (nearest - vectors).detach()


class VQGANNetwork(nn.Module):
    """Encoder, codebook and decoder."""

    def __init__(self, sizes: Architecture) -> None:
        super().__init__()
        self.encoder, self.decoder = Encoder(sizes), Decoder(sizes)
        self.quantize = Quantizer(sizes)
        self.quant_conv = nn.Conv2d(sizes.code_size, sizes.code_size, 1)
        self.post_quant_conv = nn.Conv2d(sizes.code_size, sizes.code_size, 1)

    def encode(self, pictures: Tensor) -> Tensor:
        """Quantised codes of pictures. [n, 3, side, side] in 0..1 -> [n, places, code_size]."""
        vectors = self.quant_conv(self.encoder(2.0 * pictures - 1.0)).flatten(2).transpose(1, 2)
        codes: Tensor = self.quantize(vectors)
        return codes

    def decode(self, vectors: Tensor) -> Tensor:
        """Pictures of vectors, which are quantised first. [n, places, code_size] -> [n, 3, side, side] in 0..1."""
        side = round(vectors.shape[1] ** 0.5)
        codes = self.quantize(vectors).transpose(1, 2).reshape(len(vectors), -1, side, side)
        pictures: Tensor = self.decoder(self.post_quant_conv(codes))
        return (0.5 + 0.5 * pictures).clamp(0.0, 1.0)


def random_network(sizes: Architecture, seed: int) -> VQGANNetwork:
    """A network with random weights, whose pictures are not grey."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = VQGANNetwork(sizes)
        nn.init.normal_(network.quantize.embedding.weight)
        nn.init.normal_(network.decoder.conv_out.weight, std=0.1)
    return network.eval().requires_grad_(False)
