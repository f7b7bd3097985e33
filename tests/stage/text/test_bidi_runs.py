"""Text is split into runs that each have a face for their script, in the order in which it is read."""

from __future__ import annotations

import pytest

from installation.stage.text.bidi_runs import supported_text, visual_runs
from installation.stage.text.fonts import CJK, EMOJI, ROMAN

SAMPLES = {
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


@pytest.mark.parametrize("script", SAMPLES)
def test_every_script_has_a_face_with_all_its_letters(script: str) -> None:
    text = SAMPLES[script]
    assert supported_text(text) == text
    assert {run.script for run in visual_runs(text) if not run.text.isspace()} == {script}


def test_characters_without_a_face_are_dropped() -> None:
    assert supported_text("a \U00013000 wolf \u1fff\U000e0123") == "a wolf"
    assert visual_runs("\U00013000") == []


def test_emoji_sequences_hold_together_and_leave_the_spaces_to_the_letters() -> None:
    found = visual_runs("a 👩\u200d👩\u200d👧 ❤\ufe0f b")
    assert [(run.text, run.face) for run in found] == [
        ("a ", ROMAN),
        ("👩\u200d👩\u200d👧", EMOJI),
        (" ", ROMAN),
        ("❤\ufe0f", EMOJI),
        (" b", ROMAN),
    ]


def test_ideographs_have_a_face_of_their_own() -> None:
    assert {run.face for run in visual_runs("太阳")} == {CJK}


@pytest.mark.parametrize(
    ("logical", "visual"),
    [
        ("abc", "abc"),
        ("אבג", "גבא"),
        ("a אב גד b", "a דג בא b"),
        ("אב cd הו", "וה cd בא"),
        ("אב 12 גד", "דג 12 בא"),
        ("ذئب 3.5% كم", "مك 3.5% بئذ"),
        ("אב (cd) ef", "ef )cd( בא"),  # the font mirrors brackets of right-to-left runs
        ("ab (אב) cd", "ab (בא) cd"),
        ("אב, cd!", "!cd ,בא"),
    ],
)
def test_right_to_left_text_is_in_visual_order(logical: str, visual: str) -> None:
    shown = "".join(run.text if run.left_to_right else run.text[::-1] for run in visual_runs(logical))
    assert shown == visual
