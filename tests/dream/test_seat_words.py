"""Who sits in a train, in a waiting room, or before the television."""

from __future__ import annotations

import pytest

from installation.dream.text_reading import TextReader


@pytest.mark.parametrize(
    ("text", "subject", "marks"),
    [
        ("people sitting in a train, looking out of the window", "group", {"carriage"}),
        ("a man asleep on the train", "man", {"carriage", "sleeping"}),
        ("two friends on the bus", "woman", {"carriage", "second man"}),
        ("a boy reading a book on the train", "boy", {"carriage", "second book"}),
        ("people waiting at the doctor's", "group", {"ward"}),
        ("an old man on the sofa watching TV", "old man", {"second sofa", "third television"}),
        ("a woman knitting by the fire", "woman", {"second armchair", "third ball of wool"}),
        ("an old woman knitting in an armchair", "old woman", {"second armchair", "third ball of wool"}),
        ("a man knits socks on a bench beside his dog", "man", {"second bench", "third ball of wool", "fourth dog"}),
        ("an old man feeding pigeons on a bench", "old man", {"second bench", "third pigeon", "third three"}),
        ("a family watching television", "family", {"second sofa", "third television"}),
    ],
)
def test_who_travels_waits_or_watches_is_on_seats(reader: TextReader, text: str, subject: str, marks: set[str]) -> None:
    reading = reader.read(text)
    assert "on seats" in reading.marks
    assert reading.classes["subject"] == subject
    assert marks <= {*reading.marks}


@pytest.mark.parametrize("text", ["a train in the mountains", "the bus driver waves", "a man waiting at the bus stop"])
def test_others_are_not_on_seats(reader: TextReader, text: str) -> None:
    assert "on seats" not in reader.read(text).marks


@pytest.mark.parametrize(("text", "subject"), [("a man watching birds", "man"), ("the child feeding ducks", "child")])
def test_who_does_something_is_no_part_of_its_name(reader: TextReader, text: str, subject: str) -> None:
    assert reader.read(text).classes["subject"] == subject
