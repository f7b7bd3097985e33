"""The continuous part of a dream: z climbs towards the words by gradient, a step at a time, for thousands of steps.

All that a step reads and writes lies in tensors that stay where they are, and no step waits for another: so a device
can replay it as one graph, and what the host wants to know comes back on its own time (see `models.device`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from installation.dream.best_tracker import BestTracker
from installation.dream.class_weights import ClassWeighting
from installation.dream.cutouts import cutouts
from installation.dream.losses import PromptTarget, latent_prior
from installation.dream.schedule import Schedule, StepScalars, decay
from installation.models.cuda_graphs import AsyncHostCopy, CapturedGraph, Stream, memory_pool
from installation.models.interfaces import Floats, Generator, GraphCapturable, Latents, Perceptor

BOUND = 2.0  # z within ±2 truncation
FEWNESS = 0.01  # of the class regulariser; the workshop's 1e-4, for classes of a thousand
LOOK_EVERY = 8  # steps between looks at what is shown
PARTS = 8  # texts of an aim are padded to a multiple, so that other words have tensors of the same shape
LOSS_SCALE = 1024.0  # in half precision, whose small gradients would vanish; Adam's steps do not depend on it


class OptimizerResult(NamedTuple):
    """What a climb has come to, as far as the host knows: z and class logits to be shown, and their score."""

    z: Floats
    classes: Floats
    score: float


class LatentOptimizer:
    """z, and class logits where they are optimised, on their way."""

    def __init__(
        self,
        generator: Generator,
        perceptor: Perceptor,
        start: Latents[Tensor],
        size: int,
        optimise_classes: bool,
        seed: int,
        fallen: float,
        weighing: ClassWeighting | None = None,
        lane: Stream | None = None,
    ) -> None:
        """`start` is a batch of one; `size`, in pixels, is for generators that are free in size: the side looked at.

        A rating that lies `fallen` under the best is led back. `weighing` says how the numbers in `start.classes`
        become weights of classes; without one they are the generator's own logits.
        """
        self._generator, self._perceptor = generator, perceptor
        self._size = size if generator.resolution_free else None
        self._weighing = weighing or ClassWeighting()
        self._device = device = start.z.device
        self._lane = lane or Stream(device)
        self._random = torch.Generator(device)
        self._aim: PromptTarget | None = None
        self._steps_of: dict[int, CapturedGraph[None]] = {}
        with self._lane.work():
            self.z = start.z.clone().requires_grad_(True)
            self.logits = start.classes.clone().requires_grad_(optimise_classes)
            self._shown = start.z.clone()
            self._shown_logits = self._weighing.logits(self.logits.detach(), generator.groups).clone()
            self._number = {name: torch.zeros((), device=device) for name in StepScalars._fields}
            self._lookout = BestTracker(self._shown, fallen)
            self._optimiser = self._adam()
            self._mirror = AsyncHostCopy(*self._reported)
        self._looking = CapturedGraph(self._look)
        self._half = self._precision()
        self.begin(start, seed)

    def begin(self, start: Latents[Tensor], seed: int, score: float = 0.0) -> None:
        """Another dream begins, in the same tensors. `score` is what is known of its start."""
        self._random.manual_seed(seed)
        self._taken: PromptTarget | None = None
        self._steps = 0
        with self._lane.work(), torch.no_grad():
            for mine, its in ((self.z, start.z), (self.logits, start.classes), (self._shown, start.z)):
                mine.copy_(its)
            for state in self._optimiser.state.values():
                for value in state.values():
                    value.zero_()
            self._lookout.begin(self.z, score)
            self._report()

    def told(self) -> OptimizerResult:
        """What is to be shown, without waiting: of the last step that is done."""
        z, classes, score = self._mirror.read()
        return OptimizerResult(z, classes, float(score))

    def choose(self, logits: Tensor) -> None:
        """Climb with these class logits from now on."""
        with self._lane.work(), torch.no_grad():
            self.logits.copy_(logits)

    def restart(self, z: Tensor) -> None:
        """Climb from another z; what is shown approaches it."""
        with self._lane.work(), torch.no_grad():
            self.z.copy_(z)

    def rescale(self, factor: float, truncation: float) -> None:
        """The truncation has changed by a factor: the same place of a smaller or larger world."""
        with self._lane.work(), torch.no_grad():
            self.z.mul_(factor).clamp_(-BOUND * truncation, BOUND * truncation)
            self._lookout.forget(self.z)

    def approach(self) -> None:
        """What is shown comes nearer to where the climb is."""
        with self._lane.work():
            self._number["decay"].fill_(decay(self._steps))
            self._follow()
            self._report()

    def settle(self) -> None:
        """What is shown is where the climb is; waits for it."""
        with self._lane.work():
            self._shown.copy_(self.z.detach())
            self._report()
        self._lane.finish()

    def step(self, aim: PromptTarget, pace: Schedule, views: int) -> None:
        """One step of Adam by `views` cutouts, or by the nearest smaller number that was prepared.

        Raises torch.OutOfMemoryError.
        """
        self._keep_numbers()
        with self._lane.work():
            self._set(aim, pace)
            self._stepping(views)()
            if self._steps % LOOK_EVERY == 0:
                self._looking()
            self._report()
        self._steps += 1

    def prepare(self, aim: PromptTarget, pace: Schedule, views: Sequence[int]) -> None:
        """Captures steps of so many cutouts and keeps to these numbers. Leaves the climb somewhere: `begin` follows.

        Only a Heavy generator can be captured: another one may look at its numbers and decide what to do by them.
        Raises torch.OutOfMemoryError.
        """
        if not isinstance(self._generator, GraphCapturable):
            return
        self._forget()  # what an earlier call has captured holds the memory that this one wants
        with self._lane.work():
            self._set(aim, pace)
        pool = memory_pool(self._device)
        for count in sorted(views, reverse=True):  # the largest first, in whose memory the others find room
            step = CapturedGraph(self._advance(count), self._random)
            step.capture(self._lane, pool)
            self._steps_of[count] = step
        self._looking.capture(self._lane, pool)

    def _set(self, aim: PromptTarget, pace: Schedule) -> None:
        """What the next step is to read."""
        if aim is not self._taken:
            self._taken, padded = aim, aim.padded(PARTS)
            if self._aim is None or not self._aim.take(padded):
                self._aim = padded  # of another shape: what was captured reads the old one
                self._forget()
        for name, value in pace.numbers(self._steps)._asdict().items():
            self._number[name].fill_(value)

    def _forget(self) -> None:
        """Nothing is captured any more."""
        self._steps_of.clear()
        self._looking = CapturedGraph(self._look)

    def _stepping(self, views: int) -> Callable[[], None]:
        if not self._steps_of:
            return self._advance(views)
        fitting = [count for count in self._steps_of if count <= views]
        return self._steps_of[max(fitting) if fitting else min(self._steps_of)]

    def _advance(self, views: int) -> Callable[[], None]:
        moved = [part for part in (self.z, self.logits) if part.requires_grad]

        def advance() -> None:
            loss = self._loss(views) * (LOSS_SCALE if self._half else 1.0)
            for part, gradient in zip(moved, torch.autograd.grad(loss, moved), strict=True):
                part.grad = gradient.nan_to_num(0.0, 0.0, 0.0) if self._half else gradient
            self._optimiser.step()
            with torch.no_grad():
                bound = BOUND * self._number["truncation"]
                self.z.copy_(torch.clamp(self.z, -bound, bound))
            self._follow()

        return advance

    def _loss(self, views: int) -> Tensor:
        logits = self._weighing.logits(self.logits, self._generator.groups)
        picture = self._generator.render(Latents(self.z, logits), self._size)
        seen = self._perceptor.embed_image(cutouts(picture, views, self._perceptor.input_size, self._random))
        loss = self._aimed.loss(seen) + self._number["prior"] * latent_prior(self.z, self._number["truncation"])
        if self.logits.requires_grad:
            loss = loss + FEWNESS * self._weighing.unlikeliness(logits, self._generator.groups)
        return loss

    def _follow(self) -> None:
        with torch.no_grad():
            self._shown.lerp_(self.z, 1.0 - self._number["decay"])

    def _look(self) -> None:
        """Score what is shown, as the perceptor sees it whole."""
        with torch.no_grad():
            logits = self._weighing.logits(self.logits, self._generator.groups)
            picture = self._generator.render(Latents(self._shown, logits), self._perceptor.input_size)
            self._lookout.look(self._perceptor.embed_image(picture), self._aimed, self.z, self._shown)

    @property
    def _aimed(self) -> PromptTarget:
        if self._aim is None:
            raise ValueError("a Climb has no aim before its first step.")
        return self._aim

    @property
    def _reported(self) -> tuple[Tensor, Tensor, Tensor]:
        return self._shown, self._shown_logits, self._lookout.score

    def _report(self) -> None:
        with torch.no_grad():
            self._shown_logits.copy_(self._weighing.logits(self.logits, self._generator.groups))
        self._mirror.send(*self._reported)

    def _keep_numbers(self) -> None:
        """Where the score is no number any more, the generator's precision is raised, and the climb begins anew."""
        generator = self._generator
        if (
            self._half
            and not math.isfinite(self.told().score)
            and isinstance(generator, GraphCapturable)
            and generator.steady()
        ):
            with self._lane.work():
                self._lookout.begin(self.z, 0.0)
        if self._half != self._precision():
            self._half = self._precision()
            self._forget()  # what is captured computes as before

    def _precision(self) -> bool:
        return isinstance(self._generator, GraphCapturable) and self._generator.precision != "float32"

    def _adam(self) -> torch.optim.Adam:
        capturable = self._device.type == "cuda"
        groups = [{"params": [self.z], "lr": self._number["rate"]}]
        if self.logits.requires_grad:
            groups.append({"params": [self.logits], "lr": self._number["class_rate"]})
        return torch.optim.Adam(groups, lr=self._number["rate"], betas=(0.9, 0.99), fused=True, capturable=capturable)
