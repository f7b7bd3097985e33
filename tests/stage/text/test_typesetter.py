"""Text is set in balanced lines within its width, with a halo, and cached."""

from __future__ import annotations

import unicodedata

import pygame
import pytest

from installation.stage.text.typesetter import CACHED_BLOCKS, ELLIPSIS, TextStyle, Typesetter


def test_arabic_letters_are_joined() -> None:
    typesetter, style = Typesetter(), TextStyle(60)
    joined = typesetter.measure("ببب", style)
    apart = sum(typesetter.measure(letter, style) for letter in "ببب")
    assert joined < 0.75 * apart


def test_a_measured_line_is_as_wide_as_its_surface() -> None:
    typesetter, style = Typesetter(), TextStyle(40)
    for text in ("a wolf", "זאב a 🦊", "雪の中"):
        assert typesetter.render_line(text, style).get_width() == typesetter.measure(text, style)


def test_a_short_text_is_one_line_and_a_long_one_two_of_similar_length() -> None:
    typesetter, style = Typesetter(), TextStyle(40, max_lines=2)
    assert typesetter.wrap("a wolf", style, 900) == ["a wolf"]
    text = "the city burns while the snow falls without a sound on the frozen river"
    lines = typesetter.wrap(text, style, 900)
    assert " ".join(lines) == text
    first, second = (typesetter.measure(line, style) for line in lines)
    assert max(first, second) <= 900
    assert abs(first - second) < 0.25 * first


@pytest.mark.parametrize("text", ["wolf " * 100, "w" * 400, "红色的太阳升起在海面上" * 20, "หมาป่าในหิมะ" * 30])
def test_text_that_is_too_long_ends_in_an_ellipsis_within_its_width(text: str) -> None:
    typesetter, style = Typesetter(), TextStyle(40, max_lines=2)
    lines = typesetter.wrap(text, style, 600)
    assert len(lines) == 2
    assert lines[1].endswith(ELLIPSIS)
    assert all(0.5 * 600 < typesetter.measure(line, style) <= 600 for line in lines)


def test_chinese_breaks_between_characters_but_not_before_punctuation() -> None:
    typesetter = Typesetter()
    for width in range(260, 420, 10):
        lines = typesetter.wrap("红色的太阳升起，在海面上。", TextStyle(40, max_lines=2), width)
        assert len(lines) == 2
        assert not any(unicodedata.category(line[0]) == "Po" and line[0] != ELLIPSIS for line in lines)


def test_a_halo_darkens_the_surroundings_and_leaves_the_text_bright() -> None:
    block = Typesetter().render_block("wolf", TextStyle(60, halo=0.9), 800)
    page = pygame.Surface(block.get_size(), 0, 32)
    page.fill((240, 240, 240))
    page.blit(block, (0, 0))
    light = pygame.surfarray.array3d(page).mean(axis=2)
    assert light.max() > 240
    assert light.min() < 120
    assert light[:, 0].mean() > 235  # it ends within the surface


def test_blocks_are_cached_until_there_are_too_many() -> None:
    typesetter = Typesetter()
    first = typesetter.render_block("wolf", TextStyle(20), 500)
    assert typesetter.render_block("wolf", TextStyle(20), 500) is first
    for number in range(CACHED_BLOCKS):
        typesetter.render_block(str(number), TextStyle(20), 500)
    assert typesetter.render_block("wolf", TextStyle(20), 500) is not first


@pytest.mark.parametrize("text", ["", "\u200c", "\u200d", "\ufe0f", "a\u200d \u200c", "\u0301"])
def test_text_without_visible_characters_is_an_empty_surface(text: str) -> None:
    typesetter = Typesetter()
    assert typesetter.render_line(text, TextStyle(20)).get_height() > 0
    assert typesetter.render_block(text, TextStyle(20, halo=0.9, max_lines=2), 200).get_height() > 0
