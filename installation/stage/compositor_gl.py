"""The compositor on a GPU: crossfade, cubic upscaling, brightness, vignette and dithering in one shader pass."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

import moderngl
import numpy as np
import pygame
from numpy.typing import NDArray

from installation.show.projection import ProjectionSettings
from installation.stage import shaders
from installation.stage.compositor import VIGNETTE_RANGE, CompositorName, Fit, Sprite, picture_size, place_picture
from installation.stage.crossfade import CrossfadeView
from installation.stage.paper_surface import mean_brightness, paper_tile
from installation.stage.picture import DecodedPicture
from installation.stage.upscale import SHARPNESS

if TYPE_CHECKING:
    from installation.stage.projection.opengl import GLProjection

_K = TypeVar("_K")

CACHED_PICTURES = 3  # two are in use at a time
CACHED_SPRITES = 24
SOFTWARE_RENDERERS = (
    "llvmpipe",
    "softpipe",
    "swrast",
    "swiftshader",
    "software rasterizer",
    "gdi generic",
    "basic render",
)
_TO_DISPLAY, _TO_MEMORY = 1.0, -1.0  # values of the uniform `y_sign`


class GLCompositor:
    """Draws onto pygame's OpenGL window, whose context must be current."""

    name: CompositorName = "opengl"

    def __init__(
        self,
        size: tuple[int, int],
        fit: Fit,
        vignette_strength: float,
        allow_software: bool = False,
        paper: float = 0.0,
    ) -> None:
        """Creates a compositor in the current OpenGL context.

        Args:
            size: Width and height of the stage in pixels.
            fit: How the picture lies on the stage.
            vignette_strength: 0..1.
            allow_software: Accept an OpenGL that the CPU emulates.
            paper: How much of a paper's surface is seen, 0..1.

        Raises:
            moderngl.Error: There is no OpenGL 3.3, or only an emulated one.
        """
        self._context = moderngl.create_context(require=330)
        renderer = self.renderer
        if not allow_software and any(name in renderer.lower() for name in SOFTWARE_RENDERERS):
            raise moderngl.Error(f"the CPU emulates it, {renderer}")
        self._fit: Fit = fit
        self._size = self._display = size
        self._settings = ProjectionSettings()
        self._projection: GLProjection | None = None
        self._picture_program = self._context.program(vertex_shader=shaders.FULL, fragment_shader=shaders.PICTURE)
        self._sprite_program = self._context.program(vertex_shader=shaders.QUAD, fragment_shader=shaders.SPRITE)
        self._triangle = self._context.vertex_array(self._picture_program, [])
        self._quad = self._context.vertex_array(self._sprite_program, [])
        constants = {"vignette": vignette_strength, "vignette_range": VIGNETTE_RANGE, "sharpness": SHARPNESS}
        constants["paper_gain"] = 1 / mean_brightness(paper)
        _set_uniforms(self._picture_program, **constants, origin=0, target=1, paper=2)
        tile = paper_tile(paper)
        self._paper = self._context.texture(tile.shape, 1, tile, alignment=1)
        self._pictures: OrderedDict[DecodedPicture, moderngl.Texture] = OrderedDict()
        self._surfaces: OrderedDict[pygame.Surface, moderngl.Texture] = OrderedDict()
        self._drawn: tuple[CrossfadeView | None, tuple[Sprite, ...]] = (None, ())
        self._copy: moderngl.Framebuffer | None = None
        self._pixel_buffers: list[moderngl.Buffer] = []
        self._reads = 0

    @property
    def renderer(self) -> str:
        """The graphics card as OpenGL names it."""
        return str(self._context.info["GL_RENDERER"])

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture in pixels."""
        return self._size

    @property
    def window_size(self) -> tuple[int, int]:
        """Width and height of the window in pixels."""
        return self._display

    def resize(self, size: tuple[int, int]) -> None:
        """Sets the width and height of the display in pixels."""
        self._display = size
        self.project(self._settings)

    def project(self, settings: ProjectionSettings) -> None:
        """Changes how the picture lies on the display. Without a change to make, there is no further pass."""
        self._settings, self._size = settings, picture_size(self._display, settings)
        kept, needed = self._projection, self._size != self._display or not settings.neutral
        if kept and (kept.picture, kept.output) == (self._size, self._display) and needed:
            kept.change(settings)
            return
        if kept:
            kept.release()
        self._projection = None
        if needed:
            from installation.stage.projection.opengl import GLProjection  # few shows need it

            self._projection = GLProjection(self._context, settings, self._size, self._display)

    @property
    def settled(self) -> bool:
        """Always: the shader needs no tables."""
        return True

    def draw(self, view: CrossfadeView | None, sprites: Sequence[Sprite], marks: Sequence[Sprite] = ()) -> None:
        """Draws one frame; None is a black picture. The marks lie over it in the window only, as they are."""
        self._drawn = (view, tuple(sprites))
        if self._projection is None:
            self._draw_to(self._context.screen, self._size, _TO_DISPLAY)
        else:
            self._draw_to(self._projection.canvas, self._size, _TO_MEMORY)
            self._projection.draw(self._context.screen, _TO_DISPLAY)
        if marks:
            self._draw_sprites(marks, self._display, _TO_DISPLAY)

    def flip(self) -> None:
        """Swaps the buffers; waits for vertical synchronisation where there is one."""
        pygame.display.flip()

    def read_into(self, array: NDArray[np.uint8]) -> None:
        """Copies a drawn frame into `array` [h, w, 3], C-contiguous, of any size.

        The copy is the frame of the call before, so that it never waits for the GPU. The first call for a size copies
        the frame drawn last.
        """
        height, width = array.shape[:2]
        self._draw_copy((width, height))
        assert self._copy is not None
        new, old = self._pixel_buffers[self._reads % 2], self._pixel_buffers[(self._reads + 1) % 2]
        self._copy.read_into(new, components=3, alignment=1)
        (old if self._reads else new).read_into(array.reshape(-1).data)
        self._reads += 1

    def capture(self) -> NDArray[np.uint8]:
        """Returns the last drawn frame, [height, width, 3]."""
        width, height = self._size
        copy = self._context.simple_framebuffer(self._size, components=4)
        self._draw_to(copy, self._size, _TO_MEMORY)
        pixels = np.frombuffer(copy.read(components=3, alignment=1), np.uint8)
        _release(copy)
        return pixels.reshape(height, width, 3).copy()

    def close(self) -> None:
        """Releases the OpenGL context."""
        self._pictures.clear()
        self._surfaces.clear()
        self._context.release()

    def _draw_to(self, target: moderngl.Framebuffer, size: tuple[int, int], y_sign: float) -> None:
        view, sprites = self._drawn
        target.use()
        target.viewport = (0, 0, *size)
        target.clear(0.0, 0.0, 0.0, 1.0)
        if view is not None and view.brightness > 0.0:
            self._draw_picture(view, target, size, y_sign)
            target.viewport = (0, 0, *size)
        self._draw_sprites(sprites, self._size, y_sign)

    def _draw_sprites(self, sprites: Sequence[Sprite], size: tuple[int, int], y_sign: float) -> None:
        self._context.enable(moderngl.BLEND)
        self._context.blend_func = moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA
        for sprite in sprites:
            self._draw_sprite(sprite, size, y_sign)
        self._context.disable(moderngl.BLEND)

    def _draw_picture(
        self, view: CrossfadeView, target: moderngl.Framebuffer, size: tuple[int, int], y_sign: float
    ) -> None:
        height, width = view.target.pixels.shape[:2]
        placement = place_picture((width, height), size, self._fit)
        x, y, crop_width, crop_height = placement.crop
        target.viewport = placement.area
        self._paper.use(2)
        self._picture_texture(view.target).use(1)
        self._picture_texture(view.origin if view.mix < 1.0 else view.target).use(0)
        _set_uniforms(
            self._picture_program,
            y_sign=y_sign,
            blend=view.mix,
            brightness=view.brightness,
            crop=(x / width, y / height, crop_width / width, crop_height / height),
            origin_scale=_texel_scale(view.origin),
            target_scale=_texel_scale(view.target),
        )
        self._triangle.render(moderngl.TRIANGLES, vertices=3)

    def _draw_sprite(self, sprite: Sprite, size: tuple[int, int], y_sign: float) -> None:
        width, height = size
        sprite_width, sprite_height = sprite.surface.get_size()
        self._sprite_texture(sprite.surface).use(0)
        box = (sprite.x / width, sprite.y / height, sprite_width / width, sprite_height / height)
        _set_uniforms(self._sprite_program, box=box, alpha=sprite.alpha, y_sign=y_sign)
        self._quad.render(moderngl.TRIANGLE_STRIP, vertices=4)

    def _picture_texture(self, picture: DecodedPicture) -> moderngl.Texture:
        if picture not in self._pictures:
            height, width = picture.pixels.shape[:2]
            dtype = "f1" if picture.pixels.dtype == np.uint8 else "f4"
            pixels = np.ascontiguousarray(picture.pixels)
            texture = self._context.texture((width, height), 3, pixels, alignment=1, dtype=dtype)
            texture.repeat_x = texture.repeat_y = False
            texture.filter = moderngl.LINEAR, moderngl.LINEAR
            _cache(self._pictures, picture, texture, CACHED_PICTURES)
        self._pictures.move_to_end(picture)
        return self._pictures[picture]

    def _sprite_texture(self, surface: pygame.Surface) -> moderngl.Texture:
        if surface not in self._surfaces:
            texture = self._context.texture(surface.get_size(), 4, pygame.image.tobytes(surface, "RGBA"))
            texture.repeat_x = texture.repeat_y = False
            _cache(self._surfaces, surface, texture, CACHED_SPRITES)
        self._surfaces.move_to_end(surface)
        return self._surfaces[surface]

    def _draw_copy(self, size: tuple[int, int]) -> None:
        if self._copy is None or self._copy.size != size:
            for resource in (self._copy, *self._pixel_buffers):
                if resource is not None:
                    _release(resource)
            self._copy = self._context.simple_framebuffer(size, components=4)
            self._pixel_buffers = [self._context.buffer(reserve=size[0] * size[1] * 3) for _ in range(2)]
            self._reads = 0
        self._draw_to(self._copy, size, _TO_MEMORY)


def _set_uniforms(program: moderngl.Program, **values: object) -> None:
    for name, value in values.items():
        program[name] = value


def _texel_scale(picture: DecodedPicture) -> float:
    """The factor to 0..1: OpenGL scales bytes by itself, and floats not at all."""
    return 1.0 if picture.pixels.dtype == np.uint8 else 1 / 255


def _cache(textures: OrderedDict[_K, moderngl.Texture], key: _K, texture: moderngl.Texture, limit: int) -> None:
    """Adds a texture and releases the one used least recently if there are more than `limit`."""
    textures[key] = texture
    if len(textures) > limit:
        textures.popitem(last=False)[1].release()


def _release(resource: moderngl.Framebuffer | moderngl.Buffer) -> None:
    if isinstance(resource, moderngl.Framebuffer):
        for attachment in resource.color_attachments:
            attachment.release()
        if resource.depth_attachment is not None:
            resource.depth_attachment.release()
    resource.release()
