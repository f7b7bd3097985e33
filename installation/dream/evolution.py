"""CMA-ES on latents: the search of the CLIP+BigGAN workshop notebooks, a few candidates at a time.

CMA-ES (Hansen, 2016) draws a population from a normal distribution over z and, if they are optimised, class parameters,
and moves that distribution towards the better half. A diagonal covariance (separable CMA-ES; Ros and Hansen, 2008)
adapts in hundreds of dimensions within a few dozen generations; a full one would need thousands.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from installation.dream.latent_optimizer import LOSS_FACTOR, OptimizerResult
from installation.dream.objective import Objective, OptimizerOptions, Weights
from installation.dream.prompt_target import PromptTarget
from installation.dream.schedule import Schedule
from installation.models.cuda_graphs import Stream
from installation.models.interfaces import Generator, Latents, Perceptor
from installation.show.settings import DreamSettings

Vector = NDArray[np.float64]

SCORE_SMOOTHING = 0.5  # weight of a new score


def _import_strategy() -> Any:
    with warnings.catch_warnings(action="ignore"):  # that matplotlib is missing
        from cma import CMAEvolutionStrategy
    return CMAEvolutionStrategy


class EvolutionOptimizer:
    """CMA-ES on one set of latents; shows a moving average of the distribution's mean. See `optimizers.Optimizer`.

    Attributes:
        generation: Generations completed since `reset`.
    """

    def __init__(
        self,
        generator: Generator,
        perceptor: Perceptor,
        start: Latents[Tensor],
        settings: DreamSettings,
        options: OptimizerOptions,
        *,
        stream: Stream,
        batch: int,
    ) -> None:
        """Begin at `start`; see `optimizers.new_optimizer` for the arguments."""
        self._stream, self._settings, self._batch = stream, settings, batch
        self._random = torch.Generator(start.z.device)
        self._objective = Objective(generator, perceptor, options, self._random)
        self._optimise_classes = options.optimise_classes
        self._strategy_class = _import_strategy()
        self.reset(start, 0)

    @property
    def z(self) -> Tensor:
        """The mean of the distribution."""
        return self._z

    def latents(self) -> Latents[Tensor]:
        """The mean of the distribution: z and class parameters."""
        return Latents(self._z, self._parameters)

    def reset(self, start: Latents[Tensor], seed: int, score: float = 0.0) -> None:
        """Begin another dream."""
        self._random.manual_seed(seed)
        self._numpy_random = np.random.default_rng(seed)
        self._z, self._shown_z, self._parameters = start.z.clone(), start.z.clone(), start.classes.clone()
        self.generation, self._score, self._loss = 0, score, 0.0
        self._schedule = Schedule()
        self._restart()

    def result(self) -> OptimizerResult:
        """Return the shown latents."""
        logits = self._objective.logits(self._parameters)
        z, classes = (values.detach().numpy(force=True).copy() for values in (self._shown_z, logits))
        return OptimizerResult(z, classes, self._score, self._loss)

    def set_classes(self, parameters: Tensor) -> None:
        """Continue with these class parameters."""
        self._parameters = parameters.clone()
        self._restart()

    def set_z(self, z: Tensor) -> None:
        """Continue from another z."""
        self._z = z.clone()
        self._restart()

    def rescale(self, factor: float, truncation: float) -> None:
        """Scale z after a change of the truncation."""
        self.set_z(self._objective.space.rescaled(self._z, factor, truncation))

    def ease(self) -> None:
        """Move the shown z towards the mean."""
        decay = self._schedule.decay(self.generation)
        self._shown_z = self._shown_z.lerp(self._z, 1.0 - decay)

    def settle(self) -> None:
        """Show the mean."""
        self._shown_z = self._z.clone()

    def step(self, target: PromptTarget, schedule: Schedule, count: int) -> bool:
        """Evaluate a few candidates; after the last of the population update the distribution and return True."""
        self._schedule = schedule
        if not self._candidates:
            self._ask()
        first = len(self._losses)
        with self._stream.work():
            self._evaluate(slice(first, first + self._batch), target, schedule, count)
        if len(self._losses) < len(self._candidates):
            return False
        self._tell(target)
        self.ease()
        return True

    # -- the strategy ---------------------------------------------------------------------------------------------

    def _restart(self) -> None:
        """Forget the distribution, because what it is relative to has changed."""
        self._strategy: Any = None  # a cma.CMAEvolutionStrategy
        self._candidates: list[Vector] = []
        self._losses: list[float] = []

    def _ask(self) -> None:
        if self._strategy is None:
            self._strategy = self._new_strategy()
        self._candidates, self._losses = [np.asarray(each) for each in self._strategy.ask()], []

    def _new_strategy(self) -> Any:
        settings, random = self._settings, self._numpy_random
        options = {
            "popsize": settings.population,
            "CMA_diagonal": settings.covariance == "diagonal",
            "verbose": -9,
            "randn": lambda *shape: random.standard_normal(shape),
            "seed": np.nan,  # numpy's global generator is left alone
        }
        return self._strategy_class(self._join(self._z, self._parameters), settings.sigma, options)

    def _tell(self, target: PromptTarget) -> None:
        with warnings.catch_warnings(action="ignore", category=UserWarning):  # that a gradient step went far
            self._strategy.tell(self._candidates, self._losses)
        self._loss = min(self._losses)
        self._candidates = []
        self.generation += 1
        self._z, self._parameters = self._split(self._strategy.mean[None])
        with self._stream.work(), torch.no_grad():
            side = self._objective.perceptor.input_size
            picture = self._objective.render(self._shown_z, self._parameters, side)
            score = float(target.score(self._objective.perceptor.embed_image(picture))[0])
        self._score += (score - self._score) * (1.0 if self.generation == 1 else SCORE_SMOOTHING)

    def _evaluate(self, rows: slice, target: PromptTarget, schedule: Schedule, count: int) -> None:
        """Append the losses of some candidates; move these by a gradient step first, if the settings ask for it."""
        z, parameters = self._split(np.stack(self._candidates[rows]))
        scalars = schedule.at(self.generation)
        prior, truncation = z.new_tensor(scalars.prior), z.new_tensor(scalars.truncation)
        descends = "with" in self._settings.optimizer
        moving = (
            [z.requires_grad_(), *([parameters.requires_grad_()] if self._optimise_classes else [])] if descends else []
        )
        with torch.set_grad_enabled(descends):
            losses = self._objective.losses(z, parameters, target, Weights(prior, truncation), count)
        if descends:
            gradients = torch.autograd.grad(losses.sum(), moving)
            with torch.no_grad():
                for values, gradient, rate in zip(moving, gradients, (scalars.rate, scalars.class_rate), strict=False):
                    values -= rate * self._direction(gradient)
            self._candidates[rows] = [self._join(z[i : i + 1], parameters[i : i + 1]) for i in range(len(z))]
        self._losses += losses.detach().double().numpy(force=True).tolist()

    def _direction(self, gradient: Tensor) -> Tensor:
        """The first step of Adam, or of SGD at the notebooks' scale of the loss."""
        return gradient.sign() if self._settings.optimizer.endswith("adam") else LOSS_FACTOR * gradient

    def _join(self, z: Tensor, parameters: Tensor) -> Vector:
        parts = [z, parameters] if self._optimise_classes else [z]
        return np.concatenate([part.detach().double().numpy(force=True).ravel() for part in parts])

    def _split(self, vectors: Vector) -> tuple[Tensor, Tensor]:
        """Z within the truncation, and class parameters, of candidates. [n, dimensions]."""
        values = torch.from_numpy(vectors.astype(np.float32)).to(self._z.device)
        size = self._z[0].numel()
        drawn = values[:, :size].reshape(len(values), *self._z.shape[1:])
        z = self._objective.space.bounded(drawn, drawn.new_tensor(self._schedule.truncation))
        if self._optimise_classes:
            return z, values[:, size:].reshape(len(values), *self._parameters.shape[1:]).clone()
        return z, self._parameters.expand(len(values), *self._parameters.shape[1:])
