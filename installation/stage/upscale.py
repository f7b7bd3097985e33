"""Enlarging without a graphics card: cubic doubling at the small size; SDL's bilinear filter does the rest.

Bilinear alone smears a picture of 192 lines over 720; a cubic in full would cost a frame's time. Doubling first with
a slightly sharp cubic (Keys 1981, a = -0.65; Catmull-Rom is -0.5) looks like the whole cubic at a tenth of the work.
"""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int16]

SHARPNESS = 0.65  # of the cubic, in both painters
WEIGHTS = (-6, 56, 16, -2)  # 64ths: `cubic(0.25)`, so that no sum of bytes leaves 16 bits
SIZES = 8  # of which buffers are kept
CRISPNESS = 0.5  # of the sharpening before
MOST_PIXELS = 300_000  # of a doubled picture: beyond, the work no longer fits a presented frame


def cubic(place: float, a: float = SHARPNESS) -> tuple[float, float, float, float]:
    """Weights of the four neighbours for a point that lies `place` (0..1) between the inner two."""
    t, u = place, 1.0 - place
    return (-a * t * u * u, 1 - t * t * (3 - a - (2 - a) * t), 1 - u * u * (3 - a - (2 - a) * u), -a * u * t * t)


def sharpened(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """`picture` [h, w, 3] with a touch of unsharp masking (3 x 3 binomial), which softens again when enlarged."""
    across = np.pad(picture.astype(np.float32), ((1, 1), (1, 1), (0, 0)), mode="edge")
    down = across[:-2] + 2 * across[1:-1] + across[2:]
    blurred = down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]
    crisp = across[1:-1, 1:-1] * (1 + CRISPNESS) - blurred * np.float32(CRISPNESS / 16)
    return np.asarray(np.clip(np.rint(crisp), 0, 255), np.uint8)


def worth_sharpening(height: int, width: int, stage_height: int) -> bool:
    """Whether a picture of that size is enlarged so far that it would look soft, and small enough to be quick."""
    return 2 * stage_height >= 3 * height and height * width <= MOST_PIXELS


class Upscaler:
    """Doubles pictures as often as they stay within the stage and it is worth its time.

    It keeps its buffers: fresh ones would cost more than the arithmetic. A result lasts until the next call.
    """

    def __init__(self) -> None:
        self._doublings: OrderedDict[tuple[int, int, int], _Doubling] = OrderedDict()

    def enlarged(self, picture: Integers, height: int, width: int) -> Integers:
        """`picture` [h, w, 3] of 0..255, doubled within [height, width]; the cubic may overshoot 0..255."""
        while True:
            h, w = picture.shape[:2]
            if 2 * h > height or 2 * w > width or 4 * h * w > MOST_PIXELS:
                return picture
            picture = self.doubled(self.doubled(picture, 1), 0)

    def doubled(self, picture: Integers, axis: int) -> Integers:
        """Twice as long in that axis, edges repeated."""
        key = (*picture.shape[:2], axis)
        if key not in self._doublings:
            self._doublings[key] = _Doubling(picture.shape, axis)
            if len(self._doublings) > SIZES:
                self._doublings.popitem(last=False)
        return self._doublings[key](picture)


class _Doubling:
    """The buffers for one shape and axis. Every pixel is weighed once, four times over, and then added up shifted."""

    def __init__(self, shape: tuple[int, ...], axis: int) -> None:
        self._length = shape[axis]
        self._axis = axis
        padded, long = list(shape), list(shape)
        padded[axis] += 4
        long[axis] *= 2
        self._padded = np.empty(padded, np.int16)
        self._weighed = [np.empty(padded, np.int16) for _ in WEIGHTS]
        self._sum = np.empty(shape, np.int16)
        self._result = np.empty(long, np.int16)

    def __call__(self, picture: Integers) -> Integers:
        length, axis = self._length, self._axis
        padded, given = np.moveaxis(self._padded, axis, 0), np.moveaxis(picture, axis, 0)
        padded[2:-2], padded[:2], padded[-2:] = given, given[0], given[-1]
        for weight, weighed in zip(WEIGHTS, self._weighed, strict=True):
            np.multiply(self._padded, np.int16(weight), out=weighed)
        parts = [np.moveaxis(weighed, axis, 0) for weighed in self._weighed]
        result = np.moveaxis(self._result, axis, 0)
        self._add([part[1 + k : 1 + k + length] for k, part in enumerate(parts)], result[1::2])
        self._add([part[k : k + length] for k, part in enumerate(reversed(parts))], result[0::2])
        return self._result

    def _add(self, parts: list[Integers], out: Integers) -> None:
        total = np.moveaxis(self._sum, self._axis, 0)
        np.add(parts[0], parts[1], out=total)
        np.add(total, parts[2], out=total)
        np.add(total, parts[3], out=total)
        np.add(total, np.int16(32), out=total)
        np.right_shift(total, 6, out=out)
