"""The image tower of a small CLIP of the ResNet family as matrix products, with the gradient of its pictures.

A step of a dream embeds two to six small pictures. Then libraries spend most of their time on preparing weights, on
memory and on records for a gradient of the weights, which are frozen. Here the weights are laid out once, feature maps
are rows of pixels ([pixels, channels]) in memory that stays, a 3 x 3 convolution gathers its windows and is one
product, and so is its gradient, with the weights mirrored. The attention pool computes the one query that is used.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from installation.models.clip.matrix_layers import (
    Block,
    BlockWeights,
    Convolution,
    Pool,
    Scratch,
    TowerWeights,
    Windows,
    relu_gradient,
)

MOST_PICTURES = 16  # of a call that keeps its memory; larger batches gain nothing
LARGEST_SIDE = 96  # pixels: of larger pictures the windows would take too much memory


def matrix_tower(visual: Any) -> MatrixTower | None:
    """The same tower as matrix products; None where that is no gain, or not possible.

    Args:
        visual: In evaluation mode and float32; its batch normalisations must have been folded into convolutions.
    """
    if type(visual).__name__ != "ModifiedResNet" or int(visual.image_size) > LARGEST_SIDE:
        return None
    weights = list(visual.parameters())
    fits = all(weight.device.type == "cpu" and weight.dtype == torch.float32 for weight in weights)
    folded = not any(isinstance(module, nn.BatchNorm2d) for module in visual.modules())
    return MatrixTower(visual) if fits and folded else None


class MatrixTower:
    """Normalised pictures in, features out, with gradient: [n, 3, side, side] -> [n, d]."""

    def __init__(self, visual: Any) -> None:
        self._visual = visual
        self._weights = TowerWeights(visual)
        self._kept = _ThisThread()

    def __call__(self, pictures: Tensor) -> Tensor:
        """The features of pictures."""
        count = len(pictures)
        if count > MOST_PICTURES:
            features: Tensor = self._visual(pictures)
            return features
        if count not in self._kept.runs:
            with torch.inference_mode(False):  # later calls may ask for a gradient
                self._kept.runs[count] = _Run(self._weights, count)
        rows: Tensor = _Features.apply(pictures, self._kept.runs[count])
        return self._weights.attention(rows)


class _ThisThread(threading.local):
    """Memory of the calling thread, by number of pictures."""

    def __init__(self) -> None:
        self.runs: dict[int, _Run] = {}


class _Features(torch.autograd.Function):
    """Pictures to the rows of the last feature map, [n, pixels, channels]."""

    @staticmethod
    def forward(ctx: Any, pictures: Tensor, run: _Run) -> Tensor:
        rows = run.forward(pictures)
        ctx.run, ctx.number, ctx.pictures = run, run.number, pictures.detach()
        return rows

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        if ctx.number != ctx.run.number:  # its memory holds another run since
            ctx.run.forward(ctx.pictures)
        return ctx.run.backward(gradient), None


class _Run:
    """One run of a tower with so many pictures, in its own memory.

    Attributes:
        number: Of the run.
    """

    def __init__(self, weights: TowerWeights, count: int) -> None:
        self.number = 0
        self._count, self._first = count, weights.stem[0]
        side = weights.side // 2
        scratch = Scratch()
        self._pictures = Windows(scratch, count, weights.side, 3, step=2)
        self._begun = torch.empty(count * side * side, self._first.outputs)
        self._convolutions = [Convolution(product, scratch, count, side) for product in weights.stem[1:]]
        self._pool = Pool(count, side, weights.stem[2].outputs)
        self._blocks = list(_blocks(weights.blocks, scratch, count, side // 2))
        self._of_windows = torch.empty(count, side, side, 3, 3, 3)  # [n, y, x, row, column, colour]
        self._of_padded = torch.empty(count, weights.side + 2, weights.side + 2, 3)

    def forward(self, pictures: Tensor) -> Tensor:
        """The rows of the last feature map, [n, pixels, channels]."""
        self.number += 1
        self._pictures.inside.copy_(pictures.detach().permute(0, 2, 3, 1))
        torch.addmm(self._first.bias, self._pictures.gather(), self._first.forward, out=self._begun)
        rows = self._begun
        for convolution in self._convolutions:
            torch.clamp_min(rows.view(convolution.inside.shape), 0, out=convolution.inside)
            rows = convolution.forward()
        rows = self._pool.forward(rows)
        for block in self._blocks:
            rows = block.forward(rows)
        return rows.view(self._count, -1, rows.shape[1]).clone()

    def backward(self, gradient: Tensor) -> Tensor:
        """The gradient of the pictures, [n, 3, side, side]."""
        gradient = gradient.reshape(-1, gradient.shape[2]).clone()
        for block in reversed(self._blocks):
            gradient = block.backward(gradient)
        second, third = self._convolutions
        pool = self._pool
        inside = pool.blocks(third.gradient_inside)
        relu_gradient(pool.spread(gradient), pool.blocks(third.rows), 0, grad_input=inside)
        gradient = third.backward()
        second.gradient_inside.copy_(gradient.view(second.gradient_inside.shape))
        gradient = second.backward()
        return self._of_pictures(gradient)

    def _of_pictures(self, gradient: Tensor) -> Tensor:
        """From the gradient of the first convolution: each window gives its share to the pixels under it."""
        torch.mm(gradient, self._first.forward.t(), out=self._of_windows.view(-1, 27))
        padded = self._of_padded.zero_()
        end = padded.shape[1] - 2
        for row in range(3):
            for column in range(3):
                padded[:, row : row + end : 2, column : column + end : 2] += self._of_windows[:, :, :, row, column]
        return padded[:, 1:-1, 1:-1].permute(0, 3, 1, 2).contiguous()


def _blocks(weights: list[BlockWeights], scratch: Scratch, count: int, side: int) -> Iterator[Block]:
    for each in weights:
        block = Block(each, scratch, count, side)
        side = block.side
        yield block
