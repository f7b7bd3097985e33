"""Fonts are complete, and their coverage is what pygame can draw."""

from __future__ import annotations

import numpy as np
import pygame
import pytest

from installation.stage.text.fonts import FALLBACKS, FONT_FOLDER, ITALIC, MAX_OPEN_FONTS, ROMAN, FontCache, coverage


def test_all_faces_exist_with_their_licences_and_stay_small() -> None:
    assert all((FONT_FOLDER / face.file).is_file() for face in (ROMAN, ITALIC, *FALLBACKS))
    assert sum(path.stat().st_size for path in FONT_FOLDER.rglob("*") if path.is_file()) < 9e6
    sources = (FONT_FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    assert "OFL" in sources
    assert "Apache" in sources


@pytest.mark.parametrize("character", "aéßЖλ中ש")
def test_a_face_covers_the_characters_that_it_does_not_draw_as_a_box(character: str) -> None:
    pygame.font.init()
    font = pygame.font.Font(FONT_FOLDER / ROMAN.file, 40)
    box, drawn = (pygame.surfarray.array_alpha(font.render(each, True, "white")) for each in ("\U0010fffd", character))
    is_box = drawn.shape == box.shape and np.array_equal(drawn, box)
    assert is_box == (ord(character) not in coverage(ROMAN))


def test_fonts_are_kept_open_until_there_are_too_many() -> None:
    cache = FontCache()
    first = cache.font(ROMAN, 20)
    assert cache.font(ROMAN, 20) is first
    for size in range(21, 21 + MAX_OPEN_FONTS):
        cache.font(ROMAN, size)
    assert cache.font(ROMAN, 20) is not first
