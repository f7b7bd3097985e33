"""Who dances in a ring, goes hand in hand, or arm in arm."""

from __future__ import annotations

import pytest

from installation.dream.text_reading import TextReader


@pytest.mark.parametrize(
    ("text", "subject", "marks"),
    [
        ("children dancing in a ring on a meadow", "child", {"ring", "six"}),
        ("four girls holding hands in a circle around an apple tree", "child", {"ring", "four", "second apple tree"}),
        ("women dance round the fire at night", "woman", {"ring", "campfire"}),
        ("rabbits dancing in a circle", "rabbit", {"ring", "six"}),
        ("a boy and his grandfather walk hand in hand", "boy", {"hand in hand", "second old man"}),
        ("a mother leading her child by the hand", "mother", {"hand in hand", "second child"}),
        ("she takes her little boy by the hand", "woman", {"hand in hand", "second boy"}),
        ("I hold my son's hand", "woman", {"hand in hand", "second boy"}),
        ("a bride and a groom under an umbrella", "man", {"arm in arm", "second bride", "third umbrella"}),
        ("an old couple walking arm in arm in the park", "old man", {"second old woman", "arm in arm", "park"}),
    ],
)
def test_people_are_joined(reader: TextReader, text: str, subject: str, marks: set[str]) -> None:
    reading = reader.read(text)
    assert reading.classes["subject"] == subject
    assert marks <= {*reading.marks}
    assert not reading.missing


@pytest.mark.parametrize(
    "text", ["a diamond ring in a box", "a woman dancing", "take the world by the hand", "a girl under an umbrella"]
)
def test_others_are_not_joined(reader: TextReader, text: str) -> None:
    assert {"ring", "hand in hand", "arm in arm"}.isdisjoint(reader.read(text).marks)


def test_no_severed_hand_is_shown(reader: TextReader) -> None:
    reading = reader.read("a father leads his daughter by the hand")
    assert not any("hand" in mark.split()[1:] for mark in reading.marks if mark != "hand in hand")
