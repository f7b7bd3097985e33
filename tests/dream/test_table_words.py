"""Who sits at a table, and what stands on it."""

from __future__ import annotations

import pytest

from installation.dream.text_reading import TextReader


@pytest.mark.parametrize(
    ("text", "subject", "marks"),
    [
        ("A family having breakfast in the kitchen", "family", {"second cup", "third bread", "fourth egg", "kitchen"}),
        ("two women drinking wine at a cafe", "woman", {"two", "second wine glass", "cafe"}),
        ("Two women chatting over coffee", "woman", {"two", "second cup", "kitchen"}),
        ("Children doing their homework at the kitchen table", "child", {"three", "second book", "kitchen"}),
        ("Four men playing cards", "man", {"four", "second playing card", "lamp room"}),
        ("My grandmother and I drinking lemonade and eating cake", "child", {"second old woman"}),
        ("A woman reading a newspaper in a café", "woman", {"second newspaper", "third cup", "held", "cafe"}),
        ("An old man reading in a coffee shop", "old man", {"second book", "held", "cafe"}),
        ("A woman waiting in a bistro", "woman", {"second wine glass", "cafe"}),
        ("A boy eating soup", "boy", {"second noodle soup", "kitchen"}),
        ("Two old men playing chess in the park", "old man", {"two", "second chess pawn", "park"}),
        ("we are having lunch on the balcony", "group", {"three", "second soup bowl", "third bread", "balcony"}),
    ],
)
def test_who_eats_drinks_or_plays_sits_at_a_table(reader: TextReader, text: str, subject: str, marks: set[str]) -> None:
    reading = reader.read(text)
    assert "at table" in reading.marks
    assert reading.classes["subject"] == subject
    assert marks <= {*reading.marks}
    assert reading.missing == ()


@pytest.mark.parametrize(
    "text",
    [
        "a girl eating ice cream on a bench",
        "a cook making dinner",
        "a dog eating a bone",
        "a waiter carrying a cup",
        "a man eating an apple",
        "a horse drinking from a fountain",
        "a picnic in the park",
        "a waiter in a restaurant",
        "a man playing the piano in a bar",
    ],
)
def test_others_need_no_table(reader: TextReader, text: str) -> None:
    assert "at table" not in reader.read(text).marks


@pytest.mark.parametrize(
    ("text", "mixed"), [("three children run", True), ("three girls run", False), ("a child", False)]
)
def test_children_are_boys_and_girls(reader: TextReader, text: str, mixed: bool) -> None:
    assert ("mixed" in reader.read(text).marks) == mixed
