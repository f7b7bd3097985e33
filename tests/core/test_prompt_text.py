"""Cleaning prompts in any script, parsing their parts, and deriving captions."""

from __future__ import annotations

import random
import unicodedata

import pytest

from installation.core.messages import Prompt
from installation.core.prompt_text import (
    MAX_CHARACTERS,
    PromptPart,
    caption,
    captions,
    clean,
    noise_seed,
    parse_prompt,
)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  a  fox\t in\n the snow ", "a fox in the snow"),
        ("a\x00fox\x1b[31m", "afox[31m"),
        ("e\u0301toile", "étoile"),
        ("a\u200b\u0301", "á"),  # an invisible character between a letter and its accent
        ("ﷺ نجوم فوق البحر", "ﷺ نجوم فوق البحر"),
        ("क्\u200dष", "क्\u200dष"),
        ("👩\u200d🚀 and ❤\ufe0f", "👩\u200d🚀 and ❤\ufe0f"),
        ("right\u202eto left\u2066", "rightto left"),
        ("\ud800half", "half"),
        ("\ue000private\u0378", "private"),
        ("\u3000日本\u3000語", "日本 語"),
        ("", ""),
        (" \n\t ", ""),
        ("\u200d\u200c \ufe0f", ""),
        ("?!", "?!"),
        ("🔥", "🔥"),
    ],
)
def test_cleaning_removes_what_is_invisible_and_keeps_what_scripts_need(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_a_text_that_is_too_long_is_cut_at_a_word() -> None:
    cleaned = clean("lantern " * 20_000)
    assert cleaned.split() == ["lantern"] * 62
    assert clean("x" * 100_000) == "x" * MAX_CHARACTERS
    assert clean("x" * 495 + " yes no") == "x" * 495 + " yes"
    assert clean("x" * 500 + " no") == "x" * 500


def test_cleaning_is_idempotent() -> None:
    dice = random.Random(5)
    odd = "ae\u0301\u0327\u200b\u200c\u200d\ufe0f\u202e\x00 \n\u3000\u0958\u212b\u1100\u1161\ud800🦊نx"
    for _ in range(3000):
        once = clean("".join(dice.choice(odd) for _ in range(dice.randrange(30))), limit=12)
        assert clean(once, limit=12) == once
        assert len(once) <= 12
        assert unicodedata.is_normalized("NFC", once)
        assert once == once.strip()
        once.encode()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a fox", (("a fox", 1.0),)),
        ("a fox:2 | snow | people:-1", (("a fox", 2.0), ("snow", 1.0), ("people", -1.0))),
        ("fog : .5|sea: +1.25", (("fog", 0.5), ("sea", 1.25))),
        ("a fox:1000 | snow:-1000", (("a fox", 10.0), ("snow", -10.0))),
        ("a fox:0 | snow", (("snow", 1.0),)),
        (" | | ", ()),
        ("", ()),
        (":3", ((":3", 1.0),)),
        ("a clock at 10:30", (("a clock at 10:30", 1.0),)),
        ("10:30", (("10:30", 1.0),)),
        ("apollo 11:2", (("apollo 11", 2.0),)),
        ("title: a night", (("title: a night", 1.0),)),
        ("one:two:3", (("one:two", 3.0),)),
        ("a  wide   space:2", (("a wide space", 2.0),)),
    ],
)
def test_a_prompt_is_parsed_into_weighted_parts(text: str, parts: tuple[tuple[str, float], ...]) -> None:
    assert parse_prompt(text) == tuple(PromptPart(*part) for part in parts)


def test_a_second_number_is_where_a_part_stops_to_act() -> None:
    assert parse_prompt("a fox:2:.8 | fog:-1:-.95") == (PromptPart("a fox", 2.0, 0.8), PromptPart("fog", -1.0, -0.95))


@pytest.mark.parametrize(("text", "seed"), [("noise#7", 7), ("Noise#0", 0), ("noise", None), ("white noise#7", None)])
def test_noise_is_named_by_its_seed(text: str, seed: int | None) -> None:
    assert noise_seed(text) == seed


def test_a_caption_shows_neither_weights_nor_negative_parts() -> None:
    assert caption("a fox:2 | snow | people:-1") == "a fox, snow"
    assert caption("people:-1") == ""
    assert caption("a fox | photo.png:.5 | rain.wav | noise#7") == "a fox", "the audience reads words"


def test_a_prompts_own_caption_replaces_the_one_from_its_text() -> None:
    prompts = (Prompt(1, "a fox:2 | snow"), Prompt(2, "a burning city", caption="Troy"), Prompt(3, "people:-1"))
    assert captions(prompts) == "a fox, snow, Troy"
    assert captions(()) == ""
