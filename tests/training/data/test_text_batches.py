"""Batches of labelled texts."""

from __future__ import annotations

import numpy as np
import pytest

from installation.models.theatre.vocabulary import NUM_CLASSES
from installation.training.data.lexicon import GROUP_SLICES, class_index, group_of, training_entries
from installation.training.data.text_batches import KINDS, TextBatches, drop_neutral

BELL = class_index("subject", "bell")


@pytest.fixture(scope="module")
def batches() -> TextBatches:
    """The teacher guesses that a telephone is a bell, and knows nothing of "besides"."""
    labels = np.zeros((2, NUM_CLASSES), np.float32)
    labels[0, BELL] = 0.9
    return TextBatches(["telephone", "besides"], labels)


def test_the_shares_of_the_kinds_add_up_to_one() -> None:
    assert sum(KINDS.values()) == pytest.approx(1.0)


def test_the_same_seed_gives_the_same_batch(batches: TextBatches) -> None:
    texts, labels = batches.batch(np.random.default_rng(6), 400)
    again, labels_again = batches.batch(np.random.default_rng(6), 400)
    assert texts == again
    assert labels.shape == (400, NUM_CLASSES)
    np.testing.assert_array_equal(labels, labels_again)


def test_a_guessed_label_gives_way_to_a_known_label_of_the_same_group(batches: TextBatches) -> None:
    texts, rows = batches.batch(np.random.default_rng(6), 400)
    telephones = [row for text, row in zip(texts, rows, strict=True) if "telephone" in text]
    subjects = GROUP_SLICES["subject"]
    guessed = [row for row in telephones if row[BELL] >= 0.89]
    known = [row for row in telephones if row[subjects].max() == 1.0 and row[BELL] == 0.0]
    assert len(guessed) > len(known) > 0
    assert len(guessed) + len(known) == len(telephones)


def test_a_colour_means_the_tint_before_a_terrain_and_the_subjects_colour_otherwise(batches: TextBatches) -> None:
    red = next(entry for entry in training_entries() if entry.kind == "subject_colour" and entry.text == "red")
    random = np.random.default_rng(0)
    labels = [set(batches.colour(red, random).labels) for _ in range(200)]
    tint, colour = class_index("tint", "red"), class_index("subject_colour", "red")
    assert all((tint in one) != (colour in one) for one in labels)
    with_tint = [one for one in labels if tint in one]
    assert with_tint
    assert all("terrain" in {group_of(index) for index in one} for one in with_tint)
    assert {colour} in labels  # a noun without a class


def test_a_neutral_class_is_dropped_where_another_class_of_its_group_is_labelled() -> None:
    nobody, violin = class_index("subject", "nobody"), class_index("subject", "violin")
    labels = np.zeros((2, NUM_CLASSES), np.float32)
    labels[:, nobody] = 1.0
    labels[0, violin] = 1.0
    assert drop_neutral(labels)[:, nobody].tolist() == [0.0, 1.0]
    assert drop_neutral(labels)[0, violin] == 1.0
