"""Batches for the distillation: the teacher and the masks of the figures."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.models import default_place
from installation.models.interfaces import Generator, Latents, slices
from installation.models.theatre.vocabulary import scene_classes
from installation.training.data.distillation_targets import (
    PASSES,
    LowJitterTheatre,
    distillation_batches,
    render_chunk,
)


def test_the_teachers_masks_and_figures_follow_z_less_and_its_light_as_much(theatre: Generator) -> None:
    teacher = LowJitterTheatre(default_place())
    scene = torch.from_numpy(scene_classes(terrain="graveyard", subject="wolf"))

    def change(generator: Generator, dimension: int) -> float:
        z = torch.zeros(2, generator.z_dim)
        z[1, dimension] = 1.0
        before, after = generator.render(Latents(z, scene.expand(2, -1)), 64)
        return float((before - after).abs().mean())

    for stones_or_wolf in (21, 42):
        assert change(teacher, stones_or_wolf) < 0.7 * change(theatre, stones_or_wolf)
    height_of_the_sun = 2
    assert change(teacher, height_of_the_sun) == pytest.approx(change(theatre, height_of_the_sun), rel=0.05) != 0.0


def test_a_figure_mask_covers_figures_only_and_class_weights_sum_to_one(theatre: Generator) -> None:
    batch = render_chunk(theatre, 3, 16)
    groups = {group.name: (group, where) for group, where in zip(theatre.groups, slices(theatre.groups), strict=True)}
    neutral = [where.start + (group.neutral or 0) for group, where in (groups["subject"], groups["companion"])]
    without_figures = (batch.class_weights[:, neutral] > 0.99).all(dim=1)
    covered = batch.figure_mask.mean(dim=(1, 2, 3))
    assert without_figures.any()
    assert float(covered[without_figures].sum()) == 0.0
    assert bool((covered[~without_figures] > 0.0).all())
    assert float(covered.max()) < 0.9
    sums = torch.stack([batch.class_weights[:, where].sum(1) for _, where in groups.values()])
    np.testing.assert_allclose(sums, 1.0, atol=1e-5)


@pytest.mark.slow
def test_batches_that_start_at_a_later_chunk_are_those_of_that_chunk(theatre: Generator) -> None:
    per_chunk = PASSES * (16 // 8)
    from_start = distillation_batches(theatre, 8, 5, chunk_size=16)
    for _ in range(per_chunk):
        next(from_start)
    later = distillation_batches(theatre, 8, 5, first_chunk=1, chunk_size=16)
    for expected, actual in zip(next(from_start), next(later), strict=True):
        torch.testing.assert_close(actual, expected, rtol=0, atol=0)
