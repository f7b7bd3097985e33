"""The twin of BigGAN: sealed and widened without a change of what it draws, and its schooling, broken off or not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from numpy.testing import assert_allclose

from installation.core.errors import ShowError
from installation.models import default_place
from installation.models.biggan.loading import load_biggan
from installation.models.interfaces import Generator, Group, Latents, ModelPlace, slices
from installation.models.theatre.class_priors import class_priors
from installation.models.theatre.vocabulary import scene_classes
from installation.training.data.distillation_targets import DistillationBatch, SteadyTheatre, paint_share
from installation.training.generator import student as twin_module
from installation.training.generator import train as generator_module
from installation.training.generator.distillation import Distillation, DistillationPlan, loss_of, save
from installation.training.generator.init_export import new_twin, opened, seal, write_folder
from installation.training.generator.net2net import classes_of, widened
from installation.training.generator.student import StudentGenerator
from installation.training.generator.train import GeneratorOptions, train_generator
from tests.models.conftest import generator_named

NARROW, WIDE = 8, 12
COURSE = DistillationPlan(96, width=NARROW, batch=8, measured=0.5, share=16, sizes=((0.5, 32), (1.0, 128)))
OLD = (Group("kind", tuple("abc")), Group("colour", tuple("wxy"), neutral=1))
NEW = (Group("kind", tuple("abcd")), Group("extra", ("none", "some"), neutral=0), Group("colour", tuple("xwyz"), 0))


@pytest.fixture(scope="module")
def lesson() -> DistillationBatch:
    return paint_share(generator_named("theatre"), 3, 16)


def test_the_twins_painter_lets_things_stand_and_the_light_move() -> None:
    free, steady = generator_named("theatre"), SteadyTheatre(default_place())
    scene = torch.from_numpy(scene_classes(terrain="graveyard", subject="wolf"))

    def moved(painter: Generator, dimension: int) -> float:
        z = torch.zeros(2, painter.z_dim)
        z[1, dimension] = 1.0
        there, elsewhere = painter.render(Latents(z, scene.expand(2, -1)), 64)
        return float((there - elsewhere).abs().mean())

    for stones_or_wolf in (21, 42):
        assert moved(steady, stones_or_wolf) < 0.7 * moved(free, stones_or_wolf)
    assert moved(steady, 2) == pytest.approx(moved(free, 2), rel=0.05) != 0.0  # the height of the sun


def lively(width: int, classes: int, seed: int) -> StudentGenerator:
    """A twin whose batch statistics fit its weights."""
    twin = new_twin(width, classes, seed)
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(twin_module, "MOMENTUM", 1.0)
        twin(torch.randn(16, 96, generator=random), torch.rand(16, classes, generator=random), measuring=True)
    return twin


def drawn(twin: StudentGenerator, z: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        picture: torch.Tensor = twin(z, weights)[128]
    return picture


def test_the_library_computes_what_a_sealed_twin_does() -> None:
    twin = lively(NARROW, 10, 1)
    z, weights = torch.randn(2, 96), torch.rand(2, 10)
    own = drawn(twin, z, weights)
    with torch.no_grad():
        theirs = seal(twin.library)(z, weights, 1.0)
    assert float(own.std()) > 0.03
    assert_allclose(theirs, own, atol=1e-5)


def test_a_sealed_model_can_be_opened_again() -> None:
    twin = lively(NARROW, 10, 2)
    z, weights = torch.randn(2, 96), torch.rand(2, 10)
    assert_allclose(drawn(opened(seal(twin.library)), z, weights), drawn(twin, z, weights), atol=1e-5)


def test_a_wider_twin_draws_what_the_narrower_did_and_reorders_classes_by_their_names() -> None:
    twin = lively(NARROW, 6, 3)
    wide = widened(seal(twin.library), OLD, NEW, WIDE, 1)
    z, kept = torch.randn(3, 96), torch.rand(3, 6)
    weights = torch.zeros(3, 10)
    for index, old in ((0, 0), (1, 1), (2, 2), (6, 4), (7, 3), (8, 5)):
        weights[:, index] = kept[:, old]
    assert_allclose(drawn(wide, z, weights), drawn(twin, z, kept), atol=1e-4)


def test_a_new_class_begins_as_its_namesake_its_kin_or_the_usual() -> None:
    assert classes_of(OLD, NEW) == [0, 1, 2, 0, None, None, 4, 3, 5, 4]


def test_an_exported_folder_loads_and_draws_what_was_learnt(tmp_path: Path) -> None:
    painter = generator_named("theatre")
    twin = lively(NARROW, sum(len(group.labels) for group in painter.groups), 4)
    write_folder(seal(twin.library), painter.groups, class_priors(), tmp_path)
    loaded = load_biggan("small", tmp_path, ModelPlace(tmp_path, tmp_path), truncation=0.8)
    assert loaded.groups == painter.groups
    point = loaded.sample(2, seed=1)
    latents = Latents(torch.from_numpy(point.z), torch.from_numpy(point.classes))
    weights = torch.cat([latents.classes[:, where].softmax(1) for where in slices(loaded.groups)], dim=1)
    wanted = drawn(twin, latents.z, weights).add(1).div(2)
    assert_allclose(loaded.render(latents), wanted, atol=5e-3)  # the file is in half precision


def test_figures_are_marked_where_they_stand(lesson: DistillationBatch) -> None:
    painter = generator_named("theatre")
    held = dict(zip((group.name for group in painter.groups), slices(painter.groups), strict=True))
    nobody = held["subject"].start + (painter.groups[5].neutral or 0)
    alone = (lesson.weights[:, nobody] > 0.99) & (lesson.weights[:, held["companion"].start] > 0.99)
    marked = lesson.figure.mean(dim=(1, 2, 3))
    assert float(marked[alone].sum()) == 0.0
    assert bool((marked[~alone] > 0.0).all())
    assert float(marked.max()) < 0.9
    assert_allclose(lesson.weights.sum(1), float(len(painter.groups)), atol=1e-4)


def test_a_perfect_answer_has_no_loss_and_a_figures_place_weighs_more(lesson: DistillationBatch) -> None:
    assert float(loss_of({128: lesson.picture}, lesson)[0]) == 0.0
    one = DistillationBatch(*(part[:1] for part in lesson))
    figure = torch.zeros(1, 1, 64, 64)
    figure[:, :, :32] = 1.0
    one = one._replace(figure=figure)
    above, below = torch.zeros_like(one.picture), torch.zeros_like(one.picture)
    above[:, :, 20:40] += 0.1
    below[:, :, 84:104] += 0.1
    losses = [float(loss_of({128: one.picture + error}, one)[0]) for error in (above, below)]
    assert losses[0] > 2 * losses[1]


def schooled(steps: int, breaks: Path | None = None) -> tuple[Distillation, list[float]]:
    painter = generator_named("theatre")
    classes = sum(len(group.labels) for group in painter.groups)
    schooling, errors = Distillation(new_twin(NARROW, classes, 1), painter, COURSE), []
    for step in range(steps):
        if breaks is not None and step == steps // 2:
            save(schooling.state(), breaks)
            schooling = Distillation(new_twin(NARROW, classes, 99), painter, COURSE)
            schooling.restore(torch.load(breaks, weights_only=True))
        errors.append(schooling.step())
    return schooling, errors


def test_a_training_that_was_broken_off_makes_the_weights_of_one_that_was_not(tmp_path: Path) -> None:
    whole, errors = schooled(10)
    broken, others = schooled(10, tmp_path / "state.pt")
    assert errors == others
    assert_same(whole.twin.state_dict(), broken.twin.state_dict())
    assert_same(whole.average.state_dict(), broken.average.state_dict())


def assert_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert one.keys() == other.keys()
    assert [key for key in one if not torch.equal(one[key], other[key])] == []


def test_a_course_goes_from_coarse_to_fine_while_its_rate_falls() -> None:
    assert [COURSE.side(seen) for seen in (0, 47, 48, 95, 1000)] == [32, 32, 128, 128, 128]
    rates = [DistillationPlan(10_000).rate(seen) for seen in (0, 800, 5000, 10_000, 20_000)]
    assert rates[0] < rates[1] > rates[2] > rates[3] == rates[4] > 0


def test_a_training_is_not_overwritten_by_mistake_and_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generator_module, "EXAM", 16)
    wish = GeneratorOptions(tmp_path, 600.0, pictures=16, cold=True)
    folder = train_generator(wish)
    assert {path.name for path in folder.iterdir()} == {"config.json", "groups.json", "pytorch_model.bin"}
    with pytest.raises(ShowError, match="--resume"):
        train_generator(wish)
    train_generator(GeneratorOptions(tmp_path, 600.0, resume=True, pictures=32))
    (tmp_path / "state.pt").unlink()  # the weights alone are enough to go on from
    train_generator(GeneratorOptions(tmp_path, 600.0, resume=True, pictures=16))
    rows = [json.loads(line) for line in (tmp_path / "progress.jsonl").read_text().splitlines()]
    assert [row["seen"] for row in rows] == [16, 32, 16]
    assert rows[2]["l1"]["128"] < rows[0]["l1"]["128"]
    assert (tmp_path / "weights.pt").stat().st_size <= 16 << 20
