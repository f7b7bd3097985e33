"""The painter with a graphics card: crossfade, cubic upscaling, light, vignette and dithering in one shader pass."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TypeVar

import moderngl
import numpy as np
import pygame
from numpy.typing import NDArray

from installation.stage import shaders
from installation.stage.crossfade import CrossfadeView
from installation.stage.layout import FALL_OFF, Fit, placing
from installation.stage.picture import DecodedPicture
from installation.stage.sprite import Sprite
from installation.stage.upscale import SHARPNESS

_K = TypeVar("_K")

TEXTURES = 24  # of sprites, kept
EMULATIONS = ("llvmpipe", "softpipe", "swrast", "swiftshader", "software rasterizer", "gdi generic", "basic render")


class GLCompositor:
    """Paints onto pygame's OpenGL window, whose context must be current."""

    def __init__(self, size: tuple[int, int], fit: Fit, strength: float, emulated: bool = False) -> None:
        """`strength` of the vignette, 0..1; `emulated`: a processor in place of a graphics card is welcome too.

        Raises moderngl.Error where there is no OpenGL 3.3, or only an emulated one.
        """
        self.name = "opengl"
        self._context = moderngl.create_context(require=330)
        card = str(self._context.info["GL_RENDERER"])
        if not emulated and any(name in card.lower() for name in EMULATIONS):
            raise moderngl.Error(f"it is only emulated, by {card}")
        self._fit: Fit = fit
        self._size = size
        self._picture = self._context.program(vertex_shader=shaders.WHOLE, fragment_shader=shaders.PICTURE)
        self._sprite = self._context.program(vertex_shader=shaders.QUAD, fragment_shader=shaders.SPRITE)
        self._whole = self._context.vertex_array(self._picture, [])
        self._quad = self._context.vertex_array(self._sprite, [])
        self._set(self._picture, vignette=strength, fall_off=FALL_OFF, sharpness=SHARPNESS, origin=0, target=1)
        self._plates: OrderedDict[DecodedPicture, moderngl.Texture] = OrderedDict()
        self._surfaces: OrderedDict[pygame.Surface, moderngl.Texture] = OrderedDict()
        self._painted: tuple[CrossfadeView | None, tuple[Sprite, ...]] = (None, ())
        self._copy: moderngl.Framebuffer | None = None
        self._pixels: list[moderngl.Buffer] = []
        self._reads = 0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the stage in pixels."""
        return self._size

    def resize(self, size: tuple[int, int]) -> None:
        """The stage has another size from now on."""
        self._size = size

    def paint(self, view: CrossfadeView | None, sprites: Sequence[Sprite]) -> None:
        """Paints one presented frame; None is black."""
        self._painted = (view, tuple(sprites))
        self._draw(self._context.screen, self._size, 1.0)

    def flip(self) -> None:
        """Swaps the buffers; waits for the display where it has vertical synchronisation."""
        pygame.display.flip()

    def read_into(self, array: NDArray[np.uint8]) -> None:
        """Writes what was painted into `array` [h, w, 3], C-contiguous, of any size: the frame before the last, so
        that nobody waits for the graphics card; the last one at the first call for that size.
        """
        height, width = array.shape[:2]
        self._draw_copy((width, height))
        assert self._copy is not None
        fresh, old = self._pixels[self._reads % 2], self._pixels[(self._reads + 1) % 2]
        self._copy.read_into(fresh, components=3, alignment=1)
        (old if self._reads else fresh).read_into(array.reshape(-1).data)
        self._reads += 1

    def capture(self) -> NDArray[np.uint8]:
        """What was painted last, [h, w, 3]."""
        width, height = self._size
        copy = self._context.simple_framebuffer(self._size, components=4)
        self._draw(copy, self._size, -1.0)
        pixels = np.frombuffer(copy.read(components=3, alignment=1), np.uint8)
        _release(copy)
        return pixels.reshape(height, width, 3).copy()

    def close(self) -> None:
        """Gives the context back."""
        self._plates.clear()
        self._surfaces.clear()
        self._context.release()

    def _draw(self, target: moderngl.Framebuffer, size: tuple[int, int], upwards: float) -> None:
        view, sprites = self._painted
        target.use()
        target.viewport = (0, 0, *size)
        target.clear(0.0, 0.0, 0.0, 1.0)
        if view is not None and view.light > 0.0:
            self._draw_picture(view, target, size, upwards)
            target.viewport = (0, 0, *size)
        self._context.enable(moderngl.BLEND)
        self._context.blend_func = moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA
        for sprite in sprites:
            self._draw_sprite(sprite, upwards)
        self._context.disable(moderngl.BLEND)

    def _draw_picture(
        self, view: CrossfadeView, target: moderngl.Framebuffer, size: tuple[int, int], upwards: float
    ) -> None:
        height, width = view.target.pixels.shape[:2]
        where = placing((width, height), size, self._fit)
        x, y, across, down = where.crop
        target.viewport = where.place
        self._plate(view.target).use(1)
        self._plate(view.origin if view.mix < 1.0 else view.target).use(0)
        self._set(
            self._picture,
            upwards=upwards,
            blend=view.mix,
            light=view.light,
            crop=(x / width, y / height, across / width, down / height),
            origin_scale=_scale(view.origin),
            target_scale=_scale(view.target),
        )
        self._whole.render(moderngl.TRIANGLES, vertices=3)

    def _draw_sprite(self, sprite: Sprite, upwards: float) -> None:
        width, height = self._size
        across, down = sprite.surface.get_size()
        self._words(sprite.surface).use(0)
        box = (sprite.x / width, sprite.y / height, across / width, down / height)
        self._set(self._sprite, box=box, alpha=sprite.alpha, upwards=upwards)
        self._quad.render(moderngl.TRIANGLE_STRIP, vertices=4)

    def _plate(self, plate: DecodedPicture) -> moderngl.Texture:
        """The plate's texture; two plates are in use at a time."""
        if plate not in self._plates:
            height, width = plate.pixels.shape[:2]
            dtype = "f1" if plate.pixels.dtype == np.uint8 else "f4"
            pixels = np.ascontiguousarray(plate.pixels)
            texture = self._context.texture((width, height), 3, pixels, alignment=1, dtype=dtype)
            texture.repeat_x = texture.repeat_y = False
            texture.filter = moderngl.LINEAR, moderngl.LINEAR
            _keep(self._plates, plate, texture, 3)
        self._plates.move_to_end(plate)
        return self._plates[plate]

    def _words(self, surface: pygame.Surface) -> moderngl.Texture:
        if surface not in self._surfaces:
            texture = self._context.texture(surface.get_size(), 4, pygame.image.tobytes(surface, "RGBA"))
            texture.repeat_x = texture.repeat_y = False
            _keep(self._surfaces, surface, texture, TEXTURES)
        self._surfaces.move_to_end(surface)
        return self._surfaces[surface]

    def _draw_copy(self, size: tuple[int, int]) -> None:
        if self._copy is None or self._copy.size != size:
            for held in (self._copy, *self._pixels):
                if held is not None:
                    _release(held)
            self._copy = self._context.simple_framebuffer(size, components=4)
            self._pixels = [self._context.buffer(reserve=size[0] * size[1] * 3) for _ in range(2)]
            self._reads = 0
        self._draw(self._copy, size, -1.0)

    def _set(self, program: moderngl.Program, **values: object) -> None:
        for name, value in values.items():
            program[name] = value


def _scale(plate: DecodedPicture) -> float:
    return 1.0 if plate.pixels.dtype == np.uint8 else 1 / 255


def _keep(kept: OrderedDict[_K, moderngl.Texture], key: _K, texture: moderngl.Texture, limit: int) -> None:
    kept[key] = texture
    if len(kept) > limit:
        kept.popitem(last=False)[1].release()


def _release(held: moderngl.Framebuffer | moderngl.Buffer) -> None:
    if isinstance(held, moderngl.Framebuffer):
        for attachment in held.color_attachments:
            attachment.release()
        if held.depth_attachment is not None:
            held.depth_attachment.release()
    held.release()
