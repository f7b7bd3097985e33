"""What English words are a kind of."""

from __future__ import annotations

import pytest

from installation.dream.word_kinds import is_listed, is_rather_noun, may_be_noun, meanings_of_kind
from installation.models.lexicon import lexicon_of
from installation.models.theatre.vocabulary import GROUPS


@pytest.mark.parametrize(
    ("word", "label"),
    [
        ("corgi", "dog"),
        ("corgis", "dog"),
        ("ostrich", "bird"),
        ("hawthorn", "tree"),
        ("sloop", "boat"),
        ("planimeter", "clock"),
        ("juggler", "man"),
        ("plums", "apple"),
        ("aberdeen", "village"),
        ("badger", ""),
        ("silence", ""),
        ("snorfleblat", ""),
    ],
)
def test_a_word_is_shown_as_the_nearest_kind_that_a_figure_or_place_shows(word: str, label: str) -> None:
    lexicon = lexicon_of(GROUPS)
    assert lexicon is not None
    assert meanings_of_kind(word, lexicon)[1] == label


def test_words_are_known_in_all_their_forms() -> None:
    known = ("silence", "rode", "running", "stopped", "carried", "unfinished", "biggest", "wolves")
    assert [word for word in known if not is_listed(word)] == []
    assert [word for word in ("snorfleblat", "quagglewump") if is_listed(word)] == []


def test_nouns_are_told_from_words_that_are_rather_verbs() -> None:
    words = ("silence", "smell", "slowly")
    assert [(is_rather_noun(word), may_be_noun(word)) for word in words] == [
        (True, True),
        (False, True),
        (False, False),
    ]
