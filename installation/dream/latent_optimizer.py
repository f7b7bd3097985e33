"""Optimises z, and class logits if asked for, towards a prompt by gradient: one step of Adam at a time, for hours.

The method is Big Sleep's: CLIP scores random cutouts of a BigGAN picture, and Adam moves the latents. Everything that a
step reads and writes stays in the same tensors, and no step waits for the host, so that a CUDA device can replay a step
as graphs (see `sliced_step`). Results reach the host asynchronously (see `models.cuda_graphs`).
"""

from __future__ import annotations

import gc
import math
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from installation.dream.best_tracker import BestTracker
from installation.dream.descent import Adam, Momentum
from installation.dream.latent_space import PictureSpace, latent_space
from installation.dream.losses import finite
from installation.dream.objective import Objective, OptimizerOptions, Weights
from installation.dream.prompt_target import PromptTarget
from installation.dream.schedule import Schedule, StepScalars
from installation.dream.sliced_step import SLICE_SECONDS, Rating, SlicedStep, StepTensors
from installation.models.capabilities import GraphCapturable, MixedPrecision
from installation.models.captured_painter import AsyncHostCopy
from installation.models.cuda_graphs import Stream
from installation.models.interfaces import Floats, Generator, Latents, Perceptor

RATE_EVERY = 8  # steps between ratings of the shown latents
TEXTS = 16  # of a target: fewer are padded and more are merged, because captured steps read tensors of one shape
LOSS_SCALE = 1024.0  # for half-precision generators, see `losses.finite`
BETAS = (0.9, 0.99)  # Adam's
MOMENTUM = 0.9  # SGD's, in the workshop notebooks
LOSS_FACTOR = 100.0  # of the notebooks' loss, for which SGD's learning rates are known


class OptimizerResult(NamedTuple):
    """The newest latents on the host.

    Attributes:
        z: The moving average of z, a batch of one.
        classes: Class logits, [1, classes].
        score: Smoothed score of the shown latents.
        loss: Of the last step, regularisers included; of CMA-ES that of the best candidate.
    """

    z: Floats
    classes: Floats
    score: float
    loss: float


class LatentOptimizer:
    """Adam on one set of latents, with a moving average of z that is shown."""

    def __init__(
        self,
        generator: Generator,
        perceptor: Perceptor,
        start: Latents[Tensor],
        options: OptimizerOptions,
        *,
        seed: int = 0,
        stream: Stream | None = None,
    ) -> None:
        """Allocate all tensors and begin at `start`.

        Args:
            generator: On the device of `start`.
            perceptor: On the same device.
            start: A batch of one; `classes` are class parameters (see `ClassWeighting`).
            options: See there.
            seed: Of the cutouts.
            stream: Where steps are queued; by default a stream of its own.
        """
        self._generator, self._perceptor = generator, perceptor
        self._options = options
        self._space = latent_space(generator)
        self._device = device = start.z.device
        self._stream = stream or Stream(device)
        self._random = torch.Generator(device)
        self._objective = Objective(generator, perceptor, options, self._random)
        self._schedule = Schedule()  # of the last step
        self._given_target: PromptTarget | None = None  # as the caller passed it last
        self._target: PromptTarget | None = None  # its padded copy, in tensors that captured steps read
        self._sliced: SlicedStep | None = None
        self._slices: deque[Callable[[], None]] = deque()  # of the present step
        self._steps = 0
        with self._stream.work():
            self._z = start.z.clone().requires_grad_(True)
            self._class_parameters = start.classes.clone().requires_grad_(options.optimise_classes)
            self._shown_z = start.z.clone()
            self._shown_classes = self._class_logits(self._class_parameters.detach()).clone()
            self._scalars = {name: torch.zeros((), device=device) for name in StepScalars._fields}
            self._last_loss = torch.zeros((), device=device)
            self._best = BestTracker(self._shown_z, options.max_drop)
            self._descent = self._new_descent()
            self._host_copy = AsyncHostCopy(self._stream, *self._reported)
        self._half_precision = self._is_half_precision()
        self.reset(start, seed)

    @property
    def z(self) -> Tensor:
        """The latents being optimised, without gradient; they change in place."""
        return self._z.detach()

    def reset(self, start: Latents[Tensor], seed: int, score: float = 0.0) -> None:
        """Begin another dream in the same tensors.

        Args:
            start: As in the constructor.
            seed: Of the cutouts.
            score: The known score of the start.
        """
        self._random.manual_seed(seed)
        self._slices.clear()
        self._given_target = None
        self._steps = 0
        with self._stream.work(), torch.no_grad():
            for own, new in ((self._z, start.z), (self._class_parameters, start.classes), (self._shown_z, start.z)):
                own.copy_(new)
            self._descent.reset()
            self._best.reset(self._z, score)
            self._report()

    def result(self) -> OptimizerResult:
        """Return the newest result that has reached the host, without waiting."""
        z, classes, score, loss = self._host_copy.read()
        return OptimizerResult(z, classes, float(score), float(loss))

    def set_classes(self, parameters: Tensor) -> None:
        """Continue with these class parameters. [1, classes]."""
        self._slices.clear()
        with self._stream.work(), torch.no_grad():
            self._class_parameters.copy_(parameters)

    def set_z(self, z: Tensor) -> None:
        """Continue from another z; the shown z approaches it."""
        self._slices.clear()
        with self._stream.work(), torch.no_grad():
            self._z.copy_(z)

    def rescale(self, factor: float, truncation: float) -> None:
        """Move z to its relative place after a change of the truncation by `factor`."""
        self._slices.clear()
        with self._stream.work(), torch.no_grad():
            self._z.copy_(self._space.rescaled(self._z, factor, truncation))
            self._best.forget_best(self._z)

    def ease(self) -> None:
        """Move the shown z towards z by one step of the moving average."""
        with self._stream.work():
            self._scalars["decay"].fill_(self._schedule.decay(self._steps))
            self._update_average()
            self._report()

    def settle(self) -> None:
        """Show z itself instead of its moving average; waits for the device."""
        with self._stream.work():
            self._shown_z.copy_(self.z)
            self._report()
        self._stream.finish()

    def step(self, target: PromptTarget, schedule: Schedule, count: int) -> bool:
        """Do a step with `count` cutouts, or a slice of it or of what it needs; return True if that completed a step.

        Target, schedule and count are those of a step's first slice.

        Raises:
            torch.OutOfMemoryError: The device has no room for so many cutouts.
        """
        self._recover_from_nan(target, schedule)
        with self._stream.piece():
            if not self._slices:
                if self._objective.prepare(self._z, self._class_parameters):
                    return False
                self._set_inputs(target, schedule)
                self._slices.extend(self._works(count))
            self._slices.popleft()()
            if self._slices:
                return False
            self._report()
        self._steps += 1
        return True

    def capture(
        self, target: PromptTarget, schedule: Schedule, most: int, seconds: float = SLICE_SECONDS
    ) -> SlicedStep | None:
        """Capture steps with up to `most` cutouts, and do them in slices of up to `seconds` from now on; return how.

        Does nothing for a generator that is not `GraphCapturable`, whose rendering may depend on values that a graph
        cannot repeat, and nothing for SGD. The latents move meanwhile, so call `reset` afterwards.

        Raises:
            torch.OutOfMemoryError: The device has no room for it.
        """
        if not isinstance(self._generator, GraphCapturable) or self._options.momentum_descent:
            return None
        self._sliced = None
        self._slices.clear()
        gc.collect()  # the graphs of an earlier call hold each other, and their memory
        with self._stream.work():
            self._set_inputs(target, schedule)
            tensors = StepTensors(
                z=self._z,
                classes=self._class_parameters,
                target=self._current_target,
                weights=self._weights,
                scale=LOSS_SCALE if self._half_precision else 1.0,
                loss=self._last_loss,
            )
            rating = Rating(self._shown_z, self._class_parameters, self._rate)
            sliced = SlicedStep(self._objective, tensors, most, self._descend, rating)
        sliced.capture(self._stream, seconds)
        self._sliced = sliced
        return sliced

    def _set_inputs(self, target: PromptTarget, schedule: Schedule) -> None:
        """Write target and scalars into the tensors that the next step reads."""
        if target is not self._given_target:
            self._given_target, resized = target, target.resized(TEXTS)
            if self._target is None:
                self._target = resized
            else:
                self._target.copy_from(resized)
        self._schedule = schedule
        for name, value in schedule.at(self._steps)._asdict().items():
            self._scalars[name].fill_(value * self._space.rate if name == "rate" else value)

    def _works(self, count: int) -> list[Callable[[], None]]:
        """What a step does, and every few steps the rating: the whole of it, or slices."""
        rated = self._steps % RATE_EVERY == 0
        if self._sliced is not None:
            return self._sliced.slices(count, rated)

        def work() -> None:
            self._whole_step(count)
            if rated:
                self._rate_shown()

        return [work]

    def _whole_step(self, count: int) -> None:
        loss = self._objective.loss(self._z, self._class_parameters, self._current_target, self._weights, count)
        loss = LOSS_FACTOR * loss if self._options.momentum_descent else loss
        self._last_loss.copy_(loss.detach())
        scale = LOSS_SCALE if self._half_precision else 1.0
        self._descend(torch.autograd.grad(scale * loss, self._optimised))

    def _descend(self, gradients: Sequence[Tensor]) -> None:
        """Move the latents by the gradients of the loss, multiplied by `LOSS_SCALE` in half precision."""
        self._descent.step([finite(each) for each in gradients] if self._half_precision else gradients)
        with torch.no_grad():
            self._z.copy_(self._truncated(self._z))
        self._update_average()

    @property
    def _optimised(self) -> list[Tensor]:
        return [tensor for tensor in (self._z, self._class_parameters) if tensor.requires_grad]

    @property
    def _weights(self) -> Weights:
        return Weights(self._scalars["prior"], self._scalars["truncation"])

    def _truncated(self, z: Tensor) -> Tensor:
        """Return z within the truncation: clipped, or with the values beyond it drawn again."""
        bounded = self._space.bounded(z, self._scalars["truncation"])
        if not self._options.stochastic_truncation or isinstance(self._space, PictureSpace):
            return bounded
        drawn = torch.empty_like(z).normal_(generator=self._random) * self._scalars["truncation"]
        return torch.where(bounded != z, self._space.bounded(drawn, self._scalars["truncation"]), z)

    def _class_logits(self, parameters: Tensor) -> Tensor:
        return self._objective.logits(parameters)

    def _update_average(self) -> None:
        with torch.no_grad():
            self._shown_z.lerp_(self._z, 1.0 - self._scalars["decay"])

    def _rate_shown(self) -> None:
        """Rate the whole picture of the shown latents."""
        with torch.no_grad():
            size = self._objective.rated_size
            picture = self._objective.render(self._shown_z, self._class_parameters, size)
            self._rate(self._perceptor.embed_image(picture))

    def _rate(self, embedding: Tensor) -> None:
        self._best.update(embedding, self._current_target, self._z, self._shown_z)

    @property
    def _current_target(self) -> PromptTarget:
        if self._target is None:
            raise ValueError("A LatentOptimizer has no target before its first step.")
        return self._target

    @property
    def _reported(self) -> tuple[Tensor, ...]:
        return self._shown_z, self._shown_classes, self._best.score, self._last_loss

    def _report(self) -> None:
        with torch.no_grad():
            self._shown_classes.copy_(self._class_logits(self._class_parameters))
        self._host_copy.send(*self._reported)

    def _recover_from_nan(self, target: PromptTarget, schedule: Schedule) -> None:
        """After a half-precision generator produced NaN, let it compute in float32 and start the ratings over."""
        generator = self._generator
        if (
            self._half_precision
            and not math.isfinite(self.result().score)
            and isinstance(generator, MixedPrecision)
            and generator.use_full_precision()
        ):
            with self._stream.work():
                self._best.reset(self.z, 0.0)
        if self._half_precision != self._is_half_precision():
            self._half_precision = self._is_half_precision()
            if self._sliced is not None:  # it computes in the old precision
                self.capture(target, schedule, self._sliced.most)

    def _is_half_precision(self) -> bool:
        return isinstance(self._generator, MixedPrecision) and self._generator.precision != "float32"

    def _new_descent(self) -> Adam | Momentum:
        rates = [self._scalars[name] for name in ("rate", "class_rate")][: len(self._optimised)]
        if self._options.momentum_descent:
            return Momentum(self._optimised, rates, MOMENTUM)
        return Adam(self._optimised, rates, BETAS)
