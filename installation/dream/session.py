"""A session of dreams over one set of loaded models: it starts dreams and warms the models up before the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from installation.core.messages import Prompt, Value
from installation.dream.dream import Dream
from installation.dream.dream_models import DreamModels
from installation.dream.latent_optimizer import LatentOptimizer
from installation.dream.memory_budget import MemoryBudget, step_memory
from installation.dream.objective import OptimizerOptions
from installation.dream.optimizers import Optimizer, new_optimizer
from installation.dream.schedule import Schedule
from installation.dream.sliced_step import CHUNK
from installation.models.capabilities import Compilable, FinishesLoading
from installation.models.interfaces import Latents, Point, WorkQueue

if TYPE_CHECKING:
    from installation.show.settings import DreamSettings

BATCH = 4  # pictures rated at once on a CPU, about 40 ms
CUDA_BATCH = 32
WARM_UP_STEPS = 4
MAX_DROP = 0.1  # of `cosine_gain`: a rating this much below the best pulls z back


class DreamSession:
    """Starts dreams that share models, memory budget and, on CUDA, captured graphs.

    Attributes:
        models: Shared by all dreams.
        budget: Shrinks when the device's memory runs out.
    """

    def __init__(self, models: DreamModels) -> None:
        self.models = models
        batch = BATCH if models.stream.device.type == "cpu" else CUDA_BATCH
        self.budget = MemoryBudget(models.settings.cutouts_on(models.stream.device.type), batch)
        self._captured: LatentOptimizer | None = None

    @property
    def queue(self) -> WorkQueue:
        """Where the work of dreams is queued."""
        return self.models.stream

    def with_settings(self, settings: DreamSettings) -> DreamSession:
        """A session of the same models that optimises in another way."""
        return DreamSession(replace(self.models, settings=settings))

    def dream(self, prompts: Sequence[Prompt], seed: int, params: Mapping[str, Value]) -> Dream:
        """Start a dream of the weighted prompts; without any text it stays at its start.

        On CUDA all dreams share one optimiser, because capturing its steps takes too long to do it for every dream: a
        new dream ends the previous one.
        """
        dream = self._start(prompts, seed, params)
        dream.add_notices(self.budget.pop_warnings())
        return dream

    def limit_memory(self, free: int) -> None:
        """Reduce the cutouts to what `free` bytes of device memory hold; the next dream's notice reports it.

        Raises:
            ShowError: Not even one cutout fits.
        """
        models = self.models
        memory = step_memory(models.generator, models.perceptor, models.render_size, models.stream.device)
        self.budget.limit(memory, free, models.names)

    def compile(self) -> None:
        """Compile the perceptor for the cutouts of a slice, if that is faster; otherwise the next dream tells why."""
        perceptor = self.models.perceptor
        if isinstance(perceptor, Compilable) and (problem := perceptor.compile(min(CHUNK, self.budget.cutouts))):
            self.budget.warn(problem)

    def warm_up(self) -> None:
        """Run a short dream and, on CUDA, capture the optimiser's steps, so that the first prompt does not wait."""
        dream = self._start([Prompt(0, "light")], seed=1, params={})
        for _ in range(WARM_UP_STEPS):
            dream.step()
        while self._captured is not None and not self.budget.exhausted and not self._capture(self._captured, dream):
            pass
        self.models.stream.finish()
        self.models.stream.finished()  # what this took is of no interest

    def finish_loading(self) -> None:
        """Load the sentence encoder, for words that no list knows, and the listener if there are sounds to hear.

        The generator finishes first.

        Raises:
            ShowError: The sentence encoder is not installed.
        """
        if isinstance(self.models.generator, FinishesLoading):
            self.models.generator.finish_loading()
        if self.models.sounds is not None:
            self.models.sounds.prepare()
        if self.models.reader is not None:
            self.models.reader.load()

    def attract_point(self, seed: int) -> Point:
        """Draw a good picture of the latent bank for the attract walk, a batch of one."""
        return self.models.bank_point(self.models.bank.draw_good(seed))

    def _start(self, prompts: Sequence[Prompt], seed: int, params: Mapping[str, Value]) -> Dream:
        return Dream(self.models, self.budget, self._start_optimizer, prompts=prompts, seed=seed, params=params)

    def _start_optimizer(self, start: Latents[Tensor], seed: int, score: float) -> Optimizer:
        models = self.models
        optimizer: Optimizer | None = self._captured
        if optimizer is None:
            optimizer = new_optimizer(
                models.generator,
                models.perceptor,
                start,
                models.settings,
                self._options(),
                stream=models.stream,
                batch=self.budget.batch,
            )
            if models.stream.asynchronous and isinstance(optimizer, LatentOptimizer):
                self._captured = optimizer
        optimizer.reset(start, seed, score)
        return optimizer

    def _options(self) -> OptimizerOptions:
        models, settings = self.models, self.models.settings
        return OptimizerOptions(
            size=settings.size,
            max_drop=MAX_DROP * models.evidence.cosine_gain,
            optimise_classes=models.optimises_classes,
            class_weighting=models.class_weighting,
            regularisers=settings.regularisers,
            stochastic_truncation=settings.stochastic_truncation,
            grayscale=settings.grayscale,
            warped_views=settings.views == "warped",
            momentum_descent=settings.optimizer.endswith("sgd"),
            antialias=models.stream.asynchronous,
        )

    def _capture(self, optimizer: LatentOptimizer, dream: Dream) -> bool:
        """Capture steps with up to as many cutouts as the budget has; return False after memory ran out."""
        schedule = Schedule.from_params({}, self.models.settings)
        try:
            sliced = optimizer.capture(dream.target, schedule, self.budget.cutouts)
        except torch.OutOfMemoryError:
            self.budget.warn(self.budget.halve(self.budget.cutouts))
            return False
        if sliced is not None:
            self.budget.slice_steps(sliced.most, sliced.chunk)
        return True
