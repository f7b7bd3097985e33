"""The Compositor protocol, and what its two implementations share: sprites, placement and the vignette."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import pygame
from numpy.typing import NDArray

from installation.show.projection import ProjectionSettings
from installation.stage.crossfade import CrossfadeView
from installation.stage.picture import Floats

Fit = Literal["fill", "letterbox"]
CompositorName = Literal["opengl", "software"]

# The squared distance from the centre (a corner has 1) at which the vignette begins, and at which it is complete.
VIGNETTE_RANGE = (0.2, 1.15)


@dataclass(frozen=True, eq=False)
class Sprite:
    """A transparent surface over the picture, such as a line of text.

    Compositors cache what they derive from the surface, so it must not change after it was drawn once.

    Attributes:
        surface: The pixels, with alpha.
        x: Pixels from the left edge of the stage.
        y: Pixels from the top edge of the stage.
        alpha: Opacity of the whole sprite, 0..1.
    """

    surface: pygame.Surface
    x: int
    y: int
    alpha: float = 1.0


class Compositor(Protocol):
    """Draws a picture and the sprites over it: `GLCompositor` and `CpuCompositor`, with the same look."""

    name: CompositorName

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture in pixels: those of the display, exchanged if it is turned to portrait."""

    @property
    def window_size(self) -> tuple[int, int]:
        """Width and height of the display in pixels."""

    def resize(self, size: tuple[int, int]) -> None:
        """Sets the width and height of the display in pixels."""

    def project(self, settings: ProjectionSettings) -> None:
        """Changes how the picture lies on the display; what is copied and captured stays as it was drawn."""

    @property
    def settled(self) -> bool:
        """Whether the frames follow the latest `project`."""

    def draw(self, view: CrossfadeView | None, sprites: Sequence[Sprite], marks: Sequence[Sprite] = ()) -> None:
        """Draws one frame; None is a black picture. The marks lie over it in the window only, as they are."""

    def flip(self) -> None:
        """Shows the drawn frame on the display; waits for vertical synchronisation where there is one."""

    def read_into(self, array: NDArray[np.uint8]) -> None:
        """Copies the drawn frame into `array` [h, w, 3], C-contiguous, of any size. May lag by one frame."""

    def capture(self) -> NDArray[np.uint8]:
        """Returns the last drawn frame, [height, width, 3]."""

    def close(self) -> None:
        """Frees the resources of the compositor."""


@dataclass(frozen=True)
class Placement:
    """How a picture lies on the stage. Both are x, y, width, height in pixels.

    Attributes:
        crop: The visible part of the picture.
        area: The part of the stage that it covers.
    """

    crop: tuple[int, int, int, int]
    area: tuple[int, int, int, int]


def picture_size(display: tuple[int, int], settings: ProjectionSettings) -> tuple[int, int]:
    """Width and height of the picture on a display of that size."""
    if settings.canvas:
        return settings.canvas
    return (display[1], display[0]) if settings.portrait else display


def place_picture(picture: tuple[int, int], stage: tuple[int, int], fit: Fit) -> Placement:
    """Centres a picture of (width, height) on a stage of (width, height).

    "fill" crops the picture to cover the stage; "letterbox" shows all of it between black bars.
    """
    (w, h), (width, height) = picture, stage
    if fit == "letterbox":
        scale = min(width / w, height / h)
        wide, high = max(1, round(w * scale)), max(1, round(h * scale))
        return Placement((0, 0, w, h), ((width - wide) // 2, (height - high) // 2, wide, high))
    crop_width, crop_height = w, h
    if w * height < h * width:
        crop_height = min(max(1, round(w * height / width)), h)
    else:
        crop_width = min(max(1, round(h * width / height)), w)
    crop = ((w - crop_width) // 2, (h - crop_height) // 2, crop_width, crop_height)
    return Placement(crop, (0, 0, width, height))


def vignette(height: int, width: int, strength: float) -> Floats:
    """Brightness factors of 0..1, [height, width, 1]; `strength` (0..1) is the loss where the vignette is complete."""
    y = (2 * (np.arange(height) + 0.5) / height - 1)[:, None]
    x = (2 * (np.arange(width) + 0.5) / width - 1)[None, :]
    start, end = VIGNETTE_RANGE
    share = np.clip(((x * x + y * y) / 2 - start) / (end - start), 0, 1)
    return (1 - strength * share * share * (3 - 2 * share))[..., None].astype(np.float32)
