"""Parts of bodies that belong to somebody, and words of two senses."""

from __future__ import annotations

import pytest

from installation.dream.actors import actor_of
from installation.dream.english_text import find_terms
from installation.dream.phrases import plain_english
from installation.models.lexicon import lexicon_of
from installation.models.theatre.vocabulary import GROUPS


def figures(text: str) -> list[str]:
    lexicon = lexicon_of(GROUPS)
    assert lexicon is not None
    return [term.label("subject") for term in find_terms(text, lexicon) if term.label("subject")]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("a bird eats from my hand", ["bird"]),
        ("a stone in my hand", ["stone", "man"]),
        ("winter knocks at the door with a white fist", ["door"]),
        ("the wolf's yellow eyes in the dark forest", ["wolf"]),
        ("a bird sings in my heart", ["bird"]),
        ("a giant hand holds a house", ["hand", "house"]),
        ("two hands reaching out of the water", ["hand"]),
        ("my hand", ["hand"]),
    ],
)
def test_a_part_of_a_body_that_somebody_has_is_no_figure(text: str, labels: list[str]) -> None:
    assert figures(text) == labels


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("the wind in her hair", "woman"),
        ("snow on his shoulders", "man"),
        ("the bear lifts his hands to the stars", ""),
        ("the wind combs the barley", ""),
    ],
)
def test_who_has_a_part_of_a_body_is_there(text: str, actor: str) -> None:
    assert actor_of(text.split()) == actor


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("I wait till the rain stops", "I wait until the rain stops"),
        ("the girl at the till", "the girl at the till"),
        ("my grandmother is not well today", "my grandmother is not today"),
        ("he sat by the well", "he sat by the well"),
        ("a woman types on a keyboard", "a woman types on a computer"),
        ("a boy plays the keyboard", "a boy plays the keyboard"),
        ("in the fall we gather chestnuts", "in autumn we gather chestnuts"),
        ("the fall of the empire", "the fall of the empire"),
        ("he kept watch over the sheep", "he watches the sheep"),
        ("the river took the bridge by the hand", "the river with the bridge"),
        ("a bow and arrow in the hands of a knight", "a bow and arrow held by a knight"),
        ("the mountain wears a hat of cloud", "the mountain wears cloud"),
    ],
)
def test_a_word_of_two_senses_is_read_as_the_others_say(text: str, read: str) -> None:
    lexicon = lexicon_of(GROUPS)
    assert lexicon is not None
    assert plain_english(text, lexicon) == read
