"""Affine and ReLU of feature maps as one kernel forward and one backward, in Triton.

Torch does `relu(x * factor + shift)` in two kernels, and its gradient in six, each of which reads and writes the whole
feature map. Triton comes with torch for CUDA; only what has measured that this is faster imports this module.
"""

from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

BLOCK = 1024  # values of a program, forward
ROWS, COLUMNS = 32, 64  # pixels and channels that a program has at a time, backward
CHUNK = 512  # pixels of a program, backward


@triton.jit  # type: ignore[untyped-decorator]
def _forward(x, factor, shift, y, count, per_picture, channels, SIZE: tl.constexpr):  # type: ignore[no-untyped-def]
    at = tl.program_id(0).to(tl.int64) * SIZE + tl.arange(0, SIZE)
    inside = at < count
    own = at // per_picture * channels + at % channels  # of picture and channel
    value = tl.load(x + at, inside, 0.0).to(tl.float32)
    value = value * tl.load(factor + own, inside, 0.0).to(tl.float32) + tl.load(shift + own, inside, 0.0).to(tl.float32)
    tl.store(y + at, tl.maximum(value, 0.0), inside)


@triton.jit  # type: ignore[untyped-decorator]
def _backward(  # type: ignore[no-untyped-def]
    x,
    factor,
    shift,
    gradient,
    to_x,
    to_factor,
    to_shift,
    pixels,
    channels,
    CHUNK: tl.constexpr,
    ROWS: tl.constexpr,
    COLUMNS: tl.constexpr,
):
    chunk, picture = tl.program_id(0), tl.program_id(2)
    column = tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)
    known = column < channels
    scale = tl.load(factor + picture * channels + column, known, 0.0).to(tl.float32)[None, :]
    offset = tl.load(shift + picture * channels + column, known, 0.0).to(tl.float32)[None, :]
    sum_factor = tl.zeros((COLUMNS,), tl.float32)
    sum_shift = tl.zeros((COLUMNS,), tl.float32)
    for begin in range(0, CHUNK, ROWS):
        row = chunk * CHUNK + begin + tl.arange(0, ROWS)
        inside = (row < pixels)[:, None] & known[None, :]
        at = (picture.to(tl.int64) * pixels + row)[:, None] * channels + column[None, :]
        value = tl.load(x + at, inside, 0.0).to(tl.float32)
        slope = tl.load(gradient + at, inside, 0.0).to(tl.float32)
        slope = tl.where(value * scale + offset > 0.0, slope, 0.0)
        tl.store(to_x + at, slope * scale, inside)
        sum_factor += tl.sum(slope * value, 0)
        sum_shift += tl.sum(slope, 0)
    own = (chunk * tl.num_programs(2) + picture) * channels + column
    tl.store(to_factor + own, sum_factor, known)
    tl.store(to_shift + own, sum_shift, known)


class _AffineRelu(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, factor: Tensor, shift: Tensor) -> Tensor:
        x = x.contiguous(memory_format=torch.channels_last)
        factor, shift = factor.expand(len(x), -1, 1, 1).contiguous(), shift.expand(len(x), -1, 1, 1).contiguous()
        ctx.save_for_backward(x, factor, shift)
        y = torch.empty_like(x)
        channels, count = x.shape[1], x.numel()
        grid = (triton.cdiv(count, BLOCK),)
        _forward[grid](x, factor, shift, y, count, count // len(x), channels, SIZE=BLOCK)
        return y

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x, factor, shift = ctx.saved_tensors
        gradient = gradients[0].contiguous(memory_format=torch.channels_last)
        batch, channels, pixels = len(x), x.shape[1], x.shape[2] * x.shape[3]
        grid = (triton.cdiv(pixels, CHUNK), triton.cdiv(channels, COLUMNS), batch)
        to_x = torch.empty_like(x)
        # one row for each chunk of pixels, summed afterwards: the same sum every time, unlike atomic additions
        sums = torch.empty(2, grid[0], batch, channels, device=x.device)
        _backward[grid](
            *(x, factor, shift, gradient, to_x, sums[0], sums[1], pixels, channels),
            CHUNK=CHUNK,
            ROWS=ROWS,
            COLUMNS=COLUMNS,
        )
        to_factor, to_shift = sums.sum(1).to(factor.dtype).view(2, batch, channels, 1, 1)
        return to_x, to_factor, to_shift


def affine_relu(x: Tensor, affine: tuple[Tensor, Tensor]) -> Tensor:
    """relu(x * factor + shift) of feature maps. [batch, channels, h, w], [batch or 1, channels, 1, 1] -> as x.

    Sums of the gradient are taken in float32, whatever the precision of the feature maps is.
    """
    factor, shift = affine
    result: Tensor = _AffineRelu.apply(x, factor, shift)
    return result
