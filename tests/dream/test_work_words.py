"""Who is at work, with which tool and before what."""

from __future__ import annotations

import pytest

from installation.dream.text_reading import TextReader


@pytest.mark.parametrize(
    ("text", "subject", "marks"),
    [
        ("a man mending his bicycle", "man", {"second bicycle", "third spanner", "kneeling"}),
        ("a man painting the fence", "man", {"second fence", "third paintbrush"}),
        ("a woman painting a picture", "woman", {"second picture frame", "third paintbrush"}),
        ("a cook stirring a pot", "cook", {"second pot", "third spoon", "kitchen"}),
        ("a man sweeping the street", "man", {"second broom", "street"}),
        ("a boy brushing his teeth", "boy", {"second toothbrush", "bathroom"}),
        ("the barber cuts a man's hair", "man", {"second man", "third scissors"}),
        ("a barber cutting an old man's hair", "man", {"second old man", "third scissors"}),
        ("two men carrying a sofa", "man", {"two", "second sofa"}),
        ("two women washing clothes", "woman", {"two", "second t-shirt", "third sponge"}),
        ("three boys reading comics", "boy", {"three", "second book", "held"}),
        ("a woman on the phone", "woman", {"second smartphone"}),
        (
            "people waiting for the bus in the rain with umbrellas",
            "group",
            {"second umbrella", "third bus stop", "held"},
        ),
        ("a woman at the dentist", "doctor", {"second woman", "third toothbrush", "ward"}),
        ("my sister and I building a snowman", "child", {"second boy", "third snowman"}),
        ("a mother making cookies", "mother", {"second cookie", "third rolling pin", "kitchen"}),
        ("dad cooking spaghetti", "man", {"second spaghetti", "third spoon", "fourth stove", "kitchen"}),
        ("my dad is cooking dinner", "man", {"second pot", "third spoon", "fourth stove", "kitchen"}),
        ("moving into a new house, boxes everywhere", "woman", {"second man", "third box", "fourth box", "held"}),
        ("a man taking a picture of a bride", "man", {"second bride", "third camera"}),
    ],
)
def test_who_works_has_the_tool_and_what_it_is_done_with(
    reader: TextReader, text: str, subject: str, marks: set[str]
) -> None:
    reading = reader.read(text)
    assert "at work" in reading.marks
    assert reading.classes["subject"] == subject
    assert marks <= {*reading.marks}
    assert reading.missing == ()


@pytest.mark.parametrize(
    "text",
    [
        "a washing machine",
        "a fish in the water",
        "a fishing boat",
        "three children with balloons",
        "a dog digging a hole",
    ],
)
def test_others_are_not_at_work(reader: TextReader, text: str) -> None:
    assert "at work" not in reader.read(text).marks
