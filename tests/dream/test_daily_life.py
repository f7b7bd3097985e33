"""Doings of every day name who does them, where they are done, and what they are done with."""

from __future__ import annotations

import pytest

from installation.dream.daily_life import daily_life_named
from installation.dream.text_reading import TextReader
from installation.dream.usual_places import usual_place
from installation.models.lexicon import Lexicon, lexicon_of
from installation.models.theatre.marks import NAMES
from installation.models.theatre.vocabulary import GROUPS


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    found = lexicon_of(GROUPS)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("homework at the kitchen table", "a child doing homework at the kitchen table"),
        ("my sister doing homework", "my sister doing homework"),
        ("first day at school", "a child with a backpack in the classroom"),
        ("washing up after the party", "washing the dishes"),
        ("an argument in the kitchen", "a man and a woman arguing in the kitchen"),
        ("an argument in the car", "a couple in the car"),
        ("a delivery rider at a red light", "a cyclist at a red light"),
        ("a horse and its rider", "a horse and its rider"),
        ("a woman carrying her shopping up the stairs", "a woman carrying a shopping bag up the stairs"),
        ("grandma's hands kneading dough", "grandma kneading bread in the kitchen"),
        ("dad putting the baby to bed", "dad carrying the baby in the bedroom"),
        ("a girl blowing out the candles", "a girl blowing the candles on a birthday cake"),
        ("a waiter with a tray of glasses", "a waiter with a wine glass"),
        ("grandpa looking for his glasses", "grandpa looking for his glasses"),
        ("a nurse yawning after the night shift", "a nurse yawning"),
        ("after the party", "after the party"),
        ("lunch at grandma's house", "a child having lunch with grandma in the kitchen"),
        ("mum ironing on Sunday evening", "mum ironing evening"),
        ("waiting for the bus with two heavy bags", "a woman with two heavy bags waiting at the bus stop"),
    ],
)
def test_a_text_names_who_acts_and_with_what(lexicon: Lexicon, text: str, read: str) -> None:
    assert daily_life_named(text, lexicon) == read


@pytest.mark.parametrize(
    ("text", "subject", "place"),
    [
        ("the dog barks at the postman", "postman", "houses"),
        ("my neighbour mowing the lawn", "man", "garden"),
        ("mum packing the suitcase", "woman", "bedroom"),
        ("a shepherd leaning on the fence", "man", ""),
        ("a dragon behind the fence", "dragon", ""),
        ("a boy running across the hills with his scooter", "boy", ""),
    ],
)
def test_people_of_every_day_are_where_one_does_such_a_thing(text: str, subject: str, place: str) -> None:
    found = usual_place(text, {"subject": subject}, NAMES)
    assert (found.mark if found else "") == place


def test_the_one_who_has_bags_is_the_one_who_waits(reader: TextReader) -> None:
    reading = reader.read("waiting for the bus in the rain with two heavy bags")
    assert reading.classes == {"subject": "man", "weather": "rain", "terrain": "city"}
    assert {"second handbag", "second two", "held", "third bus stop", "houses"} == {*reading.marks}


def test_a_cafe_has_no_waiter_whom_nobody_named(reader: TextReader) -> None:
    assert "second waiter" not in reader.read("a man reading the newspaper in the café").marks
