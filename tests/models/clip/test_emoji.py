"""Emoji are read by their names."""

from __future__ import annotations

import numpy as np
import pytest

from installation import models
from installation.models.clip.perceptor import spell_emoji


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a wolf in the snow", "a wolf in the snow"),
        ("\N{WOLF FACE}\N{CRESCENT MOON}\N{SNOWFLAKE}\ufe0f", "wolf crescent moon snowflake"),
        ("the sea\N{SAILBOAT}!", "the sea sailboat !"),
        ("\N{HEAVY BLACK HEART}\ufe0f", "heart"),
        ("\N{DANCER}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}", "dancer"),
        ("3 + 4 = 7 \u20ac", "3 + 4 = 7 \u20ac"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
    ],
)
def test_emoji_are_spelled_and_nothing_else_is(text: str, read: str) -> None:
    assert spell_emoji(text) == read


def test_the_embedded_perceptor_reads_an_emoji_as_its_word() -> None:
    perceptor = models.load_perceptor("clip-embedded", models.default_place())
    emoji, word, other = perceptor.embed_text(["\N{WOLF FACE}", "wolf", "a castle"])
    assert np.allclose(emoji, word, atol=1e-5)
    assert float(emoji @ other) < 0.9
