"""The painter without a graphics card: numpy at the generated size, SDL's vector code at the stage's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pygame
from numpy.typing import NDArray

from installation.stage.crossfade import CrossfadeView
from installation.stage.layout import Fit, Placement, placing, vignette
from installation.stage.picture import Floats
from installation.stage.sprite import Sprite
from installation.stage.upscale import Upscaler

GRAIN_SEED = 1


class CpuCompositor:
    """Paints onto the display's surface, or onto one in memory where there is no window."""

    def __init__(self, size: tuple[int, int], fit: Fit, strength: float, window: bool) -> None:
        """`strength` of the vignette, 0..1; `window`: a display mode is set, and is painted on."""
        self.name = "software"
        self._fit: Fit = fit
        self._strength = strength
        self._enlarger = Upscaler()
        self._window: pygame.Surface | None = None
        self._windowed = window
        self._dark: tuple[tuple[int, ...], Floats] = ((), np.ones((1, 1, 1), np.float32))
        self.resize(size)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the stage in pixels."""
        return self._canvas.get_size()

    def resize(self, size: tuple[int, int]) -> None:
        """The stage has another size from now on."""
        self._window = pygame.display.get_surface() if self._windowed else None
        self._canvas = pygame.Surface(size, 0, 32)
        self._lighter, self._darker = _grain(size)

    def paint(self, view: CrossfadeView | None, sprites: Sequence[Sprite]) -> None:
        """Paints one presented frame; None is black."""
        if view is None or view.light <= 0.0:
            self._canvas.fill((0, 0, 0))
        else:
            self._picture(view)
        for sprite in sprites:
            sprite.surface.set_alpha(round(255 * min(max(sprite.alpha, 0.0), 1.0)))
            self._canvas.blit(sprite.surface, (sprite.x, sprite.y))

    def flip(self) -> None:
        """Brings what was painted onto the display."""
        if self._window is not None:
            self._window.blit(self._canvas, (0, 0))
            pygame.display.flip()

    def read_into(self, array: NDArray[np.uint8]) -> None:
        """Writes what was painted last into `array` [h, w, 3], C-contiguous, of any size."""
        height, width = array.shape[:2]
        target = pygame.image.frombuffer(array.reshape(-1).data, (width, height), "RGB")
        same = (width, height) == self.size
        target.blit(self._canvas if same else pygame.transform.smoothscale(self._canvas, (width, height)), (0, 0))

    def capture(self) -> NDArray[np.uint8]:
        """What was painted last, [h, w, 3]."""
        width, height = self.size
        array = np.empty((height, width, 3), np.uint8)
        self.read_into(array)
        return array

    def close(self) -> None:
        """Nothing is held that Python would not let go."""

    def _picture(self, view: CrossfadeView) -> None:
        height, width = view.target.pixels.shape[:2]
        where = placing((width, height), self.size, self._fit)
        x, y, across, down = where.crop
        picture = view.pixels((slice(y, y + down), slice(x, x + across)))
        picture *= self._vignette(down, across)
        picture += 0.5
        doubled = self._enlarger.enlarged(picture.astype(np.int16), where.place[3], where.place[2])
        large = np.clip(doubled, 0, 255).astype(np.uint8)
        surface = pygame.image.frombuffer(large.reshape(-1).data, (large.shape[1], large.shape[0]), "RGB")
        target = self._place(where)
        pygame.transform.smoothscale(surface.convert(target), target.get_size(), target)
        target.blit(self._lighter, (0, 0), special_flags=pygame.BLEND_RGB_ADD)
        target.blit(self._darker, (0, 0), special_flags=pygame.BLEND_RGB_SUB)

    def _place(self, where: Placement) -> pygame.Surface:
        """The part of the canvas that the picture covers; black around it."""
        if where.place != (0, 0, *self.size):
            self._canvas.fill((0, 0, 0))
        return self._canvas.subsurface(where.place)

    def _vignette(self, height: int, width: int) -> Floats:
        key = (height, width)
        if self._dark[0] != key:
            self._dark = (key, vignette(height, width, self._strength))
        return self._dark[1]


def _grain(size: tuple[int, int]) -> tuple[pygame.Surface, pygame.Surface]:
    """Noise of one step of 255, to be added and to be taken away: it hides the bands in a dark sky."""
    noise = np.random.default_rng(GRAIN_SEED).integers(0, 4, (size[1], size[0]))
    surfaces = []
    for value in (1, 2):
        grey = np.repeat((noise == value).astype(np.uint8)[..., None], 3, axis=2)
        surfaces.append(pygame.image.frombytes(grey.tobytes(), size, "RGB"))
    lighter, darker = (surface.convert(pygame.Surface((1, 1), 0, 32)) for surface in surfaces)
    return lighter, darker
