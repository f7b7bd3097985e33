"""The teacher of the vocabulary."""

from __future__ import annotations

import pytest
import torch

from installation.models.theatre.vocabulary import NUM_CLASSES
from installation.training.data.lexicon import held_out_entries
from installation.training.perceptor.vocabulary_teacher import soft_labels, vocabulary


def test_classes_that_share_the_probability_are_labelled_and_a_uniform_guess_is_not() -> None:
    probabilities = torch.zeros(3, NUM_CLASSES)
    probabilities[0, 7] = 0.9
    probabilities[1, [3, 50, 90]] = 0.3
    probabilities[2] = 1.0 / NUM_CLASSES
    labels = soft_labels(probabilities)
    assert labels[0].nonzero().flatten().tolist() == [7]
    assert float(labels[0, 7]) == pytest.approx(0.9)
    assert labels[1, [3, 50, 90]].tolist() == pytest.approx([0.9] * 3)
    assert float(labels[2].max()) == 0.0


@pytest.mark.slow
@pytest.mark.usefixtures("teacher_packages")
def test_the_vocabulary_has_words_and_collocations_but_no_held_out_phrase() -> None:
    texts = vocabulary(2000, 1)
    assert len(texts) == len(set(texts)) > 2000 * 8
    assert {"opera house", "sea level", "submarine"} <= set(texts)
    phrases = {entry.text for entry in held_out_entries() if " " in entry.text}
    assert phrases & set(texts) == set()
