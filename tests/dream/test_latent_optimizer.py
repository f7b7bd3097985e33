"""A climb: its steps, its numbers, and what it does where memory or precision gives way."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.dream.class_weights import ClassWeighting
from installation.dream.latent_optimizer import LatentOptimizer
from installation.dream.losses import PromptTarget
from installation.dream.schedule import Schedule
from installation.models.biggan.generator import BigGAN
from installation.models.fake import FakeGenerator, FakePerceptor
from installation.models.interfaces import Group, Latents, Perceptor
from tests.models.conftest import calibrated_library

GROUPS = (Group("kind", tuple("abcdef")), Group("colour", tuple("wxyz"), neutral=0))
PACE = Schedule(rate=2.0, truncation=0.8)


@pytest.fixture(scope="module")
def generator() -> BigGAN:
    return BigGAN("small", calibrated_library(1), GROUPS, truncation=0.8)


class Counting(FakePerceptor):
    """Remembers how many pictures it was shown at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[int] = []

    def embed_image(self, pictures: torch.Tensor) -> torch.Tensor:
        self.seen.append(len(pictures))
        rows: torch.Tensor = super().embed_image(pictures)
        return rows


def start_of(generator: BigGAN, layered: bool = False) -> Latents[torch.Tensor]:
    point = generator.sample(1, 3)
    z = torch.from_numpy(point.z)
    return Latents(z.unsqueeze(1).repeat(1, generator.layers, 1) if layered else z, torch.from_numpy(point.classes))


def aim_of(*texts: str, weights: tuple[float, ...] = (1.0,)) -> PromptTarget:
    rows = torch.from_numpy(FakePerceptor().embed_text(texts))
    return PromptTarget(rows, torch.tensor(weights), torch.zeros(len(texts)))


def climb_of(generator: BigGAN, start: Latents[torch.Tensor], **settings: object) -> LatentOptimizer:
    perceptor: Perceptor = FakePerceptor()
    return LatentOptimizer(generator, perceptor, start, 32, bool(settings.pop("optimise", False)), 1, 0.1, **settings)  # type: ignore[arg-type]


def run(climb: LatentOptimizer, aim: PromptTarget, steps: int, views: int = 3) -> LatentOptimizer:
    for _ in range(steps):
        climb.step(aim, PACE, views)
    return climb


@pytest.mark.parametrize("layered", [False, True])
def test_one_z_climbs_and_a_z_for_each_layer_does_too(generator: BigGAN, layered: bool) -> None:
    climb, aim = climb_of(generator, start_of(generator, layered)), aim_of("a fox")
    first = run(climb, aim, 1).told()
    last = run(climb, aim, 40).told()
    assert last.z.shape == ((1, generator.layers, 16) if layered else (1, 16))
    assert last.score > first.score + 0.02
    if layered:
        assert np.ptp(last.z, axis=1).max() > 0.1  # the layers have gone different ways


def test_another_dream_in_the_same_tensors_goes_as_in_fresh_ones(generator: BigGAN) -> None:
    start, aim = start_of(generator), aim_of("the sea")
    fresh = run(climb_of(generator, start), aim, 10).told()
    used = run(climb_of(generator, start), aim_of("a fox", "a tree", weights=(1.0, -1.0)), 15)
    used.begin(start, seed=1)
    again = run(used, aim, 10).told()
    np.testing.assert_array_equal(again.z, fresh.z)
    assert again.score == fresh.score


def test_a_step_takes_the_largest_prepared_number_of_cutouts_that_is_not_more() -> None:
    counting = Counting()
    generator = BigGAN("small", calibrated_library(1), GROUPS)
    climb = LatentOptimizer(generator, counting, start_of(generator), 32, False, 1, 0.1)
    aim = aim_of("a fox")
    climb.prepare(aim, PACE, (6, 4, 2))
    for views in (9, 5, 2, 1):
        climb.step(aim, PACE, views)
    assert [count for count in counting.seen if count > 1] == [6, 4, 2, 2]


def test_what_is_prepared_anew_leaves_nothing_of_what_was_prepared_before() -> None:
    counting = Counting()
    heavy = BigGAN("small", calibrated_library(1), GROUPS)
    climb = LatentOptimizer(heavy, counting, start_of(heavy), 32, False, 1, 0.1)
    aim = aim_of("a fox")
    for views in (8, 4), (3, 2):  # memory was too short for the first ones
        climb.prepare(aim, PACE, views)
    climb.step(aim, PACE, 8)
    assert [count for count in counting.seen if count > 1] == [3]


def test_a_generator_that_may_look_at_its_numbers_is_not_captured() -> None:
    counting = Counting()
    light = FakeGenerator()
    point = light.sample(1, 3)
    start = Latents(torch.from_numpy(point.z), torch.from_numpy(point.classes))
    climb = LatentOptimizer(light, counting, start, 32, False, 1, 0.1)
    aim = aim_of("a fox")
    climb.prepare(aim, PACE, (2,))
    climb.step(aim, PACE, 5)
    assert [count for count in counting.seen if count > 1] == [5]


@pytest.mark.parametrize("weighing", [ClassWeighting(), ClassWeighting("sigmoid"), ClassWeighting("top", most=2)])
def test_classes_are_climbed_by_every_way_of_weighing(weighing: ClassWeighting) -> None:
    generator = BigGAN("small", calibrated_library(1), GROUPS, truncation=0.8)
    if weighing.how != "softmax":
        generator.free_classes()
    start = start_of(generator)
    logits = torch.log(0.1 / 6 + 0.8 * start.classes.exp().clamp(max=1.0))
    climb = climb_of(generator, Latents(start.z, weighing.numbers(logits)), optimise=True, weighing=weighing)
    begun = climb.told().classes
    told = run(climb, aim_of("a fox"), 40).told()
    assert np.abs(told.classes - begun).max() > 0.1
    assert told.classes.max() <= (np.inf if weighing.how == "softmax" else 0.0)
    if weighing.how == "top":
        assert [(part > -13.9).sum() for part in (told.classes[0, :6], told.classes[0, 6:])] == [2, 2]


def test_a_climb_that_falls_is_led_back(generator: BigGAN) -> None:
    climb, aim = climb_of(generator, start_of(generator)), aim_of("a fox")
    best = run(climb, aim, 60).told()
    climb.restart(torch.from_numpy(generator.sample(1, 9).z))
    climb.settle()
    fallen = climb.told()
    back = run(climb, aim, 60).told()
    assert np.linalg.norm(back.z - best.z) < 0.7 * np.linalg.norm(fallen.z - best.z)


def test_half_precision_climbs_as_well_as_full() -> None:
    library = calibrated_library(1)
    scores = []
    for precision in (torch.float32, torch.bfloat16):
        generator = BigGAN("small", library, GROUPS, truncation=0.8, precision=precision)
        scores.append(run(climb_of(generator, start_of(generator)), aim_of("a fox"), 60).told().score)
    assert scores[1] == pytest.approx(scores[0], abs=0.03)
