"""What texts say of how figures are joined is read as such, whatever the figures are."""

from __future__ import annotations

import pytest

from installation.dream.join_words import joined_plainly
from installation.dream.text_reading import TextReader, text_reader
from installation.models.theatre.marks import NAMES
from installation.models.theatre.vocabulary import GROUPS


@pytest.fixture(scope="module")
def reader() -> TextReader:
    found = text_reader(GROUPS, NAMES)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "subject", "marks"),
    [
        ("the moon in a bottle", "bottle", {"second moon of paper", "inside", "glassy"}),
        ("a storm in a teacup", "cup", {"second thundercloud of paper", "inside"}),
        ("a forest inside a lightbulb", "light bulb", {"second pine", "second three", "inside", "glassy"}),
        ("a girl holding the moon", "child", {"second moon of paper", "held"}),
        ("a whale with a city on its back", "whale", {"second skyscraper", "second three", "on"}),
        ("a boat tied to a jetty", "boat", {"second pier", "tied"}),
        ("a letter tied to a pigeon's leg", "letter", {"second pigeon", "tied"}),
        ("a goat on a chain", "goat", {"tethered"}),
        ("a crow with a key in its beak", "crow", {"second key", "in mouth"}),
        ("grandfather with a pipe in his mouth", "old man", {"second tobacco pipe", "in mouth"}),
        ("a pig in a red coat", "pig", {"second coat", "second red", "clad"}),
        ("a penguin in socks", "penguin", {"second socks", "clad"}),
        ("a giraffe with a bow tie", "giraffe", {"second hair bow", "on"}),
        ("a ladder leaning against an apple tree", "ladder", {"second apple tree", "leaning"}),
        ("three turtles on top of each other", "turtle", {"three", "piled"}),
        ("a snail with a top hat", "snail", {"second top hat", "on"}),
        ("a flamingo in rubber boots", "flamingo", {"second shoes", "clad"}),
        ("a monkey with a banana in its hand", "monkey", {"second banana", "held"}),
        ("a piano full of birds", "piano", {"second three", "on"}),
        ("a suitcase full of sand", "suitcase", {"second sand of paper", "inside"}),
        ("flowers growing out of a shoe", "shoe", {"second three", "on"}),
        ("a swing hanging from the moon", "swing", {"second moon of paper", "hanging"}),
        ("a woman with an owl mask", "woman", {"second mask", "over face"}),
        ("a snake wrapped around a pole", "snake", {"second telegraph pole", "wrapping"}),
        ("ivy around a house", "house", {"mossy"}),
        ("a balloon tied to a child's wrist", "toy balloon", {"tied"}),
        ("a frog with a golden crown on a lily pad", "frog", {"second crown", "on", "third lily pad", "on third"}),
        ("a keeper holding a lantern on a rock", "man", {"second lantern", "held", "third stone", "on third"}),
        ("a couple under a red umbrella on a bridge", "couple", {"second umbrella", "third bridge", "on third"}),
        ("a fisherman and his dog in a boat", "boat", {"second dog", "on", "third fisherman", "together"}),
        ("a boy with a kite tied to his hand", "boy", {"second kite", "held"}),
        ("friends around a campfire", "group", {"campfire", "around"}),
    ],
)
def test_a_join_is_read(reader: TextReader, text: str, subject: str, marks: set[str]) -> None:
    found = reader.read(text)
    assert (found.classes["subject"], {*found.marks} & marks, found.missing) == (subject, marks, ())


@pytest.mark.parametrize("text", ["the moon above the sea", "a storm over the city", "a house in a forest", "stars"])
def test_places_and_lights_of_a_scene_are_no_things(reader: TextReader, text: str) -> None:
    assert not any("of paper" in mark for mark in reader.read(text).marks)


def test_a_woman_in_a_coat_has_its_colour_herself(reader: TextReader) -> None:
    found = reader.read("a woman in a red coat")
    assert (found.classes["subject"], found.classes["subject_colour"], found.marks) == ("woman", "red", ())


def test_rings_and_piles_are_said_in_one_way() -> None:
    assert joined_plainly("children in a ring around a tree") == "five children around a tree"
    assert joined_plainly("a tower of turtles") == "turtles piled"
