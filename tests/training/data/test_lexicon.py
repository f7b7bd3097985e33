"""The lexicon: its coverage and its split into a training and a held-out part."""

from __future__ import annotations

from collections import Counter

import pytest

from installation.models.interfaces import Group
from installation.models.theatre.vocabulary import GROUPS, NUM_CLASSES
from installation.training.data.lexicon import (
    COLOUR_GROUP,
    GROUP_SLICES,
    LANGUAGES,
    LexiconEntry,
    all_entries,
    class_index,
    class_words,
    group_of,
    held_out_entries,
    label_row,
    training_entries,
)

CLASSES = [(group.name, label) for group in GROUPS for label in group.labels]


def without_colours(entries: tuple[LexiconEntry, ...]) -> list[LexiconEntry]:
    """Entries without adjectives of colour, which also mean the tint."""
    return [entry for entry in entries if group_of(entry.main_class) != COLOUR_GROUP]


@pytest.mark.parametrize("group", GROUPS, ids=[group.name for group in GROUPS])
def test_every_class_has_ten_words_and_its_label_is_a_training_word(group: Group) -> None:
    for label in group.labels:
        if label in dict(group.like):
            continue
        index = class_index(group.name, label)
        words = [entry.text for entry in all_entries() if entry.kind == group.name and entry.main_class == index]
        has_words_of_subject = group.name == "companion" and label != "alone"
        assert len(words) >= 10 or has_words_of_subject, label
        assert label in class_words(group.name, label)
        assert len(class_words(group.name, label)) >= 8, label


def test_no_word_has_two_meanings() -> None:
    meanings = {(entry.text.lower(), entry.labels) for entry in without_colours(all_entries())}
    counts = Counter(text for text, _ in meanings)
    assert [text for text, count in counts.items() if count > 1] == []


def test_a_held_out_word_is_not_in_the_training_part() -> None:
    training = {entry.text for entry in without_colours(training_entries())}
    assert [entry.text for entry in without_colours(held_out_entries()) if entry.text in training] == []
    words = {word for group, label in CLASSES for word in class_words(group, label)}
    held_out = [entry for entry in held_out_entries() if entry.kind not in (COLOUR_GROUP, "mood")]
    assert [entry.text for entry in held_out if entry.text in words] == []


@pytest.mark.parametrize("kind", ["subject", "terrain", "mood"])
def test_about_one_word_in_eight_of_each_kind_is_held_out(kind: str) -> None:
    count = len([entry for entry in all_entries() if entry.kind == kind])
    held_out = len([entry for entry in held_out_entries() if entry.kind == kind])
    assert 0.07 < held_out / count < 0.18


def test_there_are_sixty_moods_with_classes_of_several_groups() -> None:
    moods = [entry for entry in all_entries() if entry.kind == "mood"]
    assert len({entry.labels for entry in moods}) >= 60
    for mood in moods:
        assert len({group_of(index) for index, _ in mood.labels}) >= 2, mood.text
        assert len(mood.labels) >= 3, mood.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_word_for_every_subject(language: str) -> None:
    group = next(group for group in GROUPS if group.name == "subject")
    subjects = [name for name in group.labels if name not in dict(group.like)]
    named = {entry.main_class for entry in all_entries() if entry.kind == language}
    assert [name for name in subjects if name != "nobody" and class_index("subject", name) not in named] == []


def test_a_class_index_belongs_to_the_group_whose_slice_contains_it() -> None:
    assert [group_of(class_index(group, label)) for group, label in CLASSES] == [group for group, _ in CLASSES]
    assert [class_index(group, label) for group, label in CLASSES] == list(range(NUM_CLASSES))
    assert GROUP_SLICES["sky"].start == 0


def test_labels_become_a_row_of_classes_with_the_greater_strength_of_duplicates() -> None:
    row = label_row(((3, 0.5), (40, 1.0), (3, 0.8)))
    assert row.shape == (NUM_CLASSES,)
    assert {int(i): float(row[i]) for i in row.nonzero()[0]} == {3: pytest.approx(0.8), 40: 1.0}
