"""The compositor without a GPU: NumPy at the size of the generated picture, SDL's blitters at that of the stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pygame
from numpy.typing import NDArray

from installation.show.projection import ProjectionSettings
from installation.stage.compositor import (
    CompositorName,
    Fit,
    Placement,
    Sprite,
    picture_size,
    place_picture,
    vignette,
)
from installation.stage.crossfade import CrossfadeView
from installation.stage.paper_surface import mean_brightness, paper_tile
from installation.stage.picture import Floats
from installation.stage.upscale import Upscaler

if TYPE_CHECKING:
    from installation.stage.projection.software import SoftwareProjection

GRAIN_SEED = 1


class CpuCompositor:
    """Draws onto a surface in memory and, where there is a window, copies it to the window."""

    name: CompositorName = "software"

    def __init__(
        self, size: tuple[int, int], fit: Fit, vignette_strength: float, windowed: bool, paper: float = 0.0
    ) -> None:
        """Creates a compositor.

        Args:
            size: Width and height of the stage in pixels.
            fit: How the picture lies on the stage.
            vignette_strength: 0..1.
            windowed: Whether pygame's display is open, and `flip` shows frames on it.
            paper: How much of a paper's surface is seen, 0..1.
        """
        self._fit: Fit = fit
        self._vignette_strength = vignette_strength
        self._paper = paper
        self._windowed = windowed
        self._upscaler = Upscaler()
        self._window: pygame.Surface | None = None
        self._settings = ProjectionSettings()
        self._projection: SoftwareProjection | None = None
        self._buffer = np.empty((0, 0, 3), np.uint8)
        self._shown = False  # whether a frame has been shown
        self._cached_vignette: Floats | None = None
        self._marks: tuple[Sprite, ...] = ()
        self._set_canvas(size)
        self.resize(size)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture in pixels."""
        return self._canvas.get_size()

    @property
    def window_size(self) -> tuple[int, int]:
        """Width and height of the window in pixels."""
        return self._display

    def resize(self, size: tuple[int, int]) -> None:
        """Sets the width and height of the display in pixels."""
        self._display = size
        self._window = pygame.display.get_surface() if self._windowed else None
        self.project(self._settings)

    def _set_canvas(self, size: tuple[int, int]) -> None:
        self._canvas = pygame.Surface(size, 0, 32)
        self._positive_grain, self._negative_grain = _grain(size)
        self._surface = _paper_surface(size, self._paper) if self._paper else None

    @property
    def settled(self) -> bool:
        """Whether the frames follow the latest `project`: its tables take longer than a frame."""
        return self._projection is None or self._projection.settled

    def project(self, settings: ProjectionSettings) -> None:
        """Changes how the picture lies on the display; in memory, only its size.

        Only the first frame, and the first one of another size, wait for it.
        """
        self._settings = settings
        size = picture_size(self._display, settings)
        waits = not self._shown or size != self._canvas.get_size()
        if size != self._canvas.get_size():
            self._set_canvas(size)
        if self._window is None or (size == self._display and settings.neutral):
            self._projection = None
        elif self._projection and (self._projection.picture, self._projection.size) == (size, self._display):
            self._projection.change(settings)
        else:
            from installation.stage.projection.software import SoftwareProjection  # few shows need it

            self._projection = SoftwareProjection(settings, size, self._display, waits)
            self._projected = pygame.Surface(self._display, 0, 32)

    def draw(self, view: CrossfadeView | None, sprites: Sequence[Sprite], marks: Sequence[Sprite] = ()) -> None:
        """Draws one frame; None is a black picture. The marks lie over it in the window only, as they are."""
        self._marks = tuple(marks)
        if view is None or view.brightness <= 0.0:
            self._canvas.fill((0, 0, 0))
        else:
            self._draw_picture(view)
        _blit(sprites, self._canvas)

    def flip(self) -> None:
        """Shows the drawn frame on the display."""
        if self._window is not None:
            shown = self._canvas
            if self._projection and self._projection.update():
                shown = self._projected
                self._projection.draw(_pixels(self._canvas), _pixels(shown))
            self._window.blit(shown, (0, 0))
            _blit(self._marks, self._window)
            self._shown = True
            pygame.display.flip()

    def read_into(self, array: NDArray[np.uint8]) -> None:
        """Copies the drawn frame into `array` [h, w, 3], C-contiguous, of any size."""
        height, width = array.shape[:2]
        target = pygame.image.frombuffer(array.reshape(-1).data, (width, height), "RGB")
        same = (width, height) == self.size
        target.blit(self._canvas if same else pygame.transform.smoothscale(self._canvas, (width, height)), (0, 0))

    def capture(self) -> NDArray[np.uint8]:
        """Returns the last drawn frame, [height, width, 3]."""
        width, height = self.size
        array = np.empty((height, width, 3), np.uint8)
        self.read_into(array)
        return array

    def close(self) -> None:
        """Does nothing: there is nothing to free."""

    def _draw_picture(self, view: CrossfadeView) -> None:
        height, width = view.target.pixels.shape[:2]
        placement = place_picture((width, height), self.size, self._fit)
        x, y, crop_width, crop_height = placement.crop
        picture = view.pixels((slice(y, y + crop_height), slice(x, x + crop_width)))
        picture *= self._vignette(crop_height, crop_width)
        picture += 0.5
        enlarged = self._upscaler.enlarge(picture.astype(np.int16), placement.area[3], placement.area[2])
        pixels = self._bytes_of(enlarged)
        surface = pygame.image.frombuffer(pixels.reshape(-1).data, (pixels.shape[1], pixels.shape[0]), "RGB")
        target = self._target(placement)
        pygame.transform.smoothscale(surface.convert(target), target.get_size(), target)
        if self._surface:
            target.blit(self._surface, (0, 0), special_flags=pygame.BLEND_RGB_MULT)
        target.blit(self._positive_grain, (0, 0), special_flags=pygame.BLEND_RGB_ADD)
        target.blit(self._negative_grain, (0, 0), special_flags=pygame.BLEND_RGB_SUB)

    def _bytes_of(self, enlarged: NDArray[np.int16]) -> NDArray[np.uint8]:
        """The picture in bytes, in a buffer: a new array of this size in each frame costs milliseconds."""
        if self._buffer.shape != enlarged.shape:
            self._buffer = np.empty(enlarged.shape, np.uint8)
        return np.clip(enlarged, 0, 255, out=self._buffer, casting="unsafe")

    def _target(self, placement: Placement) -> pygame.Surface:
        """The part of the canvas that the picture covers; the rest becomes black."""
        if placement.area != (0, 0, *self.size):
            self._canvas.fill((0, 0, 0))
        return self._canvas.subsurface(placement.area)

    def _vignette(self, height: int, width: int) -> Floats:
        if self._cached_vignette is None or self._cached_vignette.shape[:2] != (height, width):
            self._cached_vignette = vignette(height, width, self._vignette_strength)
            self._cached_vignette /= mean_brightness(self._paper)
        return self._cached_vignette


def _pixels(surface: pygame.Surface) -> NDArray[np.uint32]:
    """The pixels of a surface of 32 bits, [height, width]; it is locked as long as the array is there."""
    return pygame.surfarray.pixels2d(surface).T


def _blit(sprites: Sequence[Sprite], target: pygame.Surface) -> None:
    for sprite in sprites:
        sprite.surface.set_alpha(round(255 * min(max(sprite.alpha, 0.0), 1.0)))
        target.blit(sprite.surface, (sprite.x, sprite.y))


def _paper_surface(size: tuple[int, int], strength: float) -> pygame.Surface:
    """The surface of the paper in the size of the stage, to multiply with."""
    tile = paper_tile(strength)
    rows, columns = (np.arange(length) % len(tile) for length in (size[1], size[0]))
    grey = np.repeat(tile[rows[:, None], columns][..., None], 3, axis=2)
    surface = pygame.image.frombytes(grey.tobytes(), size, "RGB")
    return surface.convert(pygame.Surface((1, 1), 0, 32))


def _grain(size: tuple[int, int]) -> tuple[pygame.Surface, pygame.Surface]:
    """Noise of one step of 255, one surface to add and one to subtract; it hides banding in dark gradients."""
    noise = np.random.default_rng(GRAIN_SEED).integers(0, 4, (size[1], size[0]))
    surfaces = []
    for value in (1, 2):
        grey = np.repeat((noise == value).astype(np.uint8)[..., None], 3, axis=2)
        surfaces.append(pygame.image.frombytes(grey.tobytes(), size, "RGB"))
    positive, negative = (surface.convert(pygame.Surface((1, 1), 0, 32)) for surface in surfaces)
    return positive, negative
