"""Warm starts from narrower generators."""

from __future__ import annotations

import pytest
import torch
from numpy.testing import assert_allclose

from installation.models.interfaces import Group
from installation.training.generator.export import to_library
from installation.training.generator.net2net import initial_classes, widen
from tests.training.generator.students import WIDTH, calibrated_student, generate

WIDER = 12
OLD = (Group("kind", tuple("abc")), Group("colour", tuple("wxy"), neutral=1))
NEW = (Group("kind", tuple("abcd")), Group("extra", ("none", "some"), neutral=0), Group("colour", tuple("xwyz"), 0))


@pytest.mark.slow
def test_a_wider_student_generates_what_the_narrower_one_does_with_reordered_classes() -> None:
    student = calibrated_student(WIDTH, 6, seed=3)
    wide = widen(to_library(student), OLD, NEW, WIDER, 1)
    z, old_weights = torch.randn(3, 96), torch.rand(3, 6)
    new_weights = torch.zeros(3, 10)
    for new, old in ((0, 0), (1, 1), (2, 2), (6, 4), (7, 3), (8, 5)):
        new_weights[:, new] = old_weights[:, old]
    # The sums have other terms that are zero, and so another order: float32 rounding over ten blocks.
    assert_allclose(generate(wide, z, new_weights), generate(student, z, old_weights), atol=1e-4)


def test_a_new_class_starts_as_the_class_of_the_same_label_or_else_as_the_neutral_class() -> None:
    assert initial_classes(OLD, NEW) == [0, 1, 2, 0, None, None, 4, 3, 5, 4]


def test_a_new_class_starts_as_a_similar_class_if_one_is_known() -> None:
    old, new = Group("subject", ("horse", "wolf", "bird")), Group("subject", ("bird", "lion", "dog"))
    assert initial_classes([old], [new]) == [2, 0, 1]
