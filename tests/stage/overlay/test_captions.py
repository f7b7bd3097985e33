"""Captions: the words of the prompt, and those that are being said."""

from __future__ import annotations

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from installation.stage.compositor import Sprite
from installation.stage.overlay.captions import DIM_AFTER, DIM_SECONDS, DIMMED, FADE_OUT, MAX_SPEECH, Captions
from installation.stage.text.typesetter import TextStyle, Typesetter

SIZE = (640, 360)
STYLE = TextStyle(24)
FEET = 0.86  # share of the height above which the figures of the theatre stand


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    pygame.font.init()
    return Typesetter()


def opacities(captions: Captions, now: float) -> list[float]:
    """Of the words, without the band that they lie on."""
    return [round(sprite.alpha, 2) for sprite in captions.sprites(SIZE, 1.0, False, now)[1:]]


def ink(sprite: Sprite) -> pygame.Rect:
    """Where the letters of a sprite are on the stage."""
    return sprite.surface.get_bounding_rect(min_alpha=200).move(sprite.x, sprite.y)


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
    assert opacities(captions, MAX_SPEECH) == [1.0]
    captions.set_live("a red", 2)
    assert opacities(captions, MAX_SPEECH) == [1.0]
    captions.set_text("a red sun", MAX_SPEECH)
    captions.set_live("", 0)
    assert opacities(captions, MAX_SPEECH) == [1.0]  # the caption of what was said does not appear again
    captions.set_live("wait", 4)
    captions.set_text("", MAX_SPEECH)
    captions.set_live("", 0)
    assert opacities(captions, MAX_SPEECH) == []


def test_a_caption_recedes_once_it_has_been_read_and_the_next_one_does_not(typesetter: Typesetter) -> None:
    captions = Captions(typesetter)
    captions.set_text("a red sun", 0.0)
    assert opacities(captions, 0.0) == []
    assert opacities(captions, 2.0) == [1.0]
    assert opacities(captions, DIM_AFTER) == [1.0]
    assert opacities(captions, 2.0 + DIM_AFTER + DIM_SECONDS) == [DIMMED]
    captions.set_text("snow", 20.0)
    captions.sprites(SIZE, 1.0, 0.0, 20.0 + FADE_OUT)
    captions.sprites(SIZE, 1.0, 0.0, 21.0 + FADE_OUT)
    assert opacities(captions, 22.0 + FADE_OUT) == [1.0]


@pytest.mark.parametrize("text", ["a red sun over the sea", "two swans " * 9])
def test_words_lie_below_the_feet_of_figures_and_rise_for_the_text_input(text: str, typesetter: Typesetter) -> None:
    captions = Captions(typesetter)
    captions.set_text(text, 0.0)
    captions.sprites(SIZE, 1.0, 0.0, 0.0)
    captions.sprites(SIZE, 1.0, 0.0, 5.0)
    tops = []
    for typing in (0.0, 1.0):
        *_, words = captions.sprites(SIZE, 1.0, typing, 5.0)
        tops.append(ink(words).top / SIZE[1])
    assert tops[0] > FEET
    assert 0.04 < tops[0] - tops[1] < 0.08


def test_words_appear_one_after_the_other_as_they_would_be_said(typesetter: Typesetter) -> None:
    captions = Captions(typesetter)
    captions.set_text("a lighthouse at night", 0.0)
    captions.sprites(SIZE, 1.0, 0.0, 0.0)
    counts = [len(opacities(captions, 0.1 * step)) // 2 for step in range(1, 12)]  # each has a halo
    assert counts == sorted(counts)
    assert {1, 2, 3, 4} <= set(counts)
    assert opacities(captions, MAX_SPEECH) == [1.0]


@pytest.mark.parametrize(
    "text", ["a lighthouse at night", "gato preto na neve", "夜の海の灯台", "مدينة في الليل", "fox שועל"]
)
def test_the_words_that_appear_are_those_of_the_whole_caption(text: str, typesetter: Typesetter) -> None:
    captions = Captions(typesetter)
    captions.set_text(text, 0.0)
    captions.sprites(SIZE, 1.0, 0.0, 0.0)
    said: list[NDArray[np.int64]] = []
    whole: list[NDArray[np.int64]] = []
    for now, found in ((MAX_SPEECH - 2.6, said), (MAX_SPEECH, whole)):
        picture = pygame.Surface(SIZE)
        for sprite in captions.sprites(SIZE, 1.0, 0.0, now)[1:]:
            picture.blit(sprite.surface, (sprite.x, sprite.y))
        found.append(pygame.surfarray.array3d(picture).astype(np.int64))
    assert abs(said[0] - whole[0]).max() < 48


def test_a_long_text_is_said_faster(typesetter: Typesetter) -> None:
    captions = Captions(typesetter)
    captions.set_text("words and words " * 12, 0.0)
    captions.sprites(SIZE, 1.0, 0.0, 0.0)
    captions.sprites(SIZE, 1.0, 0.0, MAX_SPEECH)
    assert opacities(captions, MAX_SPEECH + 0.5) == [1.0]


def test_the_invitation_lies_on_the_band_and_leaves_for_words(typesetter: Typesetter) -> None:
    captions = Captions(typesetter)
    captions.set_invitation("Say something, and wait a moment.")
    captions.sprites(SIZE, 1.0, 0.0, 0.0)
    assert opacities(captions, 3.0) == [1.0]
    band, words = captions.sprites(SIZE, 1.0, 0.0, 3.0)
    assert band.y < ink(words).top
    assert ink(words).height > 0.02 * SIZE[1]
    captions.set_live("a red", 2)
    captions.sprites(SIZE, 1.0, 0.0, 3.1)
    assert opacities(captions, 4.0) == [1.0]


def test_an_invitation_is_typeset_before_the_frame_that_shows_it(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    captions = Captions(typesetter)
    captions.set_invitation("Say what you would like to see")
    captions.prepare(SIZE)
    monkeypatch.setattr(typesetter, "wrap", None)  # would be called to typeset it
    captions.sprites(SIZE, 1.0, False, 1.0)
    assert captions.sprites(SIZE, 1.0, False, 5.0)
