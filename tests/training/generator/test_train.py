"""The training run of the generator."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from installation.core.errors import ShowError
from installation.models import default_place
from installation.models.interfaces import Generator
from installation.training.data.distillation_targets import CHUNK_SIZE, BackdropTheatre, render_chunk
from installation.training.generator import train
from installation.training.generator.distillation import DistillationPlan
from installation.training.generator.train import GeneratorOptions, train_generator, validate
from tests.training.generator.students import WIDTH


@pytest.fixture
def teacher() -> Generator:
    return BackdropTheatre(default_place())


@pytest.fixture
def small_run(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLD_PLAN", "WARM_PLAN"):
        plan = replace(getattr(train, name), width=WIDTH, batch_size=8, chunk_size=16)
        monkeypatch.setattr(train, name, plan)


@pytest.mark.usefixtures("small_run")
@pytest.mark.slow
def test_a_run_is_not_overwritten_and_resumes_from_its_state_or_its_weights(teacher: Generator, tmp_path: Path) -> None:
    options = GeneratorOptions(tmp_path, 600.0, images=8, cold_start=True, validation_scenes=4)
    folder = train_generator(options)
    assert {path.name for path in folder.iterdir()} == {"config.json", "groups.json", "pytorch_model.bin"}
    with pytest.raises(ShowError, match="--resume"):
        train_generator(options)
    train_generator(replace(options, images=16, resume=True))
    rows = [json.loads(line) for line in (tmp_path / "progress.jsonl").read_text().splitlines()]
    assert [row["seen"] for row in rows] == [8, 16]
    assert (tmp_path / "weights.pt").stat().st_size <= 16 * 2**20

    (tmp_path / "state.pt").unlink()
    run = train._start(replace(options, resume=True), teacher)
    weights, student = torch.load(tmp_path / "weights.pt", weights_only=True), run.student.state_dict()
    assert run.seen == 0
    assert run.plan.size(0) == 128
    assert [key for key, value in weights.items() if not torch.equal(value, student[key].half())] == []


@pytest.mark.slow
def test_a_warm_run_starts_with_the_images_of_the_generator_in_the_assets(teacher: Generator, tmp_path: Path) -> None:
    warm, cold = (
        train._start(GeneratorOptions(tmp_path / str(cold), 600.0, images=8, cold_start=cold), teacher)
        for cold in (False, True)
    )
    validation = render_chunk(teacher, 1, 4)
    assert validate(warm.student, validation)[0][128] < 0.5 * validate(cold.student, validation)[0][128]


def test_the_budget_plans_the_number_of_images_unless_it_is_given() -> None:
    assert GeneratorOptions(Path(), 60.0).planned_images == round(60.0 / train.SECONDS_PER_IMAGE["cpu"])
    assert GeneratorOptions(Path(), 60.0, images=7).planned_images == 7


def test_a_short_run_paints_no_more_scenes_than_it_sees() -> None:
    plan = GeneratorOptions(Path(), 60.0, images=40).planned(train.WARM_PLAN)
    assert (plan.chunk_size, plan.batch_size) == (48, 16)
    assert GeneratorOptions(Path(), 60.0, images=4000).planned(train.WARM_PLAN).chunk_size == CHUNK_SIZE


def test_a_card_trains_in_large_batches_of_scenes_that_are_painted_once() -> None:
    plan = GeneratorOptions(Path(), 450.0, device="cuda").planned(train.WARM_PLAN)
    assert plan.images > 4_000_000
    assert plan.batch_size == 256
    assert plan.chunk_size * plan.passes >= plan.images
    assert GeneratorOptions(Path(), 450.0).planned(train.WARM_PLAN).batch_size == train.WARM_PLAN.batch_size


def test_a_resumed_plan_keeps_its_length_until_it_is_finished_and_never_returns_to_coarse_images() -> None:
    plan, options = DistillationPlan(1000), GeneratorOptions(Path(), 10.0)
    assert train._extended(plan, 100, options) == plan
    finished = train._extended(plan, 1000, options)
    assert finished.images == 1000 + options.planned_images
    assert finished.size(0) == 128
    assert train._extended(plan, 100, GeneratorOptions(Path(), 10.0, images=5000)).images == 5000
