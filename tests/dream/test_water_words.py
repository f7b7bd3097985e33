"""Words that colour water: they are marks of their own, and no colour of the figures or of the whole picture."""

from __future__ import annotations

import pytest

from installation.dream.text_reading import Reading, read_text
from installation.dream.water_words import WATER
from installation.models.lexicon import lexicon_of
from installation.models.theatre.marks import NAMES
from installation.models.theatre.vocabulary import GROUPS

LABELS = {group.name: group.labels for group in GROUPS}


def read(text: str) -> Reading:
    lexicon = lexicon_of(GROUPS)
    assert lexicon is not None
    return read_text(text, lexicon, LABELS, marks=NAMES)


def waters(text: str) -> list[str]:
    return [mark for mark in read(text).marks if mark.endswith(WATER)]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("a pink flamingo, turquoise water", "turquoise water"),
        ("a black lake", "black water"),
        ("the green river", "green water"),
        ("golden water at sunset", "gold water"),
        ("a blood red river under a full moon", "red water"),
        ("milky water", "white water"),
        ("a boat on purple waves", "violet water"),
        ("the river runs red", "red water"),
        ("the sea is black tonight", "black water"),
        ("a dark green pond", "green water"),
        ("a grey ocean", "grey water"),
        ("ein türkises Meer", "turquoise water"),
        ("une rivière verte", "green water"),
        ("el mar rojo", "red water"),
        ("чёрное озеро", "black water"),
        ("赤い海", "red water"),
    ],
)
def test_a_colour_of_water_is_shown_in_the_water_alone(text: str, mark: str) -> None:
    reading = read(text)
    assert [one for one in reading.marks if one.endswith(WATER)] == [mark]
    assert "tint" not in reading.classes
    assert not reading.missing


@pytest.mark.parametrize(
    "text",
    [
        "a black swan on the lake",
        "a red house by the lake",
        "a green pool table",
        "white waves crash on the rocks",
        "red roses beside the sea",
        "silver moonlight on the water",
        "the golden sun sets over the sea",
        "a white beach by the sea",
    ],
)
def test_a_colour_of_something_else_leaves_the_water_alone(text: str) -> None:
    assert waters(text) == []


def test_figures_and_water_each_have_their_colour() -> None:
    boat = read("a red boat on the green sea")
    assert (boat.classes["subject_colour"], waters("a red boat on the green sea")) == ("red", ["green water"])
    swan = read("a white swan on the black water")
    assert (swan.classes["subject_colour"], swan.classes["terrain"]) == ("white", "lake")


def test_where_no_water_is_shown_it_has_no_colour() -> None:
    assert waters("green hills and a red lake") == []
