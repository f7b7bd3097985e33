"""Bilinear sampling of a picture at fixed places, by machine code where LLVM makes it, else by NumPy: the same pixels.

Pixels are 32-bit numbers, `0x00RRGGBB`. Each is the sum of four neighbours with weights in 256ths that add up to 256;
red and blue are summed in one number, as halves of 32 bits, and green in another.
"""

from __future__ import annotations

from collections.abc import Callable
from ctypes import CFUNCTYPE, c_int64, c_void_p
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from installation.core.llvm import compiled, is_available

Pixels = NDArray[np.uint32]
Places = NDArray[np.float64]  # x and y in 0..1 of the picture, [rows, columns, 2]

LANES = 8  # pixels that machine code takes at once


class Sampler(Protocol):
    """Samples pictures of one size at the places of a band."""

    def draw(self, texels: Pixels, seen: Pixels) -> None:
        """Sample the picture `texels`, [pixels] row by row, into `seen` [rows, columns]."""
        ...


def sampler(places: Places, width: int, height: int) -> Sampler:
    """The quickest sampler for places in a picture of this size."""
    index, right, below, lower_right = _taps(places, width, height)
    whole = not (right.any() or below.any() or lower_right.any())
    if not whole and index.size >= LANES and is_available():
        packed = right | below << np.uint32(10) | lower_right << np.uint32(20)
        return _Compiled(index, packed.astype(np.uint32), width)
    weights = {0: 256 - right - below - lower_right, 1: right, width: below, width + 1: lower_right}
    return _Numpy(index, [(offset, weight) for offset, weight in weights.items() if weight.any()])


def _taps(places: Places, width: int, height: int) -> tuple[NDArray[np.int32], Pixels, Pixels, Pixels]:
    """The upper left of the four texels around each place, and the weights of the others: right, lower, lower right.

    At the right and at the lower edge those behind the edge weigh nothing.
    """
    x = np.clip(places[..., 0] * width - 0.5, 0, width - 1)
    y = np.clip(places[..., 1] * height - 0.5, 0, height - 1)
    column, row = np.floor(x + 1 / 512).astype(np.int32), np.floor(y + 1 / 512).astype(np.int32)
    right, below = np.clip(np.rint((x - column) * 256), 0, 256), np.clip(np.rint((y - row) * 256), 0, 256)
    both = np.rint(right * below / 256)
    weights = (weight.astype(np.uint32) for weight in (right - both, below - both, both))
    return row * np.int32(width) + column, *weights


class _Compiled:
    """Samples by `_TEXT`."""

    def __init__(self, index: NDArray[np.int32], weights: Pixels, width: int) -> None:
        """`weights` hold three of the four, ten bits each: that of the right texel lowest, then lower, lower right."""
        self._index, self._weights, self._width = np.ascontiguousarray(index), np.ascontiguousarray(weights), width
        self._run = _function()

    def draw(self, texels: Pixels, seen: Pixels) -> None:
        """See `Sampler.draw`."""
        rows = seen if seen.flags.c_contiguous else np.empty(seen.shape, np.uint32)
        tables = self._index.ctypes.data, self._weights.ctypes.data
        self._run(texels.ctypes.data, self._width, texels.size - 1, *tables, rows.ctypes.data, rows.size)
        if rows is not seen:
            seen[:] = rows


class _Numpy:
    """Samples by NumPy; a single tap is the picture itself."""

    def __init__(self, index: NDArray[np.int32], taps: list[tuple[int, Pixels]]) -> None:
        """`taps`: how far each texel is behind the upper left one, and its weights."""
        self._index, self._taps = index.astype(np.intp), taps
        self._buffers = [np.empty(index.shape, np.uint32) for _ in range(4)] if len(taps) > 1 else []

    def draw(self, texels: Pixels, seen: Pixels) -> None:
        """See `Sampler.draw`."""
        if len(self._taps) == 1:
            np.take(texels, self._index, out=seen, mode="clip")
            return
        red_blue, green, texel, product = self._buffers
        red_blue.fill(0x00800080)
        green.fill(0x8000)
        for offset, weight in self._taps:
            np.take(texels[offset:], self._index, out=texel, mode="clip")
            np.bitwise_and(texel, 0x00FF00FF, out=product)
            np.multiply(product, weight, out=product)
            np.add(red_blue, product, out=red_blue)
            np.bitwise_and(texel, 0xFF00, out=texel)
            np.multiply(texel, weight, out=texel)
            np.add(green, texel, out=green)
        np.right_shift(red_blue, 8, out=red_blue)
        np.bitwise_and(red_blue, 0x00FF00FF, out=red_blue)
        np.right_shift(green, 8, out=green)
        np.bitwise_and(green, 0xFF00, out=green)
        np.bitwise_or(red_blue, green, out=seen)


@cache
def _function() -> Callable[..., Any]:
    """(texels, width, last texel, index, weights, seen, count of at least LANES) -> nothing; frees the interpreter."""
    numbers = (c_void_p, c_int64, c_int64, c_void_p, c_void_p, c_void_p, c_int64)
    return CFUNCTYPE(None, *numbers)(compiled([_text()], ["sample_bilinear"])[0])


def _text() -> str:
    """The loop in LLVM's language. The last turn begins so early that it ends with the last pixel."""
    vector, truths, places = f"<{LANES} x i32>", f"<{LANES} x i1>", f"<{LANES} x ptr>"
    gather, least = f"@llvm.masked.gather.v{LANES}i32.v{LANES}p0", f"@llvm.umin.v{LANES}i32"
    lines = [
        f"declare {vector} {gather}({places}, i32, {truths}, {vector})",
        f"declare {vector} {least}({vector}, {vector})",
        "define void @sample_bilinear("
        "ptr %texels, i64 %width, i64 %last, ptr %index, ptr %weights, ptr %seen, i64 %n) {",
        "entry:",
    ]
    for name in ("width", "last"):
        lines += [
            f"%{name}_short = trunc i64 %{name} to i32",
            f"%{name}_one = insertelement {vector} poison, i32 %{name}_short, i64 0",
            f"%{name}_all = shufflevector {vector} %{name}_one, {vector} poison, {vector} zeroinitializer",
        ]
    lines += [
        f"%end = sub i64 %n, {LANES}",
        "br label %loop",
        "loop:",
        "%i = phi i64 [ 0, %entry ], [ %next, %loop ]",
        *(f"%{name}_at = getelementptr i32, ptr %{name}, i64 %i" for name in ("index", "weights", "seen")),
        f"%at0 = load {vector}, ptr %index_at, align 4",
        f"%packed = load {vector}, ptr %weights_at, align 4",
        f"%at1 = add {vector} %at0, splat (i32 1)",
        f"%at2 = add {vector} %at0, %width_all",
        f"%at3 = add {vector} %at1, %width_all",
        f"%weight1 = and {vector} %packed, splat (i32 1023)",
        f"%upper = lshr {vector} %packed, splat (i32 10)",
        f"%weight2 = and {vector} %upper, splat (i32 1023)",
        f"%weight3 = lshr {vector} %packed, splat (i32 20)",
        f"%others = add {vector} %weight1, %weight2",
        f"%all = add {vector} %others, %weight3",
        f"%weight0 = sub {vector} splat (i32 256), %all",
    ]
    sums = {"red_blue": (0x00FF00FF, f"splat (i32 {0x00800080})"), "green": (0xFF00, f"splat (i32 {0x8000})")}
    for tap in range(4):
        lines += [
            f"%within{tap} = call {vector} {least}({vector} %at{tap}, {vector} %last_all)",
            f"%from{tap} = getelementptr i32, ptr %texels, {vector} %within{tap}",
            f"%texel{tap} = call {vector} {gather}"
            f"({places} %from{tap}, i32 4, {truths} splat (i1 true), {vector} poison)",
        ]
        for name, (mask, before) in sums.items():
            lines += [
                f"%{name}{tap} = and {vector} %texel{tap}, splat (i32 {mask})",
                f"%{name}_part{tap} = mul {vector} %{name}{tap}, %weight{tap}",
                f"%{name}_sum{tap} = add {vector} {before}, %{name}_part{tap}",
            ]
            sums[name] = (mask, f"%{name}_sum{tap}")
    for name, (mask, total) in sums.items():
        lines += [
            f"%{name}_shifted = lshr {vector} {total}, splat (i32 8)",
            f"%{name}_done = and {vector} %{name}_shifted, splat (i32 {mask})",
        ]
    lines += [
        f"%pixels = or {vector} %red_blue_done, %green_done",
        f"store {vector} %pixels, ptr %seen_at, align 4",
        f"%after = add i64 %i, {LANES}",
        "%short = icmp sgt i64 %after, %end",
        "%next = select i1 %short, i64 %end, i64 %after",
        "%more = icmp slt i64 %i, %end",
        "br i1 %more, label %loop, label %done",
        "done:",
        "ret void",
        "}",
    ]
    return "\n".join(lines)
