"""Fast enlarging on the CPU: cubic doubling of the small picture, then SDL's bilinear filter.

Bilinear scaling alone blurs 192 lines on a stage of 720, and a full cubic filter takes longer than a frame. Doubling
with a slightly sharp cubic kernel (Keys, "Cubic convolution interpolation for digital image processing", 1981, with
a = -0.65; Catmull-Rom has -0.5) before the bilinear step looks like the full cubic at a tenth of the cost.
"""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int16]

SHARPNESS = 0.65  # -a of the cubic kernel, in both compositors
WEIGHTS = (-6, 56, 16, -2)  # `cubic_weights(0.25)` in 64ths, so that every sum of bytes fits 16 bits
CACHED_SHAPES = 8
MAX_PIXELS = 300_000  # of a doubled picture; more take longer than a presented frame
MAX_SHARPENED = 350_000  # pixels of a picture that is sharpened; more take half of a presented frame


def cubic_weights(position: float, sharpness: float = SHARPNESS) -> tuple[float, float, float, float]:
    """The kernel's weights of four neighbours for a point at `position` (0..1) between the inner two."""
    a, t, u = sharpness, position, 1.0 - position
    return (-a * t * u * u, 1 - t * t * (3 - a - (2 - a) * t), 1 - u * u * (3 - a - (2 - a) * u), -a * u * t * t)


def sharpen(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Unsharp masking of `picture` [h, w, 3] with a 3 x 3 binomial blur, to offset the blur of enlarging.

    It adds 5/4 of the difference to the blurred picture: (36 p - 20 blurred) / 16, which fits 16 bits.
    """
    rows = _binomial(picture.astype(np.int16), 0)
    blurred = _binomial(rows, 1)
    blurred += blurred >> 2
    sharp = np.multiply(picture, 36, dtype=np.int16)
    sharp -= blurred
    sharp += 8
    sharp >>= 4
    sharpened = np.empty(picture.shape, np.uint8)
    return np.clip(sharp, 0, 255, out=sharpened, casting="unsafe")


def _binomial(picture: Integers, axis: int) -> Integers:
    """The sums of neighbours along an axis, 1 2 1, with repeated edges."""
    result = picture * np.int16(2)
    total, parts = np.moveaxis(result, axis, 0), np.moveaxis(picture, axis, 0)
    total[1:] += parts[:-1]
    total[:1] += parts[:1]
    total[:-1] += parts[1:]
    total[-1:] += parts[-1:]
    return result


def should_sharpen(height: int, width: int, stage_height: int) -> bool:
    """Whether the stage enlarges a picture of this size 1.5 times or more, and sharpening it is cheap."""
    return 2 * stage_height >= 3 * height and height * width <= MAX_SHARPENED


class Upscaler:
    """Doubles pictures for as long as they fit the stage and `MAX_PIXELS`.

    It reuses its buffers, because allocating them costs more than the arithmetic: a result is valid until the next
    call.
    """

    def __init__(self) -> None:
        self._doublers: OrderedDict[tuple[int, int, int], _Doubler] = OrderedDict()

    def enlarge(self, picture: Integers, height: int, width: int) -> Integers:
        """Doubles `picture` [h, w, 3] of 0..255 within [height, width]; the cubic may overshoot 0..255."""
        while True:
            h, w = picture.shape[:2]
            if 2 * h > height or 2 * w > width or 4 * h * w > MAX_PIXELS:
                return picture
            picture = self.double(self.double(picture, 1), 0)

    def double(self, picture: Integers, axis: int) -> Integers:
        """Doubles `picture` [h, w, 3] along one axis (0 or 1), with repeated edges."""
        key = (*picture.shape[:2], axis)
        if key not in self._doublers:
            self._doublers[key] = _Doubler(picture.shape, axis)
            if len(self._doublers) > CACHED_SHAPES:
                self._doublers.popitem(last=False)
        return self._doublers[key](picture)


class _Doubler:
    """Doubling of one shape along one axis: all pixels times each weight, then shifted sums of the products."""

    def __init__(self, shape: tuple[int, ...], axis: int) -> None:
        self._length = shape[axis]
        self._axis = axis
        padded, doubled = list(shape), list(shape)
        padded[axis] += 4
        doubled[axis] *= 2
        self._padded = np.empty(padded, np.int16)
        self._products = [np.empty(padded, np.int16) for _ in WEIGHTS]
        self._sum = np.empty(shape, np.int16)
        self._result = np.empty(doubled, np.int16)

    def __call__(self, picture: Integers) -> Integers:
        length, axis = self._length, self._axis
        padded, source = np.moveaxis(self._padded, axis, 0), np.moveaxis(picture, axis, 0)
        padded[2:-2], padded[:2], padded[-2:] = source, source[0], source[-1]
        for weight, product in zip(WEIGHTS, self._products, strict=True):
            np.multiply(self._padded, np.int16(weight), out=product)
        products = [np.moveaxis(product, axis, 0) for product in self._products]
        result = np.moveaxis(self._result, axis, 0)
        self._add([product[1 + k : 1 + k + length] for k, product in enumerate(products)], result[1::2])
        self._add([product[k : k + length] for k, product in enumerate(reversed(products))], result[0::2])
        return self._result

    def _add(self, parts: list[Integers], out: Integers) -> None:
        """Writes the sum of four parts, divided by 64 and rounded, to `out`."""
        total = np.moveaxis(self._sum, self._axis, 0)
        np.add(parts[0], parts[1], out=total)
        np.add(total, parts[2], out=total)
        np.add(total, parts[3], out=total)
        np.add(total, np.int16(32), out=total)
        np.right_shift(total, 6, out=out)
