"""The projection of both compositors, in a window; `test_compositor.py` runs it in a process of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import moderngl
import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from installation.show.projection import ProjectionSettings
from installation.show.settings import LookSettings
from installation.stage import window
from installation.stage.compositor import Compositor, CompositorName
from installation.stage.compositor_cpu import CpuCompositor
from installation.stage.compositor_gl import GLCompositor
from installation.stage.picture import write_picture
from installation.stage.projection.geometry import coverage, picture_places, pixel_places, upright_places
from installation.stage.projection.light import LUMA, blend, draw_mask
from tests.conftest import require_system
from tests.stage.compositor_contract import view
from tests.stage.pictures import grey, landscape

SIZE = (640, 360)
COMPOSITORS: tuple[CompositorName, ...] = ("opengl", "software")
KEYSTONE = ((0.12, 0.08), (0.9, 0.02), (0.97, 0.93), (0.05, 0.88))
ARCH = (
    ((0.0, 0.1), (0.5, 0.0), (1.0, 0.1)),
    ((0.03, 0.5), (0.5, 0.45), (0.97, 0.5)),
    ((0.0, 1.0), (0.5, 0.93), (1.0, 1.0)),
)
WALLS = {
    "pin": {"corners": KEYSTONE},
    "mesh": {"mesh": ARCH, "corners": KEYSTONE},
    "blend": {"blend_left": 0.2, "blend_bottom": 0.3, "corners": KEYSTONE},
    "colour": {"brightness": 0.8, "contrast": 1.3, "saturation": 0.4},
    "mask": {"mask": (((0.1, 0.2), (0.4, 0.1), (0.3, 0.7)),), "mirror": "horizontal"},
    "portrait": {"rotation": 90},
    "dome": {"dome_width": 360.0, "dome_height": 90.0, "canvas": (900, 200)},
    "in front": {"dome_width": 120.0, "dome_height": 60.0, "dome_elevation": 15.0, "corners": KEYSTONE},
}


@pytest.fixture(params=COMPOSITORS)
def compositor(request: pytest.FixtureRequest) -> Iterator[Compositor]:
    window.start_display()
    look = LookSettings(size=SIZE, vignette=0.0, paper=0.0)
    try:
        opened = window.open_window(look, "Test", opengl=request.param == "opengl", allow_software=True)
    except moderngl.Error as error:
        require_system(False, f"there is no OpenGL 3.3: {error}")
        raise
    yield opened
    opened.close()
    pygame.display.quit()


def on_the_wall(compositor: Compositor) -> NDArray[np.uint8]:
    """The image of the projector, as it is in the window."""
    if isinstance(compositor, GLCompositor):
        pixels = compositor._context.screen.read(components=3, alignment=1)
        return np.frombuffer(pixels, np.uint8).reshape(SIZE[1], SIZE[0], 3)[::-1]
    compositor.flip()
    while not compositor.settled:
        compositor.flip()
    surface = pygame.display.get_surface()
    assert surface is not None
    shown = pygame.image.tobytes(surface, "RGB")
    return np.frombuffer(shown, np.uint8).reshape(SIZE[1], SIZE[0], 3)


def coloured(settings: ProjectionSettings, colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Saturation, then contrast, then brightness of `colours` [..., 3], 0..1."""
    luma = (colours @ np.array(LUMA))[..., None]
    colours = luma + (colours - luma) * settings.saturation
    return np.clip(((colours - 0.5) * settings.contrast + 0.5) * settings.brightness, 0.0, 1.0)


def predicted(settings: ProjectionSettings, picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The image of the projector, 0..255, in double precision throughout."""
    height, width = picture.shape[:2]
    places = picture_places(settings, upright_places(settings, pixel_places(*SIZE)))
    x = np.clip(places[..., 0] * width - 0.5, 0, width - 1)
    y = np.clip(places[..., 1] * height - 0.5, 0, height - 1)
    column, row = np.floor(x).astype(int), np.floor(y).astype(int)
    right, below = np.minimum(column + 1, width - 1), np.minimum(row + 1, height - 1)
    across, down = (x - column)[..., None], (y - row)[..., None]
    upper = picture[row, column] * (1 - across) + picture[row, right] * across
    lower = picture[below, column] * (1 - across) + picture[below, right] * across
    seen = 255 * coloured(settings, (upper * (1 - down) + lower * down) / 255)
    light = blend(settings, places) * coverage(settings, *SIZE) * draw_mask(settings, *SIZE) / 255
    return np.asarray(seen * light[..., None], float)


@pytest.mark.parametrize("wall", WALLS)
def test_the_wall_shows_what_numpy_predicts(compositor: Compositor, wall: str) -> None:
    settings = ProjectionSettings.model_validate(WALLS[wall])
    compositor.project(settings)
    compositor.draw(view(landscape()), ())
    seen, expected = on_the_wall(compositor), predicted(settings, compositor.capture())
    if folder := os.environ.get("LATERNA_PICTURES"):
        write_picture(Path(folder) / f"{wall}-{compositor.name}.png", np.ascontiguousarray(seen))
    assert np.abs(seen - expected).max() <= 1.5
    assert np.abs(seen - expected).mean() < 0.5


@pytest.mark.parametrize("gamma", [1.8, 2.2, 2.4])
def test_the_light_of_two_overlapping_projectors_is_that_of_one(compositor: Compositor, gamma: float) -> None:
    seen = []
    for side in ("blend_right", "blend_left"):
        compositor.project(ProjectionSettings.model_validate({side: 0.2, "blend_gamma": gamma}))
        compositor.draw(view(grey(255)), ())
        seen.append((on_the_wall(compositor)[180] / 255.0) ** gamma)
    overlap = SIZE[0] // 5
    grain = gamma / 255 if compositor.name == "software" else 0.0  # of one level, on white
    assert np.abs(seen[0][-overlap:] + seen[1][:overlap] - 1).max() < 0.006 + grain


def test_an_untouched_picture_costs_no_further_pass(compositor: Compositor) -> None:
    compositor.project(ProjectionSettings())
    assert isinstance(compositor, GLCompositor | CpuCompositor)
    assert compositor._projection is None


def test_white_ends_within_a_pixel_of_the_corners(compositor: Compositor) -> None:
    compositor.project(ProjectionSettings.model_validate({"corners": KEYSTONE}))
    compositor.draw(view(grey(255)), ())
    lit = on_the_wall(compositor)[..., 0] > 127
    y, x = np.nonzero(lit)
    for corner, direction in zip(KEYSTONE, ((-1, -1), (1, -1), (1, 1), (-1, 1)), strict=True):
        outermost = np.argmax((x + 0.5) * direction[0] + (y + 0.5) * direction[1])
        away = np.array((x[outermost] + 0.5, y[outermost] + 0.5)) - np.array(corner) * SIZE
        assert np.abs(away).max() <= 1.0


def test_what_is_recorded_stays_as_it_was_drawn(compositor: Compositor) -> None:
    compositor.draw(view(landscape()), ())
    before = compositor.capture()
    compositor.project(ProjectionSettings.model_validate(WALLS["mesh"]))
    compositor.draw(view(landscape()), ())
    assert np.abs(compositor.capture().astype(int) - before).max() <= 1  # the dithering of a GPU may round otherwise


def test_a_portrait_wall_has_an_upright_picture_and_goes_on_after_a_resize(compositor: Compositor) -> None:
    compositor.project(ProjectionSettings(rotation=270))
    assert compositor.size == (360, 640)
    compositor.resize((320, 200))
    assert compositor.size == (200, 320)
    compositor.draw(view(grey(200)), ())
    assert compositor.capture().shape == (320, 200, 3)
