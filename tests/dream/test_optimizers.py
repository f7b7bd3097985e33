from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest
import torch

from installation.dream.evolution import EvolutionOptimizer
from installation.dream.fusion import FusionOptimizer
from installation.dream.latent_optimizer import LatentOptimizer
from installation.dream.objective import Objective, OptimizerOptions, Weights, grayscale
from installation.dream.optimizers import EvolutionThenDescent, Optimizer, new_optimizer
from installation.dream.prompt_target import PromptTarget
from installation.dream.schedule import Schedule
from installation.models.cuda_graphs import Stream
from installation.models.fake import FakeGenerator, FakePerceptor
from installation.models.interfaces import Latents, Size
from installation.show.settings import DreamSettings, Regulariser

GENERATOR, PERCEPTOR = FakeGenerator(), FakePerceptor()
OPTIMIZERS: dict[str, type[Any]] = {
    "adam": LatentOptimizer,
    "sgd": LatentOptimizer,
    "cma-es": EvolutionOptimizer,
    "cma-es-with-adam": EvolutionOptimizer,
    "cma-es-with-sgd": EvolutionOptimizer,
    "cma-es-then-adam": EvolutionThenDescent,
    "cma-es-then-sgd": EvolutionThenDescent,
}


def target_of(text: str) -> PromptTarget:
    rows = torch.from_numpy(PERCEPTOR.embed_text([text]))
    return PromptTarget(rows, torch.ones(1), torch.ones(1))


def start() -> Latents[torch.Tensor]:
    point = GENERATOR.sample(1, 3)
    return Latents(torch.from_numpy(point.z), torch.from_numpy(point.classes))


def optimizer_of(optimise_classes: bool = True, **keys: Any) -> Optimizer:
    settings = DreamSettings(**{"population": 8, "generations": 3, **keys})
    descends = settings.optimizer.endswith("sgd")
    options = OptimizerOptions(32, 0.1, optimise_classes, momentum_descent=descends)
    stream = Stream(torch.device("cpu"))
    optimizer = new_optimizer(GENERATOR, PERCEPTOR, start(), settings, options, stream=stream, batch=4)
    optimizer.reset(start(), 1)
    return optimizer


def run(optimizer: Optimizer, iterations: int, text: str = "a fox") -> int:
    target, pieces, done = target_of(text), 0, 0
    while done < iterations:
        done += optimizer.step(target, Schedule(rate=2.0), 2)
        pieces += 1
    return pieces


def score_of(optimizer: Optimizer, text: str = "a fox") -> float:
    optimizer.settle()
    z, classes, *_ = optimizer.result()
    picture = GENERATOR.render(Latents(torch.from_numpy(z), torch.from_numpy(classes)), 32)
    return float(target_of(text).score(PERCEPTOR.embed_image(picture))[0])


@pytest.mark.slow
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_raises_the_score_and_repeats_with_its_seed(name: str) -> None:
    optimizer, again = optimizer_of(optimizer=name), optimizer_of(optimizer=name)
    assert isinstance(optimizer, OPTIMIZERS[name])
    before = score_of(optimizer)
    run(optimizer, 12)
    run(again, 12)
    assert score_of(optimizer) > before + 0.02
    torch.testing.assert_close(optimizer.z, again.z, rtol=0.0, atol=0.0)


@pytest.mark.parametrize("covariance", ["diagonal", "full"])
def test_a_generation_is_evaluated_in_batches(covariance: str) -> None:
    assert run(optimizer_of(optimizer="cma-es", covariance=covariance), 3) == 6  # 8 candidates, 4 at a time


class FewOfMany(FakeGenerator):
    """A generator of whose many coordinates of z only a few matter: a gradient moves these alone."""

    z_dim = 400

    def render(self, latents: Latents[Any], size: Size | None = None, phase: float = 0.0) -> Any:
        return super().render(Latents(latents.z[:, : FakeGenerator.z_dim], latents.classes), size, phase)


def test_candidates_that_a_step_has_moved_far_away_are_taken_in_silence() -> None:
    generator, stream = FewOfMany(), Stream(torch.device("cpu"))
    settings = DreamSettings(population=8, optimizer="cma-es-with-sgd")
    sampled = generator.sample(1, 3)
    point = Latents(torch.from_numpy(sampled.z), torch.from_numpy(sampled.classes))
    options = OptimizerOptions(32, 0.1, optimise_classes=False)
    optimizer = new_optimizer(generator, PERCEPTOR, point, settings, options, stream=stream, batch=4)
    while not optimizer.step(target_of("a fox"), Schedule(rate=1e4), 2):  # a warning would be an error here
        pass
    assert torch.isfinite(optimizer.z).all()


def test_frozen_classes_stay() -> None:
    optimizer = optimizer_of(optimise_classes=False, optimizer="cma-es-with-adam")
    run(optimizer, 3)
    np.testing.assert_array_equal(optimizer.result().classes, start().classes.numpy())


def test_the_gradient_continues_where_the_evolution_has_come_to() -> None:
    optimizer = optimizer_of(optimizer="cma-es-then-adam", generations=4)
    run(optimizer, 4)
    z = optimizer.z.clone()
    run(optimizer, 1)
    assert 0.0 < float((optimizer.z - z).abs().max()) < 0.3


def test_fusedream_begins_at_a_mixture_of_the_best_of_many_samples() -> None:
    optimizer = optimizer_of(start="fusedream", start_samples=64)
    assert isinstance(optimizer, FusionOptimizer)
    assert run(optimizer, 1) == 64 // 4 + 1
    first = score_of(optimizer)
    sampled = [GENERATOR.sample(1, seed) for seed in range(8)]
    pictures = [GENERATOR.render(Latents(torch.from_numpy(p.z), torch.from_numpy(p.classes)), 32) for p in sampled]
    usual = np.mean([float(target_of("a fox").score(PERCEPTOR.embed_image(each))[0]) for each in pictures])
    assert first > usual
    run(optimizer, 30)
    assert score_of(optimizer) > first


def test_every_optimizer_takes_other_classes_another_z_and_another_truncation() -> None:
    for name in OPTIMIZERS:
        optimizer = optimizer_of(optimizer=name)
        run(optimizer, 2)
        optimizer.set_z(torch.full_like(start().z, 0.5))
        optimizer.set_classes(torch.zeros_like(start().classes))
        optimizer.rescale(0.5, 0.4)
        torch.testing.assert_close(optimizer.z, torch.full_like(start().z, 0.25))
        optimizer.settle()
        np.testing.assert_allclose(optimizer.result().z, optimizer.z.numpy())
        run(optimizer, 1)


def test_the_losses_of_a_population_are_those_of_its_members() -> None:
    options = OptimizerOptions(32, 0.1, True, regularisers={"latent_moments": 0.1, "total_variation": 1.0})
    objective = Objective(GENERATOR, PERCEPTOR, options, torch.Generator())
    point = GENERATOR.sample(3, 5)
    z, classes = torch.from_numpy(point.z), torch.from_numpy(point.classes)
    weights = Weights(torch.tensor(0.1), torch.tensor(0.3))
    together = objective.losses(z, classes, target_of("a fox"), weights, 1)
    alone = [objective.loss(z[i : i + 1], classes[i : i + 1], target_of("a fox"), weights, 1) for i in range(3)]
    torch.testing.assert_close(together, torch.stack(alone), rtol=1e-4, atol=1e-5)


def test_every_regulariser_changes_the_loss_and_has_a_gradient() -> None:
    weights, z, classes = Weights(torch.zeros(()), torch.tensor(0.8)), start().z.requires_grad_(), start().classes
    plain = Objective(GENERATOR, PERCEPTOR, OptimizerOptions(32, 0.1), torch.Generator())
    reference = float(plain.loss(z, classes, target_of("a fox"), weights, 1).detach())
    for name in get_args(Regulariser):
        options = OptimizerOptions(32, 0.1, regularisers={name: 1.0})
        loss = Objective(GENERATOR, PERCEPTOR, options, torch.Generator()).loss(
            z, classes, target_of("a fox"), weights, 1
        )
        assert float(loss.detach()) != reference, name
        assert torch.autograd.grad(loss, z)[0].isfinite().all()


def test_a_grey_picture_has_equal_channels() -> None:
    picture = torch.rand(2, 3, 4, 5)
    grey = grayscale(picture)
    torch.testing.assert_close(grey[:, 0], grey[:, 2])
    torch.testing.assert_close(grey[:, 1], (picture * torch.tensor([0.2126, 0.7152, 0.0722]).view(1, 3, 1, 1)).sum(1))
