"""The words that the perceptor is taught: enough for every class, each once, and some kept from it."""

from __future__ import annotations

from collections import Counter

import pytest

from installation.models.interfaces import Group
from installation.models.theatre.vocabulary import GROUPS, NUM_CLASSES
from installation.training.data import lexicon
from installation.training.data.lexicon import (
    BORROWED,
    LANGUAGES,
    PLACES,
    LexiconEntry,
    entries,
    held,
    place_of,
    row_of,
    taught,
    words_of,
)

NAMED = [(group.name, label) for group in GROUPS for label in group.labels]


@pytest.mark.parametrize("group", GROUPS, ids=[group.name for group in GROUPS])
def test_every_class_has_ten_words_and_its_label_is_taught(group: Group) -> None:
    for label in group.labels:
        index = place_of(group.name, label)
        own = [entry.text for entry in entries() if entry.kind == group.name and entry.index == index]
        borrowed = group.name == "companion" and label != "alone"
        assert len(own) >= 10 or borrowed, label
        assert label in words_of(group.name, label)
        assert len(words_of(group.name, label)) >= 8, label


def test_no_word_means_two_things() -> None:
    hues = PLACES[BORROWED]  # adjectives: by themselves they mean the tint
    spoken = [entry for entry in entries() if not hues.start <= entry.index < hues.stop]
    meant = Counter(text for text, _ in {(entry.text.lower(), entry.said) for entry in spoken})
    assert [text for text, count in meant.items() if count > 1] == []


def test_a_word_that_is_held_is_never_taught() -> None:
    hues = PLACES[BORROWED]
    nouns, unknown = (
        [entry for entry in some if not hues.start <= entry.index < hues.stop] for some in (taught(), held())
    )
    known = {entry.text for entry in nouns}
    assert [entry.text for entry in unknown if entry.text in known] == []
    offered = {word for group, label in NAMED for word in words_of(group, label)}
    assert [entry.text for entry in held() if entry.kind not in (BORROWED, "mood") and entry.text in offered] == []


def test_about_one_word_in_eight_is_held_of_each_kind() -> None:
    for kind in ("subject", "terrain", "mood"):
        count = len([entry for entry in entries() if entry.kind == kind])
        assert 0.07 < len([entry for entry in held() if entry.kind == kind]) / count < 0.18


def test_sixty_moods_are_staged_in_several_groups() -> None:
    moods = [entry for entry in entries() if entry.kind == "mood"]
    assert len({entry.said for entry in moods}) >= 60
    for mood in moods:
        places = [name for name, where in lexicon.PLACES.items() for i, _ in mood.said if where.start <= i < where.stop]
        assert len(set(places)) >= 2, mood.text
        assert len(mood.said) >= 3, mood.text


def test_other_languages_name_every_subject() -> None:
    labels = [label for label in GROUPS[5].labels if label != "nobody"]
    for language in LANGUAGES:
        named = {entry.index for entry in entries() if entry.kind == language}
        assert [label for label in labels if place_of("subject", label) not in named] == []


def test_a_meaning_becomes_a_row_of_classes() -> None:
    row = row_of(LexiconEntry("grief", ((3, 0.8), (40, 1.0)), "mood").said)
    assert row.shape == (NUM_CLASSES,)
    assert {int(i): float(row[i]) for i in row.nonzero()[0]} == {3: pytest.approx(0.8), 40: 1.0}
