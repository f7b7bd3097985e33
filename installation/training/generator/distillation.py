"""Distillation of the theatre into BigGAN: from coarse to fine images, with averaged weights as the result.

Everything follows from the seed and the number of images seen and nothing from the clock, so an interrupted run that is
resumed gives the same weights as an uninterrupted one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.interfaces import Generator
from installation.training.data.distillation_targets import (
    CHUNK_SIZE,
    IMAGE_SIZE,
    PASSES,
    DistillationBatch,
    distillation_batches,
)
from installation.training.generator.student import StudentGenerator
from installation.training.precision import mixed_precision

FINAL_RATE = 0.05  # of the peak learning rate, at the end of the plan and after it
WARM_UP_STEPS = 50
L2_WEIGHT, GRADIENT_WEIGHT = 0.5, 0.7  # in the loss, beside 1 for L1
COARSE_WEIGHT = 0.25  # of the losses below the greatest size
AVERAGE_DECAY = 0.998  # of the exponential moving average of the weights
UNUSED = ("gamma", *(f"snconv1x1_{part}.weight_orig" for part in ("theta", "phi", "g", "o_conv")))  # self-attention
MAX_GRADIENT_NORM = 1.0


@dataclass(frozen=True)
class DistillationPlan:
    """The settings of a run, which follow from the command line and do not change when it is resumed."""

    images: int  # that the student sees
    width: int = 32  # channels of the last layer
    batch_size: int = 16
    seed: int = 1
    chunk_size: int = CHUNK_SIZE  # scenes that are rendered together
    passes: int = PASSES  # over them
    statistics_share: float = 0.06  # share of the images at whose end the batch statistics are frozen
    peak_rate: float = 1.5e-3  # the greatest learning rate
    sizes: tuple[tuple[float, int], ...] = ((0.12, 32), (0.40, 64), (1.0, IMAGE_SIZE))  # (end as share, pixels)

    def size(self, seen: int) -> int:
        """The size in pixels that is trained after `seen` images."""
        return next((size for end, size in self.sizes if seen < end * self.images), IMAGE_SIZE)

    def rate(self, seen: int) -> float:
        """The learning rate after `seen` images: a linear warm-up, then a cosine down to `FINAL_RATE` of the peak."""
        done, warm_up = min(seen / self.images, 1.0), min((seen / self.batch_size + 1) / WARM_UP_STEPS, 1.0)
        cosine = FINAL_RATE + (1.0 - FINAL_RATE) * 0.5 * (1.0 + math.cos(math.pi * done))
        return self.peak_rate * warm_up * cosine

    def to_record(self) -> dict[str, Any]:
        """The plan as it is saved in the state of a run."""
        return {key: getattr(self, name) for name, key in _RECORD_KEYS.items()}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> DistillationPlan:
        """The plan in the saved state of a run."""
        record = state[_PLAN]
        return cls(**{name: record[key] for name, key in _RECORD_KEYS.items() if key in record})


# The keys of a saved state, which must not change: they let an older run resume, which may have fewer.
_PLAN, _SEEN, _STUDENT, _AVERAGE, _OPTIMIZER = "course", "seen", "twin", "average", "optimiser"
_RECORD_KEYS = {  # field of the plan -> key
    "images": "pictures",
    "width": "width",
    "batch_size": "batch",
    "seed": "seed",
    "chunk_size": "share",
    "passes": "passes",
    "statistics_share": "measured",
    "peak_rate": "peak",
    "sizes": "sizes",
}


class Distillation:
    """A training run: the student, its averaged weights, the optimiser and the number of images seen."""

    def __init__(
        self, student: StudentGenerator, teacher: Generator, plan: DistillationPlan, device: str = "cpu"
    ) -> None:
        self.student = student.to(device)
        self.average = deepcopy(self.student).requires_grad_(False)
        self.teacher = teacher
        self.plan = plan
        self.seen = 0
        self._device = device
        self._parameters = [one for name, one in self.student.named_parameters() if not name.endswith(UNUSED)]
        fused = torch.device(device).type == "cuda"
        self._optimizer = torch.optim.Adam(
            self._parameters, lr=plan.peak_rate, betas=(0.9, 0.99), eps=1e-7, fused=fused
        )
        self._averaged: tuple[list[Tensor], list[Tensor]] = [*self.average.parameters()], [*self.student.parameters()]
        self._copied = [*self.average.buffers()], [*self.student.buffers()]
        self._batches: Iterator[DistillationBatch] | None = None

    def step(self) -> Tensor:
        """Train on one batch, without waiting for the device.

        Returns the L1 distance to its images at the trained size, with colours in -1..1.
        """
        plan = self.plan
        size, measure_statistics = plan.size(self.seen), self.seen < plan.statistics_share * plan.images
        batch = self._next_batch()
        with mixed_precision(self._device):
            images = self.student(batch.z, batch.class_weights, size, measure_statistics)
        loss, l1 = distillation_loss(images, batch)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._parameters, MAX_GRADIENT_NORM)
        self._optimizer.param_groups[0]["lr"] = plan.rate(self.seen)
        self._optimizer.step()
        self.seen += plan.batch_size
        self._update_average()
        return l1

    def state(self) -> dict[str, Any]:
        """The state from which `restore` resumes the run exactly."""
        return {
            _PLAN: self.plan.to_record(),
            _SEEN: self.seen,
            _STUDENT: self.student.state_dict(),
            _AVERAGE: self.average.state_dict(),
            _OPTIMIZER: self._optimizer.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Resume from a `state` of the same plan."""
        self.seen = state[_SEEN]
        self.student.load_state_dict(state[_STUDENT])
        self.average.load_state_dict(state[_AVERAGE])
        self._optimizer.load_state_dict(state[_OPTIMIZER])
        self._batches = None

    def _next_batch(self) -> DistillationBatch:
        plan = self.plan
        if self._batches is None:
            batches_per_chunk = plan.passes * (plan.chunk_size // plan.batch_size)
            chunk, done = divmod(self.seen // plan.batch_size, batches_per_chunk)
            self._batches = distillation_batches(
                self.teacher,
                plan.batch_size,
                plan.seed,
                first_chunk=chunk,
                chunk_size=plan.chunk_size,
                passes=plan.passes,
                device=self._device,
            )
            for _ in range(done):
                next(self._batches)
        return next(self._batches)

    @torch.no_grad()
    def _update_average(self) -> None:
        steps = self.seen // self.plan.batch_size
        decay = min(AVERAGE_DECAY, (1.0 + steps) / (10.0 + steps))
        torch._foreach_lerp_(*self._averaged, 1.0 - decay)
        torch._foreach_copy_(*self._copied)


def distillation_loss(images: dict[int, Tensor], batch: DistillationBatch) -> tuple[Tensor, Tensor]:
    """The loss of images by size, and the L1 distance at the greatest size.

    At each size: L1 + .5 L2 + .7 L1 of the image gradients.
    """
    greatest = max(images)
    total = l1 = torch.zeros((), device=batch.image.device)
    for size, image in images.items():
        target = F.avg_pool2d(batch.image, IMAGE_SIZE // size)
        difference = image.float() - target
        loss = difference.abs().mean() + L2_WEIGHT * difference.square().mean()
        loss = loss + GRADIENT_WEIGHT * _gradient_l1(difference)
        total = total + (loss if size == greatest else COARSE_WEIGHT * loss)
        if size == greatest:
            l1 = difference.detach().abs().mean()
    return total, l1


def save_atomically(state: dict[str, Any], path: Path) -> None:
    """Write a state beside `path` and move it into place, so that an interruption leaves no partial file."""
    partial = path.with_suffix(".part")
    torch.save(state, partial)
    partial.replace(path)


def _gradient_l1(difference: Tensor) -> Tensor:
    horizontal = (difference[..., 1:] - difference[..., :-1]).abs().mean()
    return horizontal + (difference[..., 1:, :] - difference[..., :-1, :]).abs().mean()
