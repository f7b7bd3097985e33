"""Voice commands by their sound."""

from __future__ import annotations

import pytest

from installation.speech.recognizers.sphinx_commands import match_by_sound, phone_distance

COMMANDS = ("next", "stop", "go on", "black", "light", "blackout")
PHONES = {
    "next": "N EH K S T",
    "stop": "S T AA P",
    "go": "G OW",
    "on": "AA N",
    "black": "B L AE K",
    "light": "L AY T",
    "blackout": "B L AE K AW T",
    "lied": "L AY D",
    "night": "N AY T",
    "guy": "G AY",
    "it": "IH T",
    "sea": "S IY",
    "the": "DH AH",
}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("light", "light"),
        ("lied", "light"),
        ("black guy it", "blackout"),
        ("night", "night"),
        ("sea", "sea"),
        ("the light the light", "the light the light"),
        ("zxqwv", "zxqwv"),
        ("", ""),
    ],
)
def test_what_sounds_like_a_command_is_one(text: str, meant: str) -> None:
    assert match_by_sound(text, COMMANDS, PHONES.get) == meant


def test_similar_phones_are_near_each_other() -> None:
    same, similar, other = (phone_distance(["L", "AY", "T"], other.split()) for other in ("L AY T", "L AY D", "L AY M"))
    assert 0.0 == same < similar < other < 1.0
    assert phone_distance([], []) == 0.0
