from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch

from installation.dream.class_weights import ClassWeighting
from installation.dream.latent_optimizer import LatentOptimizer
from installation.dream.objective import OptimizerOptions
from installation.dream.prompt_target import PromptTarget
from installation.dream.schedule import Schedule
from installation.models.biggan.generator import BigGAN
from installation.models.fake import FakeGenerator, FakePerceptor
from installation.models.interfaces import Generator, Group, Latents, repeat_layers
from tests.models.conftest import calibrated_library

GROUPS = (Group("kind", tuple("abcdef")), Group("colour", tuple("wxyz"), neutral=0))
OPTIONS = OptimizerOptions(size=32, max_drop=0.1)
SCHEDULE = Schedule(rate=2.0, truncation=0.8)


def biggan(**settings: Any) -> BigGAN:
    return BigGAN("small", calibrated_library(1), GROUPS, truncation=0.8, **settings)


@cache
def small() -> BigGAN:
    return biggan()


@pytest.fixture(scope="module")
def generator() -> BigGAN:
    return small()


class CountingPerceptor(FakePerceptor):
    """Remembers how many cutouts it saw at a time; single pictures are ratings of what is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.cutouts: list[int] = []

    def embed_image(self, pictures: torch.Tensor) -> torch.Tensor:
        if len(pictures) > 1:
            self.cutouts.append(len(pictures))
        rows: torch.Tensor = super().embed_image(pictures)
        return rows


def start_of(generator: Generator, layers: int = 0, seed: int = 3) -> Latents[torch.Tensor]:
    point = generator.sample(1, seed)
    if layers:
        point = repeat_layers(point, layers)
    return Latents(torch.from_numpy(point.z), torch.from_numpy(point.classes))


def target_of(*texts: str, weights: tuple[float, ...] = (1.0,)) -> PromptTarget:
    rows = torch.from_numpy(FakePerceptor().embed_text(texts))
    stops = [float(weight > 0.0) for weight in weights]
    return PromptTarget(rows, torch.tensor(weights), torch.tensor(stops))


def optimizer_of(
    generator: Generator, start: Latents[torch.Tensor] | None = None, options: OptimizerOptions = OPTIONS
) -> LatentOptimizer:
    return LatentOptimizer(generator, FakePerceptor(), start or start_of(generator), options, seed=1)


def run(optimizer: LatentOptimizer, target: PromptTarget, steps: int, schedule: Schedule = SCHEDULE) -> LatentOptimizer:
    for _ in range(steps):
        optimizer.step(target, schedule, 3)
    return optimizer


def test_one_z_is_optimised(generator: BigGAN) -> None:
    optimizer, target = optimizer_of(generator), target_of("a fox")
    first = run(optimizer, target, 1).result()
    last = run(optimizer, target, 40).result()
    assert last.z.shape == (1, 16)
    assert last.score > first.score + 0.02


def test_a_z_for_each_layer_is_optimised_independently(generator: BigGAN) -> None:
    optimizer, target = optimizer_of(generator, start_of(generator, generator.layers)), target_of("a fox")
    first = run(optimizer, target, 1).result()
    last = run(optimizer, target, 40).result()
    assert last.z.shape == (1, generator.layers, 16)
    assert last.score > first.score + 0.02
    assert np.ptp(last.z, axis=1).max() > 0.1


def test_after_a_reset_a_dream_goes_as_in_a_fresh_optimizer(generator: BigGAN) -> None:
    target = target_of("the sea")
    fresh = run(optimizer_of(generator), target, 10).result()
    used = run(optimizer_of(generator), target_of("a fox", "a tree", weights=(1.0, -1.0)), 15)
    used.reset(start_of(generator), seed=1)
    again = run(used, target, 10).result()
    np.testing.assert_array_equal(again.z, fresh.z)
    assert again.score == fresh.score


def test_at_rate_zero_z_stands_still(generator: BigGAN) -> None:
    optimizer, still = optimizer_of(generator), replace(SCHEDULE, rate=0.0)
    before = run(optimizer, target_of("a fox"), 1, still).z.clone()
    assert torch.equal(run(optimizer, target_of("a fox"), 4, still).z, before)


def test_z_is_clamped_to_twice_the_truncation(generator: BigGAN) -> None:
    optimizer = run(optimizer_of(generator), target_of("a fox"), 10, replace(SCHEDULE, truncation=0.1))
    assert optimizer.z.abs().max() <= 0.2


def test_a_change_of_truncation_scales_z(generator: BigGAN) -> None:
    optimizer = optimizer_of(generator)
    before = optimizer.z.clone()
    optimizer.rescale(0.5, 0.4)
    torch.testing.assert_close(optimizer.z, (0.5 * before).clamp(-0.8, 0.8))


def capture(optimizer: LatentOptimizer, most: int, seconds: float = math.inf) -> None:
    """Do steps in slices as on a card: in three with endless `seconds`, part by part and cutout by cutout with none."""
    assert optimizer.capture(target_of("a fox"), SCHEDULE, most, seconds) is not None
    optimizer.reset(start_of(small()), seed=1)


def step(optimizer: LatentOptimizer, count: int, target: PromptTarget | None = None) -> int:
    """Do a whole step; return the number of its slices."""
    slices = 1
    while not optimizer.step(target or target_of("a fox"), SCHEDULE, count):
        slices += 1
    return slices


OPTIONS_OF_STEPS = {
    "z": OPTIONS,
    "z and classes": replace(OPTIONS, optimise_classes=True),
    "regularised": replace(
        OPTIONS, regularisers={"total_variation": 0.5, "embedding_normality": 0.1, "noise_normality": 0.2}
    ),
    "grayscale": replace(OPTIONS, grayscale=True),
    "stochastic truncation": replace(OPTIONS, stochastic_truncation=True),
}


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [math.inf, 0.0], ids=["coarse slices", "fine slices"])
@pytest.mark.parametrize("options", OPTIONS_OF_STEPS.values(), ids=OPTIONS_OF_STEPS.keys())
def test_a_sliced_step_goes_where_the_whole_one_goes(options: OptimizerOptions, seconds: float) -> None:
    whole, sliced = (optimizer_of(small(), options=options) for _ in range(2))
    capture(sliced, 6, seconds)
    whole.reset(start_of(small()), seed=1)
    assert torch.equal(whole.z, sliced.z)
    for _ in range(3):
        whole.step(target_of("a fox"), SCHEDULE, 6)
        step(sliced, 6)
        torch.testing.assert_close(sliced.z, whole.z, atol=2e-5, rtol=0.0)
    ours, theirs = sliced.result(), whole.result()
    assert ours.loss == pytest.approx(theirs.loss, abs=1e-5)
    assert ours.score == pytest.approx(theirs.score, abs=1e-5)
    np.testing.assert_allclose(ours.classes, theirs.classes, atol=1e-4)


def test_the_gradient_of_a_sliced_step_is_that_of_the_whole_one(
    generator: BigGAN, monkeypatch: pytest.MonkeyPatch
) -> None:
    optimizer = optimizer_of(generator)
    gradients: list[list[torch.Tensor]] = []
    monkeypatch.setattr(optimizer, "_descend", lambda found: gradients.append([one.clone() for one in found]))
    capture(optimizer, 5, 0.0)
    gradients.clear()
    step(optimizer, 5)
    optimizer.reset(start_of(generator), seed=1)
    optimizer._sliced = None
    optimizer.step(target_of("a fox"), SCHEDULE, 5)
    (sliced,), (whole,) = gradients
    assert float(torch.nn.functional.cosine_similarity(sliced, whole)) > 1.0 - 1e-6
    torch.testing.assert_close(sliced, whole, atol=1e-6, rtol=1e-4)


def test_a_step_takes_the_largest_multiple_of_a_chunk_that_is_not_larger(generator: BigGAN) -> None:
    perceptor = CountingPerceptor()
    optimizer = LatentOptimizer(generator, perceptor, start_of(generator), OPTIONS)
    capture(optimizer, 40)
    perceptor.cutouts.clear()
    for count in (99, 40, 27, 3):
        step(optimizer, count)
    assert perceptor.cutouts == [13] * (3 + 3 + 2 + 1)


@pytest.mark.slow
def test_a_second_capture_replaces_the_first(generator: BigGAN) -> None:
    perceptor = CountingPerceptor()
    optimizer = LatentOptimizer(generator, perceptor, start_of(generator), OPTIONS)
    for most in (8, 3):
        capture(optimizer, most)
    perceptor.cutouts.clear()
    step(optimizer, 8)
    assert perceptor.cutouts == [3]


def test_a_long_prompt_keeps_the_captured_steps(generator: BigGAN) -> None:
    perceptor = CountingPerceptor()
    optimizer = LatentOptimizer(generator, perceptor, start_of(generator), OPTIONS)
    capture(optimizer, 4)
    perceptor.cutouts.clear()
    graphs = optimizer._sliced
    for parts in (9, 30, 1):
        texts = [f"part {number}" for number in range(parts)]
        step(optimizer, 9, target_of(*texts, weights=(1.0,) * parts))
    assert perceptor.cutouts == [4, 4, 4]
    assert optimizer._sliced is graphs


@pytest.mark.slow
@pytest.mark.parametrize("change", ["set_z", "reset", "rescale", "set_classes"])
def test_a_step_that_is_not_done_begins_again_after_the_latents_were_moved(generator: BigGAN, change: str) -> None:
    optimizer, start = optimizer_of(generator), start_of(generator, seed=9)
    capture(optimizer, 4)
    slices = step(optimizer, 4)
    assert not optimizer.step(target_of("a fox"), SCHEDULE, 4)
    moves: dict[str, Callable[[], None]] = {
        "set_z": lambda: optimizer.set_z(start.z),
        "reset": lambda: optimizer.reset(start, 1),
        "rescale": lambda: optimizer.rescale(0.5, 0.4),
        "set_classes": lambda: optimizer.set_classes(start.classes),
    }
    moves[change]()
    assert step(optimizer, 4) in (slices, slices - 1)  # the first one is rated: a slice more


def test_steps_of_a_generator_that_cannot_be_captured_take_any_number_of_cutouts() -> None:
    perceptor, generator, target = CountingPerceptor(), FakeGenerator(), target_of("a fox")
    optimizer = LatentOptimizer(generator, perceptor, start_of(generator), OPTIONS)
    assert optimizer.capture(target, SCHEDULE, 2) is None
    optimizer.step(target, SCHEDULE, 5)
    assert perceptor.cutouts == [5]


@pytest.mark.slow
@pytest.mark.parametrize(
    "weighting",
    [ClassWeighting(), ClassWeighting("sigmoid"), ClassWeighting("top", max_classes=2)],
    ids=lambda w: w.mode,
)
def test_classes_are_optimised_in_every_parametrisation(weighting: ClassWeighting) -> None:
    generator = biggan()
    if weighting.mode != "softmax":
        generator.use_independent_classes()
    start = start_of(generator)
    smoothed = torch.log(0.1 / 6 + 0.8 * start.classes.exp().clamp(max=1.0))
    options = replace(OPTIONS, optimise_classes=True, class_weighting=weighting)
    optimizer = optimizer_of(generator, Latents(start.z, weighting.from_logits(smoothed)), options)
    before = optimizer.result().classes
    after = run(optimizer, target_of("a fox"), 40).result().classes
    assert np.abs(after - before).max() > 0.1
    assert after.max() <= (np.inf if weighting.mode == "softmax" else 0.0)
    if weighting.mode == "top":
        assert [int((part > -13.9).sum()) for part in (after[0, :6], after[0, 6:])] == [2, 2]


@pytest.mark.slow
def test_latents_whose_rating_drops_are_pulled_back_to_the_best(generator: BigGAN) -> None:
    optimizer, target = optimizer_of(generator), target_of("a fox")
    best = run(optimizer, target, 60).result()
    optimizer.set_z(start_of(generator, seed=9).z)
    optimizer.settle()
    dropped = optimizer.result()
    recovered = run(optimizer, target, 60).result()
    assert np.linalg.norm(recovered.z - best.z) < 0.7 * np.linalg.norm(dropped.z - best.z)


def test_settling_shows_z_itself(generator: BigGAN) -> None:
    optimizer = run(optimizer_of(generator), target_of("a fox"), 5)
    assert not np.array_equal(optimizer.result().z, optimizer.z.numpy())
    optimizer.settle()
    np.testing.assert_array_equal(optimizer.result().z, optimizer.z.numpy())


def test_easing_moves_the_shown_z_towards_z(generator: BigGAN) -> None:
    optimizer = optimizer_of(generator)
    optimizer.set_z(start_of(generator, seed=9).z)
    before = np.linalg.norm(optimizer.result().z - optimizer.z.numpy())
    optimizer.ease()
    assert np.linalg.norm(optimizer.result().z - optimizer.z.numpy()) == pytest.approx(0.9 * before, rel=1e-4)


@pytest.mark.slow
def test_half_precision_reaches_about_the_same_score() -> None:
    full, half = (
        run(optimizer_of(biggan(precision=precision)), target_of("a fox"), 60).result().score
        for precision in (torch.float32, torch.bfloat16)
    )
    assert half == pytest.approx(full, abs=0.03)


class OverflowingBigGAN(BigGAN):
    """Renders NaN until it computes in float32, as float16 does on some graphics cards."""

    def render(self, latents: Latents[torch.Tensor], *args: Any, **kwargs: Any) -> torch.Tensor:
        picture = super().render(latents, *args, **kwargs)
        return picture if self.precision == "float32" else picture * torch.nan


def test_a_generator_that_produces_nan_in_half_precision_is_switched_to_float32() -> None:
    generator = OverflowingBigGAN("small", calibrated_library(1), GROUPS, truncation=0.8, precision=torch.bfloat16)
    optimizer = run(optimizer_of(generator), target_of("a fox"), 20)
    assert generator.precision == "float32"
    assert np.isfinite(optimizer.result().z).all()
    assert np.isfinite(optimizer.result().score)
