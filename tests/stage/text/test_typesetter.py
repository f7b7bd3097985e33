"""Words of every script: faces, order, lines."""

from __future__ import annotations

import unicodedata

import numpy as np
import pygame
import pytest

from installation.stage.text.bidi_runs import runs, settable
from installation.stage.text.fonts import EMOJI, FALLBACKS, FOLDER, IDEOGRAPHS, ITALIC, ROMAN, coverage
from installation.stage.text.typesetter import ELLIPSIS, Style, Typesetter

SAYINGS = {
    "Latn": "ein schöner Fuchs",
    "Cyrl": "волк в снегу",
    "Grek": "λύκος στο χιόνι",
    "Hebr": "זאב בשלג",
    "Arab": "ذئب في الثلج ليلاً",
    "Deva": "बर्फ में एक भेड़िया",
    "Thai": "หมาป่าในหิมะ",
    "Beng": "বরফে নেকড়ে",
    "Taml": "பனியில் ஓநாய்",
    "Telu": "మంచులో తోడేలు",
    "Geor": "მგელი",
    "Armn": "գայլ",
    "Ethi": "ተኩላ",
    "Khmr": "ចចក",
    "Hani": "红色的太阳升起 雪の中の狼 눈 속의 늑대",
    "Zyyy": "🦊🌊🔥",
}


@pytest.mark.parametrize("script", SAYINGS)
def test_every_script_has_a_face_that_has_all_its_letters(script: str) -> None:
    text = SAYINGS[script]
    assert settable(text) == text
    assert {run.script for run in runs(text) if not run.text.isspace()} == {script}


def test_the_faces_are_there_with_their_licences_and_stay_small() -> None:
    assert all((FOLDER / face.file).is_file() for face in (ROMAN, ITALIC, *FALLBACKS))
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 9e6
    sources = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    assert "OFL" in sources
    assert "Apache" in sources


def test_what_a_face_has_is_what_pygame_can_draw_of_it() -> None:
    pygame.font.init()
    font = pygame.font.Font(FOLDER / ROMAN.file, 40)
    missing = pygame.surfarray.array_alpha(font.render("\U0010fffd", True, "white"))
    for character in "aéßЖλ中ש":
        drawn = pygame.surfarray.array_alpha(font.render(character, True, "white"))
        box = drawn.shape == missing.shape and np.array_equal(drawn, missing)
        assert box == (ord(character) not in coverage(ROMAN)), character


def test_what_no_face_has_is_left_out_and_never_a_box() -> None:
    assert settable("a \U00013000 wolf \u1fff\U000e0123") == "a wolf"
    assert "".join(run.text for run in runs("\U00013000")) == ""


def test_emoji_hold_together_and_leave_the_spaces_to_the_letters() -> None:
    found = runs("a 👩\u200d👩\u200d👧 ❤\ufe0f b")
    assert [(run.text, run.face) for run in found] == [
        ("a ", ROMAN),
        ("👩\u200d👩\u200d👧", EMOJI),
        (" ", ROMAN),
        ("❤\ufe0f", EMOJI),
        (" b", ROMAN),
    ]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("abc", "abc"),
        ("אבג", "גבא"),
        ("a אב גד b", "a דג בא b"),
        ("אב cd הו", "וה cd בא"),
        ("אב 12 גד", "דג 12 בא"),
        ("ذئب 3.5% كم", "مك 3.5% بئذ"),
        ("אב (cd) ef", "ef )cd( בא"),  # a bracket of a leftward run is drawn mirrored
        ("ab (אב) cd", "ab (בא) cd"),
        ("אב, cd!", "!cd ,בא"),
    ],
)
def test_right_to_left_text_is_seen_in_its_order(text: str, seen: str) -> None:
    assert "".join(run.text if run.rightwards else run.text[::-1] for run in runs(text)) == seen


def test_arabic_letters_are_joined() -> None:
    typesetter, style = Typesetter(), Style(60)
    joined = typesetter.measure("ببب", style)
    apart = sum(typesetter.measure(letter, style) for letter in "ببب")
    assert joined < 0.75 * apart


def test_a_short_text_is_one_line_and_a_long_one_two_of_like_length() -> None:
    typesetter, style = Typesetter(), Style(40, lines=2)
    assert typesetter.wrapped("a wolf", style, 900) == ["a wolf"]
    text = "the city burns while the snow falls without a sound on the frozen river"
    lines = typesetter.wrapped(text, style, 900)
    assert " ".join(lines) == text
    first, second = (typesetter.measure(line, style) for line in lines)
    assert max(first, second) <= 900
    assert abs(first - second) < 0.25 * first


@pytest.mark.parametrize("text", ["wolf " * 100, "w" * 400, "红色的太阳升起在海面上" * 20, "หมาป่าในหิมะ" * 30])
def test_too_long_a_text_ends_in_an_ellipsis_within_its_width(text: str) -> None:
    typesetter, style = Typesetter(), Style(40, lines=2)
    lines = typesetter.wrapped(text, style, 600)
    assert len(lines) == 2
    assert lines[1].endswith(ELLIPSIS)
    assert all(0.5 * 600 < typesetter.measure(line, style) <= 600 for line in lines)


def test_chinese_breaks_between_characters_but_not_before_a_stop() -> None:
    typesetter = Typesetter()
    for width in range(260, 420, 10):
        lines = typesetter.wrapped("红色的太阳升起，在海面上。", Style(40, lines=2), width)
        assert not any(unicodedata.category(line[0]) == "Po" and line[0] != ELLIPSIS for line in lines)


def test_a_halo_darkens_round_the_words_and_leaves_them_bright() -> None:
    block = Typesetter().block("wolf", Style(60, halo=0.9), 800)
    page = pygame.Surface(block.get_size(), 0, 32)
    page.fill((240, 240, 240))
    page.blit(block, (0, 0))
    light = pygame.surfarray.array3d(page).mean(axis=2)
    assert light.max() > 240
    assert light.min() < 120
    assert light[:, 0].mean() > 235  # and is gone at the surface's edge


def test_set_texts_are_kept_and_bounded() -> None:
    typesetter = Typesetter()
    first = typesetter.block("wolf", Style(20), 500)
    assert typesetter.block("wolf", Style(20), 500) is first
    for number in range(60):
        typesetter.block(str(number), Style(20), 500)
    assert typesetter.block("wolf", Style(20), 500) is not first


def test_ideographs_come_from_a_face_of_their_own() -> None:
    assert {run.face for run in runs("太阳")} == {IDEOGRAPHS}


@pytest.mark.parametrize("text", ["\u200c", "\u200d", "\ufe0f", "a\u200d \u200c", "\u0301"])
def test_a_joiner_by_itself_is_set_as_nothing_and_ends_no_show(text: str) -> None:
    typesetter = Typesetter()
    assert typesetter.line(text, Style(20)).get_height() > 0
    assert typesetter.block(text, Style(20, halo=0.9, lines=2), 200).get_height() > 0
