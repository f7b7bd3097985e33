"""Batches for the distillation: the teacher's backdrops."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.models import default_place
from installation.models.interfaces import Generator, Latents, slices
from installation.models.theatre.decoded_classes import with_neutral_figures
from installation.models.theatre.vocabulary import BACKDROP_GROUPS, scene_classes
from installation.training.data.distillation_targets import (
    PASSES,
    TINTED,
    BackdropTheatre,
    distillation_batches,
    render_chunk,
)

CLASSES = slices(BACKDROP_GROUPS)[-1].stop


@pytest.fixture(scope="module")
def teacher() -> BackdropTheatre:
    return BackdropTheatre(default_place())


def test_the_teachers_scenery_follows_z_less_than_the_theatres_and_its_light_as_much(
    teacher: BackdropTheatre, theatre: Generator
) -> None:
    scene = torch.from_numpy(scene_classes(terrain="volcano", celestial="sun"))

    def change(generator: Generator, classes: torch.Tensor, dimension: int) -> float:
        z = torch.zeros(2, generator.z_dim)
        z[1, dimension] = 1.0
        before, after = generator.render(Latents(z, classes.expand(2, -1)), 64)
        return float((before - after).abs().mean())

    crater, height_of_the_sun = 34, 2
    assert change(teacher, scene[:, :CLASSES], crater) < 0.5 * change(theatre, scene, crater)
    assert change(teacher, scene[:, :CLASSES], height_of_the_sun) > 0.5 * change(theatre, scene, height_of_the_sun)


def test_a_backdrop_has_no_figures_and_nothing_near(teacher: BackdropTheatre) -> None:
    with_wolf = torch.from_numpy(scene_classes(sky="night", terrain="sea", subject="wolf"))
    completed = with_neutral_figures(with_wolf[:, :CLASSES])
    torch.testing.assert_close(completed, torch.from_numpy(scene_classes(sky="night", terrain="sea")))
    rain, clear = (
        teacher.render(
            Latents(torch.zeros(1, teacher.z_dim), torch.from_numpy(scene_classes(weather=weather))[:, :CLASSES])
        )
        for weather in ("fireflies", "clear")
    )
    torch.testing.assert_close(rain, clear)  # fireflies are for the theatre
    assert tuple(rain.shape) == (1, 3, 128, 128)


def test_the_weights_of_each_group_sum_to_one_and_most_scenes_have_no_tint(teacher: BackdropTheatre) -> None:
    batch = render_chunk(teacher, 3, 64)
    assert batch.class_weights.shape[1] == CLASSES
    groups = dict(zip((group.name for group in BACKDROP_GROUPS), slices(BACKDROP_GROUPS), strict=True))
    sums = torch.stack([batch.class_weights[:, where].sum(1) for where in groups.values()])
    np.testing.assert_allclose(sums, 1.0, atol=1e-5)
    untinted = (batch.class_weights[:, groups["tint"].start] > 0.99).float().mean()
    assert 1 - TINTED < float(untinted) < 1.0


@pytest.mark.slow
def test_batches_that_start_at_a_later_chunk_are_those_of_that_chunk(teacher: BackdropTheatre) -> None:
    per_chunk = PASSES * (16 // 8)
    from_start = distillation_batches(teacher, 8, 5, chunk_size=16)
    for _ in range(per_chunk):
        next(from_start)
    later = distillation_batches(teacher, 8, 5, first_chunk=1, chunk_size=16)
    for expected, actual in zip(next(from_start), next(later), strict=True):
        torch.testing.assert_close(actual, expected, rtol=0, atol=0)
