"""Test cards: what is on each."""

from __future__ import annotations

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from installation.core.param_table import TEST_CARDS
from installation.show.projection import ProjectionSettings
from installation.stage.projection.test_cards import draw_card, projected_by

SIZE = (320, 180)


def card(name: str, blends: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)) -> NDArray[np.uint8]:
    """[height, width, 3]."""
    surface = draw_card(TEST_CARDS.index(name), SIZE, blends)
    return np.frombuffer(pygame.image.tobytes(surface, "RGB"), np.uint8).reshape(SIZE[1], SIZE[0], 3)


@pytest.mark.parametrize(
    ("name", "colour"),
    [("red", (255, 0, 0)), ("green", (0, 255, 0)), ("blue", (0, 0, 255)), ("white", (255, 255, 255))],
)
def test_a_colour_is_pure(name: str, colour: tuple[int, int, int]) -> None:
    assert (card(name) == colour).all()


def test_the_chequer_changes_with_every_pixel_and_is_not_bent() -> None:
    pixels = card("chequer")[..., 0].astype(int)
    assert set(np.unique(pixels)) == {0, 255}
    assert (np.abs(np.diff(pixels, axis=0)).min(), np.abs(np.diff(pixels, axis=1)).min()) == (255, 255)
    keystone = ProjectionSettings(corners=((0.1, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)), rotation=90)
    assert projected_by(TEST_CARDS.index("chequer"), keystone).neutral


def test_the_ramp_has_every_level_and_eleven_steps() -> None:
    pixels = card("ramp")[..., 0].astype(int)
    assert (pixels[0, 0], pixels[0, -1], np.diff(pixels[0]).min(), np.diff(pixels[0]).max()) == (0, 255, 0, 1)
    assert list(np.unique(pixels[100])) == [round(25.5 * step) for step in range(11)]


def test_the_grid_ends_in_the_outermost_pixels_and_its_circle_is_round() -> None:
    pixels = card("grid")[..., 0]
    assert min(edge.min() for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1])) == 255
    radius = round(0.42 * 180)
    around = [pixels[90 - radius + dy, 160] for dy in (-1, 0, 1)] + [pixels[90, 160 + radius + dx] for dx in (-1, 0, 1)]
    assert max(around) == 255


def test_the_blend_zones_are_red_where_the_picture_fades_and_are_seen_without_the_ramp() -> None:
    settings = ProjectionSettings(blend_left=0.25, blend_bottom=0.1)
    pixels = card("blend", settings.blends)
    red = (pixels == (230, 0, 0)).all(axis=-1)
    assert (red[50, 40], red[50, 100], red[175, 200], red[150, 200]) == (True, False, True, False)
    assert projected_by(TEST_CARDS.index("blend"), settings).blends == (0.0, 0.0, 0.0, 0.0)
