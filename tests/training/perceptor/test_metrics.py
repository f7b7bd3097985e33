"""Metrics of a perceptor."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from installation.models.interfaces import Floats
from installation.models.theatre.vocabulary import GROUPS
from installation.training.data.lexicon import class_phrase
from installation.training.perceptor.class_embeddings import ClassEmbeddings
from installation.training.perceptor.metrics import class_prototypes, embed_classes, markdown_table, zero_shot_accuracy


def test_exact_embeddings_have_a_zero_shot_accuracy_of_one(embeddings: ClassEmbeddings) -> None:
    random = np.random.default_rng(0)
    taught = [[label not in dict(group.like) for label in group.labels] for group in GROUPS]
    choice = np.stack([random.choice(np.flatnonzero(known), 400) for known in taught], axis=1)
    images: Floats = embeddings.image_targets(torch.from_numpy(choice)).numpy()
    phrases = [class_phrase(group.name, label) for group in GROUPS for label in group.labels]

    def embed_text(texts: Sequence[str]) -> Floats:
        indices = [phrases.index(text.removeprefix("a ").removeprefix("the ")) for text in texts]
        rows: Floats = embeddings.classes[indices].numpy()
        return rows

    classes = embed_classes(embed_text)
    accuracies = zero_shot_accuracy(classes, images, choice)
    assert accuracies.keys() == {group.name for group in GROUPS}
    assert min(accuracies.values()) == 1.0
    shuffled = zero_shot_accuracy(classes, images[::-1], choice)
    assert all(accuracy < 0.7 for accuracy in shuffled.values())
    assert class_prototypes(images, choice).shape == embeddings.classes.shape


def test_the_table_has_the_targets_beside_the_metrics() -> None:
    lines = markdown_table({"subject_colour": 0.9, "moods": 0.5}).splitlines()
    assert lines == [
        "| metric | value | target |",
        "|---|---|---|",
        "| subject colour | 0.900 | 0.85 |",
        "| moods | 0.500 |  |",
    ]
