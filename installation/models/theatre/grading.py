"""The last light on the whole picture: a tint in three tones, a vignette, the exposure."""

from __future__ import annotations

import torch
from torch import Tensor

from installation.models.theatre.raster import Raster
from installation.models.theatre.scene import Scene


def paint_tint(canvas: Raster, scene: Scene, spared: Tensor | None) -> None:
    """Draw the picture towards the tint's colours by its lightness, except where a coloured subject is spared."""
    box = scene.frame.box()
    pixels = canvas.pixels
    lightness = (0.3 * pixels[:, :1] + 0.55 * pixels[:, 1:2] + 0.15 * pixels[:, 2:]).clamp(0, 1)
    shadows, middle, lights = scene.duotone
    toned = torch.lerp(shadows, middle, (2 * lightness).clamp(max=1))
    toned = torch.lerp(toned, lights, (2 * lightness - 1).clamp(min=0))
    amount = 0.78 * (1 - scene.weight("tint", "no tint"))
    canvas.over(box, toned, amount if spared is None else amount * (1 - spared))


def expose(canvas: Raster, scene: Scene) -> Tensor:
    """The finished picture, [batch, 3, height, width] in 0..1."""
    frame = scene.frame
    wide, tall = frame.right - frame.left, frame.bottom - frame.top
    across = ((frame.x - 0.5) / wide * 1.25) ** 2
    down = ((frame.y - 0.5) / tall + 0.02) ** 2 * 1.44
    if frame.bottom > 1:  # the foreground of a tall picture goes into the dark
        below = frame.box(top=1)
        canvas.shade(below, 0.8 * ((below.y - 1) / 0.45).clamp(0, 1))
    canvas.dim(frame.box(), (1 - 0.30 * (across + down)) * torch.exp(0.10 * scene.bounded(45)))
    return canvas.pixels.clamp(0, 1)
