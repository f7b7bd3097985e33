"""The embedding space of the perceptor."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from numpy.testing import assert_array_equal
from torch import Tensor

from installation.models.interfaces import taught_classes
from installation.models.theatre.vocabulary import GROUPS, NUM_CLASSES
from installation.training.data.lexicon import GROUP_SLICES, class_index, label_row
from installation.training.perceptor.class_embeddings import (
    ClassEmbeddings,
    load_class_vectors,
    save_class_embeddings,
    spread_class_embeddings,
)

TAUGHT = [
    [index for index, label in enumerate(group.labels) if label not in dict(group.like)] for group in GROUPS
]  # the classes of each group that the perceptor is taught


def label_rows(*classes: tuple[str, str]) -> Tensor:
    return torch.from_numpy(label_row((class_index(group, label), 1.0) for group, label in classes))[None]


def test_classes_of_different_groups_are_nearly_orthogonal(embeddings: ClassEmbeddings) -> None:
    cosines = embeddings.classes @ embeddings.classes.T
    for where in GROUP_SLICES.values():
        cosines[where, where] = 0.0
    assert float(cosines.abs().max()) < 0.08
    assert float((embeddings.classes @ embeddings.text_bias).abs().max()) < 0.08


def test_a_class_that_is_not_taught_has_the_vector_of_the_one_it_is_like(embeddings: ClassEmbeddings) -> None:
    assert_array_equal(embeddings.classes, embeddings.classes[torch.from_numpy(taught_classes(GROUPS))])


def test_an_image_target_is_nearest_to_the_classes_of_the_image(embeddings: ClassEmbeddings) -> None:
    choice = torch.tensor([[classes[i * 5 % len(classes)] for classes in TAUGHT] for i in range(20)])
    scores = embeddings.image_targets(choice) @ embeddings.classes.T
    for column, where in enumerate(GROUP_SLICES.values()):
        assert_array_equal(scores[:, where].argmax(1), choice[:, column])


def test_a_text_without_a_class_is_far_from_every_image(embeddings: ClassEmbeddings) -> None:
    choice = torch.tensor([[classes[i * 7 % len(classes)] for classes in TAUGHT] for i in range(50)])
    without_class = embeddings.text_targets(torch.zeros(1, NUM_CLASSES)) @ embeddings.image_targets(choice).T
    wolf_image = torch.tensor([[0, 0, 0, 0, 0, 1, 0, 0, 0]])
    wolf = embeddings.text_targets(label_rows(("subject", "wolf"))) @ embeddings.image_targets(wolf_image).T
    assert float(without_class.abs().max()) < 0.15
    assert float(wolf) > 0.22


def test_a_class_in_a_long_text_keeps_more_than_half_of_its_weight(embeddings: ClassEmbeddings) -> None:
    wolf = embeddings.classes[class_index("subject", "wolf")]
    alone = embeddings.text_targets(label_rows(("subject", "wolf"))) @ wolf
    others = (("sky", "night"), ("weather", "snow"), ("terrain", "forest"), ("celestial", "moon"))
    among_others = embeddings.text_targets(label_rows(("subject", "wolf"), *others)) @ wolf
    assert float(among_others / alone) > 0.5


@pytest.mark.slow
def test_known_classes_keep_their_vectors_when_new_ones_are_added(tmp_path: Path, embeddings: ClassEmbeddings) -> None:
    save_class_embeddings(embeddings, tmp_path)
    stored = load_class_vectors(tmp_path)
    new = class_index("subject", "wolf")
    del stored["subject/wolf"]
    stored["subject/a class of another world"] = stored["text bias"]
    extended = spread_class_embeddings(stored)
    same = torch.arange(NUM_CLASSES) != new
    assert float((extended.classes - embeddings.classes)[same].abs().max()) < 1e-3
    cosines = extended.classes @ extended.classes[new]
    cosines[GROUP_SLICES["subject"]] = 0.0
    assert float(cosines.abs().max()) < 0.15


def test_a_folder_without_vectors_keeps_none(tmp_path: Path) -> None:
    assert load_class_vectors(tmp_path) == {}
