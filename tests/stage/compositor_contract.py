"""The contract of both compositors, in a window; `test_compositor.py` runs it in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator

import moderngl
import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from installation.show.settings import LookSettings
from installation.stage import window
from installation.stage.compositor import Compositor, CompositorName, Sprite, vignette
from installation.stage.crossfade import CrossfadeView
from installation.stage.picture import DecodedPicture
from tests.conftest import require_system
from tests.stage.pictures import grey, landscape

COMPOSITORS: tuple[CompositorName, ...] = ("opengl", "software")
SIZE = (320, 180)
TOLERANCE = 2  # levels of 255: dithering adds or subtracts one, rounding another


def open_compositor(name: CompositorName, **look: object) -> Compositor:
    settings = LookSettings.model_validate({"size": SIZE, "vignette": 0.0, "paper": 0.0, **look})
    try:
        return window.open_window(settings, "Test", opengl=name == "opengl", allow_software=True)
    except moderngl.Error as error:
        require_system(False, f"there is no OpenGL 3.3: {error}")
        raise


@pytest.fixture
def screen() -> Iterator[None]:
    window.start_display()
    yield
    pygame.display.quit()


@pytest.fixture(params=COMPOSITORS)
def compositor(request: pytest.FixtureRequest, screen: None) -> Iterator[Compositor]:
    del screen
    compositor = open_compositor(request.param)
    yield compositor
    compositor.close()


def view(picture: NDArray[np.uint8], brightness: float = 1.0) -> CrossfadeView:
    decoded = DecodedPicture.from_pixels(picture)
    return CrossfadeView(decoded, decoded, 1.0, brightness)


def solid(colour: tuple[int, int, int, int], size: tuple[int, int]) -> pygame.Surface:
    surface = pygame.Surface(size, pygame.SRCALPHA, 32)
    surface.fill(colour)
    return surface


def is_level(pixels: NDArray[np.uint8], level: float) -> bool:
    return bool(np.abs(pixels.astype(float) - level).max() <= TOLERANCE)


def test_without_a_view_the_frame_is_black(compositor: Compositor) -> None:
    compositor.draw(None, ())
    assert compositor.capture().shape == (180, 320, 3)
    assert compositor.capture().max() == 0


def test_a_view_of_no_brightness_is_black_without_grain(compositor: Compositor) -> None:
    compositor.draw(view(grey(255), brightness=0.0), ())
    assert compositor.capture().max() == 0


@pytest.mark.parametrize("brightness", [1.0, 0.5])
def test_a_picture_is_drawn_at_its_brightness(compositor: Compositor, brightness: float) -> None:
    compositor.draw(view(grey(200), brightness), ())
    assert is_level(compositor.capture(), 200 * brightness)


def test_a_crossfade_is_the_weighted_mean_of_both_pictures(compositor: Compositor) -> None:
    dark, bright = (DecodedPicture.from_pixels(grey(value)) for value in (40, 200))
    compositor.draw(CrossfadeView(dark, bright, mix=0.25), ())
    assert is_level(compositor.capture(), 80)


def test_pictures_of_bytes_and_of_floats_look_the_same(compositor: Compositor) -> None:
    as_bytes = landscape()
    compositor.draw(view(as_bytes), ())
    first = compositor.capture().astype(float)
    floats = DecodedPicture.from_pixels(as_bytes.astype(np.float32))
    compositor.draw(CrossfadeView(floats, floats, 1.0), ())
    assert np.abs(compositor.capture() - first).max() <= TOLERANCE


def test_the_first_row_of_a_picture_is_at_the_top(compositor: Compositor) -> None:
    picture = grey(0, 90, 160)
    picture[:45, :80] = (200, 100, 50)
    compositor.draw(view(picture), ())
    seen = compositor.capture()
    assert seen[40, 70].astype(int) == pytest.approx((200, 100, 50), abs=TOLERANCE)
    assert max(seen[where].max() for where in ((40, 250), (140, 70), (140, 250))) <= TOLERANCE


def test_a_sprite_is_blended_at_its_place(compositor: Compositor) -> None:
    sprites = (Sprite(solid((250, 250, 250, 255), (40, 20)), 10, 30, alpha=0.5),)
    compositor.draw(view(grey(50)), sprites)
    seen = compositor.capture()
    assert is_level(seen[30:50, 10:50], 150)
    seen[30:50, 10:50] = 50
    assert is_level(seen, 50)


def test_later_sprites_lie_over_earlier_ones(compositor: Compositor) -> None:
    below, above = (Sprite(solid((value, value, value, 255), (20, 20)), 0, 0) for value in (250, 100))
    compositor.draw(None, (below, above))
    assert is_level(compositor.capture()[:20, :20], 100)


@pytest.mark.usefixtures("screen")
@pytest.mark.parametrize("name", COMPOSITORS)
def test_letterbox_leaves_black_bars_over_whatever_was_there(name: CompositorName) -> None:
    compositor = open_compositor(name, fit="letterbox")
    compositor.draw(view(grey(200, 180, 320)), ())
    compositor.draw(view(grey(200, 64, 64)), ())
    seen = compositor.capture()
    assert (seen[:, :69].max(), seen[:, -69:].max()) == (0, 0)
    assert is_level(seen[:, 75:-75], 200)
    compositor.close()


@pytest.mark.usefixtures("screen")
@pytest.mark.parametrize("name", COMPOSITORS)
def test_the_vignette_darkens_the_corners_and_not_the_centre(name: CompositorName) -> None:
    compositor = open_compositor(name, vignette=0.5)
    compositor.draw(view(grey(200)), ())
    seen = compositor.capture()
    assert is_level(seen[85:95, 155:165], 200)
    assert seen[:4, :4].mean() == pytest.approx(200 * vignette(180, 320, 0.5)[:4, :4].mean(), abs=TOLERANCE)
    compositor.close()


def test_a_frame_is_copied_in_any_size_and_at_most_one_frame_late(compositor: Compositor) -> None:
    for height, width in ((180, 320), (90, 160), (50, 40)):
        array = grey(1, height, width)
        compositor.draw(view(grey(120)), ())
        compositor.read_into(array)
        assert is_level(array, 120)
        compositor.draw(view(grey(220)), ())
        compositor.read_into(array)
        compositor.read_into(array)
        assert is_level(array, 220)


def test_reading_does_not_change_what_is_captured(compositor: Compositor) -> None:
    compositor.draw(view(landscape()), ())
    before = compositor.capture()
    compositor.read_into(grey(0, 45, 80))
    compositor.flip()
    assert np.abs(compositor.capture().astype(int) - before).max() <= 1  # the dithering of a GPU may round otherwise


def test_a_resized_stage_is_filled(compositor: Compositor) -> None:
    compositor.resize((200, 150))
    compositor.draw(view(grey(200)), ())
    assert compositor.size == (200, 150)
    assert compositor.capture().shape == (150, 200, 3)
    assert is_level(compositor.capture(), 200)


@pytest.mark.usefixtures("screen")
@pytest.mark.parametrize("name", COMPOSITORS)
def test_the_surface_of_paper_is_seen_on_what_is_bright(name: CompositorName) -> None:
    compositor = open_compositor(name, paper=1.0)
    compositor.draw(view(grey(200, 180, 320)), ())
    seen = compositor.capture()
    compositor.close()
    assert seen.mean() == pytest.approx(200, abs=1)
    assert 2 < seen[..., 0].std() < 6
