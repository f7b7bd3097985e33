"""On the way from one thing that is said of a figure to another, nothing is seen that nobody has said."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.models.interfaces import Point, weights_of
from installation.models.theatre.generator import Theatre
from installation.models.theatre.scene_change import CAST_AWAY, scene_change
from installation.models.theatre.vocabulary import GROUPS
from installation.render.latent_walk import geometry_of, interpolate
from tests.models.theatre.conftest import scene
from tests.models.theatre.test_scene_change import stage

__all__ = ["stage"]
MAN = scene(1, terrain="field", subject="man", sky="dawn")
STEPS = np.linspace(0.0, 1.0, 21)


def way(theatre: Theatre, before: tuple[str, ...], after: tuple[str, ...]) -> list[Point]:
    begin, end = (theatre.with_marks(MAN, marks) for marks in (before, after))
    return [interpolate(begin, end, float(t), GROUPS, geometry_of(theatre)) for t in STEPS]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("running",), ("held", "second book")),
        (("lying down",), ("dancing",)),
        (("crowd",), ()),
        (("second fox", "third king"), ("second child", "third owl", "third red")),
    ],
)
def test_only_the_marks_of_both_ends_are_seen(stage: Theatre, before: tuple[str, ...], after: tuple[str, ...]) -> None:
    points = way(stage, before, after)
    said = [set(stage.marks_of(point)) for point in points]
    ends = said[0], said[-1]
    assert all(one in ends for one in said)
    assert said[0] != said[-1]


def test_who_stays_leaves_and_comes_again_in_another_pose(stage: Theatre) -> None:
    points = way(stage, ("running",), ("lying down",))
    weights = [torch.from_numpy(weights_of(point.classes, GROUPS)) for point in points]
    cast = [scene_change(one, moves=True).cast for one in weights]
    assert cast[0] == cast[-1] == pytest.approx(1.0)
    assert cast[len(cast) // 2] < CAST_AWAY[0]
    assert np.abs(np.diff(cast)).max() < 0.1


def test_a_mark_that_is_no_level_still_grows(stage: Theatre) -> None:
    half = way(stage, (), ("huge figure",))[len(STEPS) // 2]
    end = stage.with_marks(MAN, ("huge figure",))
    assert 0 < np.abs(half.z).max() < np.abs(end.z).max()
    np.testing.assert_array_equal(half.classes, end.classes)
