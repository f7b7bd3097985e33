"""Fonts are complete, and their coverage is what pygame can draw."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pygame
import pytest

from installation.stage.text import fonts
from installation.stage.text.fonts import (
    CJK,
    FALLBACKS,
    FONT_FOLDER,
    ITALIC,
    MAX_OPEN_FONTS,
    ROMAN,
    FontCache,
    coverage,
)
from installation.stage.text.typesetter import TextStyle, Typesetter


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


@pytest.mark.parametrize("kept", [0, 3, 400, 3000, 100_000])
def test_a_truncated_font_is_replaced_and_texts_are_still_set(
    kept: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for face in (ROMAN, *FALLBACKS[:2]):
        (tmp_path / face.file).write_bytes((FONT_FOLDER / face.file).read_bytes()[:kept])
    shutil.copy(FONT_FOLDER / CJK.file, tmp_path)
    monkeypatch.setattr(fonts, "FONT_FOLDER", tmp_path)
    block = Typesetter().render_block("a red sun", TextStyle(40), 800)
    assert pygame.surfarray.array_alpha(block).mean() > 5
