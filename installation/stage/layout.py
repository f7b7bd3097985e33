"""Where a picture lies on the stage, and how its light falls off towards the corners; the same for both painters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from installation.stage.picture import Floats

Fit = Literal["fill", "letterbox"]
FALL_OFF = (0.2, 1.15)  # where the vignette begins and where it would be whole; 0 is the centre, 1 a corner


@dataclass(frozen=True)
class Placement:
    """`crop`: what is shown of the picture (x, y, width, height in its pixels); `place`: where on the stage."""

    crop: tuple[int, int, int, int]
    place: tuple[int, int, int, int]


def placing(picture: tuple[int, int], stage: tuple[int, int], fit: Fit) -> Placement:
    """A picture of (width, height) on a stage of (width, height): cut to fill it, or whole between black bars."""
    (w, h), (width, height) = picture, stage
    if fit == "fill":
        shown_w, shown_h = (
            (w, max(1, round(w * height / width)))
            if w * height < h * width
            else (
                max(1, round(h * width / height)),
                h,
            )
        )
        shown_w, shown_h = min(shown_w, w), min(shown_h, h)
        return Placement(((w - shown_w) // 2, (h - shown_h) // 2, shown_w, shown_h), (0, 0, width, height))
    scale = min(width / w, height / h)
    across, down = max(1, round(w * scale)), max(1, round(h * scale))
    return Placement((0, 0, w, h), ((width - across) // 2, (height - down) // 2, across, down))


def vignette(height: int, width: int, strength: float) -> Floats:
    """The light that is left, [height, width, 1] of 0..1; `strength` is what a far corner would lose."""
    y = (2 * (np.arange(height) + 0.5) / height - 1)[:, None]
    x = (2 * (np.arange(width) + 0.5) / width - 1)[None, :]
    begin, whole = FALL_OFF
    share = np.clip(((x * x + y * y) / 2 - begin) / (whole - begin), 0, 1)
    return (1 - strength * share * share * (3 - 2 * share))[..., None].astype(np.float32)
