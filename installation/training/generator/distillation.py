"""Distillation of the painter into BigGAN's twin: coarse to fine, with the weights' average as the result.

Everything follows from the seed and the number of pictures seen, nothing from the clock, so a training that was
broken off and resumed makes the same weights as one that was not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.interfaces import Generator
from installation.training.data.distillation_targets import PASSES, SHARE, DistillationBatch, lessons
from installation.training.generator.student import SIDE, StudentGenerator

FLOOR = 0.05  # of the learning rate, at the course's end and after it
RISING = 50  # steps in which the learning rate rises
MEASURED = 0.06  # share of a course in which batch statistics are measured; afterwards they are frozen
SQUARES, SLOPES, FIGURE, COARSER = 0.5, 0.7, 5.0, 0.25  # weights in the loss
AVERAGE = 0.998  # of the weights' moving average, once it has begun
IDLE = ("gamma", *(f"snconv1x1_{part}.weight_orig" for part in ("theta", "phi", "g", "o_conv")))  # attention
LONGEST = 1.0  # norm of a gradient


@dataclass(frozen=True)
class DistillationPlan:
    """What a training is to do; `sizes` says up to which share of the pictures which side, in pixels, is learnt."""

    pictures: int
    width: int = 32
    batch: int = 16
    seed: int = 1
    share: int = SHARE  # scenes painted at a time
    measured: float = MEASURED
    peak: float = 1.5e-3  # the greatest learning rate
    sizes: tuple[tuple[float, int], ...] = ((0.12, 32), (0.40, 64), (1.0, SIDE))

    def side(self, seen: int) -> int:
        """The side that is learnt after so many pictures."""
        return next((side for share, side in self.sizes if seen < share * self.pictures), SIDE)

    def rate(self, seen: int) -> float:
        """The learning rate after so many pictures: a short rise, then a cosine down to `FLOOR` of the peak."""
        done, rise = min(seen / self.pictures, 1.0), min((seen / self.batch + 1) / RISING, 1.0)
        return self.peak * rise * (FLOOR + (1.0 - FLOOR) * 0.5 * (1.0 + math.cos(math.pi * done)))


class Distillation:
    """A twin at school. `seen` counts the pictures that it has learnt from."""

    def __init__(
        self, twin: StudentGenerator, painter: Generator, course: DistillationPlan, device: str = "cpu"
    ) -> None:
        self.twin = twin.to(device)
        self.average = deepcopy(self.twin).requires_grad_(False)
        self.course = course
        self.seen = 0
        self.painter = painter
        self._device = device
        self._learnt = [one for name, one in self.twin.named_parameters() if not name.endswith(IDLE)]
        self._optimiser = torch.optim.Adam(self._learnt, lr=course.peak, betas=(0.9, 0.99), eps=1e-7)
        self._lessons: Iterator[DistillationBatch] | None = None

    def step(self) -> float:
        """Learn from one batch; returns L1 at the side that is learnt, colours in -1..1."""
        course = self.course
        side, measuring = course.side(self.seen), self.seen < course.measured * course.pictures
        lesson = self._next()
        with torch.autocast(torch.device(self._device).type, torch.bfloat16):
            drawn = self.twin(lesson.z, lesson.weights, side, measuring)
        loss, error = loss_of(drawn, lesson)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._learnt, LONGEST)
        self._optimiser.param_groups[0]["lr"] = course.rate(self.seen)
        self._optimiser.step()
        self.seen += course.batch
        self._follow()
        return error

    def state(self) -> dict[str, Any]:
        """All that it takes to go on as if nothing had happened."""
        return {
            "course": asdict(self.course),
            "seen": self.seen,
            "twin": self.twin.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self._optimiser.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a `state` of the same course."""
        self.seen = state["seen"]
        self.twin.load_state_dict(state["twin"])
        self.average.load_state_dict(state["average"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._lessons = None

    def _next(self) -> DistillationBatch:
        batch = self.course.batch
        if self._lessons is None:
            per_share = PASSES * (self.course.share // batch)
            share, done = divmod(self.seen // batch, per_share)
            self._lessons = lessons(self.painter, batch, self.course.seed, share, self.course.share, self._device)
            for _ in range(done):
                next(self._lessons)
        return next(self._lessons)

    @torch.no_grad()
    def _follow(self) -> None:
        steps = self.seen // self.course.batch
        kept = min(AVERAGE, (1.0 + steps) / (10.0 + steps))
        for average, own in zip(self.average.parameters(), self.twin.parameters(), strict=True):
            average.data.lerp_(own.data, 1.0 - kept)
        for stored, fresh in zip(self.average.buffers(), self.twin.buffers(), strict=True):
            stored.copy_(fresh)


def loss_of(drawn: dict[int, Tensor], lesson: DistillationBatch) -> tuple[Tensor, float]:
    """L1 + .5 L2 + .7 L1 of slopes, figures weighing sixfold, coarser heads a quarter; and L1 of the finest."""
    finest = max(drawn)
    total = torch.zeros((), device=lesson.picture.device)
    error = 0.0
    for side, picture in drawn.items():
        target = F.avg_pool2d(lesson.picture, SIDE // side)
        difference = picture.float() - target
        weight = 1.0 + FIGURE * F.interpolate(lesson.figure, side, mode="area")
        loss = (difference.abs() * weight).mean() + SQUARES * difference.square().mean()
        loss = loss + SLOPES * _slopes(difference)
        total = total + (loss if side == finest else COARSER * loss)
        if side == finest:
            error = float(difference.detach().abs().mean())
    return total, error


def _slopes(difference: Tensor) -> Tensor:
    across = (difference[..., 1:] - difference[..., :-1]).abs().mean()
    return across + (difference[..., 1:, :] - difference[..., :-1, :]).abs().mean()


def save(state: dict[str, Any], path: Path) -> None:
    """Written beside and moved over, so that a break never leaves half a file."""
    beside = path.with_suffix(".part")
    torch.save(state, beside)
    beside.replace(path)
