"""Enlarging without a graphics card: cubic doubling at the small size; SDL's bilinear filter does the rest.

Bilinear alone smears a picture of 192 lines over 720; a cubic in full would cost a frame's time. Doubling first with
a slightly sharp cubic (Keys 1981, a = -0.65; Catmull-Rom is -0.5) looks like the whole cubic at a tenth of the work.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from installation.stage.plate import Floats

SHARPNESS = 0.65  # of the cubic, in both painters
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


def enlarged(picture: Floats, height: int, width: int) -> Floats:
    """`picture` [h, w, 3] doubled as often as it stays within [height, width] and is worth its time."""
    while True:
        h, w = picture.shape[:2]
        if 2 * h > height or 2 * w > width or 4 * h * w > MOST_PIXELS:
            return picture
        picture = doubled(doubled(picture, 0), 1)


def doubled(picture: Floats, axis: int) -> Floats:
    """Twice as long in that axis, edges repeated; a cubic may overshoot 0..255."""
    padding = [(0, 0)] * 3
    padding[axis] = (2, 2)
    along = np.moveaxis(np.pad(picture, padding, mode="edge"), axis, 0)
    length = picture.shape[axis]
    shape = list(picture.shape)
    shape[axis] = 2 * length
    result = np.empty(shape, np.float32)
    out = np.moveaxis(result, axis, 0)
    weights = [np.float32(weight) for weight in cubic(0.25)]
    _mix(out[1::2], [along[1 + k : 1 + k + length] for k in range(4)], weights)
    _mix(out[0::2], [along[k : k + length] for k in range(4)], weights[::-1])
    return result


def _mix(out: Floats, parts: list[Floats], weights: list[np.float32]) -> None:
    total = parts[0] * weights[0]
    for part, weight in zip(parts[1:], weights[1:], strict=True):
        total += part * weight
    out[...] = total
