from __future__ import annotations

import numpy as np
import pytest

from installation.dream.class_start import MIXED_CLASSES, nearest_mixture, start_class_weights
from installation.models.interfaces import Group
from installation.show.settings import DreamSettings
from tests.dream.conftest import small_biggan

GROUPS = (Group("animal", tuple("abcdefgh")), Group("light", tuple("xyz")))
CHOICE = np.array([2, 1])


def test_words_and_named_classes_begin_with_one_class_of_each_group() -> None:
    for settings in (DreamSettings(), DreamSettings(start_classes="mix", class_names=("c",), classes="frozen")):
        weights = start_class_weights(settings, CHOICE, GROUPS, 1)
        assert np.flatnonzero(weights[0] > 0.5).tolist() == [2, 9]


@pytest.mark.parametrize("start", ["dirichlet", "mix"])
def test_mixtures_differ_by_seed_and_each_group_sums_to_one(start: str) -> None:
    settings = DreamSettings.model_validate({"start_classes": start, "classes": "optimised"})
    first, second = (start_class_weights(settings, CHOICE, GROUPS, seed)[0] for seed in (1, 2))
    np.testing.assert_allclose([first[:8].sum(), first[8:].sum()], 1.0, rtol=1e-5)
    assert not np.allclose(first, second)
    assert start == "dirichlet" or np.count_nonzero(first[:8]) == MIXED_CLASSES


def test_the_nearest_mixture_finds_a_vector_between_classes_and_the_nearest_face_beyond_them() -> None:
    vectors = np.random.default_rng(1).normal(size=(40, 64)).astype(np.float32)
    wanted = np.zeros(40, np.float32)
    wanted[[3, 17]] = 0.7, 0.3
    np.testing.assert_allclose(nearest_mixture(wanted @ vectors, vectors), wanted, atol=1e-3)
    far = nearest_mixture(5.0 * vectors[7], vectors)
    assert (int(far.argmax()), bool(far.min() >= 0.0), round(float(far.sum()), 4)) == (7, True, 1.0)


def test_a_class_embedding_is_drawn_by_seed_and_lies_near_its_mixture() -> None:
    generator = small_biggan()
    vectors = generator.class_embeddings
    settings = DreamSettings(start_classes="embedding", classes="optimised")
    choice = np.zeros(len(generator.groups), int)
    first, again, other = (start_class_weights(settings, choice, generator.groups, seed, vectors) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)
    drawn = np.random.default_rng(1).normal(0.0, vectors.std(), vectors.shape[1])
    distances = np.linalg.norm(vectors - drawn, axis=1)
    assert np.linalg.norm(first[0] @ vectors - drawn) < distances.min()
