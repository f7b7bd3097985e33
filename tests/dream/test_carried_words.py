"""Who carries somebody, or has somebody on the lap, is named first, however a text says it."""

from __future__ import annotations

import pytest

from installation.dream.carried_words import carriers_named
from installation.dream.text_reading import TextReader


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a boy carrying his sister on his back", "a boy bearing his girl"),
        ("a girl carries her brother through the snow on her back", "a girl bearing her boy through the snow"),
        ("a little girl piggyback on her brother", "the boy bearing a little girl"),
        ("a man giving his son a piggyback", "a man bearing his boy"),
        ("a girl on her father's shoulders", "the father carrying a girl on his shoulders"),
        ("a cat on an old woman's lap", "an old woman with a cat on the lap"),
        ("a baby asleep on its father's chest", "the father with a sleeping baby on the lap"),
        ("the baby is fast asleep in its mother's arms", "the mother holding the sleeping baby"),
        ("a child in the arms of his mother", "the mother holding a child"),
        ("a monkey on an elephant's back", "a monkey on an elephant's back"),
        ("a parrot on the pirate's shoulder", "a parrot on the pirate's shoulder"),
        ("a leaf fell on my back", "a leaf fell on my back"),
        ("a boat with two men", "two men in a boat"),
        ("a red rowing boat with an old man and a dog", "an old man and a dog in a red rowing boat"),
        ("a boat with a red sail", "a boat with a red sail"),
    ],
)
def test_who_carries_is_named_first(text: str, plain: str) -> None:
    assert carriers_named(text) == plain


@pytest.mark.parametrize(
    ("text", "subject", "marks"),
    [
        ("a boy carrying his sister on his back", "boy", {"riding"}),
        ("a soldier carrying a wounded friend on his back", "soldier", {"riding"}),
        ("a toddler on dad's shoulders", "man", {"lifting"}),
        ("a cat on an old woman's lap", "old woman", {"second cat", "on seats", "second sitting", "third armchair"}),
        ("a woman on the bench with a dog on her lap", "woman", {"second dog", "on seats", "third bench"}),
        ("grandfather reading a book with a cat on his lap", "old man", {"second cat", "on seats", "fourth book"}),
        ("an old man sitting by the window", "old man", {"on seats", "salon"}),
        ("a girl sitting in the kitchen reading a book", "child", {"on seats", "second book", "kitchen"}),
    ],
)
def test_pairs_that_touch_are_read(reader: TextReader, text: str, subject: str, marks: set[str]) -> None:
    found = reader.read(text)
    assert (found.classes["subject"], {*found.marks} & marks, found.missing) == (subject, marks, ())


def test_who_sits_on_the_floor_has_no_chair(reader: TextReader) -> None:
    assert "on seats" not in reader.read("a child sitting on the floor of the kitchen").marks
