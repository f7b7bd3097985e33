"""The distillation: its plan, its loss, and that interrupted runs are resumed exactly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from installation.models import default_place
from installation.models.interfaces import Generator, slices
from installation.models.theatre.vocabulary import BACKDROP_GROUPS
from installation.training.data.distillation_targets import BackdropTheatre, DistillationBatch, render_chunk
from installation.training.generator.distillation import (
    Distillation,
    DistillationPlan,
    distillation_loss,
    save_atomically,
)
from installation.training.generator.student import new_student
from tests.training.generator.students import WIDTH

PLAN = DistillationPlan(
    96, width=WIDTH, batch_size=8, statistics_share=0.5, chunk_size=16, sizes=((0.5, 32), (1.0, 128))
)


CLASSES = slices(BACKDROP_GROUPS)[-1].stop


@pytest.fixture(scope="module")
def teacher() -> Generator:
    return BackdropTheatre(default_place())


@pytest.fixture(scope="module")
def batch(teacher: Generator) -> DistillationBatch:
    return render_chunk(teacher, 3, 16)


def test_a_perfect_image_has_no_loss(batch: DistillationBatch) -> None:
    loss, l1 = distillation_loss({128: batch.image}, batch)
    assert (float(loss), float(l1)) == (0.0, 0.0)


def test_the_plan_trains_coarse_before_fine_images_while_the_rate_falls() -> None:
    assert [PLAN.size(seen) for seen in (0, 47, 48, 95, 1000)] == [32, 32, 128, 128, 128]
    rates = [DistillationPlan(10_000).rate(seen) for seen in (0, 800, 5000, 10_000, 20_000)]
    assert rates[0] < rates[1] > rates[2] > rates[3] == rates[4] > 0


def test_the_keys_of_a_saved_state_are_those_of_older_runs(teacher: Generator) -> None:
    state = Distillation(new_student(WIDTH, 4, 1), teacher, PLAN).state()
    assert set(state) == {"course", "seen", "twin", "average", "optimiser"}
    added = state["course"].pop("passes")
    assert set(state["course"]) == {"pictures", "width", "batch", "seed", "share", "measured", "peak", "sizes"}
    assert DistillationPlan.from_state(state) == PLAN
    state["course"]["passes"] = added + 1
    assert DistillationPlan.from_state(state) == replace(PLAN, passes=added + 1)


def train(teacher: Generator, steps: int, interrupt: Path | None = None) -> tuple[Distillation, list[float]]:
    run, distances = Distillation(new_student(WIDTH, CLASSES, 1), teacher, PLAN), []
    for step in range(steps):
        if interrupt is not None and step == steps // 2:
            save_atomically(run.state(), interrupt)
            run = Distillation(new_student(WIDTH, CLASSES, 99), teacher, PLAN)
            run.restore(torch.load(interrupt, weights_only=True))
        distances.append(float(run.step()))
    return run, distances


@pytest.mark.slow
def test_a_resumed_run_gives_the_same_weights_as_an_uninterrupted_one(teacher: Generator, tmp_path: Path) -> None:
    uninterrupted, distances = train(teacher, 10)
    resumed, resumed_distances = train(teacher, 10, tmp_path / "state.pt")
    assert distances == resumed_distances
    assert_same(uninterrupted.student.state_dict(), resumed.student.state_dict())
    assert_same(uninterrupted.average.state_dict(), resumed.average.state_dict())


def assert_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert one.keys() == other.keys()
    assert [key for key in one if not torch.equal(one[key], other[key])] == []
