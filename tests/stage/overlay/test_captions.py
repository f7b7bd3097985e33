"""Captions: the words of the prompt, and those that are being said."""

from __future__ import annotations

import pygame
import pytest

from installation.stage.overlay.captions import DIM_AFTER, DIM_SECONDS, DIMMED, FADE_IN, FADE_OUT, Captions
from installation.stage.text.typesetter import TextStyle, Typesetter

SIZE = (640, 360)
STYLE = TextStyle(24)


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    pygame.font.init()
    return Typesetter()


def opacities(captions: Captions, now: float) -> list[float]:
    return [round(sprite.alpha, 2) for sprite in captions.sprites(SIZE, 1.0, False, now)]


def brightest(surface: pygame.Surface, left: int, right: int) -> int:
    """The largest alpha between two columns."""
    return max(surface.get_at((x, y)).a for x in range(left, right) for y in range(surface.get_height()))


def test_words_that_are_not_certain_are_dimmed(typesetter: Typesetter) -> None:
    block = typesetter.render_block("a red sun", STYLE, 600, certain=5)
    first = typesetter.measure("a red", STYLE)
    assert brightest(block, 0, first) == 255
    assert 150 < brightest(block, first + 1, block.get_width()) < 180
    assert brightest(typesetter.render_block("a red sun", STYLE, 600), first + 1, block.get_width()) == 255


def test_a_line_that_is_read_from_right_to_left_is_dimmed_as_a_whole(typesetter: Typesetter) -> None:
    block = typesetter.render_block("שמש אדומה", STYLE, 600, certain=3)
    assert brightest(block, 0, block.get_width()) < 180


def test_words_that_are_being_said_take_the_place_of_the_caption_at_once(typesetter: Typesetter) -> None:
    captions = Captions(typesetter)
    captions.set_text("the caption", 0.0)
    captions.sprites(SIZE, 1.0, False, 0.0)
    assert opacities(captions, FADE_IN) == [1.0]
    captions.set_live("a red", 2)
    assert opacities(captions, FADE_IN) == [1.0]
    captions.set_text("a red sun", FADE_IN)
    captions.set_live("", 0)
    assert opacities(captions, FADE_IN) == [1.0]  # the caption of what was said does not fade in again
    captions.set_live("wait", 4)
    captions.set_text("", FADE_IN)
    captions.set_live("", 0)
    assert opacities(captions, FADE_IN) == []


def test_a_caption_recedes_once_it_has_been_read_and_the_next_one_does_not(typesetter: Typesetter) -> None:
    captions = Captions(typesetter)
    captions.set_text("a red sun", 0.0)
    assert opacities(captions, 0.0) == []
    assert opacities(captions, DIM_AFTER) == [1.0]
    assert opacities(captions, DIM_AFTER + DIM_SECONDS) == [DIMMED]
    captions.set_text("snow", 20.0)
    captions.sprites(SIZE, 1.0, 0.0, 20.0 + FADE_OUT)
    assert opacities(captions, 20.0 + FADE_OUT + FADE_IN) == [1.0]


def test_a_line_lies_below_the_feet_of_figures_and_rises_for_the_text_input(typesetter: Typesetter) -> None:
    captions = Captions(typesetter)
    captions.set_text("a red sun over the sea", 0.0)
    captions.sprites(SIZE, 1.0, 0.0, 0.0)
    tops = []
    for typing in (0.0, 1.0):
        (sprite,) = captions.sprites(SIZE, 1.0, typing, 2.0)
        drawn = sprite.surface.get_bounding_rect(min_alpha=200)
        tops.append((sprite.y + drawn.top) / SIZE[1])
    assert tops[0] > 0.88
    assert 0.04 < tops[0] - tops[1] < 0.08
