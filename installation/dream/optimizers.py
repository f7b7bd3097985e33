"""The optimisers of a dream: what they share, and which one the settings ask for."""

from __future__ import annotations

from typing import Protocol

from torch import Tensor

from installation.dream.evolution import EvolutionOptimizer
from installation.dream.fusion import FusionOptimizer
from installation.dream.latent_optimizer import LatentOptimizer, OptimizerResult
from installation.dream.objective import OptimizerOptions
from installation.dream.prompt_target import PromptTarget
from installation.dream.schedule import Schedule
from installation.models.cuda_graphs import Stream
from installation.models.interfaces import Generator, Latents, Perceptor
from installation.show.settings import DreamSettings


class Optimizer(Protocol):
    """Moves one set of latents towards a target; see `LatentOptimizer` for what each method does."""

    @property
    def z(self) -> Tensor:
        """The latents being optimised, [1, ...]."""
        ...

    def reset(self, start: Latents[Tensor], seed: int, score: float = 0.0) -> None:
        """Begin another dream."""
        ...

    def result(self) -> OptimizerResult:
        """Return the newest result."""
        ...

    def set_classes(self, parameters: Tensor) -> None:
        """Continue with these class parameters."""
        ...

    def set_z(self, z: Tensor) -> None:
        """Continue from another z."""
        ...

    def rescale(self, factor: float, truncation: float) -> None:
        """Scale z after a change of the truncation."""
        ...

    def ease(self) -> None:
        """Move the shown z towards z."""
        ...

    def settle(self) -> None:
        """Show z itself."""
        ...

    def step(self, target: PromptTarget, schedule: Schedule, count: int) -> bool:
        """Do one piece of work; return True if it completed an iteration."""
        ...


class EvolutionThenDescent:
    """CMA-ES for some generations, then gradient steps from where it came to: the notebooks' terminal iterations."""

    def __init__(self, evolution: EvolutionOptimizer, descent: LatentOptimizer, generations: int) -> None:
        self._evolution, self._descent, self._generations = evolution, descent, generations
        self._seed = 0

    @property
    def z(self) -> Tensor:
        """See `Optimizer`."""
        return self._current.z

    @property
    def _current(self) -> Optimizer:
        return self._evolution if self._evolution.generation < self._generations else self._descent

    def reset(self, start: Latents[Tensor], seed: int, score: float = 0.0) -> None:
        """See `Optimizer`."""
        self._seed = seed
        self._evolution.reset(start, seed, score)

    def result(self) -> OptimizerResult:
        """See `Optimizer`."""
        return self._current.result()

    def set_classes(self, parameters: Tensor) -> None:
        """See `Optimizer`."""
        self._current.set_classes(parameters)

    def set_z(self, z: Tensor) -> None:
        """See `Optimizer`."""
        self._current.set_z(z)

    def rescale(self, factor: float, truncation: float) -> None:
        """See `Optimizer`."""
        self._current.rescale(factor, truncation)

    def ease(self) -> None:
        """See `Optimizer`."""
        self._current.ease()

    def settle(self) -> None:
        """See `Optimizer`."""
        self._current.settle()

    def step(self, target: PromptTarget, schedule: Schedule, count: int) -> bool:
        """See `Optimizer`."""
        current = self._current
        finished = current.step(target, schedule, count)
        if current is self._evolution and self._current is self._descent:
            self._descent.reset(self._evolution.latents(), self._seed, self._evolution.result().score)
        return finished


def new_optimizer(
    generator: Generator,
    perceptor: Perceptor,
    start: Latents[Tensor],
    settings: DreamSettings,
    options: OptimizerOptions,
    *,
    stream: Stream,
    batch: int,
) -> Optimizer:
    """Return the optimiser that the settings ask for, in its state before `reset`.

    Args:
        generator: On the device of `stream`.
        perceptor: On the same device.
        start: Gives the shapes; classes are class parameters.
        settings: Of the dream.
        options: The same for all dreams of a session.
        stream: Where work is queued.
        batch: Pictures that are rendered at once.
    """
    if settings.start == "fusedream":
        return FusionOptimizer(generator, perceptor, start, settings, options, stream=stream, batch=batch)
    if "cma-es" not in settings.optimizer:
        return LatentOptimizer(generator, perceptor, start, options, stream=stream)
    evolution = EvolutionOptimizer(generator, perceptor, start, settings, options, stream=stream, batch=batch)
    if "then" not in settings.optimizer:
        return evolution
    descent = LatentOptimizer(generator, perceptor, start, options, stream=stream)
    return EvolutionThenDescent(evolution, descent, settings.generations)
