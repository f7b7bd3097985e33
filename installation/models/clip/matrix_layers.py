"""The layers of a `matrix_tower`: convolutions, pools and residual blocks as matrix products in memory that stays."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import torch
from torch import Tensor, nn

relu_gradient = torch.ops.aten.threshold_backward.grad_input


class Product:
    """The weights of a convolution as matrices: [kernel² * inputs, outputs] for the result, and for the gradient."""

    def __init__(self, conv: nn.Conv2d, factor: float = 1.0) -> None:
        weight = conv.weight.detach() * factor  # [outputs, inputs, kernel, kernel]
        outputs, inputs = weight.shape[:2]
        self.inputs, self.outputs = inputs, outputs
        self.bias = torch.zeros(outputs) if conv.bias is None else conv.bias.detach().clone()
        self.forward = weight.permute(2, 3, 1, 0).reshape(-1, outputs).contiguous()
        self.mirrored = weight.flip(2, 3).permute(2, 3, 0, 1).reshape(-1, inputs).contiguous()


class TowerWeights:
    """All weights of a tower."""

    def __init__(self, visual: Any) -> None:
        self.side = int(visual.image_size)
        self.stem = [Product(conv) for conv in (visual.conv1, visual.conv2, visual.conv3)]
        layers = (visual.layer1, visual.layer2, visual.layer3, visual.layer4)
        self.blocks = [BlockWeights(block) for layer in layers for block in layer]
        self.blocks[0].average()  # the pool of the stem
        self.pool = visual.attnpool
        self._heads = self.pool.num_heads

    def attention(self, rows: Tensor) -> Tensor:
        """The attention pool. [n, pixels, channels] -> [n, d]."""
        pool, count, heads = self.pool, len(rows), self._heads
        tokens = torch.cat([rows.mean(1, keepdim=True), rows], 1) + pool.positional_embedding
        size = tokens.shape[2] // heads
        query = nn.functional.linear(tokens[:, 0], pool.q_proj.weight, pool.q_proj.bias) * size**-0.5
        by_head = query.view(count, heads, size).transpose(0, 1)  # [heads, n, size]
        # keys meet one query only: its product with their weights, then with the tokens; their bias adds a constant
        asked = torch.bmm(by_head, pool.k_proj.weight.view(heads, size, -1)).transpose(0, 1)  # [n, heads, channels]
        shares = torch.bmm(asked, tokens.transpose(1, 2)).softmax(2)  # [n, heads, tokens]
        mixed = torch.bmm(shares, tokens).transpose(0, 1)  # [heads, n, channels]
        values = torch.bmm(mixed, pool.v_proj.weight.view(heads, size, -1).transpose(1, 2))  # [heads, n, size]
        joined = values.transpose(0, 1).reshape(count, -1) + pool.v_proj.bias
        return nn.functional.linear(joined, pool.c_proj.weight, pool.c_proj.bias)


class BlockWeights:
    """Those of a bottleneck. Pools sum four pixels; the products after them have the factor of the mean."""

    def __init__(self, block: Any) -> None:
        self.halves = block.stride > 1
        factor = 0.25 if self.halves else 1.0
        self.first, self.second = Product(block.conv1), Product(block.conv2)
        self.third = Product(block.conv3, factor)
        self.shortcut = None if block.downsample is None else Product(block.downsample[1], factor)
        if self.shortcut:
            self.third.bias += self.shortcut.bias

    def average(self) -> None:
        """Take sums of four pixels instead of their mean."""
        for product in filter(None, (self.first, self.shortcut)):
            product.forward *= 0.25
            product.mirrored *= 0.25


class Scratch:
    """Memory for gathered windows, which all convolutions of a run share, so that it stays in the processor's cache."""

    def __init__(self) -> None:
        self._most = 0
        self._memory = torch.empty(0)

    def reserve(self, size: int) -> None:
        """Announce a number of floats, before any is taken."""
        self._most = max(self._most, size)

    def take(self, count: int, width: int) -> Tensor:
        """[count, width], in memory that others take too."""
        if self._memory.numel() < self._most:
            with torch.inference_mode(False):
                self._memory = torch.empty(self._most)
        return self._memory[: count * width].view(count, width)


class Windows:
    """The 3 x 3 windows around the pixels of a feature map with a border of zeros."""

    def __init__(self, scratch: Scratch, count: int, side: int, channels: int, step: int = 1) -> None:
        padded = torch.zeros(count, side + 2, side + 2, channels)
        self.inside = padded[:, 1:-1, 1:-1]  # [n, side, side, channels], where the map is written
        picture, row, pixel, _ = padded.stride()
        places = side // step
        windows = (count, places, places, 3, 3 * channels)
        self._windows = padded.as_strided(windows, (picture, step * row, step * pixel, row, 1))
        self._scratch, self._count, self._width = scratch, count * places**2, 9 * channels
        scratch.reserve(self._count * self._width)

    @cached_property
    def _rows(self) -> tuple[Tensor, Tensor]:
        """Where windows are gathered, as [pixels, 9 * channels] and in their own shape."""
        rows = self._scratch.take(self._count, self._width)
        return rows, rows.view(self._windows.shape)

    def gather(self) -> Tensor:
        """All windows as rows, [pixels, 9 * channels], until another map's are gathered."""
        rows, windows = self._rows
        windows.copy_(self._windows)
        return rows


class Convolution:
    """A 3 x 3 convolution: fill `inside` before `forward`, `gradient_inside` before `backward`."""

    def __init__(self, weights: Product, scratch: Scratch, count: int, side: int) -> None:
        self._weights = weights
        self._before, self._after = (Windows(scratch, count, side, size) for size in (weights.inputs, weights.outputs))
        self.inside, self.gradient_inside = self._before.inside, self._after.inside
        self.rows = torch.empty(count * side * side, weights.outputs)  # the result, rectified
        self._gradient = torch.empty(count * side * side, weights.inputs)
        self._gradient_map = self._gradient.view(self.inside.shape)

    def forward(self) -> Tensor:
        """The rectified result, [pixels, outputs]."""
        weights = self._weights
        return torch.addmm(weights.bias, self._before.gather(), weights.forward, out=self.rows).relu_()

    def backward(self) -> Tensor:
        """The gradient of what was rectified before, [pixels, inputs]."""
        torch.mm(self._after.gather(), self._weights.mirrored, out=self._gradient)
        relu_gradient(self._gradient_map, self.inside, 0, grad_input=self._gradient_map)
        return self._gradient


class Pool:
    """Sums of 2 x 2 pixels."""

    def __init__(self, count: int, side: int, channels: int) -> None:
        half = side // 2
        self._shape = (count, half, 2, half, 2, channels)
        self._rows = torch.empty(count, half, side, channels)
        self._sums = torch.empty(count, half, half, channels)

    def forward(self, rows: Tensor) -> Tensor:
        """[pixels, channels] -> [pixels / 4, channels]."""
        pairs = rows.view(self._shape).flatten(3, 4)
        torch.add(pairs[:, :, 0], pairs[:, :, 1], out=self._rows)
        torch.add(self._rows[:, :, 0::2], self._rows[:, :, 1::2], out=self._sums)
        return self._sums.view(-1, self._shape[-1])

    def spread(self, gradient: Tensor) -> Tensor:
        """A gradient of sums for each pixel: [n, side / 2, 2, side / 2, 2, channels], a view."""
        count, half, _, _, _, channels = self._shape
        return gradient.view(count, half, 1, half, 1, channels).expand(self._shape)

    def blocks(self, pixels: Tensor) -> Tensor:
        """Pixels of the full map, in the shape of `spread`: a view."""
        if pixels.dim() == 2:
            return pixels.view(self._shape)
        picture, row, pixel, channel = pixels.stride()
        return pixels.as_strided(
            self._shape, (picture, 2 * row, row, 2 * pixel, pixel, channel), pixels.storage_offset()
        )


class Block:
    """One run of a bottleneck in its own memory."""

    def __init__(self, weights: BlockWeights, scratch: Scratch, count: int, side: int) -> None:
        self._weights = weights
        self._pixels = count * side * side
        inner, inputs, outputs = weights.first.outputs, weights.first.inputs, weights.third.outputs
        self.side = side // 2 if weights.halves else side
        left = count * self.side**2
        self._first = torch.empty(self._pixels, inner)
        self._convolution = Convolution(weights.second, scratch, count, side)
        self._pools = [Pool(count, side, channels) for channels in (inner, inputs)] if weights.halves else []
        self._out = torch.empty(left, outputs)
        self._gradients = torch.empty(left, inner), torch.empty(self._pixels, inputs), torch.empty(left, inputs)

    def forward(self, rows: Tensor) -> Tensor:
        """[pixels, inputs] -> [pixels, outputs], rectified."""
        weights, inside = self._weights, self._convolution.inside
        torch.addmm(weights.first.bias, rows, weights.first.forward, out=self._first)
        torch.clamp_min(self._first.view(inside.shape), 0, out=inside)
        second = self._convolution.forward()
        if self._pools:
            second, rows = (pool.forward(each) for pool, each in zip(self._pools, (second, rows), strict=True))
        torch.addmm(weights.third.bias, second, weights.third.forward, out=self._out)
        if weights.shortcut:
            self._out.addmm_(rows, weights.shortcut.forward)
        else:
            self._out.add_(rows)
        return self._out.relu_()

    def backward(self, gradient: Tensor) -> Tensor:
        """The gradient of the inputs; that of the outputs is overwritten."""
        weights, convolution = self._weights, self._convolution
        of_second, of_inputs, of_pooled = self._gradients
        relu_gradient(gradient, self._out, 0, grad_input=gradient)
        torch.mm(gradient, weights.third.mirrored, out=of_second)
        inside = convolution.gradient_inside
        if self._pools:
            pool = self._pools[0]
            relu_gradient(pool.spread(of_second), pool.blocks(convolution.rows), 0, grad_input=pool.blocks(inside))
        else:
            relu_gradient(of_second.view(inside.shape), convolution.rows.view(inside.shape), 0, grad_input=inside)
        torch.mm(convolution.backward(), weights.first.mirrored, out=of_inputs)
        if weights.shortcut is None:
            of_inputs.add_(gradient)
        elif self._pools:
            torch.mm(gradient, weights.shortcut.mirrored, out=of_pooled)
            self._pools[1].blocks(of_inputs).add_(self._pools[1].spread(of_pooled))
        else:
            of_inputs.addmm_(gradient, weights.shortcut.mirrored)
        return of_inputs
